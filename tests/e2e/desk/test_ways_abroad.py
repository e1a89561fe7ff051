# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of places, the map, and going abroad, by keyboard alone; each looked at in both languages.

`SAFECONDUCT_PICTURES=FOLDER` keeps pictures of each page, to be looked at by a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import SheetId
from safeconduct.rooms.cases.consent_decide import Answer
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import SHEETS
from tests.kit.by_hand_or_keys import Keyboard
from tests.kit.desk_window import Served
from tests.kit.gazetteer import write_gazetteer
from tests.kit.night_land import write_land, write_night
from tests.kit.night_pages import at, fill, look
from tests.kit.offices import wait

pytestmark = pytest.mark.browser
TODAY: Final = "2026-11-20"
SAVED: Final = "Saved in the record."
MORE: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "coast": ("town", {"name": "Long Harbour at the Old Lighthouse", "position": "60.1 47.9"}),
    "pass": ("town", {"name": "Juniper Pass", "position": "62.0 46.1"}),
    "bench": ("point", {"town": "@pass", "where": "The bench behind the mill", "watched": "no"}),
    "walk": ("leg", {"from": "@coast", "to": "@pass", "mode": "foot", "minutes": "300",
                     "exposure": "fair"}),
    "boat": ("leg", {"from": "@pass", "to": "@coast", "mode": "boat", "minutes": "200",
                     "exposure": "high"}),
    "train": ("leg", {"from": "@coast", "to": "@bench", "mode": "train", "minutes": "80",
                      "exposure": "very_high"}),
    "raid": ("road_closed", {"closes": "@train", "begins": "2026-11-01", "why": "A raid."}),
    "land": ("country", {"name": "Vessland", "route": "By boat.", "documents": "Form 9",
                         "state": "open"}),
    "sea": ("crossing", {"name": "The pier", "country": "@land"}),
    "shut": ("border_closed", {"closes": "@sea", "begins": "2026-11-01", "why": "No boats."}),
}  # fmt: skip
"""Two towns more, each kind of leg, a country whose one crossing is closed."""


def looked_at(page: Page, served: Served, name: str) -> None:
    """Look at a page in each language; it stays in English."""
    for language in reversed(LANGUAGES):
        served.settings.session.language = language
        page.reload()
        look(page, f"{name}-{language}")


def test_places_are_brought_in_and_a_town_is_found_by_any_of_its_names(
    page: Page, served: Served, tmp_path: Path
) -> None:
    keys = Keyboard(page)
    write_night(served.desk)
    at(page, "/ways")
    keys.follow("Names of places")
    looked_at(page, served, "places-none")
    keys.write("Where it lies", str(write_gazetteer(tmp_path)))
    keys.write("Of which countries", "XA")
    keys.press("Bring in places")
    expect(page.locator("main")).to_contain_text("places are kept")
    looked_at(page, served, "places")
    at(page, "/ways/roads")
    keys.follow("Add a town")
    keys.write("Its name, or how it begins", "dol")
    keys.press("Find")
    expect(page.locator("main")).to_contain_text("2 places found.")
    looked_at(page, served, "town-found")
    keys.press("Verkhniy Dol")
    fill(keys, {}, {})
    looked_at(page, served, "town")


def test_the_map_is_read_by_keyboard_and_drawn_around_one_town(page: Page, served: Served) -> None:
    keys = Keyboard(page)
    write_night(served.desk)
    write_land(served.desk, MORE)
    at(page, "/ways")
    keys.follow("Map of the roads")
    looked_at(page, served, "map")
    page.set_viewport_size({"width": 360, "height": 780})
    page.locator(".way a").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "drawn"
    page.keyboard.press("ArrowRight")
    wait(lambda: page.evaluate("document.activeElement.scrollLeft > 0"))
    keys.follow("Draw what is around it: Juniper Pass")
    expect(page.locator("h1")).to_have_text("Juniper Pass")
    looked_at(page, served, "map-around")


def write(
    served: Served, case: CaseId, kind: str, sheet: SheetId | None = None, /, **said: str
) -> SheetId:
    """Write a sheet of a case past the pages."""
    parts = {one.name: one.part for one in SHEETS[kind]}
    typed = {(parts[name], name): Typed(text) for name, text in said.items()}
    return served.desk.cases.records.write(case, kind, sheet, typed)


def begin_the_list(page: Page, served: Served, case: CaseId) -> None:
    """Somebody's way is written down, and its checklist begun."""
    keys = Keyboard(page)
    at(page, f"/cases/{case.hex()}")
    keys.follow("Going abroad")
    looked_at(page, served, "abroad-none")
    keys.follow("Write down who goes where")
    keys.write("Country, as people call it", "Vessland")
    chosen = {"Who goes": "Aru", "How far it is": "being prepared", "Do children": "no"}
    fill(keys, {}, chosen, SAVED)
    at(page, f"/cases/{case.hex()}/abroad")
    keys.press("Begin the checklist")
    expect(page.locator("main")).to_contain_text("The checklist is begun.")
    looked_at(page, served, "abroad-begun")
    keys.press("It is there")
    expect(page.locator("main")).to_contain_text("Settled")


def hear_of_them_there(page: Page, served: Served, case: CaseId) -> None:
    """They arrived and are threatened there: that is urgent in the list of all cases."""
    keys = Keyboard(page)
    keys.follow("Change, or see")
    fill(keys, {}, {"How far it is": "arrived"}, SAVED)
    at(page, f"/cases/{case.hex()}/abroad")
    keys.follow("Write down what was heard after arrival")
    chosen = {"How it was heard": "spoke", "Danger where": "threatened"}
    fill(keys, {"Day": "20.11.2026"}, chosen, SAVED)
    at(page, f"/cases/{case.hex()}/abroad")
    looked_at(page, served, "abroad")
    keys.follow("What is urgent in all cases")
    expect(page.locator("main")).to_contain_text("They were found or threatened")
    looked_at(page, served, "abroad-all")


def write_a_letter(page: Page, served: Served, case: CaseId, person: SheetId) -> None:
    """With her yes, a letter of support is written and seen before it is made."""
    keys = Keyboard(page)
    said = "authorities", "The consulate", "", "Read.", "en", 1, "spoken", "", TODAY, "2027-01-20"
    served.desk.cases.consents.give(case, Answer(person, *said, "No brother."))
    at(page, f"/cases/{case.hex()}/abroad")
    keys.press("Write a letter")
    looked_at(page, served, "letter-form")
    keys.write("How it begins", "We know her.")
    keys.tick("Name")
    keys.press("Show the letter")
    expect(page.locator("main")).to_contain_text("We know her.")
    look(page, "letter-seen-en")


def test_somebody_goes_abroad_by_keyboard(page: Page, served: Served) -> None:
    case = served.desk.cases.open({})
    write_night(served.desk)
    write_land(served.desk, MORE)
    person = write(served, case, "person", stands="asks", name="Aru", health="Insulin.")
    begin_the_list(page, served, case)
    hear_of_them_there(page, served, case)
    write_a_letter(page, served, case, person)
