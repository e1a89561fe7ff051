# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many case files: what a sync and a page cost grows with what is new, not with what there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from safeconduct.edges.desk import across
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import checked_keys, held_cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import Keychain
from safeconduct.edges.desk.exports import Exports
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import cases, crew
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.crew import key_proofs
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, sync
from tests.sim.test_cases import case_name, meet, parts, three_desks
from tests.sim.test_new_keys import interrupt

MANY: Final = 8


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


class Counting:
    """Counts how often a step is done."""

    def __init__(self, patching: pytest.MonkeyPatch, owner: object, name: str) -> None:
        self.times = 0
        does = getattr(owner, name)

        def counted(*args: object, **named: object) -> object:
            self.times += 1
            return does(*args, **named)

        patching.setattr(owner, name, counted)


class FallsSilent(StoreCourier):
    """A relay that hands out some parcels and is then not reached."""

    left = 3

    def parcel(self, name: bytes) -> bytes:
        if not self.left:
            raise Unreachable
        self.left -= 1
        return super().parcel(name)


def open_many(office: Rehearsal) -> list[CaseId]:
    """Let the steward open case files that the case worker reads, and send them."""
    first, second = office.desks["first"], office.desks["second"]
    opened = [first.cases.open({part: [second.device] for part in Part}) for _ in range(MANY)]
    sync(office, "first")
    return opened


def readable(office: Rehearsal, name: str) -> int:
    return office.desks[name].cases.files(start=0, most=MANY)[1]


