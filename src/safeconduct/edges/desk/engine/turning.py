# SPDX-License-Identifier: AGPL-3.0-or-later
"""All keys that a desk takes anew by the calendar: its own, and the intake's (spec/crew.md 7)."""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import intake_again
from safeconduct.edges.desk.engine.destroying import Destroying
from safeconduct.edges.desk.engine.erasing_cases import CaseEraser
from safeconduct.edges.desk.engine.first_words import FirstWordsKeeper
from safeconduct.edges.desk.engine.intake_keys import IntakeKeys
from safeconduct.edges.desk.engine.intake_rotation import IntakeRotation
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.new_keys import KeyTaker
from safeconduct.edges.desk.engine.own_rotation import OwnRotation
from safeconduct.edges.desk.engine.sync import Puller
from safeconduct.kernel.ports import Courier


class Turning:
    """Looks after these keys at one relay.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier, taker: KeyTaker, puller: Puller) -> None:
        """Take what letters are sealed to before `puller` reads them."""
        self._journal, self._courier = journal, courier
        self.own: Final = OwnRotation(journal, courier, taker.took_all)
        self.held: Final = IntakeKeys(journal, courier)
        self.intake: Final = IntakeRotation(journal, courier, self.held)
        self.destroying: Final = Destroying(journal, courier)
        self.cases: Final = CaseEraser(journal, courier)
        self.words: Final = FirstWordsKeeper(journal, courier)
        puller.before_letters = self.held.take

    def look(self) -> None:
        """Make anew what it is time for, and destroy what nothing is sealed to any more.

        Raises:
            Unreachable, Refused: the relay did not take something; to be taken up later.
            StoreFull: nothing was kept.
        """
        self.own.look()
        self.intake.look()
        intake_again.give(self._journal, self._courier, self.held)
        self.held.close()
        self.destroying.look()
        self.cases.look()
        self.words.look()
