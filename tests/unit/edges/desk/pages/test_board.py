# SPDX-License-Identifier: AGPL-3.0-or-later
"""The board on the pages: what is shown, what is red in words, and who says go."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import count

import pytest

from safeconduct.edges.desk import board_words
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.wording import Wording
from safeconduct.kernel.sheets import SHEET_BYTES, SheetId, Typed, sheet_name
from safeconduct.kernel.words import HOUR
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.board.clock import Of, Runs
from safeconduct.rooms.passage.board.soon import Against
from safeconduct.rooms.passage.board.tonight import Red, Why
from safeconduct.rooms.passage.watch.check_in_decide import Typed as Awaited
from tests.kit.pages import Page, controls, text_of
from tests.unit.edges.desk.pages.test_ways import HOUSE, write, write_at_once
from tests.unit.edges.desk.pages.window import Window

PARTY = {"size": "2", "risk": "grave", "need": "any", "alone": "yes"}


@pytest.fixture
def books(window: Window) -> Window:
    """A window of a desk that reads all books."""
    for book in Book:
        window.desk.ways.office.readers[book] = {window.desk.device}
    return window


def day(window: Window, after: int = 0) -> str:
    """The day so many days after today."""
    today = Wording("en", UTC).today(window.desk.now())
    return (today + timedelta(days=after)).isoformat()


def party(window: Window, **said: str) -> SheetId:
    """A party that is in no town that this desk knows."""
    town = write(window, "town", name="Ford")
    return write(window, "party", **{**PARTY, "town": town.hex(), **said})


def journey(window: Window, of: SheetId, state: str = "told") -> SheetId:
    """A journey."""
    return write(window, "journey", party=of.hex(), state=state)


def stay(window: Window, of: SheetId, house: SheetId, **said: str) -> SheetId:
    """A stay from today on."""
    named = {"journey": of.hex(), "house": house.hex(), "begins": day(window), "state": "there"}
    return write(window, "stay", **{**named, **said})


def ride(window: Window, of: SheetId, **said: str) -> SheetId:
    """A ride of today."""
    other = write(window, "town", name="Bridge")
    ends = {"from": write(window, "town", name="Ford").hex(), "to": other.hex()}
    leg = write(window, "leg", mode="train", minutes="90", exposure="low", **ends)
    return write(window, "ride", journey=of.hex(), day=day(window), leg=leg.hex(), **said)


def main(page: Page) -> str:
    """What is read on a page."""
    return text_of(page.by_id("main"))


def name_of(window: Window, sheet: SheetId, kind: str = "party") -> str:
    """A code name."""
    found = window.desk.ways.network().sheet(sheet, kind)
    assert found is not None
    return found.name


def say(window: Window, at: SheetId, act: str) -> int:
    """Press a button of a ride."""
    page = window.pages.get("/ways/board")
    for form in page.all("form"):
        sent = {one.get("name", ""): one.get("value", "") for one in controls(form)}
        if sent.get("ride") == at.hex():
            return window.post("/ways/board/said", sent | {"act": act}).status_code
    return 0


def test_who_does_not_read_journeys_has_no_board(window: Window) -> None:
    for book in (Book.HOUSES, Book.ROADS):
        window.desk.ways.office.readers[book] = {window.desk.device}
    window.pages.get("/ways/board", status=404)
    window.pages.get("/ways/board/days", status=404)
    assert window.post("/ways/board/said", {"act": "no", "ride": "11" * 16}).status_code == 404
    assert "/ways/board" not in window.pages.get("/ways").html
    assert "/ways/board" not in window.pages.get("/today").html


def test_tonight_says_who_sleeps_where_until_when_and_what_is_free(books: Window) -> None:
    house = write(books, "house", **HOUSE, suits="women", trust="high")
    one = party(books)
    stay(books, journey(books, one), house, ends=day(books, 2))
    said = main(books.pages.get("/ways/board"))
    assert "2 of 4 beds taken" in said
    assert name_of(books, one) in said
    assert "2 nights left" in said
    assert "Trust: fully" in said
    assert "Nobody has made sure of it yet" in said
    assert "Red" not in said
    assert "Tonight: 2 beds free, 0 legs to go, nothing in red" in main(books.pages.get("/today"))
    assert "Mill Lane" not in said


def test_what_is_red_is_said_in_words_and_counted_on_today(books: Window) -> None:
    house = write(books, "house", **HOUSE)
    stay(books, journey(books, party(books)), house, ends=day(books, 1))
    first = journey(books, party(books, size="4"))
    stay(books, first, house, begins=day(books, 3), state="held")
    other = journey(books, party(books), state="begun")
    stay(books, other, house, begins=day(books, 3), state="held")
    said = main(books.pages.get("/ways/board"))
    assert "Red: One bed is held more than once" in said
    assert "2 beds too few" in said
    assert "Red: No bed tomorrow" in said
    assert "Red: No bed tonight" in said
    assert "2 in red" in main(books.pages.get("/today"))
    write_at_once(books, house, "1")
    write(books, "house_closed", closes=house.hex(), begins="2000", how="burned", why="Searched.")
    said = main(books.pages.get("/ways/board"))
    assert "Burned: those who hunt know of it, and people are to sleep there" in said


def test_a_ride_of_today_is_named_first_until_two_people_say_go(books: Window) -> None:
    of = journey(books, party(books))
    ride(books, of, at="7:40")
    late = ride(books, of, at="21:00")
    assert say(books, late, "go") == 303
    said = main(books.pages.get("/ways/board"))
    assert "Go, said by one so far" in said
    assert "A second person has to say it too." in said
    assert said.index("07:40") < said.index("21:00")
    assert "Nobody has said go." in said
    assert say(books, late, "no") == 303
    said = main(books.pages.get("/ways/board"))
    assert "Does not go:" in said
    assert say(books, late, "go") == 303
    assert "Go, said by one so far" in main(books.pages.get("/ways/board"))


def test_a_go_of_what_a_colleague_changed_is_refused_and_a_no_is_kept(books: Window) -> None:
    at = ride(books, journey(books, party(books)))
    form = books.pages.get("/ways/board").form("/ways/board/said")
    books.desk.ways.write("ride", at, {"at": Typed("9:00")})
    refused = books.post(form.action, form.fields | {"act": "go"})
    assert refused.status_code == 422
    assert "Read it again" in refused.text
    assert books.post(form.action, form.fields | {"act": "no"}).status_code == 303
    assert "Does not go" in main(books.pages.get("/ways/board"))


def test_a_ride_whose_leg_is_closed_does_not_go_whatever_was_said(books: Window) -> None:
    at = ride(books, journey(books, party(books)))
    found = books.desk.ways.network().sheet(at, "ride")
    assert found is not None
    closes = found.text("leg")
    write(books, "road_closed", closes=closes, begins="2000", why="Raid.")
    assert "The leg or its departure is closed." in main(books.pages.get("/ways/board"))


def test_who_is_on_the_way_was_last_heard_of_by_a_check_in(books: Window) -> None:
    of = party(books)
    ride(books, journey(books, of, "begun"), at="0:00")
    said = main(books.pages.get("/ways/board"))
    assert "nothing was heard of them yet" in said
    assert "No check-in is set for them." in said
    desk, due = books.desk, books.desk.now() + HOUR
    own = (desk.device,)
    desk.check_ins.set(Awaited(name_of(books, of), due, 15, "dry branch", "full kettle", own))  # type: ignore[arg-type]
    (waits,) = desk.check_ins.every()
    said = main(books.pages.get("/ways/board"))
    assert said.count("To be heard of by") == 2
    desk.check_ins.hear(waits.id, "dry branch")
    desk.clock.move(3 * HOUR)
    said = main(books.pages.get("/ways/board"))
    assert "3 h ago, by the agreed word" in said
    assert "Ford – Bridge, by train" in said


def test_what_runs_out_is_said_with_its_reason(books: Window) -> None:
    of = party(books, deadline=day(books, 2))
    house = write(books, "house", **HOUSE, until=day(books, 9))
    stay(books, journey(books, of), house, state="held", until=day(books))
    said = main(books.pages.get("/ways/board"))
    for text in (
        "tomorrow Deadline: they must be gone the evening before: ",
        "The house is given back",
    ):
        assert text in said
    assert "Make sure of this party again" in said
    assert "runs out tonight" in said
    assert "in 9 days" in said


def test_a_list_that_is_long_is_cut_and_paged(books: Window) -> None:
    house = write(books, "house", **HOUSE)
    for _ in range(45):
        stay(books, journey(books, party(books)), write(books, "house", **HOUSE))
    page = books.pages.get("/ways/board")
    assert sum(one.get("class") == "bed" for one in page.all("li")) == 30 + 1
    books.pages.get("/ways/board?show=beds")
    assert "41–45 of 45" in books.pages.get("/ways/board?show=beds&start=40").text
    assert house.hex() in books.pages.get("/ways/board?show=empty").html
    assert "Beds tonight" in books.pages.get("/ways/board?show=else").text


def test_the_lists_come_anew_when_something_changed(books: Window) -> None:
    page = books.pages.get("/ways/board?show=beds")
    (again,) = [one.get("data-hx-get", "") for one in page.all("div") if one.get("id") == "board"]
    assert books.client.get(again).status_code == 204
    stay(books, journey(books, party(books)), write(books, "house", **HOUSE))
    assert "2 of 4 beds taken" in books.client.get(again).text


def test_fourteen_days_are_drawn_and_said(books: Window) -> None:
    assert "Nothing is written down for these days." in books.pages.get("/ways/board/days").text
    house, of = write(books, "house", **HOUSE), party(books, deadline=day(books, 4))
    trip = journey(books, of)
    stay(books, trip, house, ends=day(books, 3))
    stay(books, trip, house, begins=day(books, 5), state="held")
    ride(books, trip, at="7:40")
    page = books.pages.get("/ways/board/days")
    said = main(page)
    assert "3 nights, they sleep there" in said
    assert "and beyond these days, held" in said
    assert "Without a bed:" in said
    assert "07:40: Ford – Bridge, by train" in said
    assert "they must be gone the evening before" in said
    drawn = [one for one in page.root.iter() if one.get("role") == "img"]
    assert [one.get("direction") for one in drawn] == ["ltr"]
    said = main(books.pages.get("/ways/board/days?show=houses"))
    assert name_of(books, house, "house") in said


def of_one_name() -> tuple[SheetId, SheetId]:
    """Two ids that give one code name."""
    known: dict[str, SheetId] = {}
    for number in count():
        at = SheetId(number.to_bytes(SHEET_BYTES, "big"))
        if known.setdefault(sheet_name(at, "en"), at) != at:
            break
    return known[sheet_name(at, "en")], at


def test_two_parties_of_one_name_are_marked_wherever_they_stand(books: Window) -> None:
    house, third = write(books, "house", **HOUSE), party(books)
    town = write(books, "town", name="Ford").hex()
    said = {field: Typed(text) for field, text in (PARTY | {"town": town}).items()}
    twins = [books.desk.ways.write("party", at, said) for at in of_one_name()]
    assert len({name_of(books, at) for at in twins}) == 1
    for at in (*twins, third):
        stay(books, journey(books, at, "begun"), house, ends=day(books, 3))
    ride(books, journey(books, twins[0]), at="7:40")
    lists = {"beds": 5, "soon": 1, "way": 2, "clock": 2}
    for name, many in lists.items():
        shown = main(books.pages.get(f"/ways/board?show={name}"))
        marks = shown.count("another has this name: look at both (this one was begun by you")
        assert marks == many, name
    shown = main(books.pages.get("/ways/board/days"))
    assert shown.count("another has this name") == len(twins)


def test_the_key_of_the_timeline_says_what_is_drawn_in_it_alone(books: Window) -> None:
    house = write(books, "house", **HOUSE, until=day(books, 6))
    stay(books, journey(books, party(books)), house, ends=day(books, 3))
    last = "the last day on which the house is ours"
    assert last in main(books.pages.get("/ways/board/days?show=houses"))
    shown = main(books.pages.get("/ways/board/days"))
    assert last not in shown
    assert "a deadline: to be gone the evening before at the latest" in shown


def test_who_reads_journeys_alone_reads_no_house_and_no_leg(books: Window) -> None:
    house = write(books, "house", **HOUSE)
    of = journey(books, party(books), "begun")
    stay(books, of, house)
    ride(books, of, at="7:40")
    name = name_of(books, house, "house")
    for book in (Book.HOUSES, Book.ROADS, Book.ABROAD):
        del books.desk.ways.office.readers[book]
    said = main(books.pages.get("/ways/board"))
    assert "2 people; this desk does not read how many beds" in said
    assert name in said
    assert "a leg this desk does not read" in said
    assert "Ford" not in said
    assert "/ways/houses" not in books.pages.get("/ways/board").html
    books.pages.get("/ways/board/days")
    books.pages.get("/ways/board/days?show=houses")


def test_who_may_only_read_says_no_go(books: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    ride(books, journey(books, party(books)))
    monkeypatch.setattr(books.desk.ways, "may_say_go", lambda: False)
    assert "/ways/board/said" not in books.pages.get("/ways/board").html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_words(language: str) -> None:
    for one in Why:
        assert board_words.why(Red(one, "2026-11-30", (), 2), "30", language)
    assert all(board_words.against(one, language) for one in Against)
    for of in Of:
        assert board_words.runs(Runs(of, "2026-11-30", None, 0), language)
    assert len({board_words.left(days, language) for days in range(-2, 4)}) == 6


def test_holds_that_are_not_shown_are_counted_and_the_gravest_stands_first(books: Window) -> None:
    house = write(books, "house", **HOUSE)
    for _ in range(41):
        stay(
            books,
            journey(books, party(books, risk="standard")),
            house,
            state="held",
            until=day(books),
        )
    last = stay(
        books, journey(books, party(books, risk="gravest")), house, state="held", until=day(books)
    )
    assert books.desk.ways.tonight(day(books)).holds[0].sheet.id == last
    assert "2 holds more run out." in main(books.pages.get("/ways/board"))


def test_a_move_within_a_town_names_the_house_to_which_it_leads(books: Window) -> None:
    house, of = write(books, "house", **HOUSE), journey(books, party(books))
    write(books, "ride", journey=of.hex(), day=day(books))
    page = books.pages.get("/ways/board")
    assert "It is not clear to which house" in main(page)
    stay(books, of, house, begins=day(books), state="held")
    page = books.pages.get("/ways/board")
    (row,) = (one for one in page.all("li") if one.get("class") == "leg-soon")
    name = name_of(books, house, "house")
    assert f"House: {name}" in " ".join(text_of(row).split())
    assert "It is not clear to which house" not in text_of(row)
    books.desk.ways.office.readers[Book.HOUSES] = set()
    page = books.pages.get("/ways/board")
    (row,) = (one for one in page.all("li") if one.get("class") == "leg-soon")
    assert name in text_of(row)
    assert house.hex() not in page.html
