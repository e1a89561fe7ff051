# SPDX-License-Identifier: AGPL-3.0-or-later
"""A-law becomes a WAV that players read, and players get the part that they ask for."""

from __future__ import annotations

import wave
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.desk.sound import Stretch, parse_range, wav_of
from safeconduct.rooms.hotline.spoken import RATE
from tests.kit.spoken_messages import tone

KNOWN = {0xD5: 8, 0x55: -8, 0xD4: 24, 0x54: -24, 0xAA: 32_256, 0x2A: -32_256, 0x80: 5_504}
"""From the tables of ITU-T G.711, in sixteen bits."""


def samples(alaw: bytes) -> list[int]:
    """What a reader of WAV files finds."""
    with wave.open(BytesIO(wav_of(alaw))) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate()) == (1, 2, RATE)
        raw = read.readframes(read.getnframes())
    return [int.from_bytes(raw[at : at + 2], "little", signed=True) for at in range(0, len(raw), 2)]


def test_samples_are_those_of_the_standard() -> None:
    assert dict(zip(KNOWN, samples(bytes(KNOWN)), strict=True)) == KNOWN


def test_each_code_has_a_sample_of_its_own_and_half_are_the_others_turned_round() -> None:
    found = samples(bytes(range(256)))
    assert len(set(found)) == 256
    assert sorted(found) == sorted(-one for one in found)


@given(st.binary(max_size=300))
def test_any_bytes_are_sound(alaw: bytes) -> None:
    assert len(samples(alaw)) == len(alaw)


def test_a_tone_is_as_loud_as_it_was() -> None:
    assert 11_500 < max(samples(tone(1))) < 12_500


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-", Stretch(0, 100)),
        ("bytes=0-1", Stretch(0, 2)),
        ("bytes=40-", Stretch(40, 100)),
        ("bytes=40-999", Stretch(40, 100)),
        ("bytes=100-", None),
        ("bytes=9-3", None),
        ("bytes=-5", None),
        ("bytes=0-1,4-5", None),
        ("bytes=١-", None),
        ("", None),
    ],
)
def test_a_player_gets_the_part_that_it_asks_for(asked: str, part: Stretch | None) -> None:
    assert parse_range(asked, 100) == part
