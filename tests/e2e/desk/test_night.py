# SPDX-License-Identifier: AGPL-3.0-or-later
"""One night of two coordinators in browsers: plan, approve, go, slip, check-ins, a burned house."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.desk.test_referrals import come_back, until
from tests.kit.by_hand_or_keys import Keyboard, button, link
from tests.kit.night_land import WORDS
from tests.kit.night_pages import at, bed, fill, heading, leg, option
from tests.kit.night_walk import SILENT, Night, a_night
from tests.kit.offices import wait
from tests.kit.patience import PATIENCE, PATIENT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(15 * PATIENCE)]
RIGHT, DURESS = WORDS


@pytest.fixture
def night(tmp_path: Path, chromium: Browser) -> Iterator[Night]:
    with a_night(tmp_path, chromium) as night:
        yield night


def write_the_house(night: Night, keys: Keyboard) -> None:
    at(night.sana, "/ways")
    night.look(night.sana, "books")
    keys.follow("Houses")
    night.look(night.sana, "houses")
    keys.follow("Add a safe house")
    keys.tick("anybody")
    said = {"Address": "Quay 4", "Beds": "2"}
    chosen = {"Town": "Bridge", "Host": "Heron", "How far we trust": "fully", "State": "fit"}
    fill(keys, said, chosen)
    night.look(night.sana, "house")


def write_the_leg(night: Night, keys: Keyboard) -> None:
    at(night.sana, "/ways/roads")
    keys.follow("Add a leg")
    said = {"Minutes on the way": "10", "Checkpoints on the way": "0"}
    chosen = {"Where it begins": "Ford", "Where it ends": "Bridge", "By what": "by car"}
    chosen |= {"How exposed one is": "little", "Whether names are registered": "no"}
    fill(keys, said, chosen)
    night.look(night.sana, "leg")


def write_the_party(night: Night, keys: Keyboard) -> None:
    at(night.sana, "/ways/journeys")
    keys.follow("Add a party")
    night.look(night.sana, "party-new")
    chosen = {
        "How great the danger": "killed if found",
        "In which town": "Ford",
        "State": "waits to go",
    }
    chosen |= {"Somebody of them": "no", "Papers": "none", "Which house": "any house"}
    fill(keys, {"How many people": "2"}, chosen)
    night.known["party"] = heading(night.sana).removeprefix("Party ")
    night.look(night.sana, "party")


def plan(night: Night, keys: Keyboard, name: str, *, anew: bool = False) -> Locator:
    """Make a plan, from the books' page, for who was promised one too; returns what is proposed."""
    page = night.sana
    at(page, "/ways")
    keys.follow("Plan journeys")
    night.look(page, f"{name}-before")
    keys.choose("For how many days", "7 days")
    keys.choose("How long to think", "10 seconds")
    if anew:
        keys.tick("Plan anew")
    keys.press("Make a plan")
    night.look(page, f"{name}-thinking")
    link(page, "It has ended").or_(page.locator("#proposal-title")).first.wait_for()
    at(page, "/ways/plan")
    expect(page.locator("#proposal-title")).to_be_visible()
    night.look(page, f"{name}-proposed")
    return page.locator("article.piece").filter(has_text=night.known["party"])


def approve(night: Night, keys: Keyboard) -> None:
    """Approve what is proposed, and go on to the board."""
    keys.press("Approve what is ticked")
    night.look(night.sana, "approved")
    keys.follow("Go to the board of tonight")
    expect(bed(night.sana)).to_contain_text(night.known["party"])
    expect(leg(night.sana)).to_contain_text("Ford")


def tell_them(night: Night, keys: Keyboard) -> None:
    """Say on the journey's sheet that the party was told, from its leg on the board."""
    page = night.sana
    expect(leg(page)).to_contain_text("Its people were not told of this journey yet.")
    for link_to in (leg(page).locator(".headed a"), page.locator("#pieces-title ~ ul a")):
        with page.expect_navigation():
            link_to.first.press("Enter")
    fill(keys, {}, {"How far it is promised": "the party was told"})
    night.look(page, "told")
    at(page, "/ways/board")


