# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vetting between desks: every page is walked, she gets nothing of it, stores keep it."""

from itertools import permutations

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.migrations import STEPS
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import step_to
from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline.vetting import Gate
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_attack_vetting import MARKER, NOTE, addresses, sync_all, vet, vetted, walk


def test_every_page_of_a_desk_withholds_what_is_guarded(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    talk = person.conversation
    second.desk.vetting.guard(talk, Gate.VOUCHED, NOTE, MARKER)
    vet(second, person, Gate.PLAUSIBLE)
    sync_all(*hands)
    walk(first.desk, addresses(talk.hex(), second.desk.device.hex()))


def test_nothing_of_vetting_is_sealed_to_the_person(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    other = Person(stage)
    other.write("Please help.")
    sync_all(*hands)
    talk = person.conversation
    opening = vet(second, person, Gate.VOUCHED)
    second.desk.vetting.guard(talk, Gate.MET, NOTE, MARKER)
    second.desk.vetting.pin(talk, "Please", "help.", "which?")
    sync_all(*hands)
    first.desk.vetting.second_gate(talk, opening, "read all of it")
    first.desk.vetting.close_gate(talk, "asked who else is here")
    for one in (person, other):
        first.desk.answer(one.conversation, "We are with you.")
    sync_all(*hands)
    hers, others = (
        [(one.kind, one.text, sorted(one.extras), len(encode(one))) for one in whose.replies()]
        for whose in (person, other)
    )
    assert hers == others
    assert {kind for kind, *_ in hers} == {"have", "answer"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_same_gate_stands_on_both_desks_in_any_order(
    person: Person, hands: tuple[Hand, Hand], order: tuple[int, ...]
) -> None:
    first, second = hands
    talk = person.conversation
    opening = vet(first, person, Gate.VOUCHED)
    sync_all(*hands)
    acts = (
        lambda: second.desk.vetting.second_gate(talk, opening, "read"),
        lambda: first.desk.vetting.close_gate(talk, "doubt"),
        lambda: first.desk.vetting.guard(talk, Gate.VOUCHED, NOTE, ""),
    )
    for number in order:
        acts[number]()
    sync_all(*hands)
    assert vetted(first, person) == vetted(second, person)
    assert vetted(first, person).gate is Gate.NONE


def shown(desk: Desk, person: Person) -> object:
    """What a desk shows of it."""
    talk = desk.conversation(person.conversation)
    assert talk is not None
    return talk.vetting, desk.vetting.words()


def test_a_store_that_an_older_program_had_shows_it_again(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    opening = vet(first, person, Gate.VOUCHED)
    first.desk.vetting.guard(person.conversation, Gate.VOUCHED, NOTE, "")
    first.desk.vetting.set_words(Gate.MET, MARKER)
    sync_all(*hands)
    second.desk.vetting.second_gate(person.conversation, opening, "read")
    expected = shown(second.desk, person)
    key = second.desk.journal.store._key
    second.desk.stop()
    step_to(stage.folder / "second", key, len(STEPS) - 1)
    step_to(stage.folder / "second", key, len(STEPS))
    again = stage.unlock("second")
    assert shown(again, person) == expected
    assert not verify_store(again.journal).findings
