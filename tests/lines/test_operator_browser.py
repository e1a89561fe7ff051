# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator who answers in the desk itself: Chromium, Asterisk and the engine, all real."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.exchange import Operator as Place
from tests.kit.axe import assert_accessible
from tests.lines.kit.asterisk import PASSWORD, Asterisk, asterisk
from tests.lines.kit.calls import speech
from tests.lines.kit.operator_browser import Desk, operator_desk
from tests.lines.kit.sipp import Key, Say, Step, UntilHungUp, Wait
from tests.lines.kit.telephone import (
    ari,
    bridges,
    calling,
    prompts_in,
    sound_flows,
    talk,
    telephone,
    until,
)

PLACE = Place(name="anna", way="browser", password=PASSWORD)
ANNA = Operator("anna", ("en",), "PJSIP/anna", on_duty=True)
ANSWERED_WITHIN = 2.0


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    prompts = prompts_in(tmp_path / "prompts", ("en",))
    with asterisk(tmp_path, (PLACE,), prompts=prompts) as one:
        yield one


def sealed(running: Asterisk, channel: str) -> str:
    """What Asterisk says of the sealing of a channel's sound."""
    asked = quote("CHANNEL(rtp,secure,audio)")
    found: str = ari(running, "GET", f"/channels/{channel}/variable?variable={asked}")["value"]
    return found


def said(tmp_path: Path) -> Path:
    return speech(tmp_path, "Is this the hotline? We are three, and we must leave tonight.")


def test_a_call_is_answered_in_the_desk_sealed_and_heard_both_ways(
    running: Asterisk, tmp_path: Path
) -> None:
    steps = (Wait(300), Key("1"), Say(said(tmp_path), 40_000), UntilHungUp())
    with (
        telephone(tmp_path, running, ANNA) as engine,
        operator_desk(running, PLACE) as desk,
        calling(tmp_path, running, *steps),
    ):
        desk.shows("[data-call=ringing]")
        expect(desk.shows("[data-told=language]")).to_contain_text("English")
        pressed = time.monotonic()
        desk.page.click("#call-answer")
        channels = talk(running)
        desk.shows("[data-call=talking]")
        assert time.monotonic() - pressed < ANSWERED_WITHIN
        leg = next(one for one in channels if one.startswith("leg-"))
        assert sealed(running, leg) == "1"
        assert sound_flows(running, channels)
        until(lambda: desk.stats()["heard"][1] > 0.001)
        stats = desk.stats()
        assert stats["sent"] > 0
        assert stats["servers"] == 0
        assert stats["sealed"][0] == "connected"
        assert stats["sealed"][1]
        desk.page.click("#call-end")
        desk.shows("[data-call=over]")
        until(lambda: not bridges(running))
        assert not engine.letters()
    assert not desk.served.complaints


def test_a_key_in_a_talk_is_read_at_the_desk_and_duress_reaches_everybody(
    running: Asterisk, tmp_path: Path
) -> None:
    sound = said(tmp_path)
    # In a talk SIPp's recordings of keys count on: 1, 2, then the star; the other way is too late.
    steps: tuple[Step, ...] = (Wait(300), Key("1"), Say(sound, 10_000), Key("2"), Key("*"))
    with (
        telephone(tmp_path, running, ANNA) as engine,
        operator_desk(running, PLACE) as desk,
        calling(tmp_path, running, *steps, UntilHungUp()),
    ):
        desk.shows("[data-call=ringing]")
        expect(desk.page.locator("[data-told=duress]")).to_be_hidden()
        desk.page.click("#call-answer")
        talk(running)
        desk.shows("[data-told=duress]")
        assert engine.letter(duress=True)["left"] == "talk"
        expect(desk.shows("[data-told=key] bdi")).to_have_text(re.compile(r"2 \(no\), \*$"))
    assert not desk.served.complaints


@contextmanager
def talking(running: Asterisk, tmp_path: Path) -> Iterator[tuple[Desk, list[str]]]:
    """Answer by the keyboard, and give the desk and the two channels of the talk."""
    steps = (Wait(300), Key("1"), Say(said(tmp_path), 90_000), UntilHungUp())
    with (
        telephone(tmp_path, running, ANNA),
        operator_desk(running, PLACE) as desk,
        calling(tmp_path, running, *steps),
    ):
        desk.shows("[data-call=ringing]")
        assert_accessible(desk.page, "ringing")
        desk.page.focus("#call-answer")
        desk.page.keyboard.press("Enter")
        channels = talk(running)
        desk.shows("[data-call=talking]")
        yield desk, channels
        desk.page.click("#call-end")
    assert not desk.served.complaints


def test_what_is_typed_in_a_talk_is_saved_and_the_talk_goes_on(
    running: Asterisk, tmp_path: Path
) -> None:
    with talking(running, tmp_path) as (desk, channels):
        page = desk.page
        page.fill("#by-hand-text", "Three people, tonight.")
        page.click("#by-hand button.main")
        link = desk.shows("#noted a[target=_blank]").get_attribute("href")
        expect(page.locator("#by-hand-text")).to_have_value("")
        assert sound_flows(running, channels)
        page.fill("#by-hand-text", "And a second one.")
        page.click("#by-hand button.main")
        expect(page.locator("#noted a[target=_blank]")).not_to_have_attribute("href", link or "")
        assert talk(running) == channels


def test_a_talk_keeps_the_desk_open_and_is_not_ended_without_a_word(
    running: Asterisk, tmp_path: Path
) -> None:
    with talking(running, tmp_path) as (desk, channels):
        page = desk.page
        expect(page.locator("#call-end")).to_be_focused()
        assert_accessible(page, "talking")
        with page.expect_request("**/here"):
            assert sound_flows(running, channels)  # Nobody touches anything, and yet is here.
        page.click('form[action="/lock"] button')
        desk.shows("#talk-goes-on")
        with page.expect_event("dialog") as asked:
            page.on("dialog", lambda dialog: dialog.dismiss())
            page.click(".way a")
        assert asked.value.type == "beforeunload"
        assert talk(running) == channels


def test_who_does_not_take_a_call_leaves_it_to_others_and_is_rung_again(
    running: Asterisk, tmp_path: Path
) -> None:
    steps = (Wait(300), Key("1"), UntilHungUp())
    with (
        telephone(tmp_path, running, ANNA),
        operator_desk(running, PLACE, "ru-RU") as desk,
        calling(tmp_path, running, *steps),
    ):
        desk.shows("[data-call=ringing]")
        desk.page.click("#call-later")
        desk.page.wait_for_selector("[data-call=ringing]", state="hidden")
        desk.shows("[data-call=ringing]")
        desk.page.click("#call-answer")
        channels = talk(running)
        desk.page.close(run_before_unload=False)
        until(lambda: channels not in bridges(running))


def test_a_wrong_password_is_said_in_words(running: Asterisk) -> None:
    with operator_desk(running, PLACE) as desk:
        page = desk.page
        page.fill("#telephone-password", "another-password")
        page.press("#telephone-password", "Enter")
        desk.shows("[data-line=refused]")
