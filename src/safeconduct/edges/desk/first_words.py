# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first words at this desk: written, approved and taken back; durable on return.

`engine/first_words.py` brings to the relay what stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from safeconduct.edges.desk.engine import first_words, post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.hotline import first_words_decide
from safeconduct.rooms.hotline.first_words import (
    FirstWordsFact,
    Version,
    fold_first_words,
    shown,
)


class FirstWordsBook:
    """What somebody here does with them."""

    def __init__(self, journal: Journal) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal

    def standing(self) -> Sequence[Version]:
        """Return the versions that stand, the newest first."""
        return fold_first_words(first_words.told(self._journal), self._apart())

    def shown(self) -> Version | None:
        """Return the one that pages show; None where they say what they say by themselves."""
        return shown(self.standing(), self._journal.clock.now())

    def may_approve(self, writer: DeviceId) -> bool:
        """Tell whether a steward sits here who is somebody else than a version's writer."""
        journal = self._journal
        steward = Role.STEWARD in journal.roster.roles(journal.device)
        return steward and self._apart()(journal.device, writer)

    def write(self, texts: Mapping[str, str]) -> None:
        """Write a version."""
        self._write(first_words_decide.write(texts, self.standing()))

    def approve(self, version: FactId, days: int) -> None:
        """Approve a version for so many days."""
        journal, now = self._journal, self._journal.clock.now()
        need_steward(journal.roster, journal.device)
        found = first_words_decide.find(self.standing(), version)
        until, apart = Instant(now + days * DAY), self._apart()
        self._write(first_words_decide.approve(found, journal.device, until, now, apart))

    def withdraw(self, reason: str) -> None:
        """Take back every version."""
        self._write(first_words_decide.withdraw(self.standing(), reason))

    def _apart(self) -> partial[bool]:
        return partial(first_words.apart, self._journal)

    def _write(self, event: FirstWordsFact) -> None:
        self._journal.write([post.fact(self._journal, event)])
