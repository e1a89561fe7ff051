# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server is gone: a new one is founded from a desk, and nothing that a desk held is lost."""

from __future__ import annotations

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import open_frame
from tests.kit.moves import Elsewhere, elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync


def answered(stage: Rehearsal, person: Person, name: str, text: str) -> None:
    """Let a desk answer somebody, and bring that to the relay."""
    stage.desks[name].answer(person.conversation, text)
    sync(stage, name)


def texts(desk: Desk, person: Person) -> set[str]:
    """All answers and notes that a desk shows of somebody."""
    talk = desk.conversation(person.conversation)
    assert talk is not None
    return {one.text for one in talk.answers} | {one.text for one in talk.notes}


def commits(stage: Rehearsal, there: Elsewhere) -> list[bytes]:
    """The id of every commit in the new relay's log, in its order."""
    journal = stage.desks["first"].journal
    frames = there.courier(stage.desks["first"]).frames(0, 1 << 30)
    keys = journal.keychain.office
    return [open_frame(frame, journal.office, keys).id for frame in frames]


def sound(stage: Rehearsal) -> None:
    """Hold both stores to what they claim."""
    for desk in stage.desks.values():
        assert verify_store(desk.journal).findings == ()


def test_two_desks_bring_together_what_each_held(stage: Rehearsal, person: Person) -> None:
    answered(stage, person, "first", "We are coming.")
    sync(stage, "second")
    stage.desks["second"].note(person.conversation, "seen by the relay, not by Ada")
    sync(stage, "second")
    stage.desks["second"].note(person.conversation, "written on the way")
    stage.desks["first"].note(person.conversation, "not sent yet")
    with elsewhere(stage) as there:
        text = there.found()
        assert there.follow("second", text) > 0
        sync(stage, "first", "second", "first")
        for desk in stage.desks.values():
            assert len(texts(desk, person)) == 4
        ids = commits(stage, there)
        assert len(ids) == len(set(ids))
        sound(stage)


def test_person_still_reads_her_answer_once_and_writes_on(stage: Rehearsal, person: Person) -> None:
    answered(stage, person, "first", "We are coming.")
    answered(stage, person, "second", "Bring papers.")
    assert len([one for one in person.replies() if one.kind == "answer"]) == 2
    with elsewhere(stage) as there:
        text = there.found()
        there.follow("second", text)
        answers = [one.text for one in person.replies() if one.kind == "answer"]
        assert sorted(answers) == ["Bring papers.", "We are coming."]
        person.write("Thank you.")
        sync(stage, "first", "second", "first")
        for desk in stage.desks.values():
            talk = desk.conversation(person.conversation)
            assert talk is not None
            assert [one.text for one in talk.messages] == ["Please help.", "Thank you."]
        sound(stage)
