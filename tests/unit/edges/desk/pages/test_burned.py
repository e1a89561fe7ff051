# SPDX-License-Identifier: AGPL-3.0-or-later
"""The burned drill on the pages: seen first, pressed, rehearsed, moves approved, calls ticked."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import burned_words
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.kernel.sheets import Typed
from safeconduct.kernel.words import CommitId, Instant, fact_id
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.burned.drills import Called
from safeconduct.rooms.passage.burned.knower import Kind
from safeconduct.rooms.passage.burned.other_beds import Near
from safeconduct.rooms.passage.burned.revealed import How, Rank, Reason
from safeconduct.rooms.passage.errand.slips import SlipTold
from safeconduct.rooms.passage.slip_facts import SlipMade
from tests.kit.errand_night import write_at
from tests.kit.pages import text_of
from tests.unit.edges.desk.pages.window import Window


class Burning:
    """The night of `errand_night`, at a window's desk, with a bed elsewhere in the same town."""

    def __init__(self, window: Window) -> None:
        self.window, self.desk = window, window.desk
        for book in Book:
            self.desk.ways.office.readers[book] = {self.desk.device}
        self.ids = write_at(self.desk)
        town = self.ids["away"].hex()
        write = self.desk.ways.write
        said = {"where": "Marker-lane-7", "beds": "6", "state": "fit", "suits": "any women"}
        host = write("household", None, _typed(name="Marker-third", state="ready", reach="At noon"))
        other = write("house", None, _typed(town=town, host=host.hex(), trust="high", **said))
        self.ids |= {"third": host, "elsewhere": other}
        write("house", self.ids["house"], _typed(town=town))

    def path(self, kind: str, name: str) -> str:
        """Where somebody is burned."""
        return f"/burned/{kind}/{self.ids[name].hex()}"

    def press(self, kind: str, name: str, act: str = "burned") -> str:
        """Press it; return where the drill is."""
        path = self.path(kind, name)
        form = self.window.pages.get(path).form(f"{path}/pressed")
        answer = self.window.post(form.action, form.fields | {"act": act})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def text(self, path: str) -> str:
        """What a page says."""
        return text_of(self.window.pages.get(path).by_id("main"))

    def slip(self, who: str = "driver", kind: str = "escort") -> None:
        """Let somebody have a slip that waits."""
        facts = self.desk.slips.book.facts
        at = CommitId(bytes([len(facts) + 1]) * 32)
        of = self.ids["ride"], "ride", self.ids[who], kind, self.ids["party"]
        until = Instant(self.desk.now() + 3_600_000)
        said = SlipMade(*of, (self.ids["mill"],), "2026-12-01", "paper", until, b"", bytes(32))
        facts.append(SlipTold(fact_id(at, 0), at, self.desk.device, self.desk.now() << 16, said))

    def frozen(self) -> int:
        """How many slips are."""
        return sum(one.made.frozen is not None for one in self.desk.slips.every())


def _typed(**said: str) -> dict[str, Typed]:
    return {name: Typed(text) for name, text in said.items()}


@pytest.fixture
def night(window: Window) -> Burning:
    """A night with a house that will burn."""
    return Burning(window)


def test_a_house_is_burned_by_one_press_that_is_shown_first(night: Burning) -> None:
    night.slip("host", "household")
    sheet = night.window.pages.get(f"/ways/houses/house/{night.ids['house'].hex()}")
    assert night.path("house", "house") in sheet.html
    assert "1 slip is frozen" in night.text(night.path("house", "house"))
    assert night.frozen() == 0
    drill = night.press("house", "house")
    assert night.frozen() == 1
    closed = night.desk.ways.network().of_kind("house_closed")
    both = {night.ids["house"].hex(), night.ids["spare"].hex()}
    assert {one.text("closes") for one in closed} == both
    assert "0 slips are frozen" in night.text(night.path("house", "house"))
    assert "Marker-party" not in night.text(drill)


def test_moves_are_approved_as_they_were_seen(night: Burning) -> None:
    drill = night.press("house", "house")
    form = night.window.pages.get(drill).form(f"{drill}/approved")
    stale = night.window.post(form.action, {"act": "all", "all-0": "1"})
    assert stale.status_code == 422
    assert "has changed" in stale.text
    assert night.window.post(form.action, form.fields | {"act": "some"}).status_code == 422
    assert night.window.post(form.action, form.fields | {"act": "all"}).status_code == 303
    network = night.desk.ways.network()
    stays = {one.text("house"): one.text("state") for one in network.of_kind("stay")}
    assert stays == {night.ids["house"].hex(): "released", night.ids["elsewhere"].hex(): "held"}
    assert "Nobody has to be moved" in night.text(drill)


