# SPDX-License-Identifier: AGPL-3.0-or-later
"""Frames are read however they are cut, and a connection that is none of ours is let go."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.lines.phone.audiosocket import (
    BUFFER_BYTES,
    FAILED,
    FRAME_MOST,
    HANGUP,
    HANGUP_FRAME,
    HEAD,
    SILENCE,
    SOUND,
    STRANGER_LISTENS,
    UUID,
    Connection,
    Frames,
    parse_frames,
    write_frame,
)
from safeconduct.kernel.errors import Malformed

CALL = b"c" * 16
HELLO = write_frame(UUID, CALL)
DTMF = 0x03
FRAMES = st.lists(st.binary(max_size=40).map(lambda data: data[: len(data) // 2 * 2]), max_size=12)


class Wire:
    """A transport that notes what is asked of it."""

    def __init__(self) -> None:
        self.reads = True
        self.written = b""
        self.open = True

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.open = False


class Ear:
    """Takes what comes, as a box would."""

    def __init__(self) -> None:
        self.sound = b""
        self.ended = False
        self.lost = False

    def hear(self, data: memoryview, frames: Frames) -> None:
        self.sound += said(data, frames)
        self.ended |= frames.ended

    def lose(self) -> None:
        self.lost = True


def said(data: bytes | memoryview, frames: Frames) -> bytes:
    """Return the sound of frames."""
    starts = (
        (at + index * stride, samples)
        for at, count, samples, stride in frames.runs
        for index in range(count)
    )
    return b"".join(bytes(data[at : at + 2 * samples]) for at, samples in starts)


def connected() -> tuple[Connection, Wire, Ear, set[Connection]]:
    """A connection whose call is known."""
    ear, wire, among = Ear(), Wire(), set[Connection]()
    connection = Connection(lambda call, _: ear if call == CALL else None, among)
    connection.connection_made(cast("asyncio.Transport", wire))
    return connection, wire, ear, among


def bring(connection: Connection, data: bytes) -> None:
    """Bring bytes, as much at once as the connection has room for."""
    while data:
        place = connection.get_buffer(-1)
        part = data[: len(place)]
        place[: len(part)] = part
        connection.buffer_updated(len(part))
        data = data[len(part) :]


@given(FRAMES)
def test_frames_are_read_as_they_were_written(payloads: list[bytes]) -> None:
    data = b"".join(write_frame(SOUND, payload) for payload in payloads)
    frames = parse_frames(data)
    assert frames.used == len(data)
    assert said(data, frames) == b"".join(payloads)
    assert not frames.ended


@given(FRAMES, st.lists(st.integers(1, 60), min_size=1))
def test_frames_are_read_however_they_are_cut(payloads: list[bytes], cuts: list[int]) -> None:
    connection, _, ear, _ = connected()
    data = HELLO + b"".join(write_frame(SOUND, payload) for payload in payloads)
    for cut in cuts:
        bring(connection, data[:cut])
        data = data[cut:]
    bring(connection, data)
    assert ear.sound == b"".join(payloads)


@pytest.mark.parametrize("kind", [HANGUP, FAILED])
def test_what_follows_the_end_is_not_read(kind: int) -> None:
    data = write_frame(SOUND, b"ab") + write_frame(kind) + write_frame(SOUND, b"cd")
    frames = parse_frames(data)
    assert frames.ended
    assert said(data, frames) == b"ab"


def test_keys_are_passed_over() -> None:
    data = write_frame(SOUND, b"ab") + write_frame(DTMF, b"*") + write_frame(SOUND, b"cd")
    assert said(data, parse_frames(data)) == b"abcd"


@pytest.mark.parametrize("head", [b"\x01\0\x0f", b"\x10" + (FRAME_MOST + 1).to_bytes(2, "big")])
def test_frames_that_asterisk_never_sends_are_refused(head: bytes) -> None:
    with pytest.raises(Malformed):
        parse_frames(head)


def test_a_connection_rests_between_two_listens() -> None:
    connection, wire, ear, _ = connected()
    bring(connection, HELLO + write_frame(SOUND, bytes(320)))
    assert not wire.reads
    assert ear.sound == bytes(320)


def test_a_connection_that_brings_much_is_read_on() -> None:
    connection, wire, ear, _ = connected()
    bring(connection, HELLO)
    connection.listen()
    bring(connection, write_frame(SOUND, b"ab" * 160) * 50)
    assert wire.reads
    assert len(ear.sound) == 50 * 320


def test_where_nothing_came_asterisk_is_given_a_frame_as_its_reader_waits_for_one() -> None:
    connection, wire, _, _ = connected()
    bring(connection, HELLO)
    connection.listen()
    bring(connection, write_frame(SOUND, bytes(320)))
    connection.listen()
    assert not wire.written
    connection.listen()
    connection.listen()
    assert wire.written == 2 * SILENCE
    assert parse_frames(SILENCE).runs == ((HEAD, 1, 160, len(SILENCE)),)


def test_a_call_that_nobody_asked_for_is_let_go() -> None:
    connection, wire, ear, _ = connected()
    bring(connection, write_frame(UUID, b"x" * 16) + write_frame(SOUND, b"ab"))
    assert not wire.open
    assert wire.written == HANGUP_FRAME
    assert not ear.sound


def test_sound_of_no_call_is_let_go() -> None:
    connection, wire, ear, _ = connected()
    bring(connection, write_frame(SOUND, b"ab"))
    assert not wire.open
    assert not ear.sound


def test_who_says_nothing_is_let_go() -> None:
    connection, wire, _, _ = connected()
    for _ in range(STRANGER_LISTENS):
        connection.listen()
    assert wire.open
    connection.listen()
    assert not wire.open


def test_the_end_of_a_connection_is_told_and_its_place_is_clear() -> None:
    connection, _, ear, among = connected()
    bring(connection, HELLO + write_frame(SOUND, b"loud" * 8) + b"\x10\0\x04lo")
    place: Any = connection.get_buffer(-1).obj
    assert b"lo" in place
    assert b"loud" not in place
    connection.connection_lost(None)
    assert place == bytes(BUFFER_BYTES)
    assert ear.lost
    assert not among