def test_keys_of_many_cases_are_kept_in_one_step(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_many(office)
    loads = Counting(monkeypatch, Journal, "load")
    vaults = Counting(monkeypatch, crew, "fold_vaults")
    sync(office, "second")
    assert readable(office, "second") == MANY
    assert loads.times < MANY / 2
    assert vaults.times < MANY / 2


def test_keys_that_came_before_the_server_fell_silent_are_kept(office: Rehearsal) -> None:
    open_many(office)
    second = office.desks["second"]
    relay = FallsSilent(office.store, office.office, second.journal.place.capability)
    with pytest.raises(Unreachable):
        Hand(second, relay).sync()
    assert readable(office, "second") == FallsSilent.left
    sync(office, "second")
    assert readable(office, "second") == MANY


def test_desk_that_is_cut_between_parcels_fetches_them_again(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_many(office)
    with monkeypatch.context() as cutting:
        cutting.setattr(Keychain, "add", interrupt)
        with pytest.raises(KeyboardInterrupt):
            sync(office, "second")
    office.desks["second"].stop()
    second = office.unlock("second")
    sync(office, "second")
    assert all(parts(second, case) == list(Part) for case in opened)


def test_a_page_reads_each_case_once_and_none_without_a_request_that_waits(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_many(office)[0]
    first, _, third = office.desks.values()
    folds = Counting(monkeypatch, cases, "fold_parts")
    names = Counting(monkeypatch, Cases, "_by_name")
    assert first.cases.to_answer() == names.times == 0
    for _ in range(MANY):
        third.cases.ask(case_name(first, case), Part.LEGAL, "A hearing is tomorrow.")
    meet(office)
    assert (first.cases.to_answer(), folds.times, names.times) == (MANY, 1, 1)
    for one in first.cases.requests():
        first.cases.answer(one.request.fact, give=False, word="Ask again at noon.")
    names.times = 0
    assert first.cases.to_answer() == names.times == 0


def test_opening_a_case_file_reads_no_key_anew_and_what_is_written_in_it_comes_through(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = office.desks.values()
    open_many(office)
    again = Counting(monkeypatch, Journal, "load")
    keys = Counting(monkeypatch, Keychain, "load")
    case = first.cases.open({part: [second.device] for part in Part})
    assert (again.times, keys.times) == (0, 0)
    first.cases.note(case, Part.HEALTH, "from who opened it")
    meet(office)
    second.cases.note(case, Part.HEALTH, "from who was given it")
    meet(office)
    for desk in (first, second):
        found = desk.cases.case(case)
        assert found is not None
        texts = [note.text for part in found.parts for note in part.notes]
        assert texts == ["from who opened it", "from who was given it"]
        assert verify_store(desk.journal).findings == ()


def test_a_case_file_more_counts_no_fact_about_keys_anew(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = office.desks.values()
    open_many(office)
    first.cases.held.all()
    counts = Counting(monkeypatch, crew, "count_keys")
    folds = Counting(monkeypatch, crew, "fold")
    case = first.cases.open({part: [second.device] for part in Part})
    first.cases.give(case, Part.LEGAL, Chosen([third.device]))
    assert first.cases.files(start=0, most=1)[0][0].id == case
    everybody = {desk.device for desk in office.desks.values()}
    assert first.removals.key_history().readers(part_of(first, case)).keys() == everybody
    assert (counts.times, folds.times) == (0, 0)
    grown = first.journal.keys.facts()
    newest, vaults = dict(first.journal.keys.newest()), dict(first.journal.keys.vaults())
    held, history = first.cases.held.all(), first.removals.key_history().could_read(second.device)
    first.journal.facts.place([(None, -1)])  # As after a removal: all is counted anew.
    anew = first.journal.keys.facts()
    assert counts.times == 1
    assert (anew.parts, anew.given.devices) == (grown.parts, grown.given.devices)
    assert (first.journal.keys.newest(), first.journal.keys.vaults()) == (newest, vaults)
    assert first.cases.held.all() == held
    assert sorted(first.removals.key_history().could_read(second.device)) == sorted(history)


def part_of(desk: Desk, case: CaseId) -> VaultId:
    """Return the vault of a case's legal part."""
    opened = desk.cases.held.find(case)
    assert opened is not None
    return desk.cases.held.parts(opened)[Part.LEGAL]


def test_a_signature_on_a_fact_about_keys_is_checked_at_one_unlocking_and_not_at_the_next(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked_keys, "AT_ONCE", 1)
    open_many(office)
    office.desks["first"].stop()
    checks = Counting(monkeypatch, key_proofs, "proved")
    again = office.unlock("first")
    assert again.cases.files(start=0, most=1)[1] == MANY
    assert checks.times == 0
    again.journal.read_again()
    assert again.cases.files(start=0, most=1)[1] == MANY
    assert checks.times > MANY


def test_a_list_over_all_cases_reads_those_alone_that_changed(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, first = open_many(office), office.desks["first"]
    assert len(first.cases.stages.all()) == len(first.cases.risks.waiting()) == MANY
    stages = Counting(monkeypatch, cases, "fold_stages")
    risks = Counting(monkeypatch, cases, "fold_risk")
    for _ in range(3):
        first.cases.stages.all(), first.cases.risks.waiting(), first.cases.plans.tasks()
    assert (stages.times, risks.times) == (0, 0)
    first.cases.stages.block(opened[0], "No passport.")
    assert len(first.cases.stages.all()) == len(first.cases.risks.waiting()) == MANY
    assert (stages.times, risks.times) == (2, 1)  # A stage may call for a new assessment.


def test_names_are_compared_ahead_and_pages_wait_for_a_few_alone(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, first = open_many(office), office.desks["first"]
    monkeypatch.setattr(across, "COMPARED_AT_ONCE", 1)
    for case in opened[:3]:
        typed = {(Part.IDENTITY, "name"): Typed("Мадина Саидова")}
        first.cases.records.write(case, "person", None, typed)
    first.cases.across.ahead = True
    assert 0 < first.cases.across.left() < MANY
    while first.cases.across.left():
        pass
    assert first.cases.across.waiting() == 3


def test_today_counts_pairs_and_exports_without_making_them_again(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, first = open_many(office), office.desks["first"]
    for case in opened[:3]:
        typed = {(Part.IDENTITY, "name"): Typed("Мадина Саидова")}
        first.cases.records.write(case, "person", None, typed)
    assert first.cases.across.waiting() == 3
    first.exports.waiting()
    made = Counting(monkeypatch, across.Across, "_pair")
    read = Counting(monkeypatch, Exports, "_claims")
    first.cases.note(opened[0], Part.CONTACT, "Called.")
    assert first.cases.across.waiting() == 3
    assert first.exports.waiting() == []
    assert (made.times, read.times) == (0, 0)
    assert len(first.cases.across.pairs()) == 3


def test_what_was_written_is_found_by_its_number_and_not_among_everything(
    office: Rehearsal,
) -> None:
    store = office.desks["first"].journal.store
    ((*_, how),) = store.rows(f"EXPLAIN QUERY PLAN {held_cases._WRITTEN}", (0,))[:1]
    assert how == "SEARCH entries USING INTEGER PRIMARY KEY (rowid>?)"
