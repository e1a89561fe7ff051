# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going abroad on real desks: two begin a list apart and meet, and no key shows no trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import DAY, CaseId
from safeconduct.rooms.cases import SheetId
from safeconduct.rooms.cases.checklist import ALWAYS
from safeconduct.rooms.cases.consent_decide import NoConsent
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.letters import TypedLetter
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.referrals_decide import CaseIsErased, Chosen, TypedReferral
from safeconduct.rooms.cases.relocation import Relocation
from safeconduct.rooms.cases.relocation_due import Why, alarms
from safeconduct.rooms.cases.sheets import ITEM, SHEETS
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import Answers, answers, window_of
from tests.sim.test_cases import meet, three_desks
from tests.sim.test_consent import begun, yes
from tests.unit.edges.desk.pages.window import Window


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def write(
    desk: Desk, case: CaseId, kind: str, sheet: SheetId | None = None, /, **said: str
) -> SheetId:
    """Write a sheet over what this desk sees of it."""
    parts = {one.name: one.part for one in SHEETS[kind]}
    there = desk.cases.records.record(case).sheet(sheet or b"", kind)
    typed = {
        (parts[name], name): Typed(
            text,
            frozenset(
                one.fact
                for entered in (there.entered(name) if there else ())
                for one in entered.standing
            ),
            settles=True,
        )
        for name, text in said.items()
    }
    return desk.cases.records.write(case, kind, sheet, typed)


def day(desk: Desk, ahead: int) -> date:
    """A day so many days from now."""
    return datetime.fromtimestamp((desk.now() + ahead * DAY) / 1000, UTC).date()


def goes(desk: Desk, case: CaseId, person: SheetId, **said: str) -> SheetId:
    """Write down that somebody goes to an invented country in a week."""
    ordinary = {"of": person.hex(), "country": "Vessland", "children": "no"}
    ordinary["travels"] = day(desk, 7).isoformat()
    return write(desk, case, "relocation", **(ordinary | said))


def way(desk: Desk, case: CaseId) -> Relocation:
    """The one relocation of a case."""
    (found,) = desk.cases.relocations.of(case).relocations
    return found


def matters(desk: Desk, case: CaseId) -> set[tuple[Why, str]]:
    """What is the matter with it by the clock of a desk."""
    return {(one.why, one.what) for one in alarms(way(desk, case), day(desk, 0))}


def letter(desk: Desk, case: CaseId, person: SheetId) -> TypedLetter:
    """A letter with everything that may stand in it."""
    keys = frozenset(one.key for one in desk.cases.letters.lines(case, person))
    return TypedLetter("en", "We know her.", "", "The office", keys)


def referred(desk: Desk, person: SheetId, fields: Chosen) -> TypedReferral:
    """What is typed when some fields go to the clinic."""
    until = day(desk, 5).isoformat()
    return TypedReferral(person, "The clinic", "en", "Write to us.", "", until, fields=fields)


