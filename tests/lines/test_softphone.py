# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator at a softphone: signed in over TLS, sealed by SRTP, and nothing lost on the way.

The hotline's program is not there: Asterisk rings the softphone by itself, as it must then.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.check import judge
from safeconduct.edges.lines.phone.exchange import Operator
from safeconduct.edges.lines.phone.reading import read_asterisk
from tests.kit.patience import PATIENCE
from tests.lines.kit.asterisk import PASSWORD, Asterisk, asterisk, short_prompts
from tests.lines.kit.calls import call, speech
from tests.lines.kit.sipp import HangUp, Say, UntilHungUp, Wait
from tests.lines.kit.softphone import softphone

ANNA = Operator(name="anna", password=PASSWORD)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    with asterisk(tmp_path, (ANNA,), prompts=short_prompts(tmp_path, ("en",))) as one:
        yield one


def streams_after(running: Asterisk, packets: int) -> list[tuple[int, int, int]]:
    """Each stream's packets, and what was lost of it on both ways, once there are so many."""
    row = re.compile(r"\d{2}:\d{2}:\d{2} \S+ +(\d+) +(\d+) +\d+ +\S+ +\d+ +(\d+)")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        rows = row.findall(running.command("pjsip show channelstats"))
        found = [(int(count), int(lost), int(lost_out)) for count, lost, lost_out in rows]
        if len(found) > 1 and min(count for count, *_ in found) >= packets:
            return found
        time.sleep(0.5)
    raise AssertionError("no sound came")


def test_a_softphone_answers_over_tls_and_srtp_and_loses_nothing(
    running: Asterisk, tmp_path: Path
) -> None:
    sound = speech(tmp_path, "Is this the hotline? We are three, and we must leave tonight.")
    with softphone(tmp_path, running, ANNA) as phone:
        phone.until(r"200 OK")
        present = judge(read_asterisk(running.exchange, running.tree), running.exchange)
        assert "telephone_away" not in {finding.code for finding in present}
        calls = call(tmp_path, running, (Wait(2_000), Say(sound, 6_000), HangUp()))
        phone.until(r"SRTP is Enabled \(cryptosuite=AES_CM_128_HMAC_SHA1_80\)")
        phone.until(r"Call established")
        streams = streams_after(running, packets=200)
        assert len(streams) == 2
        assert {lost for _, *each in streams for lost in each} == {0}
        calls.ended()
        phone.until(r"terminated")


def test_a_softphone_without_srtp_is_not_rung(running: Asterisk, tmp_path: Path) -> None:
    with softphone(tmp_path, running, ANNA, media="") as phone:
        phone.until(r"200 OK")
        call(tmp_path, running, (UntilHungUp(),)).ended()
        assert "rejected" in phone.said()
        assert "Call established" not in phone.said()
