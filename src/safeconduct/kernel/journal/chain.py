# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each device's chain: what follows, what waits, what forks (spec/journal.md 5, 4).

Pure: a `Chains` value decides about one commit at a time, and says what the store should keep.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.journal.commit import FIRST
from safeconduct.kernel.words import HASH_BYTES, CommitId, DeviceId

if TYPE_CHECKING:
    from safeconduct.kernel.journal.commit import Commit


class Step(Enum):
    """What a commit is to its device's chain."""

    FOLLOWS = "follows"
    KNOWN = "known"
    WAITS = "waits"
    FORKS = "forks"
    AFTER_FORK = "after_fork"


class Head(NamedTuple):
    """The newest accepted commit of a device, and the fork that suspended it, if any."""

    sequence: int
    commit: CommitId
    forked_at: int | None = None


class Chains:
    """The heads of all devices.

    The caller checks a commit's signature before it is stepped: whoever holds the office key can
    frame a commit in a colleague's name, and such a one neither follows nor forks.  A cold sync,
    which checks the newest signature of each chain first, asks `look` and steps only what follows.
    """

    __slots__ = ("_heads", "_ids")

    def __init__(self) -> None:
        """Start with no device."""
        self._heads: dict[DeviceId, Head] = {}
        self._ids: dict[DeviceId, tuple[int, bytearray]] = {}

    def restore(self, device: DeviceId, head: Head) -> None:
        """Take a head from a store; ids of commits up to it are asked through `known`."""
        self._heads[device] = head
        self._ids.pop(device, None)

    def head(self, device: DeviceId) -> Head:
        """Return a device's head; sequence 0 before its first commit."""
        return self._heads.get(device) or _NO_HEAD

    def devices(self) -> list[DeviceId]:
        """Return every device that has written."""
        return list(self._heads)

    def look(self, commit: Commit, known: CommitId | None = None) -> Step:
        """Say what a commit is to its chain, and change nothing.

        `known` is the id that the store holds at this device and sequence; it is asked only for
        what was accepted before `restore`, and without it such a commit counts as known.
        """
        device, sequence = commit.device, commit.header.sequence
        head = self.head(device)
        if sequence <= head.sequence:
            held = self._held(device, sequence, head) or known
            return Step.KNOWN if held is None or held == commit.id else Step.FORKS
        if head.forked_at is not None:
            return Step.AFTER_FORK
        if sequence > head.sequence + 1:
            return Step.WAITS
        return Step.FOLLOWS if commit.header.previous == head.commit else Step.FORKS

    def step(self, commit: Commit, known: CommitId | None = None) -> Step:
        """Say what a commit is to its chain; move the head when it follows, suspend on a fork."""
        step = self.look(commit, known)
        self.move(commit, step)
        return step

    def move(self, commit: Commit, step: Step) -> None:
        """Let a commit have the effect of what `look` said that it is to its chain."""
        if step is Step.FOLLOWS:
            self._accept(commit.device, commit.header.sequence, commit.id)
        elif step is Step.FORKS:
            self._suspend(commit.device, commit.header.sequence)

    def _held(self, device: DeviceId, sequence: int, head: Head) -> CommitId | None:
        if sequence == head.sequence:
            return head.commit
        first, ids = self._ids.get(device) or (0, b"")
        at = HASH_BYTES * (sequence - first)
        return CommitId(bytes(ids[at : at + HASH_BYTES])) if ids and at >= 0 else None

    def _accept(self, device: DeviceId, sequence: int, commit: CommitId) -> None:
        self._heads[device] = Head(sequence, commit)
        ids = self._ids.get(device)
        if ids is None:
            ids = self._ids[device] = (sequence, bytearray())
        ids[1].extend(commit)

    def _suspend(self, device: DeviceId, sequence: int) -> None:
        head = self.head(device)
        at = sequence if head.forked_at is None else min(head.forked_at, sequence)
        self._heads[device] = Head(head.sequence, head.commit, at)


_NO_HEAD: Final = Head(0, FIRST)
