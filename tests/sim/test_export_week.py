# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a week has passed since files were made without a second (spec/crew.md 14)."""

from safeconduct.kernel.words import DAY
from safeconduct.rooms.crew.exports import ALONE_MOST
from tests.kit.clocks import FixedClock
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on


def test_a_week_has_passed_when_a_colleagues_desk_that_saw_the_files_says_so(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.note(person.conversation, "An old note, not sent for a week.")
    stage.clock.time += 8 * DAY
    second.claim(person.conversation)
    for _ in range(ALONE_MOST):
        second.exports.make_alone(person.conversation, "")
    second.journal.clock = FixedClock(stage.clock.now() + 8 * DAY)  # type: ignore[misc]
    for day in range(9):
        assert not second.exports.alone(person.conversation)
        pass_on(stage, "second", "first")
        first.note(person.conversation, f"Day {day}.")
        pass_on(stage, "first", "second")
        stage.clock.time += DAY
    assert second.exports.alone(person.conversation)
    second.exports.make_alone(person.conversation, "")
    assert second.exports.alone(person.conversation)
