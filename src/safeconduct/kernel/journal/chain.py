# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each device's chain: what follows, what waits, what forks (spec/journal.md 5, 4).

Pure: a `Chains` value decides about one commit at a time, and says what the store should keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from safeconduct.kernel.journal.commit import FIRST

if TYPE_CHECKING:
    from safeconduct.kernel.journal.commit import Commit
    from safeconduct.kernel.words import CommitId, DeviceId


class Step(Enum):
    """What a commit is to its device's chain."""

    FOLLOWS = "follows"
    KNOWN = "known"
    WAITS = "waits"
    FORKS = "forks"
    AFTER_FORK = "after_fork"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest accepted commit of a device, and the fork that suspended it, if any."""

    sequence: int
    commit: CommitId
    forked_at: int | None = None


class Chains:
    """The heads of all devices."""

    __slots__ = ("_heads",)

    def __init__(self) -> None:
        """Start with no device."""
        self._heads: dict[DeviceId, Head] = {}

    def restore(self, device: DeviceId, head: Head) -> None:
        """Take a head from a store; ids of older commits are looked up through `known`."""
        self._heads[device] = head

    def head(self, device: DeviceId) -> Head:
        """Return a device's head; sequence 0 before its first commit."""
        return self._heads.get(device) or Head(0, FIRST)

    def devices(self) -> list[DeviceId]:
        """Return every device that has written."""
        return list(self._heads)

    def step(self, commit: Commit, known: CommitId | None = None) -> Step:
        """Say what a commit is to its chain, and move the head when it follows.

        `known` is the id that the store holds at this device and sequence, if any.
        """
        device, sequence = commit.device, commit.header.sequence
        head = self.head(device)
        if sequence <= head.sequence:
            return self._repeat(device, head, commit, known)
        if head.forked_at is not None:
            return Step.AFTER_FORK
        if sequence > head.sequence + 1:
            return Step.WAITS
        if commit.header.previous != head.commit:
            return self._fork(device, head, sequence)
        self._heads[device] = Head(sequence, commit.id)
        return Step.FOLLOWS

    def _repeat(self, device: DeviceId, head: Head, commit: Commit, known: CommitId | None) -> Step:
        held = head.commit if commit.header.sequence == head.sequence else known
        if held is None or held == commit.id:
            return Step.KNOWN
        return self._fork(device, head, commit.header.sequence)

    def _fork(self, device: DeviceId, head: Head, sequence: int) -> Step:
        at = sequence if head.forked_at is None else min(head.forked_at, sequence)
        self._heads[device] = Head(head.sequence, head.commit, at)
        return Step.FORKS
