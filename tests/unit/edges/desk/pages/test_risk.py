# SPDX-License-Identifier: AGPL-3.0-or-later
"""Risk on the pages: judged by items that are named, seconded by somebody else, due by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from safeconduct.edges.desk.instrument_texts import instrument_text
from safeconduct.kernel.words import DAY, SECOND, CaseId
from safeconduct.rooms.cases import Part, RiskAssessed, SheetId
from safeconduct.rooms.cases.instruments import NEWEST
from safeconduct.rooms.cases.office_instruments import newest_instruments
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.risk import Assessment, Band, Said, Standing
from safeconduct.rooms.cases.risk_decide import Seconding
from safeconduct.rooms.cases.stages_decide import TypedStage
from tests.kit.field_forms import xlsform
from tests.kit.pages import check_page, text_of
from tests.unit.edges.desk.pages.test_office_forms import bring
from tests.unit.edges.desk.pages.window import Window

HOSTILE = "<script>alert(1)</script> {{ 7 }}"


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


@pytest.fixture
def person(window: Window, case: CaseId) -> SheetId:
    """Somebody on its record."""
    typed = {(Part.JOURNEY, "stands"): Typed("asks")}
    return window.desk.cases.records.write(case, "person", None, typed)


@contextmanager
def as_colleague(window: Window) -> Iterator[None]:
    """Somebody else sits at the desk meanwhile."""
    cases, desk = window.desk.cases, window.desk
    people = desk.roster().members
    own = people[desk.device].person
    cases.desk = desk.by(next(one for one in sorted(people) if people[one].person != own))
    yield
    cases.desk = desk


def day(window: Window, ahead: int) -> str:
    """A day as a form says it."""
    at = window.desk.now() + ahead * DAY
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m-%d}"


def save(window: Window, case: CaseId, person: SheetId, **more: str) -> int:
    """Fill in the form of the office's own sheet; return what was answered."""
    path = f"/cases/{case.hex()}/risk/by/office"
    form = window.pages.get(f"{path}?person={person.hex()}").form(f"{path}/saved")
    assert form.fields["person"] == person.hex()
    typed = {
        "item-sought": "yes",
        "weighs-sought": "yes",
        "item-safe_place": "no",
        "band": "high",
        "words": "He asks at her work.",
        "changes": "She leaves the town.",
        "due": day(window, 14),
    }
    return window.post(form.action, form.fields | typed | more).status_code


def assessed(window: Window, case: CaseId) -> Assessment:
    """What stands of the one person of a case."""
    ((one,),) = (of.standing for of in window.desk.cases.risks.risk(case).people)
    return one


@pytest.mark.parametrize("name", NEWEST)
def test_each_instrument_has_a_form_with_its_items_its_source_and_what_it_is_not(
    window: Window, case: CaseId, person: SheetId, name: str
) -> None:
    path = f"/cases/{case.hex()}/risk"
    page = window.pages.get(f"{path}/by/{name}?person={person.hex()}")
    text = instrument_text(name, NEWEST[name].version, "en")
    told = text_of(page.by_id("main"))
    assert page.heading == text.title
    words = [text.source, text.is_not, *text.items.values(), *text.groups.values()]
    assert not [one for one in words if one not in told]
    assert f"{path}/by/{name}?person={person.hex()}" in window.pages.get(path).html


def test_an_office_s_own_questions_are_asked_and_stay_with_their_words(
    window: Window, case: CaseId, person: SheetId
) -> None:
    seen = ("select_one known", "seen", "Was he seen?", "Его видели?", "", "", "risk")
    form, path = bring(window, xlsform(seen)), f"/cases/{case.hex()}/risk"
    page = window.pages.get(f"{path}/by/{form.kind}?person={person.hex()}")
    told = text_of(page.by_id("main"))
    assert page.heading == "After arrival"
    assert "Was he seen?" in told
    assert "How did they come?" not in told
    fields = page.form(f"{path}/by/{form.kind}/saved").fields
    (item,) = (one for one in fields if one.startswith("item-"))
    bring(window, xlsform(version="4"))
    more = {item: "yes", f"weighs-{item.removeprefix('item-')}": "yes", "band": "high"}
    words = {"words": "He asks.", "changes": "She leaves.", "due": day(window, 14)}
    assert window.post(f"{path}/by/{form.kind}/saved", fields | more | words).status_code == 303
    page = window.pages.get(path)
    assert text_of(page.by_id("main")).count("Was he seen?") == 2
    assert "This office’s own questions, version 3." in page.text
    assert f"{path}/by/{form.kind}" not in page.html
    window.pages.get(f"{path}/by/{form.kind}", status=404)


