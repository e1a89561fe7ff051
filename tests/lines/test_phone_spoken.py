# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages over real sockets, before a line that keeps what it is given (spec/phone.md)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from safeconduct.edges.lines.phone import delivery, on_the_way, spoken
from safeconduct.edges.lines.phone.spoken import Box, NoRoom, NotHere, Spoken, listen
from safeconduct.kernel.errors import Unreachable
from safeconduct.rooms.hotline.spoken import PIECE_BYTES, PIECES, RATE, SILENCE, CallMark
from tests.lines.kit.line_in_memory import LineInMemory, SomeCall
from tests.lines.kit.speaking import (
    Speaker,
    encoded,
    numbered,
    speaking,
)

BEGUN = CallMark(left="message", cut=True)


@asynccontextmanager
async def taking(line: LineInMemory) -> AsyncIterator[Spoken]:
    """Take messages for a line."""
    async with listen("127.0.0.1", 0, line) as boxes:
        yield boxes


async def begin(boxes: Spoken, call: SomeCall) -> tuple[Box, Speaker]:
    """Begin a message."""
    box = boxes.expect(call)
    speaker = await asyncio.to_thread(Speaker, box.address, box.uuid)
    await box.begun(10)
    return box, speaker


async def until(there: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not there():  # noqa: ASYNC110  (what is waited for tells nobody)
            await asyncio.sleep(0.01)


async def message(line: LineInMemory, sound: bytes, *, cut: bool = False) -> int:
    """Leave a message, and wait until all of it is at the line; return its seconds."""
    async with taking(line) as boxes:
        box, speaker = await begin(boxes, SomeCall())
        await asyncio.to_thread(speaker.say, sound)
        speaker.close()
        return await box.finish(cut=cut)


@pytest.mark.parametrize("seconds", [0.5, 9.98, 10, 24.5])
def test_a_message_is_sealed_as_it_was_said(seconds: float) -> None:
    line, sound = LineInMemory(), numbered(seconds)
    whole = asyncio.run(message(line, sound))
    said = encoded(sound)
    assert line.sound() == said.ljust(-(-len(said) // PIECE_BYTES) * PIECE_BYTES, bytes([SILENCE]))
    assert [mark for mark, _ in line.written] == [BEGUN, CallMark(left="message", seconds=whole)]
    assert whole == -(-len(said) // RATE)
    assert line.order[0] == "letter"
    assert len(line.written[0][1]) == PIECES


def test_asterisk_that_dies_cuts_a_message_and_loses_none_of_it() -> None:
    line, sound = LineInMemory(), numbered(3.86)
    assert asyncio.run(message(line, sound, cut=True)) == 4
    assert line.sound().startswith(encoded(sound))
    assert line.written[-1][0] == CallMark(left="message", cut=True, seconds=4)


def test_an_end_that_nobody_explains_is_a_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "GRACE_SECONDS", 0.1)
    line = LineInMemory()

    async def run() -> None:
        async with taking(line) as boxes:
            box, speaker = await begin(boxes, SomeCall())
            await asyncio.to_thread(speaker.say, numbered(2))
            speaker.close()
            assert await box.over() == "over"
            await until(lambda: len(line.written) == 2)

    asyncio.run(run())
    assert line.written[-1][0] == CallMark(left="message", cut=True, seconds=2)


def test_after_three_minutes_a_message_is_full_and_not_cut() -> None:
    line = LineInMemory()

    async def run() -> int:
        async with taking(line) as boxes:
            box, speaker = await begin(boxes, SomeCall())
            await asyncio.to_thread(speaker.say, numbered(180))
            assert await box.over() == "full"
            assert await asyncio.to_thread(speaker.ended)
            speaker.close()
            return await box.finish()

    assert asyncio.run(run()) == 180
    assert line.written[-1][0] == CallMark(left="message", seconds=180)
    assert line.sound() == encoded(numbered(180))


def test_a_key_that_is_pressed_in_a_message_is_told_at_its_end() -> None:
    line, call = LineInMemory(), SomeCall(silent=True)

    async def run() -> None:
        async with taking(line) as boxes:
            box, speaker = await begin(boxes, call)
            await until(lambda: bool(line.written))
            call.duress = True
            speaker.close()
            await box.finish()

    asyncio.run(run())
    assert [mark.duress for mark, _ in line.written] == [False, True]
    assert all(mark.silent for mark, _ in line.written)


def test_what_is_sealed_waits_in_memory_for_the_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_the_way, "FIRST_PAUSE", 0.05)
    line, sound = LineInMemory(reachable=False), numbered(25)

    async def run() -> None:
        async with taking(line) as boxes:
            box, speaker = await begin(boxes, SomeCall())
            await asyncio.to_thread(speaker.say, sound)
            speaker.close()
            assert await box.finish() == 25
            assert not line.written
            line.reachable = True

    asyncio.run(run())
    assert line.sound().startswith(encoded(sound))
    assert line.order[0] == "letter"
    assert len(line.written) == 2


def test_what_waits_for_the_relay_outlives_asterisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_the_way, "FIRST_PAUSE", 0.05)
    line, sound = LineInMemory(reachable=False), numbered(12)

    async def run() -> None:
        deliveries = delivery.Deliveries()
        async with listen("127.0.0.1", 0, line, deliveries) as boxes:
            _, speaker = await begin(boxes, SomeCall())
            await asyncio.to_thread(speaker.say, sound)
            speaker.close()
        assert not line.written
        line.reachable = True
        await deliveries.end(10)

    asyncio.run(run())
    assert line.sound().startswith(encoded(sound))
    assert line.written[-1][0] == CallMark(left="message", cut=True, seconds=12)


def test_a_line_that_is_stopped_seals_what_was_said_as_cut() -> None:
    line, sound = LineInMemory(), numbered(12)

    async def run() -> None:
        async with taking(line) as boxes:
            _, speaker = await begin(boxes, SomeCall())
            await asyncio.to_thread(speaker.say, sound)
        assert await asyncio.to_thread(speaker.ended)
        speaker.close()

    asyncio.run(run())
    assert line.written[-1][0] == CallMark(left="message", cut=True, seconds=12)
    assert line.sound().startswith(encoded(sound))


def test_a_message_is_taken_once_and_from_nobody_who_guesses() -> None:
    line = LineInMemory()

    async def run() -> None:
        async with taking(line) as boxes:
            box, speaker = await begin(boxes, SomeCall())
            for call in (box.uuid, "00000000-0000-4000-8000-000000000000"):
                with speaking(box.address, call) as stranger:
                    assert await asyncio.to_thread(stranger.ended)
            await asyncio.to_thread(speaker.say, numbered(1))
            speaker.close()
            assert await box.finish() == 1

    asyncio.run(run())
    assert line.sound().startswith(encoded(numbered(1)))


def test_a_message_that_never_begins_is_none() -> None:
    line = LineInMemory()

    async def run() -> None:
        async with taking(line) as boxes:
            box = boxes.expect(SomeCall())
            with pytest.raises(Unreachable):
                await box.begun(0.05)
            assert await box.finish() == 0
            with speaking(box.address, box.uuid) as late:
                assert await asyncio.to_thread(late.ended)

    asyncio.run(run())
    assert not line.written


def test_no_message_is_promised_that_has_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "PIECES_MOST", 2 * PIECES)

    async def run() -> None:
        async with taking(LineInMemory(reachable=False)) as boxes:
            box, speaker = await begin(boxes, SomeCall())
            boxes.expect(SomeCall())
            with pytest.raises(NoRoom):
                boxes.expect(SomeCall())
            speaker.close()
            await box.finish()
            boxes.expect(SomeCall())  # Of the first nothing waits but its end.

    monkeypatch.setattr(spoken, "DELIVERY_SECONDS", 0.1)
    asyncio.run(run())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_sound_comes_from_this_machine_alone(host: str) -> None:
    async def run() -> None:
        async with listen(host, 0, LineInMemory()):
            raise AssertionError

    with pytest.raises(NotHere):
        asyncio.run(run())