def say_go_both(night: Night, keys: Keyboard) -> None:
    """One says go, and the other at her own desk; then it goes."""
    expect(leg(night.sana)).to_contain_text("Nobody has said go.")
    night.look(night.sana, "board")
    keys.press("It goes")
    expect(leg(night.sana)).to_contain_text("Go, said by one so far: you")
    at(night.mira, "/ways/board")
    night.look(night.mira, "board-ru")
    origin = night.mira.evaluate("location.origin")
    until(night.mira, f"{origin}/ways/board", "Sana")
    leg(night.mira).locator("[name=act][value=go]").click()
    until(night.sana, f"{night.sana.evaluate('location.origin')}/ways/board", "Mira")
    expect(leg(night.sana)).to_contain_text("Goes:")
    night.look(night.sana, "goes")


def expect_them(night: Night, keys: Keyboard) -> None:
    """Set a check-in from the leg on the board: it is for whom and to whom by itself."""
    keys.follow("New check-in")
    expect(night.sana.locator("#label")).to_have_value(night.known["party"])
    night.look(night.sana, "check-in-new")
    keys.choose("When they are to be heard of", "in 2 hours")
    keys.write("Word that all is well", RIGHT)
    keys.write("Word that somebody forces them", DURESS)
    keys.press("Expect them")
    expect(night.sana.locator("main")).to_contain_text(f"{night.known['party']}")
    night.look(night.sana, "check-ins")


def give_a_slip(night: Night, keys: Keyboard) -> None:
    """Make a slip for the host, from the bed on the board; a phone opens it and answers."""
    page = night.sana
    at(page, "/ways/board")
    with page.expect_navigation():
        bed(page).locator("ul.sleepers a").first.press("Enter")
    night.look(page, "stay")
    keys.follow("Make a slip")
    keys.choose("For whom", option(page, "For whom", "Heron"))
    keys.write("Time, by the clocks there", "21:40")
    keys.write("Whom to call", "555 0101, ask for the kettle")
    counts = "What they report counts"
    keys.choose(counts, option(page, counts, night.known["party"]))
    night.look(page, "slip-form")
    keys.press("See it as they will")
    night.look(page, "slip-seen")
    keys.press("Make it")
    night.look(page, "slip-words")
    open_it(night, page.locator("#eight").inner_text())


def open_it(night: Night, words: str) -> None:
    """Open the slip on the host's phone, and say that they came."""
    phone = night.phone
    come_back(phone, night.office, words)
    phone.wait_for_selector("#show:visible", timeout=2 * PATIENT)
    phone.click("#show")
    expect(phone.locator("#letters")).to_contain_text("At your house")
    for kept in ("Ford", "Quay", night.known["party"]):
        expect(phone.locator("#letters")).not_to_contain_text(kept)
    night.look(phone, "phone")
    phone.fill("#letters input", RIGHT)
    phone.click("#letters button:has-text('I have arrived')")
    expect(phone.locator("#letters")).to_contain_text("You can close the page.", timeout=PATIENT)
    origin = night.sana.evaluate("location.origin")
    until(night.sana, f"{origin}/slips", "has arrived")
    night.look(night.sana, "slips")
    wait(lambda: not expected(night.sana, night.known["party"]))


def expected(page: Page, name: str) -> bool:
    """Whether a desk waits for a word of somebody."""
    at(page, "/watch")
    return page.locator("h2", has_text=name).count() > 0


def hear_of_the_silence(night: Night, keys: Keyboard) -> None:
    """Of another nothing was heard: both desks say who, and whom to call; one sees to it."""
    for page, said in ((night.sana, "Silence"), (night.mira, "Молчание")):
        at(page, "/today")
        alarm = page.locator(".alarm").filter(has_text=SILENT)
        expect(alarm).to_contain_text(said)
        night.look(page, f"today-{page.locator('html').get_attribute('lang')}")
    expect(night.mira.locator(".alarm").filter(has_text=SILENT)).to_contain_text("Sana")
    wait(lambda: bool(night.called.topics))
    keys.follow("Answer, or say that you see to it")
    night.look(night.sana, "silent")
    keys.press("I see to the silence")
    until(night.mira, night.mira.evaluate("location.origin") + "/watch", "Sana")
    night.look(night.mira, "silent-ru")


