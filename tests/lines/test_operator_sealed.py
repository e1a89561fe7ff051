# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator at another machine's desk: by wss, through the web server that the guide sets up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from safeconduct.edges.lines.phone.exchange import Exchange, Operator
from tests.lines.kit import asterisk as kit
from tests.lines.kit.asterisk import Asterisk, Slot, asterisk, exchange_in, short_prompts
from tests.lines.kit.operator_browser import operator_desk
from tests.lines.kit.operator_firefox import HEARD, operator_firefox
from tests.lines.kit.sipp import Key, Say, UntilHungUp, Wait
from tests.lines.kit.telephone import ari, bridges, calling, sound_flows, talk, telephone, until
from tests.lines.kit.web_server import web_server
from tests.lines.test_operator_browser import ANNA, PLACE, said


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    with asterisk(tmp_path, (PLACE,), prompts=short_prompts(tmp_path, ("en",))) as one:
        yield one


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the office's authority, as update-ca-certificates lets every one."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "office.crt"))


@pytest.mark.usefixtures("trusted")
def test_a_call_is_answered_by_wss_and_heard_both_ways(running: Asterisk, tmp_path: Path) -> None:
    steps = (Wait(300), Key("1"), Say(said(tmp_path), 40_000), UntilHungUp())
    with (
        web_server(tmp_path, running) as address,
        telephone(tmp_path, running, ANNA),
        operator_desk(running, PLACE, address=address) as desk,
        calling(tmp_path, running, *steps),
    ):
        desk.shows("[data-call=ringing]")
        desk.page.click("#call-answer")
        channels = talk(running)
        desk.shows("[data-call=talking]")
        assert sound_flows(running, channels)
        until(lambda: desk.stats()["heard"][1] > 0.001)
        assert desk.stats()["sent"] > 0
        desk.page.click("#call-end")
        desk.shows("[data-call=over]")
        until(lambda: not bridges(running))
    assert not desk.served.complaints


def test_a_certificate_that_is_not_trusted_is_said_and_nothing_goes_to_it(
    running: Asterisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        web_server(tmp_path, running) as address,
        operator_desk(running, PLACE, address=address, line="untrusted") as desk,
    ):
        expect(desk.shows("[data-line=untrusted]")).to_contain_text("does not trust")
        assert "anna" not in running.command("pjsip show contacts")
        # Once the office's authority is trusted, the page that stands open connects by itself.
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "office.crt"))
        desk.shows("[data-line=ready]")
        assert "anna" in running.command("pjsip show contacts")


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_said_and_nothing_goes_to_it(
    running: Asterisk, tmp_path: Path
) -> None:
    with (
        web_server(tmp_path, running, named="other.example") as address,
        operator_desk(running, PLACE, "ru-RU", address=address, line="misnamed"),
    ):
        assert "anna" not in running.command("pjsip show contacts")


@pytest.mark.usefixtures("trusted")
def test_a_call_is_answered_in_firefox_and_heard_both_ways(
    running: Asterisk, tmp_path: Path
) -> None:
    steps = (Wait(300), Key("1"), Say(said(tmp_path), 40_000), UntilHungUp())
    with (
        web_server(tmp_path, running) as address,
        telephone(tmp_path, running, ANNA),
        operator_firefox(PLACE, address) as window,
        calling(tmp_path, running, *steps),
    ):
        window.wait_visible("[data-call=ringing]")
        window.click("#call-answer")
        channels = talk(running)
        window.wait_visible("[data-call=talking]")
        assert sound_flows(running, channels)
        window.wait(HEARD)
        window.click("#call-end")
        window.wait_visible("[data-call=over]")
        until(lambda: not bridges(running))


def test_a_browser_s_sound_is_at_the_address_of_telephones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Asterisk's WebSocket is, on this machine alone, no desk of another would reach it."""

    def elsewhere(slot: Slot, who: tuple[Operator, ...], languages: tuple[str, ...]) -> Exchange:
        told = exchange_in(slot, who, languages)
        return replace(told, sip=replace(told.sip, address=slot.address(1)))

    monkeypatch.setattr(kit, "exchange_in", elsewhere)
    prompts = short_prompts(tmp_path, ("en",))
    with (
        asterisk(tmp_path, (PLACE,), prompts=prompts) as running,
        operator_desk(running, PLACE) as desk,
    ):
        ari(running, "POST", "/channels?endpoint=PJSIP/anna&context=operators&extension=s")
        desk.shows("[data-call=ringing]")
        first, last = running.slot.rtp
        bound = {
            one.laddr.ip
            for one in psutil.Process(running.process.pid).net_connections("udp")
            if first <= one.laddr.port <= last
        }
        assert bound == {running.slot.address(1)}
