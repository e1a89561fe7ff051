# SPDX-License-Identifier: AGPL-3.0-or-later
"""From frames to opened commits, in any order, each once (spec/journal.md 5).

Two ways: *checked*, where each signature is verified before the commit counts, and *quick*, for a
cold sync, where the chain alone is followed and the caller verifies the newest signature of each
chain afterwards.  A quick reader never suspends a device: what does not fit is told as `repeat`,
`waits` or `forks`, and the caller reads again, checked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from safeconduct.kernel.canon import Record
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import (
    Chains,
    Commit,
    Entry,
    Heads,
    Ring,
    Seen,
    Step,
    check_signature,
    open_frame,
)
from safeconduct.kernel.journal.heads import HEARTBEAT, ROSTER_KINDS
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.words import CommitId, DeviceId, OfficeId

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import VerifyKey

DeviceKeys = Callable[[DeviceId], "VerifyKey | None"]
Known = Callable[[DeviceId, int], "CommitId | None"]

HEAD_UNKNOWN: Final = "head_unknown"
HEADS_WENT_BACK: Final = "heads_went_back"
PARKED: Final = frozenset({"waits", HEAD_UNKNOWN, "unknown_device", "no_office_key"})
"""Outcomes that a later frame, key or roster fact may change; the frame is offered again."""


class OpenedEntry(Record, frozen=True):
    """An entry that this desk could open: its index in the commit, and what it says."""

    index: int
    vault: bytes
    epoch: int
    n: int
    kind: str
    version: int
    body: bytes


class Opened(Record, frozen=True):
    """A commit whose frame opened; `unopened` are (index, tag) of what others may read.

    `heads` are those that it cites, or None when they are those of the device's commit before and
    neither of the two says anything of the crew.
    """

    id: bytes
    device: bytes
    sequence: int
    hlc: int
    seen: Seen
    verified: bool
    entries: tuple[OpenedEntry, ...]
    unopened: tuple[tuple[int, bytes], ...]
    heads: tuple[bytes, ...] | None = None

    @classmethod
    def of(
        cls,
        commit: Commit,
        entries: Iterable[OpenedEntry] = (),
        *,
        verified: bool,
        unopened: tuple[tuple[int, bytes], ...] = (),
        heads: tuple[bytes, ...] | None = None,
    ) -> Self:
        """Return what a commit says of itself, with those of its entries that opened."""
        header = commit.header
        return cls(
            id=commit.id,
            device=commit.device,
            sequence=header.sequence,
            hlc=header.hlc,
            seen=header.seen,
            verified=verified,
            entries=tuple(entries),
            unopened=unopened,
            heads=heads,
        )


class Read(Record, frozen=True):
    """What became of one frame: `code` is empty when its commit counts."""

    at: int
    code: str
    commit: Opened | None


_Spot = tuple[DeviceId, int]


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
        heads: Heads | None = None,
    ) -> None:
        """Take the keys, where each chain stands, and the roster heads that commits cited.

        A quick reader needs no heads: it tells what is cited, and the caller holds it to them.
        """
        self._office: Final = office
        self._office_keys: Final = {epoch: SharedKey(key) for epoch, key in office_keys.items()}
        self.ring: Final = ring
        self.chains: Final = chains
        self.heads: Final = heads
        self._waiting: dict[_Spot, list[_Waiting]] = {}
        self._for_heads: set[_Spot] = set()
        self._told: dict[bytes, tuple[bytes, ...]] = {}

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
        if not self._waiting:
            return [self.take(at, commit, keys, known)]
        roster = self._roster_commits()
        reads = [self.take(at, commit, keys, known)]
        moved = [] if reads[0].code in PARKED else [commit]
        while self._waiting and moved:
            done = moved.pop()
            for item in self._freed(done, grew=self._roster_commits() > roster):
                read = self.take(item.at, item.commit, keys, known)
                reads.append(read)
                if read.code not in PARKED:
                    moved.append(item.commit)
        return reads

    def _roster_commits(self) -> int:
        return 0 if self.heads is None else len(self.heads)

    def _freed(self, done: Commit, *, grew: bool) -> list[_Waiting]:
        """Return what may be read now: the next of this chain, its rival, or what cites it."""
        # The head moves also past a commit that does not open; what waits for it goes on.
        device = done.device
        spots = {(device, self.chains.head(device).sequence + 1), (device, done.header.sequence)}
        if grew:
            spots |= self._for_heads
        self._for_heads -= spots
        return [item for spot in sorted(spots) for item in self._waiting.pop(spot, ())]

    def take(self, at: int, commit: Commit, keys: DeviceKeys | None, known: Known | None) -> Read:
        """Return what became of one opened commit."""
        refused = _refused(commit, keys) if keys is not None else ""
        if refused:
            return Read(at, refused, None)
        heads = self.heads if keys is not None else None
        held = known(commit.device, commit.header.sequence) if known else None
        step = self.chains.look(commit, held)
        if waits := _waits(commit, step, heads):
            return self._wait(at, commit, waits)
        if keys is not None or step is Step.FOLLOWS:
            # A commit whose signature was not checked may follow, and may never suspend anybody.
            self.chains.move(commit, step)
        if step is Step.FOLLOWS:
            return self._open(at, commit, heads, verified=keys is not None)
        if step is not Step.KNOWN and heads is not None:
            heads.fork(commit)
        return Read(
            at,
            "known" if step is Step.KNOWN else "device_forked",
            Opened.of(commit, verified=False),
        )

    def _wait(self, at: int, commit: Commit, code: str) -> Read:
        spot = (commit.device, commit.header.sequence)
        self._waiting.setdefault(spot, []).append(_Waiting(at, commit))
        if code == HEAD_UNKNOWN:
            self._for_heads.add(spot)
        return Read(at, code, None)

    def _spend(self, at: int, commit: Commit) -> Read:
        """Set a commit aside; its tags count as used, so that what follows is still found."""
        with contextlib.suppress(SafeconductError):
            self.ring.open(commit)
        return Read(at, HEADS_WENT_BACK, Opened.of(commit, verified=False))

    def waits_for_heads(self) -> bool:
        """Tell whether a commit waits for roster commits that it cites."""
        return bool(self._for_heads)

    def waiting(self) -> int:
        """Return how many commits wait for an earlier one of their device."""
        return sum(len(commits) for commits in self._waiting.values())

    def _open(self, at: int, commit: Commit, heads: Heads | None, *, verified: bool) -> Read:
        device, cited = commit.device, commit.header.heads
        if heads is not None and heads.went_back(device, cited):
            return self._spend(at, commit)
        try:
            opened = self.ring.open(commit)
        except SafeconductError as error:
            if heads is not None:
                heads.follow(device, commit.id, cited, roster=False)
            return Read(at, error.code, Opened.of(commit, verified=False))
        if heads is not None:
            roster = heads.holds(device, (entry for _, entry in opened))
            heads.follow(device, commit.id, cited, roster=roster)
        return Read(at, "", self._opened(commit, opened, verified=verified))

    def _opened(self, commit: Commit, opened: list[tuple[int, Entry]], *, verified: bool) -> Opened:
        header = commit.header
        unopened: tuple[tuple[int, bytes], ...] = ()
        if len(opened) < len(header.slots):
            found = {index for index, _ in opened}
            unopened = tuple((i, slot.tag) for i, slot in enumerate(header.slots) if i not in found)
        entries = [
            OpenedEntry(i, e.vault, e.epoch, e.n, e.kind, e.version, e.body) for i, e in opened
        ]
        heads = self._heads_to_tell(commit, opened)
        return Opened.of(commit, entries, verified=verified, unopened=unopened, heads=heads)

    def _heads_to_tell(
        self, commit: Commit, opened: list[tuple[int, Entry]]
    ) -> tuple[bytes, ...] | None:
        device, cited = commit.device, commit.header.heads
        changed = self._told.get(device) != cited
        self._told[device] = cited
        for _, entry in opened:
            if entry.kind.startswith(ROSTER_KINDS) and entry.kind != HEARTBEAT:
                # It may be a head: tell its own, and the next.
                self._told.pop(device, None)
                return cited
        return cited if changed else None


def _waits(commit: Commit, step: Step, heads: Heads | None) -> str:
    """Return what a commit waits for: one before it, a head that it cites, or nothing."""
    if step is Step.WAITS:
        return "waits"
    if step is Step.FOLLOWS and heads is not None:
        return HEAD_UNKNOWN if heads.unknown(commit.device, commit.header.heads) else ""
    return ""


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
