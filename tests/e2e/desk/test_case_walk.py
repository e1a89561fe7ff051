# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case from the conversation to its end, in a browser: with a mouse, and with the keyboard alone.

`SAFECONDUCT_PICTURES=FOLDER` keeps a picture of each page where something was done.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases.risk_decide import Seconding
from tests.kit.axe import assert_accessible
from tests.kit.by_hand_or_keys import Hands, Keyboard, Mouse
from tests.kit.desk_window import Served
from tests.kit.rehearsal import rehearsal_roster

pytestmark = pytest.mark.browser
PICTURES: Final = os.environ.get("SAFECONDUCT_PICTURES", "")
DAY: Final = "12122026"
"""Whichever of day and month a browser asks for first."""
RAN_AWAY: Final = "The person left before, and was found or brought back."
REVIEWED: Final = (
    *("Closed on", "What was reached", "What remains a danger", "What they say of our help"),
    "Who was told that we close",
)


@dataclass
class Walk:
    """One case on its way."""

    page: Page
    served: Served
    hands: Hands
    case: str = ""
    screens: int = 0

    def at(self, *last: str) -> None:
        """Open one of the case's pages, as its list of pages does."""
        self.page.goto("/".join((self.case, *last)))

    def says(self, text: str) -> None:
        """The page says it, and is fit for everybody: the same page in both walks."""
        expect(self.page.locator("main")).to_contain_text(text)
        if isinstance(self.hands, Mouse):
            self.page.evaluate("scrollTo(0, 0)")  # What the head lies over is not there for axe.
            assert_accessible(self.page, text)
        self.screens += 1
        if PICTURES:
            kind = type(self.hands).__name__.lower()
            self.page.screenshot(
                path=Path(PICTURES) / f"case-{kind}-{self.screens:02}.png", full_page=True
            )

    def begin(self) -> None:
        """Make a case of a conversation."""
        self.page.goto(self.served.path("quiet orchard"))
        self.hands.follow("Begin a case")
        self.hands.press("Open the case file")
        self.case = self.page.url.partition("#")[0].partition("?")[0]
        self.says("This page shows those that this desk has keys to.")

    def record(self) -> None:
        """Write down who asks and who hunts her."""
        self.hands.follow("Add a person")
        self.hands.choose("Place in this case", "asks for help")
        self.hands.write("Name, as they use it", "Hava")
        self.hands.press("Save in the record")
        self.says("Hava")
        self.hands.follow("Add a pursuer")
        self.hands.write("What they are called", "the uncle from the mill")
        self.hands.choose("Who they are to that person", "relative")
        self.hands.press("Save in the record")
        self.says("the uncle from the mill")

    def assess(self) -> None:
        """One judges, and a colleague who is the second agrees."""
        self.at("risk")
        self.hands.follow("Abuse in the name of honour")
        self.hands.choose("Whom this is about", self.person_option())
        self.hands.choose(RAN_AWAY, "yes")
        self.hands.tick(f"My judgement rests on this: {RAN_AWAY}")
        self.hands.choose("In how great a danger the person is", "high risk")
        self.hands.write("Which items weigh most", "They found her once.")
        self.hands.write("What would change it", "If they learn of the aunt.")
        self.hands.write("Assess anew on", DAY)
        self.hands.press("Save the assessment")
        self.says("high risk")
        case = CaseId(bytes.fromhex(self.case.rpartition("/")[2]))
        cases, desk = self.served.desk.cases, self.served.desk
        ((one,),) = (person.standing for person in cases.risks.risk(case).people)
        cases.desk = desk.by(rehearsal_roster()[1][1])
        cases.risks.second(case, one.fact, Seconding("high"))
        cases.desk = desk
        self.at("risk")
        self.says("two people agree")

    def person_option(self) -> str:
        """Return what she is called in a list of people."""
        options = self.page.locator("#person option").all_inner_texts()
        return next(one.strip() for one in options if "Hava" in one)

    def consent(self) -> None:
        """Ask her, and write down that she said yes."""
        self.at("consent")
        self.hands.press("Show the text to read out")
        self.hands.write("Who gets it", "the lawyer")
        self.hands.choose("How they said it", "spoken")
        self.hands.write("Until which day it holds", DAY)
        self.hands.press("Save: they said yes")
        self.says("the lawyer")

    def plan(self) -> None:
        """Set a goal, a task for it, and do it; ask for a service."""
        self.at("plan")
        self.hands.follow("Add a goal")
        self.hands.write("What is to be reached", "A passport of her own")
        self.hands.press("Save in the record")
        self.hands.follow("Add a task: A passport of her own")
        self.hands.write("What is to be done", "Ring the lawyer")
        self.hands.press("Save in the record")
        self.says("Ring the lawyer")
        self.hands.press("It is done: Ring the lawyer")
        self.says("done")
        expect(self.page.locator("main")).not_to_contain_text("nobody does it yet")
        self.hands.follow("Add a service")
        self.hands.choose("Kind of help", "legal help")
        self.hands.press("Save in the record")
        self.says("legal help")

    def cost(self) -> None:
        """Write down what a ticket cost, and where its receipt is."""
        self.at("money")
        self.hands.follow("Add a cost")
        self.hands.choose("Purpose", "travel")
        self.hands.write("Amount with its currency", "48.50 EUR")
        self.hands.write("What for", "A ticket")
        self.hands.write("Day", "20.11.2026")
        self.hands.press("Save in the record")
        self.says("A ticket")

    def move(self, stage: str) -> None:
        """Say where the case stands."""
        self.at("stages")
        self.hands.choose("Stage", stage)
        if stage == "Case closed":
            self.hands.write("Note, or why", "She is safe, and said so.")
            self.hands.tick("It is certain")
        self.hands.press("Save the stage")
        self.says(stage)

    def review(self) -> None:
        """Say before the end what was reached and what was not."""
        self.at("plan")
        self.hands.follow("Write a closing review")
        for label in REVIEWED:
            self.hands.write(label, "20.11.2026" if label == "Closed on" else "Told by her.")
        self.hands.press("Save in the record")
        self.says("Told by her.")


@pytest.mark.parametrize("kind", [Mouse, Keyboard])
def test_a_conversation_becomes_a_case_that_is_closed(
    page: Page, served: Served, kind: type[Mouse] | type[Keyboard]
) -> None:
    walk = Walk(page, served, kind(page))
    walk.begin()
    walk.move("In contact")
    walk.at()
    walk.record()
    walk.assess()
    walk.consent()
    walk.plan()
    walk.cost()
    walk.review()
    walk.move("Case closed")
    page.goto(f"{served.url}/cases/stages")
    walk.says("Case closed")
