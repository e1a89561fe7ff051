# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips on the pages: filled in, seen as they will be read, made, watched, frozen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from safeconduct.edges.desk import slip_words
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.referrals import drawn
from safeconduct.edges.desk.slips_api import Wish
from safeconduct.kernel.sheets import Typed
from safeconduct.kernel.words import MINUTE, Instant
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.errand.errands import Doubt
from safeconduct.rooms.passage.errand.slip import TypedSlip
from safeconduct.rooms.passage.errand.slip_report import SaidSo
from safeconduct.rooms.passage.errand.slips import Heard, SlipState, SlipWaits
from safeconduct.rooms.passage.slip_facts import SlipMade
from tests.kit.errand_night import write_at
from tests.kit.pages import Page, check_page, text_of
from tests.unit.edges.desk.pages.window import Window


class Written:
    """The night of `errand_night`, at a window's desk."""

    def __init__(self, window: Window) -> None:
        self.window = window
        for book in Book:
            window.desk.ways.office.readers[book] = {window.desk.device}
        self.ids = write_at(window.desk)
        self.path = f"/slips/ride/{self.ids['ride'].hex()}"

    def seen(self, **typed: str) -> Page:
        """What is shown before it is made."""
        form = self.window.pages.get(self.path).form(f"{self.path}/seen")
        ticked = {"carry-water": "1", "ends": "1", "way": "page"}
        fields = form.fields | {"call": "555 0101", "report": "23:30"} | ticked | typed
        answer = self.window.post(form.action, fields)
        assert answer.status_code == 200, answer.text
        return check_page(answer.text)

    def made(self, **typed: str) -> Page:
        """Make it; return what is shown once."""
        form = self.seen(**typed).form(f"{self.path}/made")
        answer = self.window.post(form.action, form.fields)
        assert answer.status_code == 200, answer.text
        return check_page(answer.text)


@pytest.fixture
def night(window: Window) -> Written:
    """A journey that is written down."""
    return Written(window)


def test_a_slip_is_made_from_a_ride_and_its_words_are_shown_once(night: Written) -> None:
    window = night.window
    sheet = window.pages.get(f"/ways/journeys/ride/{night.ids['ride'].hex()}")
    assert night.path in sheet.html
    seen = night.seen()
    slip = text_of(seen.all("dl")[0])
    for text in ("Marker-mill-bench", "Marker-quay-steps", "21:40", "555 0101", "23:30", "water"):
        assert text in slip
    assert "Marker-driver" not in slip
    page = night.made()
    words = text_of(page.by_id("eight")).split()
    assert len(words) == 8
    assert len(window.desk.slips.book.sent) == 1
    listed = window.pages.get("/slips")
    assert not set(words) & set(text_of(listed.by_id("main")).split())


def test_back_from_what_was_seen_everything_typed_is_there(night: Written) -> None:
    form = night.seen(note="Grey car.").form(f"{night.path}/made")
    again = night.window.post(f"{night.path}/seen", form.fields | {"back": "1"})
    page = check_page(again.text)
    fields = page.form(f"{night.path}/seen").fields
    assert (fields["note"], fields["call"]) == ("Grey car.", "555 0101")
    ticked = [one.get("name") for one in page.all("input") if one.get("checked") is not None]
    assert ticked == ["ends", "carry-water", "way"]


