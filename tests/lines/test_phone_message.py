# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages by a real line to a real relay, opened with the office's intake key."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest

from safeconduct.edges.lines.phone.spoken import Box
from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline.letters import Letter, conversation_of
from safeconduct.rooms.hotline.spoken import (
    PIECE_BYTES,
    PIECES,
    RATE,
    CallMark,
    as_one,
    parse_call,
    piece_at,
    said_of,
)
from tests.kit.patience import PATIENCE
from tests.kit.stage import Stage, stage
from tests.lines.kit.at_work import admitted_line, at_work, mark_of
from tests.lines.kit.calls import speech
from tests.lines.kit.line_in_memory import SomeCall
from tests.lines.kit.markers import control, files_of, search, search_files
from tests.lines.kit.message_line import Messages
from tests.lines.kit.speaking import SHAPES, Speaker, encoded, loudness, numbered, samples_of

T = TypeVar("T")
WORDS = "I am calling from the grey house behind the mill. Nobody must know that I called. " * 2
MARKERS = {name.replace("-", "_"): shape for name, shape in SHAPES.items()}
FOLDERS = (Path("/tmp"), Path("/dev/shm"))


def ask(channel: Messages, question: Coroutine[Any, Any, T]) -> T:
    """Do something in the line's own thread."""
    assert channel.loop is not None
    return asyncio.run_coroutine_threadsafe(question, channel.loop).result(PATIENCE)


@contextmanager
def taking(folder: Path) -> Iterator[tuple[Stage, Messages]]:
    """Let a line take messages."""
    channel = Messages()
    with at_work(folder, "phone", lambda _, __: channel) as work:
        end = time.monotonic() + PATIENCE
        while channel.loop is None:
            assert time.monotonic() < end, work.codes
            time.sleep(0.01)
        yield work.office, channel


def begin(channel: Messages, call: SomeCall) -> tuple[Box, Speaker]:
    """Begin a message."""
    box = ask(channel, channel.expect(call))
    speaker = Speaker(box.address, box.uuid)
    ask(channel, box.begun(PATIENCE))
    return box, speaker


def call_of(letters: list[Letter]) -> CallMark:
    """Return what all letters of one call say together."""
    assert len({conversation_of(letter.voice) for letter in letters}) == 1
    marks = [parse_call(encode(letter.extras)) for letter in letters]
    told = as_one([mark for mark in marks if mark is not None])
    assert told is not None
    return told


def ended(office: Stage) -> list[Letter]:
    """Wait for the two letters of a message and for all that was said."""
    end = time.monotonic() + PATIENCE
    while True:
        letters = [letter for _, letter in office.letters()]
        if len(letters) == 2 and pieces_of(office, letters) * 10 >= call_of(letters).seconds:
            return letters
        assert time.monotonic() < end, len(letters)
        time.sleep(0.05)


def pieces_of(office: Stage, letters: list[Letter]) -> int:
    """Return how many pieces are whole at the relay."""
    return sum(office.has(file) for file in letters[0].files)


def sound_of(office: Stage, letters: list[Letter], mark: CallMark) -> bytes:
    """Return what was said, as the office opens it."""
    said = b""
    for file in letters[0].files:
        place = piece_at(file.name, file.media_type, file.size)
        assert place is not None
        if length := said_of(mark, place):
            said += b"".join(office.file(file))[:length]
    return said


def written_since(begun: float, *folders: Path) -> list[Path]:
    """Return the files that somebody has written in the meantime."""
    written = []
    for path in files_of(folders):
        with suppress(FileNotFoundError):  # Others work in these folders too.
            if path.stat().st_mtime >= begun:
                written.append(path)
    return written


@pytest.mark.needs("espeak-ng", "sox")
def test_speech_reaches_the_office_as_it_was_said(tmp_path: Path) -> None:
    sound = samples_of(speech(tmp_path, WORDS).read_bytes())
    with taking(tmp_path) as (office, channel):
        call = SomeCall(language="ru", said="40718293")
        box, speaker = begin(channel, call)
        speaker.say(sound, pace=0.2)
        speaker.close()
        seconds = ask(channel, box.finish())
        letters = ended(office)
        mark = call_of(letters)
        opened = sound_of(office, letters, mark)
    assert mark == CallMark(left="message", seconds=seconds)
    assert seconds == -(-len(sound) // (2 * RATE))
    assert opened.startswith(encoded(sound))
    assert loudness(opened[: len(sound) // 2]) == pytest.approx(loudness(encoded(sound)), rel=0.01)
    assert loudness(opened) > 0.02
    assert [len(letter.files) for letter in letters] == [PIECES, 0]
    assert {letter.language for letter in letters} == {"ru"}
    assert {mark_of(letter).said for letter in letters} == {"40718293"}
    assert len({mark_of(letter).code for letter in letters}) == 1


def test_no_piece_is_stored_of_which_nothing_was_said(tmp_path: Path) -> None:
    with taking(tmp_path) as (office, channel):
        box, speaker = begin(channel, SomeCall())
        speaker.say(numbered(10))
        speaker.close()
        assert ask(channel, box.finish()) == 10
        letters = ended(office)
        assert pieces_of(office, letters) == 1


def test_no_sound_lies_in_any_file(tmp_path: Path) -> None:
    begun = time.time() - 1
    with taking(tmp_path) as (office, channel):
        box, speaker = begin(channel, SomeCall())
        speaker.say(numbered(12), pace=0.2)
        assert not search_files(written_since(begun, *FOLDERS), **MARKERS)
        speaker.close()
        ask(channel, box.finish())
        letters = ended(office)
        opened = sound_of(office, letters, call_of(letters))
    assert opened == encoded(numbered(12)), "what is looked for is what was said"
    control(tmp_path, **MARKERS)
    assert not search([tmp_path], **MARKERS)
    assert not search_files(written_since(begun, tmp_path, *FOLDERS), **MARKERS)


@contextmanager
def line_in_a_process(folder: Path, relay: str) -> Iterator[tuple[subprocess.Popen[str], Speaker]]:
    """Let a line take one message in a process of its own."""
    admitted_line(folder, "phone", relay)
    command = (sys.executable, "-m", "tests.lines.kit.message_line", str(folder))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        speaker = Speaker(*process.stdout.readline().split())
        try:
            yield process, speaker
        finally:
            speaker.close()
            process.kill()
            process.wait(PATIENCE)


def test_a_line_that_is_killed_loses_ten_seconds_at_most(tmp_path: Path) -> None:
    seconds, sound = 23, numbered(23)
    with stage() as office:
        with line_in_a_process(tmp_path / "line", office.url) as (process, speaker):
            speaker.say(sound, pace=1.0)
            process.kill()
            process.wait(PATIENCE)
        letters = [letter for _, letter in office.letters()]
        mark = call_of(letters)
        assert mark == CallMark(left="message", cut=True), "nobody said that it ended"
        whole = pieces_of(office, letters)
        assert whole * 10 >= seconds - 10
        opened = b"".join(b"".join(office.file(file)) for file in letters[0].files[:whole])
    assert opened == encoded(sound)[: whole * PIECE_BYTES]
    control(tmp_path, **MARKERS)
    assert not search([tmp_path], **MARKERS)
