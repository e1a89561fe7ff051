# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lay in people's boxes at a server that is gone lies there again at the next."""

from __future__ import annotations

from safeconduct.kernel.words import DAY
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync


def marks(person: Person) -> list[bytes]:
    """Of which of her messages she is told that the office has them, as often as it is said."""
    return [one.about for one in person.replies() if one.kind == "have"]


def test_person_finds_again_that_the_office_has_her_messages_once(
    stage: Rehearsal, person: Person
) -> None:
    (first,) = marks(person)
    with elsewhere(stage) as there:
        text = there.found()
        assert marks(person) == [first]
        there.follow("second", text)
        person.write("Are you there?")
        sync(stage, "first", "second", "first")
        assert len(marks(person)) == len(set(marks(person))) == 2
    with elsewhere(stage, "after a month") as there:
        stage.clock.time += 32 * DAY
        there.found()
        assert not marks(person)


def test_marks_of_whom_a_colleague_told_come_with_that_colleague(
    stage: Rehearsal, person: Person
) -> None:
    person.write("Are you there?")
    sync(stage, "second")  # What the second desk recorded and told the first has not read.
    (kept, alone) = marks(person)
    with elsewhere(stage) as there:
        text = there.found()
        assert marks(person) == [kept]
        there.follow("second", text)
        assert sorted(marks(person)) == sorted([kept, alone])
        sync(stage, "first", "second", "first")
        assert sorted(marks(person)) == sorted([kept, alone])
