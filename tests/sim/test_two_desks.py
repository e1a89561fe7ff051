# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two desks stay in step: after work offline, over bad networks, one version apart."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.edges.desk.api import Row
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import ItemState
from safeconduct.kernel.words import HOUR
from safeconduct.rooms.crew import Role
from tests.sim.courier import Rehearsal
from tests.sim.hostile import Weather
from tests.sim.steps import Hand, Person

ACTS = ("mark_read", "claim", "release", "answer", "note", "hand_over")


def hands(stage: Rehearsal) -> list[Hand]:
    return [Hand(desk, stage.courier(desk)) for desk in stage.desks.values()]


def state(desk: Desk) -> list[object]:
    rows: list[Row] = list(desk.inbox(show="all", start=0, most=1000)[0])
    # Who passed it to whom is marked for one desk alone.
    return [(replace(row, handed_by=None), desk.conversation(row.conversation)) for row in rows]


def states(stage: Rehearsal) -> list[ItemState]:
    """What became of each item at the relay."""
    return [item.state for item in stage.courier(stage.desks["first"]).items(0, 1 << 20)]


def act(desk: Desk, person: Person, name: str, other: Desk) -> None:
    if desk.conversation(person.conversation) is None:
        return
    match name:
        case "answer" | "note":
            getattr(desk, name)(person.conversation, "We heard you.")
        case "hand_over":
            desk.hand_over(person.conversation, other.device, "yours")
        case _:
            getattr(desk, name)(person.conversation)


def test_message_reaches_both_desks_and_is_acknowledged_once_it_is_in_the_journal(
    stage: Rehearsal,
) -> None:
    first, second = hands(stage)
    person = Person(stage)
    person.write("Please help.")
    first.sync()
    second.sync()
    assert state(first.desk) == state(second.desk)
    (have,) = person.replies()
    assert have.kind == "have"
    message = first.desk.conversation(person.conversation)
    assert message is not None
    assert have.about == message.messages[0].id
    assert states(stage) == [ItemState.WAITS]
    stage.clock.time += HOUR
    first.sync()
    assert states(stage) == [ItemState.TAKEN]
    assert len(person.replies()) == 1


def test_person_hears_nothing_before_the_relay_has_the_commit(stage: Rehearsal) -> None:
    first, _ = hands(stage)
    person = Person(stage)
    person.write("Please help.")
    first.loops.puller.pull_intake()
    assert first.desk.conversation(person.conversation) is not None
    assert person.replies() == []
    assert len(stage.courier(first.desk).items(0, 1 << 20)) == 1
    first.send()
    assert [reply.kind for reply in person.replies()] == ["have"]


def test_silent_colleague_is_finished_for(stage: Rehearsal) -> None:
    first, second = hands(stage)
    person = Person(stage)
    person.write("Please help.")
    first.loops.puller.pull_intake()
    frames = first.desk.journal.store.rows("SELECT frame FROM outbox")
    stage.courier(first.desk).append([row[0] for row in frames])
    second.sync()
    assert person.replies() == []
    stage.clock.time += 7 * HOUR
    second.sync()
    assert [reply.kind for reply in person.replies()] == ["have"]
    stage.clock.time += HOUR
    second.sync()
    assert states(stage) == [ItemState.TAKEN]
    assert len(person.replies()) == 1


def test_letter_that_does_not_open_blocks_no_other(stage: Rehearsal) -> None:
    first, _ = hands(stage)
    person, door = Person(stage), Person(stage)
    spoiled = bytearray(door.item("spoiled"))
    spoiled[-1] ^= 1
    from tests.sim.courier import submit  # noqa: PLC0415

    submit(stage.store, stage.office, bytes(spoiled))
    person.write("whole")
    first.sync()
    assert first.desk.conversation(person.conversation) is not None
    assert {trouble.code for trouble in first.desk.status().troubles} == {"letter_aside"}
    assert first.desk.journal.store.value("SELECT code FROM aside") == "cannot_open"