def test_two_who_begin_a_list_apart_have_one_list_and_the_safer_of_each_thing(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    case, person = begun(office)
    at = goes(second, case, person)
    meet(office)
    for desk in (first, second):
        desk.cases.relocations.begin(case, at, ())
    things = {one.what: one.sheet.id for one in way(first, case).items}
    write(first, case, ITEM, things["visa"], state="ready")
    write(second, case, ITEM, things["visa"], state="asked")
    write(first, case, ITEM, things["ticket"], state="ready")
    write(second, case, ITEM, things["meets"], state="ready", who="a friend in the port")
    meet(office)
    assert way(first, case) == way(second, case)
    assert len(way(first, case).items) == len(ALWAYS)
    states = {one.what: one.state for one in way(first, case).items}
    assert (states["visa"], states["ticket"], states["meets"]) == ("missing", "ready", "ready")
    assert matters(first, case) == matters(second, case) >= {(Why.OPEN, "visa")}
    write(first, case, ITEM, things["visa"], state="asked")
    meet(office)
    assert {one.state for one in way(second, case).items if one.what == "visa"} == {"asked"}
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_the_clock_alone_raises_alarms_and_a_word_from_there_ends_them(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case, person = begun(office)
    at = goes(second, case, person, stage="arrived", arrives=day(second, 0).isoformat())
    meet(office)
    assert matters(first, case) == set()
    office.clock.time += 4 * DAY
    assert matters(first, case) == {(Why.SILENT, "")}
    write(second, case, "after", of=at.hex(), day=day(second, 0).isoformat(), how="wrote")
    assert matters(second, case) == set()
    meet(office)
    assert matters(first, case) == set()


def seen(window: Window, desk: Desk, case: CaseId) -> Answers:
    """What a desk answers on pages that could tell of somebody who goes abroad."""
    paths = [
        *("/cases/abroad", f"/cases/{case.hex()}/abroad", f"/cases/{case.hex()}/own"),
        *(f"/cases/{case.hex()}/record/{kind}/new" for kind in ("relocation", "item", "after")),
    ]
    found = {path: window.client.get(path) for path in paths}
    told = {path: (answer.status_code, answer.content) for path, answer in found.items()}
    return told | answers(window, desk, case, "vessland", "insulin")


def test_a_desk_without_the_journey_answers_the_same_bytes(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case, person = begun(office, legal=("third",))
    with window_of(third) as window:
        before = seen(window, third, case)
        at = goes(second, case, person)
        second.cases.relocations.begin(case, at, ())
        write(second, case, "option", country="Vessland", answer="declined")
        write(second, case, "after", of=at.hex(), day="2026-11-01", danger="found")
        consent = second.cases.consents.give(case, yes(second, person))
        typed = letter(second, case, person)
        seen_page = second.cases.letters.draft(case, consent, typed).digest
        second.cases.letters.make(case, consent, typed, seen_page, "")
        meet(office)
        assert seen(window, third, case) == before
    assert third.cases.relocations.all() == ()
    assert third.cases.letters.of(case) == ()
    with pytest.raises(NoSuchPart):
        third.cases.relocations.begin(case, at, ())


def test_who_reads_the_journey_alone_sees_no_trace_of_medicine(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case, person = begun(office, journey=("third",))
    at = goes(second, case, person)
    second.cases.relocations.begin(case, at, ())
    things = {one.what: one.sheet.id for one in way(second, case).items}
    write(second, case, ITEM, things["medicine"], state="ready")
    meet(office)
    with window_of(third) as window:
        before = seen(window, third, case)
        assert b"nobody wrote which" not in before[f"/cases/{case.hex()}/abroad"][1]
        write(second, case, ITEM, things["medicine"], medicine="Insulin, 30 pens.")
        write(second, case, "person", person, health="Needs insulin.")
        meet(office)
        assert seen(window, third, case) == before
    assert matters(second, case) == matters(third, case)


@pytest.mark.attack
def test_a_letter_stops_with_the_consent_and_with_the_case(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case, person = begun(office)
    consent = second.cases.consents.give(case, yes(second, person))
    typed = letter(second, case, person)
    digest = second.cases.letters.draft(case, consent, typed).digest
    assert b"Russian" in second.cases.letters.make(case, consent, typed, digest, "")
    meet(office)
    (made,) = first.cases.letters.of(case)
    assert (made.by, made.said.digest) == (second.device, digest)
    second.cases.erasures.ask(case, "office")
    with pytest.raises(CaseIsErased):
        second.cases.letters.make(case, consent, typed, digest, "")
    first.cases.consents.withdraw(case, consent, "")
    meet(office)
    with pytest.raises(NoConsent):
        second.cases.letters.make(case, consent, typed, digest, "")
    assert len(second.cases.letters.of(case)) == 1
    lines = [one for one in first.cases.own_files.lines(case, person) if one.section == "letter"]
    assert [(one.text, one.hers) for one in lines] == [("The clinic", True)]


def test_whose_a_thing_on_a_list_is_is_known_by_the_way_it_belongs_to(office: Rehearsal) -> None:
    _, second, _ = office.desks.values()
    case, person = begun(office)
    other = write(second, case, "person", name="Her brother")
    ways = {
        who: goes(second, case, who, route=f"By {name}.")
        for who, name in ((person, "sea"), (other, "air"))
    }
    for who, at in ways.items():
        write(second, case, ITEM, of=at.hex(), what="ticket", note=f"Of {who.hex()[:4]}")
    lines = second.cases.own_files.lines(case, person)
    texts = [one.text for one in lines if one.section in {"relocation", ITEM} and one.hers]
    assert "By sea." in texts
    assert f"Of {person.hex()[:4]}" in texts
    assert not [one for one in lines if "air" in one.text or f"Of {other.hex()[:4]}" in one.text]
    sheets = [sheet for sheet, _ in second.cases.referrals.choices(case)]
    assert {one.kind for one in sheets} >= {"relocation", ITEM}
    second.cases.consents.give(case, yes(second, person))
    notes = {one.text("note"): bytes(one.id) for one in sheets}
    named = {who: frozenset({(notes[f"Of {who.hex()[:4]}"], ITEM, "note")}) for who in ways}
    assert second.cases.referrals.draft(case, referred(second, person, named[person])).draft.pieces
    with pytest.raises(NoConsent):
        second.cases.referrals.draft(case, referred(second, person, named[other]))
