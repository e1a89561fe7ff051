# SPDX-License-Identifier: AGPL-3.0-or-later
"""What operators in the browser are told: when it changes, what it says, and nobody else."""

import json

from safeconduct.edges.lines.phone.caller import Leg
from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.queue import Queue, Waiting
from safeconduct.edges.lines.phone.ringing import Ringing
from safeconduct.edges.lines.phone.screens import Screens

ANNA = Operator("anna", ("en",), "PJSIP/anna", on_duty=True)
BORIS = Operator("boris", ("en",), "PJSIP/boris", on_duty=True)
ASKED = "/endpoints/PJSIP/anna/sendMessage"


class Office:
    """Two who answer, Anna by the browser and Boris by a softphone; and all that is sent."""

    def __init__(self) -> None:
        """Let one person wait."""
        self.sent: list[tuple[str, str, dict[str, str]]] = []
        self.queue = Queue()
        self.ringing = Ringing(self.queue)
        self.ringing.duty((ANNA, BORIS))
        self.screens = Screens(frozenset({ANNA.endpoint}), self.ringing, self._ask)
        self.legs = [Leg("leg-anna-1", "anna"), Leg("leg-boris-1", "boris")]

    def told(self) -> list[object]:
        """What was said on screens."""
        assert {(method, path) for method, path, _ in self.sent} <= {("PUT", ASKED)}
        return [json.loads(body["body"]) for _, _, body in self.sent]

    def ring(self, now: float = 0.0) -> None:
        """Tell whoever is rung."""
        self.screens.ring(self.legs, len(self.queue.in_order()), now)

    def _ask(self, method: str, path: str, **told: str) -> None:
        self.sent.append((method, path, told))


def test_a_browser_is_told_who_is_first_and_a_softphone_is_told_nothing() -> None:
    office = Office()
    office.ring()
    assert not office.told()
    office.queue.join(Waiting("one", "en", 0.0, silent=True))
    office.ring()
    office.ring()
    expected = {"language": "en", "silent": True, "duress": False, "waiting": 1}
    assert office.told() == [expected]


def test_a_browser_is_told_anew_when_somebody_else_is_first() -> None:
    office = Office()
    office.queue.join(Waiting("one", "en", 0.0))
    office.ring()
    office.queue.join(Waiting("two", "en", 1.0, duress=True))
    office.ring(1.0)
    assert office.told()[-1] == {"language": "en", "silent": False, "duress": True, "waiting": 2}
    office.legs[0].stopped = True
    office.queue.leave("two")
    office.ring(2.0)
    assert len(office.told()) == 2


def test_each_key_of_a_talk_is_told_also_the_same_key_twice() -> None:
    office = Office()
    marks, leg = Waiting("one", "en", 0.0), office.legs[0]
    office.screens.talk(leg, marks)
    for digit in "11":
        office.screens.pressed(leg, marks, digit)
    office.screens.pressed(office.legs[1], marks, "2")
    office.screens.pressed(None, marks, "2")
    talks = {"language": "en", "silent": False, "duress": False}
    assert office.told() == [talks, {**talks, "key": "1"}, {**talks, "key": "1"}]


def test_who_is_no_more_on_the_list_is_told_nothing() -> None:
    office = Office()
    office.ringing.duty((BORIS,))
    office.screens.talk(office.legs[0], Waiting("one", "en", 0.0))
    assert not office.sent