def test_a_ride_within_the_town_that_does_not_go_is_called_that(night: Burning) -> None:
    ride = night.desk.ways.network().sheet(night.ids["ride"], "ride")
    assert ride is not None
    same = {name: ride.text(name) for name in ("journey", "day", "escort")}
    night.desk.ways.write("ride", None, _typed(**same, at="22:50"))
    said = night.text(night.press("escort", "driver"))
    assert "Does not go: to another house in the town" in said


def test_a_call_is_ticked_and_colleagues_see_it(night: Burning) -> None:
    drill = night.press("escort", "driver")
    driver = night.desk.ways.network().sheet(night.ids["driver"], "escort")
    assert driver is not None
    assert driver.text("state") == "arrested"
    host = {"kind": "household", "whom": night.ids["host"].hex()}
    assert "Not reached: you" not in night.text(drill)
    assert night.window.post(f"{drill}/ticked", host | {"act": "not"}).status_code == 303
    assert "Not reached: you" in night.text(drill)
    assert night.window.post(f"{drill}/ticked", host | {"act": "reached"}).status_code == 303
    assert "Not reached: you" not in night.text(drill)
    (made,) = night.desk.burned.drills()
    assert made.called(("household", night.ids["host"])) is Called.REACHED
    unknown = host | {"whom": "11" * 16, "act": "reached"}
    assert night.window.post(f"{drill}/ticked", unknown).status_code == 404


def test_a_rehearsal_says_so_closes_nothing_and_is_not_approved(night: Burning) -> None:
    night.slip()
    drill = night.press("escort", "driver", "rehearse")
    page = night.window.pages.get(drill)
    assert 'class="practice"' in page.html
    assert f"{drill}/approved" not in page.html
    assert night.frozen() == 0
    driver = night.desk.ways.network().sheet(night.ids["driver"], "escort")
    assert driver is not None
    assert driver.text("state") == "ready"
    tried = night.window.post(f"{drill}/approved", {"act": "all", "all-1": "1"})
    assert tried.status_code == 422
    assert "rehearsal" in tried.text
    assert "Last rehearsal: today." in night.text("/drills")


@pytest.mark.parametrize("kind", ["house", "household", "escort", "vehicle", "phone"])
def test_what_nothing_has_is_no_page(night: Burning, kind: str) -> None:
    night.window.pages.get(f"/burned/{kind}/{'11' * 16}", status=404)
    night.window.pages.get("/burned/town/" + "11" * 16, status=404)


def test_a_colleague_reveals_what_stands_in_the_books_they_hold(night: Burning) -> None:
    path = f"/burned/colleague/{night.desk.device.hex()}"
    shown = night.text(path)
    for name in ("Marker-driver", "Marker-host", "Marker-mill-bench"):
        assert name in shown
    form = night.window.pages.get(path).form(f"{path}/pressed")
    assert night.window.post(form.action, form.fields | {"act": "burned"}).status_code == 303


def test_who_holds_no_journeys_has_no_such_page(night: Burning) -> None:
    drill = night.press("house", "house")
    night.desk.ways.office.readers[Book.JOURNEYS] = set()
    for path in ("/drills", night.path("house", "house"), drill):
        night.window.pages.get(path, status=404)
    sheet = night.window.pages.get(f"/ways/houses/house/{night.ids['house'].hex()}")
    assert "/burned/" not in sheet.html


def test_a_desk_without_houses_says_what_it_lacks(night: Burning) -> None:
    night.desk.ways.office.readers[Book.HOUSES] = set()
    shown = night.text(night.path("escort", "driver"))
    assert "does not hold these books" in shown


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_everything_has_words(language: str) -> None:
    said = [
        *(burned_words.kind(one, language) for one in Kind),
        *(burned_words.ask(one, language) for one in Kind),
        *(burned_words.how(Reason(one), str, language) for one in How),
        *(burned_words.rank(one, language) for one in Rank),
        *(burned_words.near(one, language) for one in Near),
        *(burned_words.called(one, language) for one in Called),
    ]
    assert all(said)
