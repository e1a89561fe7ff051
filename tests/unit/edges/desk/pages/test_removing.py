# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages by which a device is removed, as a person and as an attacker uses them."""

from dataclasses import replace

import pytest

from safeconduct.edges.desk import aside_words
from safeconduct.edges.desk.troubles import problem
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import FactId
from safeconduct.rooms.crew import Standing, removing, role_changes, taking_back
from safeconduct.rooms.crew.card_facts import RecoverySplit
from safeconduct.rooms.crew.decide import NobodyToSecond
from safeconduct.rooms.crew.events import REASON_MOST
from safeconduct.rooms.crew.recovery import root_of, sealing_of
from safeconduct.rooms.crew.removals import Pending
from tests.kit.pages import Page
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, *_ = rehearsal_roster()[1]
PATH = f"/crew/{TIMUR.hex()}"


def press(window: Window, act: str, done: str, status: int = 200, **typed: str) -> Page:
    """Open a page that asks, and press its button."""
    page = window.pages.get(f"{PATH}/{act}")
    return window.pages.send(page.form(f"{PATH}/{done}"), status=status, **typed)


def test_one_page_says_what_happens_and_one_press_suspends(window: Window) -> None:
    asked = window.pages.get(f"{PATH}/suspend")
    assert "ноутбук Тимура" in asked.text
    assert "nothing that it writes counts" in asked.text
    assert window.desk.roster().standing(TIMUR) is Standing.STANDING
    after = press(window, "suspend", "suspended", reason="Taken at <b>the</b> station.")
    assert after.heading == "What this device could read"
    assert "Suspended, here and now." in after.text
    crew = window.pages.get("/crew")
    assert "suspended suspended by you" in crew.text
    assert "Taken at <b>the</b> station." in crew.text
    assert TIMUR.hex() not in crew.text


def test_who_suspends_their_own_device_is_told_whom_to_call_and_to_lock(window: Window) -> None:
    roster = window.desk.roster()
    window.desk._roster = replace(roster, stewards=roster.stewards | {MIRA})
    own = f"/crew/{SANA.hex()}"
    page = window.pages.get(f"{own}/suspend")
    assert "Call another steward" in page.text
    assert "lock it before you give it away" in page.text
    assert "As soon as this desk reaches the server" not in page.text
    assert "lock it before" not in window.pages.get(f"{PATH}/suspend").text


def test_pressed_twice_it_says_that_it_is_done(window: Window) -> None:
    form = window.pages.get(f"{PATH}/suspend").form(f"{PATH}/suspended")
    window.pages.send(form)
    assert "This is done already" in window.pages.send(form).text
    assert len(window.desk.roster().removals) == 1


def test_looking_at_the_page_changes_nothing(window: Window) -> None:
    before = window.desk.roster()
    for act in ("suspend", "expel", "bring-back", "could-read"):
        window.pages.get(f"{PATH}/{act}")
    assert window.desk.roster() is before


def test_the_founder_alone_expels_and_brings_back(window: Window) -> None:
    press(window, "expel", "expelled", reason="")
    assert window.desk.roster().standing(TIMUR) is Standing.EXPELLED
    assert "expelled expelled by you" in window.pages.get("/crew").text
    press(window, "bring-back", "brought-back")
    assert window.desk.roster().standing(TIMUR) is Standing.STANDING


def test_who_is_left_the_only_steward_of_two_is_told_what_it_takes_to_bring_back(
    window: Window,
) -> None:
    roster = window.desk.roster()
    assert "you can bring it back" in window.pages.get(f"{PATH}/suspend").text
    window.desk._roster = replace(roster, stewards=roster.stewards | {MIRA})
    page = window.pages.get(f"{PATH}/suspend")
    assert "two are needed, or the recovery cards" in page.text
    assert "two stewards bring it back" not in page.text


def test_a_reason_that_is_too_long_is_left_in_its_field(window: Window) -> None:
    long = "x" * (REASON_MOST + 1)
    page = press(window, "suspend", "suspended", status=422, reason=long)
    assert page.form(f"{PATH}/suspended").fields["reason"].strip() == long
    assert window.desk.roster().removals == {}


def test_the_last_steward_is_told_why_not(window: Window) -> None:
    own = f"/crew/{SANA.hex()}"
    page = window.pages.get(f"{own}/suspend")
    said = window.pages.send(page.form(f"{own}/suspended"), status=422)
    assert "last steward" in said.text
    assert f"{own}/expel" not in window.pages.get("/crew").html


@pytest.mark.parametrize("name", ["00" * 16, "zz", TIMUR.hex().upper() + "0", "a" * 400])
def test_devices_that_are_none_are_nowhere(window: Window, name: str) -> None:
    for act in ("suspend", "expel", "bring-back", "could-read"):
        assert window.client.get(f"/crew/{name}/{act}").status_code == 404
    for act in ("suspended", "expelled", "brought-back"):
        assert window.post(f"/crew/{name}/{act}").status_code == 404


