# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search finds what stands in the parts of case files that a desk holds, and nothing of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from safeconduct.edges.desk import hits, packing
from safeconduct.edges.desk.api import Hit
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import travelling
from safeconduct.edges.desk.engine.afterwards import index_some
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.migrations_hotline import WORDS_ANEW
from safeconduct.edges.desk.migrations_people import OF_PEOPLE
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.search import find, terms_of
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import WORDS_TO
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import NoteWritten, Part
from safeconduct.rooms.cases.record_decide import Typed
from tests.sim.courier import Rehearsal
from tests.sim.steps import pass_on, sync
from tests.sim.test_case_pages import answers, window_of
from tests.sim.test_cases import case_name, meet, opened, three_desks
from tests.sim.test_travel import pack

WORD = "unmistakable"
TEXT = "She keeps an unmistakable red coat."


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def in_parts(hits: Sequence[Hit]) -> list[tuple[str, tuple[Part, ...]]]:
    """What was found in case files."""
    return [(one.kind, one.parts) for one in hits if one.case]


def indexed(desk: Desk) -> bool:
    """Whether the word stands in a desk's index, whatever pages show."""
    return bool(find(desk.journal.store, terms_of(WORD), 10))


def test_notes_and_names_are_found_where_their_part_is_held(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    second.cases.note(case, Part.HEALTH, TEXT)
    second.cases.note(case, Part.LEGAL, TEXT)
    meet(office)
    name = case_name(second, case)
    both = [("case-note", (Part.LEGAL,)), ("case-note", (Part.HEALTH,))]
    assert in_parts(first.search("unmistak coat")) == both
    (hit,) = third.search(WORD)
    assert in_parts([hit]) == [("case-note", (Part.HEALTH,))]
    assert (hit.case, hit.code_name, WORD in hit.snippet) == (case, name, True)
    assert in_parts(third.search(name)) == [("case-name", (Part.HEALTH,))]
    assert in_parts(first.search(name)) == [("case-name", tuple(Part))]
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_a_name_is_found_and_marked_in_every_script(office: Rehearsal) -> None:
    second = list(office.desks.values())[1]
    case = opened(office, second)
    second.cases.note(case, Part.LEGAL, "His uncle Mukhammad Khadzhiev asks around.")
    second.cases.note(case, Part.LEGAL, "дядя хаджиев мага, и вера в лучшее")
    for asked in ("Магомед", "magomed hadschijew", "Мага Хаджиевой"):
        marked = [hit.snippet for hit in second.search(asked) if hit.kind == "case-note"]
        assert len(marked) == 2, asked
        assert all("\u2068M" in one or "\u2068мага\u2069" in one for one in marked)
    assert in_parts(second.search("Мухаммад Ахматов")) == in_parts(second.search("Vera")) == []
    assert not verify_store(second.journal).findings


def test_words_of_parts_that_are_not_held_change_no_byte_and_no_row(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    second.cases.note(case, Part.HEALTH, TEXT)
    meet(office)
    name = case_name(second, case).split()[0]
    asked = [WORD, "passport", name, "she"]
    read: list[tuple[str, int]] = []
    rows = Store.rows

    def counted(store: Store, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        found = rows(store, query, values)
        read.append((query, len(found)))
        return found

    def searched() -> list[tuple[str, int]]:
        with monkeypatch.context() as counting:
            counting.setattr(Store, "rows", counted)
            read.clear()
            for words in asked:
                third.search(words)
        return [*read]

    with window_of(third) as window:
        pages, before = answers(window, third, case, *asked), searched()
        for part in set(Part) - {Part.HEALTH}:
            second.cases.note(case, part, f"{TEXT} Has no passport.")
        second.cases.note(opened(office, second), Part.HEALTH, TEXT)
        meet(office)
        assert answers(window, third, case, *asked) == pages
        assert searched() == before
    assert len(find(third.journal.store, terms_of(WORD), 10)) == 1


def test_what_a_key_opens_that_came_late_is_found_from_then_on(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second)
    second.cases.note(case, Part.HEALTH, TEXT)
    meet(office)
    name = case_name(second, case)
    assert in_parts(third.search(WORD)) == in_parts(third.search(name)) == []
    third.cases.ask(name, Part.HEALTH, "She is ill.")
    meet(office)
    (asked,) = second.cases.requests()
    second.cases.answer(asked.request.fact, give=True, word="")
    meet(office)
    assert in_parts(third.search(WORD)) == [("case-note", (Part.HEALTH,))]
    assert in_parts(third.search(name)) == [("case-name", (Part.HEALTH,))]
    third.journal.read_again()
    assert in_parts(third.search(WORD)) == [("case-note", (Part.HEALTH,))]


def test_a_desk_that_is_packed_finds_and_keeps_nothing_of_what_it_left(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    second.cases.note(case, Part.HEALTH, TEXT)
    meet(office)
    name = case_name(second, case)
    assert indexed(second)
    second.saved_searches.save("coat", WORD)
    light = pack(office)
    assert light.saved_searches.all() == ()
    assert not packing.waits(light.journal.store)
    assert not indexed(light)
    assert in_parts(light.search(WORD)) == in_parts(light.search(name)) == []
    travelling.ask(light.journal)
    sync(office, "second", "first")
    travelling.give_back(first.journal, office.courier(first), light.device)
    sync(office, "first", "second", "first", "second")
    assert in_parts(light.search(WORD)) == [("case-note", (Part.HEALTH,))]
    assert in_parts(light.search(name)) == [("case-name", tuple(Part))]


def test_dates_of_sheets_are_found_where_their_part_is_held(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, journey=("third",))
    born, expires = (Part.IDENTITY, "born"), (Part.JOURNEY, "expires")
    second.cases.records.write(case, "person", None, {born: Typed("1994-04-12")})
    second.cases.records.write(case, "document", None, {expires: Typed("2031-05")})
    meet(office)
    for asked in ("1994-04", "12.04.1994", "1994-04-12"):
        (hit,) = first.search(asked)
        assert (hit.kind, hit.parts) == ("case-record", (Part.IDENTITY,))
        assert third.search(asked) == []
    assert in_parts(third.search("05.2031")) == [("case-record", (Part.JOURNEY,))]
    assert first.search("1994-05") == first.search("2031-05-01") == []
    assert not verify_store(first.journal).findings


def test_what_is_found_is_counted_as_far_as_it_counts(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    vaults = second.cases.held.parts(second.cases.held.all()[0])
    for number in range(12):
        part = (Part.HEALTH, Part.LEGAL)[number % 2]
        second.cases.note(case, part, f"{TEXT} {number}")
        second.journal.write([case_fact(vaults[part], NoteWritten(CaseId(bytes(16)), TEXT))])
    meet(office)
    assert [len(desk.finder.found(WORD, 5).hits) for desk in (first, third)] == [5, 5]
    assert [desk.finder.found(WORD, 5).total for desk in (first, third)] == [12, 6]
    monkeypatch.setattr(hits, "COUNTED_MOST", 4)
    assert [desk.finder.found(WORD, 3).total for desk in (first, third)] == [5, 5]
    monkeypatch.setattr(hits, "COUNTED_MOST", 8)
    assert [desk.finder.found(WORD, 3).total for desk in (first, third)] == [9, 6]


def test_what_counts_nowhere_is_not_found(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case, other = opened(office, second), opened(office, second)
    file = second.cases.case(other)
    assert file is not None
    second.journal.write([case_fact(file.parts[0].vault, NoteWritten(case, TEXT))])
    meet(office)
    assert in_parts(first.search(WORD)) == []
    assert first.finder.found(WORD, 5).total == 0
    first.removals.suspend(second.device, "")
    second.cases.note(other, Part.HEALTH, TEXT)
    pass_on(office, "second", "first")
    assert in_parts(first.search(WORD)) == []
    assert first.removals.quarantined(start=0, most=1)[1]


def test_what_counts_no_more_is_found_no_more(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    first.cases.note(case, Part.HEALTH, TEXT)
    assert in_parts(first.search(WORD)) == [("case-note", (Part.HEALTH,))]
    first.journal.facts.suspend_from(second.device, 0)
    assert in_parts(first.search(WORD)) == []
    assert in_parts(first.search(case_name(second, case))) == []


def test_a_desk_of_before_indexes_case_files_once(office: Rehearsal) -> None:
    _, second, _ = office.desks.values()
    case: CaseId = opened(office, second)
    second.cases.note(case, Part.HEALTH, TEXT)
    with second.journal.store.transaction() as writer:
        writer.execute("DELETE FROM word_index")
        writer.execute("DELETE FROM settings WHERE name = ?", (WORDS_TO,))
    assert in_parts(second.search(WORD)) == []
    while index_some(second.journal):
        pass
    assert in_parts(second.search(WORD)) == [("case-note", (Part.HEALTH,))]


def test_a_desk_of_before_finds_names_once_it_has_indexed_anew(office: Rehearsal) -> None:
    second = list(office.desks.values())[1]
    case, store = opened(office, second), second.journal.store
    second.cases.note(case, Part.HEALTH, "She knows Khadija.")
    with store.transaction() as writer:
        step = next(step for step in OF_PEOPLE if WORDS_ANEW in step.up)
        for statement in step.up.split(";\n"):
            writer.execute(statement)
        store.drop_settings(WORDS_TO)
    assert in_parts(second.search("Хадижат")) == in_parts(second.search("khad")) == []
    assert not verify_store(second.journal).findings
    while index_some(second.journal):
        pass
    assert in_parts(second.search("Хадижат")) == [("case-note", (Part.HEALTH,))]
    assert store.setting(WORDS_ANEW, NUMBER) is None
    assert not verify_store(second.journal).findings
