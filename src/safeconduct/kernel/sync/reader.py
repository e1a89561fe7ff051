# SPDX-License-Identifier: AGPL-3.0-or-later
"""From frames to opened commits, in any order, each once (spec/journal.md 5).

Two ways: *checked*, where each signature is verified before the commit counts, and *quick*, for a
cold sync, where the chain alone is followed and the caller verifies the newest signature of each
chain afterwards.  A quick reader never suspends a device: what does not fit is told as `repeat`,
`waits` or `forks`, and the caller reads again, checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Record
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import (
    Chains,
    Commit,
    Ring,
    Seen,
    Step,
    check_signature,
    open_frame,
)
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.words import CommitId, DeviceId, OfficeId

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import VerifyKey

DeviceKeys = Callable[[DeviceId], "VerifyKey | None"]
Known = Callable[[DeviceId, int], "CommitId | None"]

PARKED: Final = frozenset({"waits", "unknown_device", "no_office_key"})
"""Outcomes that a later frame, key or roster fact may change; the frame is offered again."""


class OpenedEntry(Record, frozen=True, gc=False):
    """An entry that this desk could open: its index in the commit, and what it says."""

    index: int
    vault: bytes
    epoch: int
    n: int
    kind: str
    version: int
    body: bytes


class Opened(Record, frozen=True, gc=False):
    """A commit whose frame opened; `unopened` are (index, tag) of what others may read."""

    id: bytes
    device: bytes
    sequence: int
    hlc: int
    seen: Seen
    verified: bool
    entries: tuple[OpenedEntry, ...]
    unopened: tuple[tuple[int, bytes], ...]


class Read(Record, frozen=True, gc=False):
    """What became of one frame: `code` is empty when its commit counts."""

    at: int
    code: str
    commit: Opened | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    at: int
    commit: Commit


class Reader:
    """Reads frames; holds the chains, the ring and what waits for its predecessor."""

    def __init__(
        self,
        office: OfficeId,
        office_keys: Mapping[int, bytes],
        ring: Ring,
        chains: Chains,
    ) -> None:
        """Take the keys and where each chain stands."""
        self._office: Final = office
        self._office_keys: Final = {epoch: SharedKey(key) for epoch, key in office_keys.items()}
        self.ring: Final = ring
        self.chains: Final = chains
        self._waiting: dict[tuple[DeviceId, int], list[_Waiting]] = {}

    def read(
        self, at: int, frame: bytes, keys: DeviceKeys | None = None, known: Known | None = None
    ) -> list[Read]:
        """Return what became of a frame, then of those that waited for it.

        With `keys` each signature is verified first.  `known` tells the id that the store holds at
        a device and sequence.  Never raises for what stands in a frame.
        """
        try:
            commit = open_frame(frame, self._office, self._office_keys)
        except SafeconductError as error:
            return [Read(at, error.code, None)]
        return self.follow(at, commit, keys, known)

    def follow(
        self,
        at: int,
        commit: Commit,
        keys: DeviceKeys | None = None,
        known: Known | None = None,
    ) -> list[Read]:
        """Do the same with a frame that was opened already."""
        reads = [self.take(at, commit, keys, known)]
        while self._waiting:
            # The head moves also past a commit that does not open; what waits for it goes on.
            following = (commit.device, self.chains.head(commit.device).sequence + 1)
            waiting = self._waiting.pop(following, None)
            if waiting is None:
                break
            reads += [self.take(item.at, item.commit, keys, known) for item in waiting]
        return reads

    def take(self, at: int, commit: Commit, keys: DeviceKeys | None, known: Known | None) -> Read:
        """Return what became of one opened commit."""
        if keys is not None:
            refused = _refused(commit, keys)
            if refused:
                return Read(at, refused, None)
        held = known(commit.device, commit.header.sequence) if known else None
        step = self.chains.look(commit, held)
        if keys is not None or step is Step.FOLLOWS:
            # A commit whose signature was not checked may follow, and may never suspend anybody.
            step = self.chains.step(commit, held)
        if step is Step.WAITS:
            place = (commit.device, commit.header.sequence)
            self._waiting.setdefault(place, []).append(_Waiting(at, commit))
            return Read(at, "waits", None)
        if step is Step.KNOWN:
            return Read(at, "known", self._bare(commit))
        if step is not Step.FOLLOWS:
            return Read(at, "device_forked", self._bare(commit))
        return self._open(at, commit, verified=keys is not None)

    def waiting(self) -> int:
        """Return how many commits wait for an earlier one of their device."""
        return sum(len(commits) for commits in self._waiting.values())

    def _open(self, at: int, commit: Commit, *, verified: bool) -> Read:
        try:
            opened = self.ring.open(commit)
        except SafeconductError as error:
            return Read(at, error.code, self._bare(commit))
        found = {index for index, _ in opened}
        return Read(
            at,
            "",
            Opened(
                id=commit.id,
                device=commit.device,
                sequence=commit.header.sequence,
                hlc=commit.header.hlc,
                seen=commit.header.seen,
                verified=verified,
                entries=tuple(
                    OpenedEntry(
                        index,
                        entry.vault,
                        entry.epoch,
                        entry.n,
                        entry.kind,
                        entry.version,
                        entry.body,
                    )
                    for index, entry in opened
                ),
                unopened=tuple(
                    (index, slot.tag)
                    for index, slot in enumerate(commit.header.slots)
                    if index not in found
                )
                if len(found) < len(commit.header.slots)
                else (),
            ),
        )

    def _bare(self, commit: Commit) -> Opened:
        header = commit.header
        return Opened(
            commit.id, commit.device, header.sequence, header.hlc, header.seen, False, (), ()
        )


def _refused(commit: Commit, keys: DeviceKeys) -> str:
    """Return why a commit's signature does not count, or nothing."""
    key = keys(commit.device)
    if key is None:
        return "unknown_device"
    try:
        check_signature(commit, key)
    except SafeconductError as error:
        return error.code
    return ""