def test_an_item_that_a_band_rests_on_and_no_form_here_has_is_told_of(
    window: Window, case: CaseId, person: SheetId
) -> None:
    bring(window, xlsform(("select_one known", "seen", "Was he seen?", "", "", "", "risk")))
    (own,) = newest_instruments(window.desk.cases.forms.all())
    of, items = own.instrument, (own.instrument.items[0], "ghost", "other")
    for weighs in (items, items[1:2], items[:1]):
        said = tuple((one, "yes") for one in items), weighs, "high", "He asks.", "She leaves."
        fact = RiskAssessed(case, person, of.name, of.version, *said, (1 << 32) - 1, ())
        window.desk.cases.write(case, {Part.JOURNEY: fact})
    text = window.pages.get(f"/cases/{case.hex()}/risk").text
    assert text.count("2 items that this desk has no words for") == 1
    assert text.count("1 item that this desk has no words for") == 1
    assert text.count("It rests on") == 3


def test_a_version_of_more_digits_than_there_are_is_no_version(
    window: Window, case: CaseId, person: SheetId
) -> None:
    assert save(window, case, person, version="9" * 4_301) == 303
    assert assessed(window, case).version == NEWEST["office"].version


def test_a_band_names_its_items_and_both_assessors_and_what_would_change_it(
    window: Window, case: CaseId, person: SheetId
) -> None:
    path = f"/cases/{case.hex()}/risk"
    with as_colleague(window):
        assert save(window, case, person, words=HOSTILE) == 303
    page = window.pages.get(path)
    assert "of one person; waits for a second" in page.text
    assert HOSTILE in page.text
    assert instrument_text("office", 1, "en").items["sought"] in page.text
    page = window.pages.send(page.form(f"{path}/second"), band="high")
    assert "two people agree" in page.text
    assert "She leaves the town." in page.text
    one = assessed(window, case)
    assert window.desk.roster().members[one.by].person in page.text
    assert (one.band, one.standing) == (Band.HIGH, Standing.OF_TWO)
    assert f'action="{path}/second"' not in page.html
    assert one.answers["sought"] is Said.YES
    assert one.answers["money"] is Said.UNKNOWN


def test_nobody_seconds_themselves_and_another_band_needs_words(
    window: Window, case: CaseId, person: SheetId
) -> None:
    path = f"/cases/{case.hex()}/risk"
    save(window, case, person, band="medium")
    page = window.pages.get(path)
    assert f'action="{path}/second"' not in page.html
    fields = {"assessment": assessed(window, case).fact.hex(), "band": "medium"}
    assert window.post(f"{path}/second", fields).status_code == 422
    with as_colleague(window):
        refused = window.post(f"{path}/second", fields | {"band": "high", "words": " "})
        assert refused.status_code == 422
        assert '<option value="high" selected>' in refused.text
        said = fields | {"band": "high", "words": "His brother is in the police."}
        assert window.post(f"{path}/second", said).status_code == 303
    assert "disputed: the two differ, and the higher counts" in window.pages.get(path).text
    assert window.desk.cases.risks.risk(case).band is Band.HIGH