def rehearse_it(night: Night, keys: Keyboard) -> None:
    """They rehearse that the house is found: nothing is done, and every page says so."""
    page = night.sana
    at(page, "/ways/board")
    with page.expect_navigation():
        bed(page).locator("a").first.press("Enter")
    keys.follow("Burned: this house is found")
    expect(page.locator("main")).to_contain_text("1 slip is frozen.")
    expect(page.locator(".revealed").first).to_contain_text(night.known["party"])
    night.look(page, "burned-before")
    keys.press("Rehearse it")
    expect(page.locator(".practice")).to_be_visible()
    expect(page.locator(".move")).to_contain_text(night.known["party"])
    expect(button(page, "Write all of these")).to_have_count(0)
    night.look(page, "rehearsal")
    at(page, "/ways/board")
    expect(bed(page)).not_to_contain_text("Burned")


def burn_the_house(night: Night, keys: Keyboard) -> None:
    """Then the host is taken: all is closed and frozen, and red at both desks."""
    page = night.sana
    open_sheet(page, "household", "Heron")
    keys.follow("Burned: they were arrested")
    keys.write("What happened", "They stood at the door.")
    night.look(page, "burned-host")
    keys.press("Burned: do it now")
    expect(page.locator(".practice")).to_have_count(0)
    expect(page.locator(".move")).to_contain_text("No bed: call")
    night.known["drill"] = page.url.removeprefix(page.evaluate("location.origin"))
    night.look(page, "burned")
    at(page, "/slips")
    expect(page.locator("main")).to_contain_text("frozen")
    at(page, "/ways/board")
    expect(bed(page)).to_contain_text("Burned: those who hunt know of it")
    expect(leg(page)).to_contain_text("Does not go as it stands")
    night.look(page, "board-red")
    until(night.mira, night.mira.evaluate("location.origin") + "/ways/board", "там должны ночевать")
    night.look(night.mira, "board-red-ru")


def call_them(night: Night, keys: Keyboard) -> None:
    """One reaches nobody; the other sees it, calls again, and the first sees that in turn."""
    at(night.sana, night.known["drill"])
    keys.press("Not reached")
    expect(night.sana.locator(".call")).to_contain_text("Not reached")
    night.look(night.sana, "not-reached")
    others = Keyboard(night.mira)
    at(night.mira, "/drills")
    night.look(night.mira, "drills-ru")
    drill = night.mira.evaluate("location.origin") + night.known["drill"]
    until(night.mira, drill, "Sana")
    night.look(night.mira, "burned-ru")
    others.press("Дозвонились")
    night.look(night.mira, "reached-ru")
    until(night.sana, f"{night.sana.evaluate('location.origin')}{night.known['drill']}", "Mira")
    expect(night.sana.locator("main")).to_contain_text("All were reached.")


def move_them(night: Night, keys: Keyboard) -> None:
    """A host has beds again: the drill proposes one, and what is proposed is written."""
    page = night.sana
    open_sheet(page, "house", "Mill Lane 3")
    night.known["mill"] = heading(page)
    keys.choose("State", "fit")
    keys.press("Save")
    at(page, night.known["drill"])
    expect(page.locator(".move")).to_contain_text(night.known["mill"])
    night.look(page, "bed-found")
    keys.press("Write all of these")
    expect(page.locator("main")).to_contain_text("Nobody has to be moved.")
    night.look(page, "moved")
    at(page, "/ways/board")
    expect(bed(page)).not_to_contain_text("Burned")
    expect(bed(page)).to_contain_text(night.known["party"])


def open_sheet(page: Page, kind: str, said: str) -> None:
    """Open one of the sheets of a kind from their list, by what stands on it."""
    at(page, f"/ways/houses/{kind}")
    page.locator("article", has_text=said).locator("a").last.press("Enter")
    page.wait_for_url(f"**/{kind}/*")


def test_a_night_by_keyboard(night: Night) -> None:
    keys = Keyboard(night.sana)
    write_the_house(night, keys)
    write_the_leg(night, keys)
    write_the_party(night, keys)
    expect(plan(night, keys, "plan")).to_contain_text("Ford")
    approve(night, keys)
    tell_them(night, keys)
    say_go_both(night, keys)
    expect_them(night, keys)
    give_a_slip(night, keys)
    hear_of_the_silence(night, keys)
    rehearse_it(night, keys)
    burn_the_house(night, keys)
    call_them(night, keys)
    move_them(night, keys)
    expect(plan(night, keys, "again", anew=True)).to_contain_text(night.known["mill"])
    approve(night, keys)
    night.look(night.sana, "board-again")