def test_what_waits_for_nobody_is_said_and_nothing_breaks(window: Window) -> None:
    for fact in ("", "zz", "00" * 36, "00" * 4_000):
        answer = window.post("/crew/seconded", {"fact": fact})
        assert answer.headers["location"] == "/crew"
        assert "This waits for nobody" in window.pages.get("/crew").text
        answer = window.post("/crew/adopted", {"commit": fact})
        assert "nothing to adopt" in window.pages.get("/crew/quarantine").text


def test_new_cards_in_dispute_are_shown_to_stewards_alone(window: Window) -> None:
    fact = RecoverySplit(
        root_of(b"n" * 32).public.raw, sealing_of(b"n" * 32).public.raw, 2, 3, bytes(16), ()
    )
    mine, theirs = FactId(bytes(36)), FactId(b"\1" * 36)
    window.desk._roster = replace(
        window.desk.roster(),
        pending={
            mine: Pending(SANA, 1, fact, bytes(32), (SANA,)),
            theirs: Pending(MIRA, 1, fact, bytes(32), (MIRA,)),
        },
    )
    for path in ("/today", "/crew"):
        page = window.pages.get(path)
        assert page.text.count("2 of 3 cards") == 2
        assert (
            page.text.count("We agreed: I sign for this set") == page.html.count(theirs.hex()) == 1
        )
        assert mine.hex() not in page.html
    window.desk._device = MIRA
    assert "2 of 3 cards" not in window.pages.get("/crew").text


def test_forms_of_other_pages_remove_nobody(window: Window) -> None:
    answer = window.post(f"{PATH}/suspended", Origin="http://evil.invalid")
    assert answer.status_code == 403
    answer = window.post(f"{PATH}/suspended", {"csrf": "guessed"})
    assert answer.status_code == 403
    assert window.desk.roster().removals == {}


def test_who_is_no_steward_is_shown_no_button_and_told_why_not(window: Window) -> None:
    window.desk._device = MIRA
    crew = window.pages.get("/crew")
    assert "/suspend" not in crew.html
    assert "/crew/quarantine" not in crew.html
    for path in (f"{PATH}/suspend", f"{PATH}/could-read", "/crew/quarantine"):
        answer = window.client.get(path)
        assert "Only a steward can do this" in answer.text
    assert "What lies open to it" in window.pages.get(f"/crew/{MIRA.hex()}/could-read").text
    assert "Only a steward" in window.post("/crew/seconded", {"fact": "00" * 36}).text
    answer = window.post(f"{PATH}/suspended")
    assert answer.status_code == 422
    assert window.desk.roster().removals == {}


@pytest.mark.parametrize(
    ("language", "title", "do"),
    [
        ("en", "This device was suspended", "call a steward from another phone"),
        ("ru", "Это устройство отстранено", "позвоните ответственному с другого телефона"),
    ],
)
def test_who_sits_at_a_removed_device_reads_what_to_do(
    window: Window, language: str, title: str, do: str
) -> None:
    window.desk.removals.suspend(TIMUR, "He drove to the boathouse.")
    window.desk._device = TIMUR
    window.post("/language", {"language": language})
    for path in ("/today", "/crew"):
        page = window.pages.get(path)
        assert title in page.text
        assert do in page.text
        assert "boathouse" not in page.text
    assert 'class="troubles"' in window.pages.get("/settings").html


def test_the_list_names_people_by_code_and_those_it_dealt_with_first(window: Window) -> None:
    page = window.pages.get(f"{PATH}/could-read")
    first = page.text.index("Warn first")
    rest = page.text.index("Then: everyone else")
    assert first < page.text.index("полынь и мост") < rest < page.text.index("amber lantern")
    assert "Mira" in page.text[rest:]
    for talk in window.talks.values():
        assert talk.hex() not in page.html


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_refusal_of_removing_has_words_of_its_own(language: str) -> None:
    refusals: list[type[Refused]] = [NobodyToSecond]
    for module in (removing, role_changes, taking_back):
        refusals += [
            found
            for found in vars(module).values()
            if isinstance(found, type) and found.__module__ == module.__name__
        ]
    assert len(refusals) > 12
    said = {problem(one(), language) for one in refusals}
    general = problem(type("Unheard", (Refused,), {"code": "unheard"})(), language)
    assert len(said) == len(refusals)
    assert general not in said


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_no_wording_names_is_said_in_words_all_the_same(language: str) -> None:
    for say in (aside_words.why_aside, aside_words.what_aside, aside_words.vault):
        assert "_" not in say("some_code", language)
        assert "." not in say("some_code", language)[:-1]
