# SPDX-License-Identifier: AGPL-3.0-or-later
"""Case files on desks of one office: who reads which part, and requests for keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.engine.cold import Cold
from safeconduct.edges.desk.engine.held import feed_from_disk, finish
from safeconduct.edges.desk.engine.opener import Opener, setup_of
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.engine.rotating import Rotator
from safeconduct.edges.desk.files_along import FilesAlong, case_talks
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.journal import Fact, VaultEpoch
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.cases import NoteWritten, Part
from safeconduct.rooms.cases.decide import AskedNoMore, MayNotWrite, NoSuchPart, OwnRequest
from safeconduct.rooms.crew import KeysGranted, Role
from safeconduct.rooms.crew.case_facts import CaseOpened
from safeconduct.rooms.crew.cases import MayOpenNoCase, NoStewardReads
from safeconduct.rooms.crew.events import CrewFact
from tests.sim.courier import Rehearsal
from tests.sim.steps import pass_on, sync
from tests.sim.test_attack_keys import renewable

WORKER = frozenset({Role.CASE_WORKER})


@contextmanager
def three_desks(folder: Path) -> Iterator[Rehearsal]:
    """An office of a steward, a case worker and an operator, each online."""
    with Rehearsal(folder) as rehearsal:
        rehearsal.found()
        rehearsal.join("second", WORKER)
        rehearsal.join("third")
        go_online(rehearsal)
        meet(rehearsal)
        yield rehearsal


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def go_online(stage: Rehearsal) -> None:
    """Let each desk reach the relay when somebody presses a button."""
    for desk in stage.desks.values():
        courier = stage.courier(desk)
        desk.cases._online = lambda courier=courier: courier  # type: ignore[misc]
        desk.teams._online = desk.cases._online  # type: ignore[misc]
        desk.ways._online = desk.cases._online  # type: ignore[misc]
        talks = case_talks(desk.journal, desk.cases.links, desk.cases._online)
        desk.cases.referrals._files = FilesAlong(talks)  # type: ignore[misc]


def meet(stage: Rehearsal) -> None:
    """Let all desks hear of each other."""
    for _ in range(2):
        sync(stage, *stage.desks)


def opened(stage: Rehearsal, by: Desk, **readers: tuple[str, ...]) -> CaseId:
    """Let a desk open a case file whose parts some desks read, by the parts' names."""
    first = stage.desks["first"].device
    chosen = {
        part: {first, *(stage.desks[name].device for name in readers.get(part.value, ()))}
        for part in Part
    }
    case = by.cases.open(chosen)
    meet(stage)
    return case


def signed(desk: Desk, fact: CrewFact) -> Fact:
    """A roster fact of a device's own."""
    signer = desk.device, desk.journal.secrets.signing_key()
    return crew_fact(desk.journal.crew_vault, fact, desk.journal.office, signer)


def claims_keys(desk: Desk, where: VaultEpoch, *devices: Desk) -> Fact:
    """A fact that says that keys were given, of which there is no parcel."""
    ids = tuple(one.device for one in devices)
    return signed(desk, KeysGranted(crew.key_groups([where]), b"p" * 32, ids, ()))


def case_name(desk: Desk, case: CaseId) -> str:
    """What a desk calls a case that it can read."""
    found = desk.cases.case(case)
    assert found is not None
    return found.name


def parts(desk: Desk, case: CaseId) -> list[Part]:
    """The parts of a case that a desk shows."""
    found = desk.cases.case(case)
    return [one.part for one in found.parts] if found else []


