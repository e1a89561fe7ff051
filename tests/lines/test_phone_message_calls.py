# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages from a telephone to the office: SIPp, a real Asterisk, a real line and relay."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.kind import Telephone
from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline.letters import Letter
from safeconduct.rooms.hotline.spoken import (
    RATE,
    CallMark,
    as_one,
    parse_call,
    piece_at,
    said_of,
)
from tests.kit.patience import PATIENCE
from tests.kit.stage import Stage
from tests.lines.kit.asterisk import Asterisk, asterisk
from tests.lines.kit.at_work import at_work
from tests.lines.kit.calls import call, speech
from tests.lines.kit.markers import control, files_of, search
from tests.lines.kit.sipp import CALLER, HangUp, Key, Say, Wait
from tests.lines.kit.speaking import loudness
from tests.lines.kit.telephone import prompts_in, takes_calls

pytestmark = pytest.mark.needs("sipp", "espeak-ng", "sox")

WORDS = "There are four of us in the grey house behind the mill. Do not call back. " * 4
PACKET = 160
"""Bytes of A-law in a packet."""
LOUD = 0.05


@contextmanager
def hotline(folder: Path) -> Iterator[tuple[Asterisk, Stage]]:
    """Let a hotline have a telephone, and nobody on duty."""
    prompts = prompts_in(folder / "prompts", ("en",))
    with (
        asterisk(folder, prompts=prompts) as running,
        at_work(folder, "phone", lambda _, kept: Telephone(running.exchange, kept)) as work,
    ):
        takes_calls(running)
        yield running, work.office


def told(office: Stage) -> tuple[list[Letter], CallMark | None]:
    """Return the letters of the one call's message, and what they say together."""
    letters = [
        (letter, mark)
        for _, letter in office.letters()
        if (mark := parse_call(encode(letter.extras))) is not None and mark.left == "message"
    ]
    return [letter for letter, _ in letters], as_one(mark for _, mark in letters)


def until(office: Stage, so: Callable[[list[Letter], CallMark], bool]) -> tuple[bytes, CallMark]:
    """Wait for a message, and return its sound and what its letters say."""
    end = time.monotonic() + PATIENCE
    while True:
        letters, mark = told(office)
        if mark is not None and so(letters, mark) and _whole(office, letters, mark):
            return _sound(office, letters, mark), mark
        assert time.monotonic() < end, (len(letters), mark)
        time.sleep(0.05)


def _whole(office: Stage, letters: list[Letter], mark: CallMark) -> bool:
    return sum(office.has(file) for file in letters[0].files) * 10 >= mark.seconds


def _sound(office: Stage, letters: list[Letter], mark: CallMark) -> bytes:
    said = b""
    for file in letters[0].files:
        place = piece_at(file.name, file.media_type, file.size)
        assert place is not None
        if length := said_of(mark, place):
            said += b"".join(office.file(file))[:length]
    return said


def loud_parts(sound: bytes) -> list[bytes]:
    """Return the packets of a sound in which somebody speaks."""
    parts = [sound[at : at + PACKET] for at in range(0, len(sound), PACKET)]
    return [part for part in parts if loudness(part) > LOUD]


def is_what_was_said(opened: bytes, source: bytes, seconds: float) -> None:
    """Hold each packet that was opened to what was sent, and their loudness too."""
    heard = loud_parts(opened)
    assert len(heard) >= seconds * RATE / PACKET
    # Where the speech begins again a packet holds its end and its beginning.
    assert sum(part in source for part in heard) >= 0.95 * len(heard)
    said = loudness(b"".join(loud_parts(source)))
    assert loudness(b"".join(heard)) == pytest.approx(said, rel=0.2)


def test_what_a_caller_says_is_what_the_office_hears(tmp_path: Path) -> None:
    begun = time.time() - 1
    source = speech(tmp_path, WORDS)
    sent = source.read_bytes()
    steps = (Wait(300), Key("5"), Wait(1_500), Say(source, 12_000), HangUp())
    with hotline(tmp_path) as (running, office):
        caller = call(tmp_path, running, steps)
        caller.ended()
        opened, mark = until(office, lambda _, mark: not mark.cut)
        assert CALLER.lstrip("+") not in "".join(running.warnings())
        written = [file for file in files_of([running.folder]) if file.stat().st_mtime >= begun]
        assert not search(written, number=CALLER.lstrip("+"), sound=sent[8_000:8_040])
    is_what_was_said(opened, sent, seconds=3)
    assert len(opened) > (mark.seconds - 1) * RATE
    source.unlink()
    control(tmp_path, number=CALLER.lstrip("+"), sound=sent[8_000:8_040])
    assert not search([tmp_path / "line"], number=CALLER.lstrip("+"), sound=sent[8_000:8_040])


def test_asterisk_killed_in_a_message_loses_nothing_that_was_said(tmp_path: Path) -> None:
    source = speech(tmp_path, WORDS)
    sent = source.read_bytes()
    steps = (Wait(300), Key("5"), Wait(1_500), Say(source, 60_000), HangUp())
    with hotline(tmp_path) as (running, office):
        caller = call(tmp_path, running, steps)
        end = time.monotonic() + PATIENCE
        while told(office)[1] is None:
            assert time.monotonic() < end
            time.sleep(0.02)
        time.sleep(15.0)
        running.kill()
        opened, mark = until(office, lambda letters, _: len(letters) == 2)
        caller.gone()
    assert mark.cut
    assert mark.seconds > 10, "the second piece was not whole, and is there"
    is_what_was_said(opened, sent, seconds=3)