@pytest.mark.parametrize(
    "wrong",
    [
        *({"band": ""}, {"band": "extreme"}, {"words": " "}, {"changes": ""}, {"due": "soon"}),
        *({"due": "2001-01-01"}, {"due": "9999-01-01"}, {"person": "00"}, {"words": "x" * 4_001}),
        {"item-sought": "unknown"},
        {"weighs-sought": ""},
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(
    window: Window, case: CaseId, person: SheetId, wrong: dict[str, str]
) -> None:
    path = f"/cases/{case.hex()}/risk/by/office"
    form = window.pages.get(path).form(f"{path}/saved")
    typed = {"person": person.hex(), "item-means": "yes", "item-sought": "yes", "band": "medium"}
    typed |= {"weighs-sought": "yes", "words": "Why.", "changes": "What.", "due": day(window, 3)}
    answer = window.post(form.action, form.fields | typed | wrong)
    assert answer.status_code == 422
    assert 'value="yes" selected' in answer.text
    assert wrong.get("words", "Why.") in answer.text
    assert window.desk.cases.risks.risk(case).people == ()


def test_all_that_is_missing_is_said_and_marked_at_once(
    window: Window, case: CaseId, person: SheetId
) -> None:
    path = f"/cases/{case.hex()}/risk/by/office"
    form = window.pages.get(path).form(f"{path}/saved")
    answer = window.post(form.action, form.fields | {"words": "Why.", "item-sought": "yes"})
    assert answer.status_code == 422
    page = check_page(answer.text, 422)
    marked = {one.get("name") for one in page.root.iter() if one.get("aria-invalid") == "true"}
    assert marked == {"person", "band", "changes", "due"}
    for said in ("Choose whom", "Mark at least one item", "Choose high", "what would change it"):
        assert said in page.text
    assert "Why." in page.text
    assert 'value="yes" selected' in page.html


def test_of_a_case_that_has_ended_nothing_waits(
    window: Window, case: CaseId, person: SheetId
) -> None:
    stages, link = window.desk.cases.stages, f'href="/cases/{case.hex()}/risk"'
    assert link in window.pages.get("/cases/risk").html
    closed = TypedStage("closed", note="She is safe.", confirmed=True)
    stages.enter(case, closed)
    assert link not in window.pages.get("/cases/risk").html
    stages.enter(case, TypedStage("sheltered"))
    assert link in window.pages.get("/cases/risk").html


def test_a_lower_band_counts_when_a_second_person_has_said_so(
    window: Window, case: CaseId, person: SheetId
) -> None:
    path, risks = f"/cases/{case.hex()}/risk", window.desk.cases.risks
    save(window, case, person)
    with as_colleague(window):
        risks.second(case, assessed(window, case).fact, Seconding("high"))
        save(window, case, person, band="standard")
    assert assessed(window, case).said is Band.STANDARD
    assert risks.risk(case).band is Band.HIGH
    page = window.pages.get(path)
    assert "The higher band of before counts" in page.text
    assert "What was assessed before (1)" in page.text
    window.pages.send(page.form(f"{path}/second"), band="standard")
    assert risks.risk(case).band is Band.STANDARD


def test_what_waits_stands_in_a_list_longest_first_and_a_sighting_makes_it_due(
    window: Window, case: CaseId, person: SheetId
) -> None:
    name = window.pages.get(f"/cases/{case.hex()}").heading
    assert "nobody was assessed yet" in window.pages.get("/cases/risk").text
    assert 'href="/cases/risk"' in window.pages.get("/cases").html
    save(window, case, person)
    page = window.pages.get("/cases/risk")
    assert (name in page.text, "waits for a second person" in page.text) == (True, True)
    with as_colleague(window):
        window.desk.cases.risks.second(case, assessed(window, case).fact, Seconding("high"))
    assert name not in window.pages.get("/cases/risk").text
    seen = {(Part.JOURNEY, "seen"): Typed("2026-11")}
    window.desk.cases.records.write(case, "pursuer", None, seen)
    assert "a pursuer was heard of" in window.pages.get("/cases/risk").text
    assert "It has to be assessed anew" in window.pages.get(f"/cases/{case.hex()}/risk").text
    save(window, case, person)
    assert "a pursuer was heard of" not in window.pages.get("/cases/risk").text


def test_a_day_that_has_come_makes_it_due(window: Window, case: CaseId, person: SheetId) -> None:
    save(window, case, person, due=day(window, 2))
    assert "the day to assess it anew has come" not in window.pages.get("/cases/risk").text
    window.desk.clock.move(2 * DAY)
    assert "the day to assess it anew has come" in window.pages.get("/cases/risk").text


def test_what_is_not_there_is_answered_like_what_never_was(window: Window, case: CaseId) -> None:
    path = f"/cases/{case.hex()}/risk"
    assert window.client.get(f"{path}/by/ghost").status_code == 404
    assert window.client.get(f"/cases/{'00' * 16}/risk").status_code == 404
    assert window.post(f"{path}/by/ghost/saved").status_code == 404
    assert window.post(f"{path}/second", {"assessment": "00"}).status_code == 422
    page = window.pages.get(path)
    assert f"/cases/{case.hex()}/record/person/new" in page.html
    assert not [one for one in page.all("form") if (one.get("action") or "").startswith(path)]


def test_who_is_taken_off_the_record_waits_for_nothing(
    window: Window, case: CaseId, person: SheetId
) -> None:
    save(window, case, person)
    window.desk.cases.records.take_off(case, "person", person, "Written twice.")
    assert "waits for a second person" not in window.pages.get("/cases/risk").text
    page = window.pages.get(f"/cases/{case.hex()}/risk")
    assert "He asks at her work." in page.text
    assert "/risk/by/" not in page.html


def test_facts_of_a_newer_or_a_hostile_desk_are_shown_as_far_as_they_are_known(
    window: Window, case: CaseId, person: SheetId
) -> None:
    said = (("sought", "yes"), ("ghost", "yes"), ("means", "x")), ("money", "ghost", "sought")
    for instrument, version in (("office", 1), ("office", 9), ("../vetting", 1)):
        fact = RiskAssessed(
            case, person, instrument, version, *said, "high", HOSTILE, HOSTILE, (1 << 32) - 1, ()
        )
        window.desk.cases.write(case, {Part.JOURNEY: fact})
    page = window.pages.get(f"/cases/{case.hex()}/risk")
    assert page.text.count(HOSTILE) == 6
    assert page.text.count("newer than this program") == 2
    assert "high risk" in page.text