def test_each_desk_reads_the_parts_that_it_was_given(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    assert parts(first, case) == parts(second, case) == list(Part)
    assert parts(third, case) == [Part.HEALTH]
    second.cases.note(case, Part.HEALTH, "Needs insulin.")
    second.cases.note(case, Part.LEGAL, "Has no passport.")
    meet(office)
    found = third.cases.case(case)
    assert found is not None
    assert [note.text for part in found.parts for note in part.notes] == ["Needs insulin."]
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_a_note_goes_to_who_holds_its_part_and_a_part_that_is_not_held_is_refused(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    with pytest.raises(NoSuchPart):
        third.cases.note(case, Part.LEGAL, "?")
    with pytest.raises(NoSuchPart):
        third.cases.who_can_see(case, Part.LEGAL)
    with pytest.raises(NoSuchPart):
        first.cases.note(CaseId(bytes(16)), Part.LEGAL, "?")
    people = {one.person for one in second.cases.who_can_see(case, Part.HEALTH).holders}
    assert people == {"Ada", "Bo second", "Bo third"}
    people = {one.person for one in second.cases.who_can_see(case, Part.LEGAL).holders}
    assert people == {"Ada", "Bo second"}


def test_who_may_not_open_a_case_file_and_a_part_without_a_steward(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    with pytest.raises(MayOpenNoCase):
        third.cases.open({part: {office.desks["first"].device} for part in Part})
    with pytest.raises(NoStewardReads):
        second.cases.open({part: {third.device} for part in Part})
    assert second.cases.files(start=0, most=9) == ([], 0)


def test_without_the_server_nothing_is_opened_and_nothing_given(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second)
    name = case_name(second, case)
    third.cases.ask(name, Part.HEALTH, "She called me.")
    meet(office)

    def offline() -> Courier:
        raise Unreachable

    second.cases._online = offline  # type: ignore[misc]
    before = second.journal.pen.sequence
    with pytest.raises(Unreachable):
        second.cases.open({part: {office.desks["first"].device} for part in Part})
    (asked,) = second.cases.requests()
    with pytest.raises(Unreachable):
        second.cases.answer(asked.request.fact, give=True, word="")
    assert second.journal.pen.sequence == before
    assert not second.cases.requests()[0].request.answers


def test_a_request_is_seen_by_stewards_and_key_holders_and_given_by_another(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second)
    third.cases.ask(case_name(second, case).upper(), Part.HEALTH, "She is ill tonight.")
    with pytest.raises(OwnRequest):
        third.cases.answer(third.cases.requests()[0].request.fact, give=True, word="")
    meet(office)
    (asked,) = second.cases.requests()
    assert asked.holds
    assert asked.request.reason == "She is ill tonight."
    assert [one.cases.to_answer() for one in (first, second, third)] == [1, 1, 0]
    second.cases.answer(asked.request.fact, give=False, word="Call me first.")
    first.cases.answer(asked.request.fact, give=True, word="Spoke with them.")
    meet(office)
    assert [one.cases.to_answer() for one in (first, second, third)] == [0, 0, 0]
    assert parts(third, case) == [Part.HEALTH]
    for desk in (first, second, third):
        (shown,) = desk.cases.requests()
        said = {(one.given, one.word) for one in shown.request.answers}
        assert said == {(False, "Call me first."), (True, "Spoke with them.")}
    with pytest.raises(AskedNoMore):
        second.cases.answer(asked.request.fact, give=True, word="")


def test_a_request_for_what_is_not_there_waits_like_any_other(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    third.cases.ask("no such case", Part.HEALTH, "She is ill tonight.")
    meet(office)
    assert [(one.mine, one.holds) for one in first.cases.requests()] == [(False, False)]
    assert second.cases.requests() == []
    assert [one.mine for one in third.cases.requests()] == [True]
    with pytest.raises(NoSuchPart):
        first.cases.answer(first.cases.requests()[0].request.fact, give=True, word="")


def test_what_was_written_before_a_key_was_given_opens_with_it(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second)
    second.cases.note(case, Part.HEALTH, "Needs insulin.")
    meet(office)
    assert third.cases.case(case) is None
    third.cases.ask(case_name(second, case), Part.HEALTH, "She is ill tonight.")
    meet(office)
    second.cases.answer(second.cases.requests()[0].request.fact, give=True, word="")
    meet(office)
    found = third.cases.case(case)
    assert found is not None
    assert [note.text for part in found.parts for note in part.notes] == ["Needs insulin."]
    assert not verify_store(third.journal).findings


def test_after_a_removal_a_case_gets_new_keys_without_who_left(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    first.removals.suspend(third.device, "")
    pass_on(office, "first", "second")
    Rotator(first.journal, office.courier(first)).rotate_all()
    pass_on(office, "first", "second", "first")
    second.cases.note(case, Part.HEALTH, "Moved tonight.")
    pass_on(office, "second", "first")
    found = first.cases.case(case)
    assert found is not None
    assert [note.text for part in found.parts for note in part.notes] == ["Moved tonight."]
    (part,) = [one for one in found.parts if one.part is Part.HEALTH]
    newest = first.journal.keys.vaults()[part.vault]
    assert newest.epoch > 1
    assert newest.known == {first.device, second.device}
    gone = [one for one in first.cases.who_can_see(case, Part.HEALTH).holders if not one.stands]
    assert [one.now for one in gone] == [False]


def test_many_frames_at_once_give_the_same_cases(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second, health=("third",))
    second.cases.note(case, Part.LEGAL, "Has no passport.")
    meet(office)
    before = first.cases.case(case)
    first.journal.read_again()
    assert first.cases.case(case) == before
    first.journal.forget()
    opener = Opener()
    try:
        opener.set_up(setup_of(first.journal))
        end = first.journal.log.size()
        feed_from_disk(first.journal, opener, end)
        finish(Cold(first.journal), opener, end)
    finally:
        opener.close()
    assert first.cases.case(case) == before


def test_case_worker_who_opens_a_case_names_no_key_but_its_own(office: Rehearsal) -> None:
    first, liar, _ = office.desks.values()
    where = VaultEpoch(VaultId(first.journal.hotline_vault), 9)
    liar.journal.write([signed(liar, CaseOpened(1, 1)), claims_keys(liar, where, liar)])
    meet(office)
    assert renewable(first)


def test_what_a_removed_device_writes_into_a_part_counts_nowhere(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    second.cases.note(case, Part.HEALTH, "before")
    pass_on(office, "second", "first")
    first.removals.suspend(second.device, "")
    second.cases.note(case, Part.HEALTH, "after")
    second.cases.ask(case_name(first, case), Part.LEGAL, "Let me in.")
    pass_on(office, "second", "first")
    found = first.cases.case(case)
    assert found is not None
    assert [note.text for part in found.parts for note in part.notes] == ["before"]
    assert first.cases.requests() == []


def test_who_may_not_write_into_parts_is_not_heard_there(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    found = third.cases.case(case)
    assert found is not None
    vault = found.parts[0].vault
    with pytest.raises(MayNotWrite):
        third.cases.note(case, Part.HEALTH, "I write here.")
    third.journal.write([case_fact(vault, NoteWritten(case, "I write here all the same."))])
    meet(office)
    for desk in (first, second, third):
        file = desk.cases.case(case)
        assert file is not None
        assert [note.text for part in file.parts for note in part.notes] == []