@settings(max_examples=15)
@given(
    acts=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from(ACTS), st.booleans()),
        max_size=12,
    )
)
def test_desks_that_work_offline_converge(
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[tuple[int, int, str, bool]],
) -> None:
    with Rehearsal(tmp_path_factory.mktemp("converge")) as stage:
        stage.found()
        stage.join()
        people = [Person(stage), Person(stage)]
        for person in people:
            person.write("Please help.")
        both = hands(stage)
        for hand in both:
            hand.sync()
        for who, whom, name, sync in acts:
            stage.clock.time += 1000
            act(both[who].desk, people[whom], name, both[1 - who].desk)
            if sync:
                both[who].sync()
        for hand in [*both, *both]:
            hand.sync()
        assert state(both[0].desk) == state(both[1].desk)
        assert len(state(both[0].desk)) == 2


@pytest.mark.parametrize("seed", range(4))
def test_desks_converge_over_a_network_that_loses_repeats_and_reorders(
    stage: Rehearsal, seed: int
) -> None:
    chance = random.Random(seed)
    desks = list(stage.desks.values())
    both = [Hand(desk, Weather(stage.courier(desk), chance)) for desk in desks]
    people = [Person(stage) for _ in range(3)]
    for person in people:
        person.write("Please help.")
    for hand in both:
        hand.insist()
    for _ in range(8):
        who = chance.randrange(2)
        act(desks[who], chance.choice(people), chance.choice(ACTS), desks[1 - who])
    for hand in [*both, *both]:
        hand.insist()
    assert state(desks[0]) == state(desks[1])
    assert {reply.kind for person in people for reply in person.replies()} >= {"have"}
    assert not any("relay" in trouble.code for desk in desks for trouble in desk.status().troubles)


def test_older_desk_keeps_and_passes_on_what_it_does_not_know(stage: Rehearsal) -> None:
    first, second = hands(stage)
    vault = first.desk.journal.hotline_vault
    newer = [
        Fact(vault, "hotline.MessageTranslated", 1, b"\x91\xc4\x02hi"),
        Fact(vault, "hotline.NoteWritten", 9, b"\x91\xc4\x02hi"),
        Fact(vault, "cases.CaseOpened", 1, b"\x91\xc4\x02hi"),
    ]
    first.desk.journal.write(newer)
    first.sync()
    second.sync()
    query = "SELECT kind, version, body FROM entries WHERE body = ?"
    kept = second.desk.journal.store.rows(query, (b"\x91\xc4\x02hi",))
    assert sorted(kept) == sorted((fact.kind, fact.version, fact.body) for fact in newer)
    assert second.desk.journal.store.value("SELECT count(*) FROM quarantine") == 0
    third = stage.join("third", frozenset({Role.OPERATOR}))
    assert sorted(third.journal.store.rows(query, (b"\x91\xc4\x02hi",))) == sorted(kept)


@pytest.mark.attack
def test_desk_restored_from_a_backup_refuses_to_write(stage: Rehearsal) -> None:
    import shutil  # noqa: PLC0415

    first, second = hands(stage)
    person = Person(stage)
    person.write("Please help.")
    second.sync()
    first.sync()
    folder = stage.folder / "second"
    second.desk.stop()
    shutil.copytree(folder, stage.folder / "backup")
    again = Hand(stage.unlock("second"), stage.courier(stage.desks["second"]))
    again.desk.note(person.conversation, "written after the backup")
    again.sync()
    again.desk.stop()
    old = stage.unlock("backup")
    Hand(old, stage.courier(old)).pull()
    with pytest.raises(Exception, match="store_is_behind"):
        old.note(person.conversation, "from the past")


def test_second_steward_can_join(stage: Rehearsal) -> None:
    """A steward's parcel also holds the seeds that only stewards have, one of 64 bytes."""
    third = stage.join("third", frozenset({Role.STEWARD, Role.OPERATOR}))
    kinds = {held.kind: len(held.key) for held in third.journal.keychain.all()}
    assert kinds["intake-sign"] == 64
    assert kinds["control"] == 32