@pytest.mark.parametrize("way", ["paper", "voice"])
def test_paper_and_voice_are_shown_once_with_what_to_look_out_for(night: Written, way: str) -> None:
    page = night.made(way=way)
    text = text_of(page.by_id("main"))
    assert ("printer" in text) is (way == "paper")
    assert "Marker-mill-bench" in text
    assert "eight words" not in text
    listed = text_of(night.window.pages.get("/slips").by_id("main"))
    assert "Marker-mill-bench" not in listed.split("What they learnt")[0]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("at", "soon"),
        ("call", ""),
        ("until", "2036-01-01"),
        ("language", "xx"),
        ("way", "post"),
        ("check_in", "11" * 16),
    ],
)
def test_a_field_that_does_not_fit_is_marked_and_nothing_is_lost(
    night: Written, field: str, typed: str
) -> None:
    form = night.window.pages.get(night.path).form(f"{night.path}/seen")
    fields = form.fields | {"call": "555 0101", "note": "Grey car."} | {field: typed}
    answer = night.window.post(form.action, fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Grey car." in answer.text
    assert night.window.desk.slips.every() == []


def test_who_is_arrested_is_told_no_place_and_the_page_says_what_to_do(night: Written) -> None:
    night.window.desk.ways.write("escort", night.ids["driver"], {"state": Typed("arrested")})
    form = night.window.pages.get(night.path).form(f"{night.path}/seen")
    answer = night.window.post(form.action, form.fields | {"call": "555 0101"})
    assert answer.status_code == 422
    assert "They may not be told this place" in answer.text


def test_what_came_back_is_listed_and_one_slip_or_all_of_somebody_are_frozen(
    night: Written,
) -> None:
    window, slips = night.window, night.window.desk.slips
    night.made()
    sealed = slips.every()[0].made.sealed
    assert sealed is not None
    at = Instant(window.desk.now())
    slips.book.said[sealed.talk] = [Heard(b"m" * 32, at, SaidSo.OPENED, "")]
    slips.look()
    page = window.pages.get("/slips")
    assert "opened" in text_of(page.by_id("main"))
    assert slips.every()[0].state is SlipState.HANDED
    frozen = {"slip": slips.every()[0].made.fact.hex()}
    assert frozen["slip"] in page.html
    assert window.post("/slips/frozen", frozen).status_code == 303
    assert slips.every()[0].state is SlipState.TOO_LATE
    night.made(way="voice")
    all_of = {"knower": night.ids["driver"].hex()}
    assert window.post("/slips/frozen", all_of).status_code == 303
    assert [one.state for one in slips.every()] == [SlipState.TOO_LATE] * 2
    refused = window.post("/slips/frozen", {"slip": slips.every()[0].made.fact.hex()})
    assert refused.status_code == 422


@pytest.mark.parametrize("knower", ["", "junk", "11" * 16])
def test_freezing_all_of_nobody_says_that_nothing_was_frozen(night: Written, knower: str) -> None:
    night.made()
    answer = night.window.post("/slips/frozen", {"knower": knower})
    assert answer.status_code == 422
    assert "Nothing is left to freeze" in answer.text
    assert night.window.desk.slips.every()[0].state is SlipState.WAITS


def test_what_is_frozen_between_looking_and_handing_over_is_handed_to_nobody(
    night: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips = night.window.desk.slips
    night.made()
    sealed = slips.every()[0].made.sealed
    assert sealed is not None
    asked = len(slips.book.sent)

    def heard(talk: bytes) -> list[Heard]:
        """Somebody freezes it while this desk looks at what came."""
        if slips._handing.all()[0].frozen is None:
            slips.freeze(slips._handing.all()[0].fact)
        return [Heard(b"m" * 32, Instant(night.window.desk.now()), SaidSo.OPENED, "")]

    monkeypatch.setattr(slips.book, "heard", heard)
    slips.look()
    assert len(slips.book.sent) <= asked
    assert slips.every()[0].state is SlipState.FROZEN


def wished(night: Written, way: str) -> Wish:
    """What somebody asks for of the ride."""
    ids = night.ids
    today = datetime.fromtimestamp(night.window.desk.now() / 1000, UTC).strftime("%Y-%m-%d")
    typed = TypedSlip("21:40", frozenset(), "", "555 0101", "", "done", ends=True)
    return Wish("ride", ids["ride"], ids["driver"], way, "en", today, b"", typed)


def test_of_two_who_press_at_once_one_makes_a_slip(
    night: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips, wish = night.window.desk.slips, wished(night, "page")
    seen = slips.draft(wish)
    wish = wish._replace(word=seen.slip.word)
    pressed: list[bool] = []

    def draws(*of: Any) -> Any:  # noqa: ANN401  (as `drawn`)
        """The other press comes while this one draws its words."""
        if not pressed:
            pressed.append(True)
            slips.make(wish, seen.digest)
        return drawn(*of)

    monkeypatch.setattr("safeconduct.edges.desk.slips.drawn", draws)
    with pytest.raises(SlipWaits):
        slips.make(wish, seen.digest)
    assert len(slips.every()) == 1


def test_the_last_day_ends_by_the_clocks_of_who_makes_it(night: Written) -> None:
    slips, west = night.window.desk.slips, timezone(timedelta(hours=-9))
    wish = wished(night, "voice")._replace(zone=west)
    seen = slips.draft(wish)
    slips.make(wish._replace(word=seen.slip.word), seen.digest)
    end = parse_moment(f"{wish.until}T23:59", west)
    assert end is not None
    assert slips.every()[0].made.said.until == end + MINUTE


def test_the_title_of_a_slip_on_paper_says_to_no_print_queue_what_it_is(night: Written) -> None:
    page = night.made(way="paper")
    assert text_of(page.all("title")[0]) == "To print · Desk"


@pytest.mark.parametrize(
    ("tongue", "said"),
    [
        ("en", "20 November 2026"),
        ("ru", "20 ноября 2026"),
        ("es", "20 de noviembre de 2026"),
        ("fr", "20 novembre 2026"),
        ("ar", "\u206820\u2069 تشرين الثاني/نوفمبر \u20682026\u2069"),
    ],
)
def test_the_day_is_said_in_words_of_the_slip_s_own_language(
    night: Written, tongue: str, said: str
) -> None:
    slip = text_of(night.seen(language=tongue).all("dl")[0])
    assert said in slip
    assert "2026-11-20" not in slip


def test_a_long_list_of_slips_is_paged_and_says_of_each_what_all_of_theirs_told(
    night: Written,
) -> None:
    slips, pages = night.window.desk.slips, night.window.pages
    night.made(way="voice")
    (fact,) = (one.event for one in slips.book.facts if isinstance(one.event, SlipMade))
    for day in range(1, 29):
        for year in (2027, 2028):
            slips.book.write([replace(fact, day=f"{year}-02-{day:02}")])
    first, second = (pages.get(f"/slips{asked}") for asked in ("", "?start=40"))
    shown = [len(page.all("article")) for page in (first, second)]
    assert shown == [40, 17]
    days = [text_of(one) for page in (first, second) for one in page.all("h3")]
    assert len(set(days)) == 57
    for page in (first, second):
        assert text_of(page.by_id("main")).count("Marker-mill-bench") == 57


def test_without_the_book_of_journeys_there_is_no_such_page(window: Window) -> None:
    window.pages.get("/slips", status=404)
    window.pages.get(f"/slips/ride/{'11' * 16}", status=404)


def test_every_state_doubt_and_report_has_words_in_each_language() -> None:
    for language in LANGUAGES:
        said = [
            *(slip_words.state(one, language) for one in SlipState),
            *(slip_words.doubt(one, language) for one in Doubt),
            *(slip_words.heard(one, language) for one in (*SaidSo, None)),
            *(slip_words.way(one, language) for one in ("page", "paper", "voice")),
        ]
        assert all(said)
        assert len(set(said)) == len(said)
