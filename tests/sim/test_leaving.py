# SPDX-License-Identifier: AGPL-3.0-or-later
"""A steward passes on, in one act, what a colleague holds who leaves."""

import pytest

from safeconduct.edges.desk import removals
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import StoreFull
from safeconduct.kernel.words import ConversationId, DeviceId
from safeconduct.rooms.hotline.decide import NotAMember
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync

ALL = ("first", "second", "third", "first", "second")


def holders(desk: Desk, talk: ConversationId) -> set[DeviceId]:
    """Who holds a conversation, as a desk has it."""
    found = desk.conversation(talk)
    assert found is not None
    return {claim.holder for claim in found.claims}


def held(desk: Desk, by: Desk) -> set[ConversationId]:
    """What one desk says that another holds."""
    rows, _ = desk.inbox(show="mine", start=0, most=9, of=by.device)
    return {row.conversation for row in rows}


@pytest.fixture
def talks(stage: Rehearsal) -> list[ConversationId]:
    """Three conversations that the second desk holds; the first holds one of them too."""
    stage.join("third")
    people = [Person(stage) for _ in range(3)]
    for person in people:
        person.write("Please help.")
    sync(stage, *ALL)
    talks = [person.conversation for person in people]
    stage.desks["first"].claim(talks[0])
    for talk in talks:
        stage.desks["second"].claim(talk)
    sync(stage, *ALL)
    return talks


def test_all_that_a_device_holds_goes_to_a_colleague_and_nothing_else(
    stage: Rehearsal, talks: list[ConversationId]
) -> None:
    first, second, third = stage.desks.values()
    assert held(first, second) == {*talks}
    assert holders(third, talks[0]) == {first.device, second.device}
    assert first.removals.pass_on(second.device, third.device, "Off to the coast.") == 3
    sync(stage, *ALL)
    for desk in (first, second, third):
        assert [holders(desk, talk) for talk in talks] == [
            {first.device, third.device},
            {third.device},
            {third.device},
        ]
        assert not verify_store(desk.journal).findings
    today = third.today()
    assert {row.handed_by for row in (*today.waiting, *today.mine)} == {first.device}
    assert first.removals.pass_on(second.device, third.device, "") == 0


def test_what_was_cut_short_is_finished_by_the_next_press(
    stage: Rehearsal, talks: list[ConversationId], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = stage.desks.values()
    monkeypatch.setattr(removals, "PASSED_AT_ONCE", 2)
    write, times = Journal.write, iter((True, False))

    def full(journal: Journal, *facts: object) -> object:
        if not next(times):
            raise StoreFull
        return write(journal, *facts)  # type: ignore[arg-type]

    with monkeypatch.context() as disk:
        disk.setattr(Journal, "write", full)
        with pytest.raises(StoreFull):
            first.removals.pass_on(second.device, third.device, "")
    assert len(held(first, second)) == 1
    assert first.removals.pass_on(second.device, third.device, "") == 1
    assert not held(first, second)
    assert len(held(first, third)) == 3


def test_nothing_goes_to_a_device_that_was_taken_out(
    stage: Rehearsal, talks: list[ConversationId]
) -> None:
    first, second, third = stage.desks.values()
    first.removals.suspend(third.device, "")
    with pytest.raises(NotAMember):
        first.removals.pass_on(second.device, third.device, "")
    assert held(first, second) == {*talks}
