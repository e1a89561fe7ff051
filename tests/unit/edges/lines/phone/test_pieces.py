# SPDX-License-Identifier: AGPL-3.0-or-later
"""A voice message is sealed in pieces of ten seconds, each once, and no more than three minutes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.edges.lines.phone.pieces import Piece, Pieces, name_pieces
from safeconduct.kernel.seal.unlock import BlobOpener
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import (
    MESSAGE_SECONDS,
    PIECE_BYTES,
    PIECES,
    RATE,
    SILENCE,
    piece_at,
)

SPEECH = bytes(range(256)) * (PIECE_BYTES // 64)


def opened(files: tuple[SealedFile, ...], pieces: list[Piece]) -> bytes:
    """Return all that was sealed, in its order."""
    by_id = {bytes(piece.plan.blob): piece.sealed for piece in pieces}
    there = [file for file in files if file.blob in by_id]
    return b"".join(BlobOpener(file.key, file.size).open(0, by_id[file.blob]) for file in there)


def test_all_pieces_are_named_before_a_word_is_said() -> None:
    files = name_pieces()
    places = [piece_at(file.name, file.media_type, file.size) for file in files]
    assert places == list(range(PIECES))
    assert len({file.blob for file in files}) == PIECES


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3 * RATE), max_size=14))
def test_what_is_said_is_opened_again_and_the_rest_is_silence(parts: list[int]) -> None:
    files, given_away = name_pieces(), list[Piece]()
    pieces = Pieces(files, given_away.append)
    said = b""
    for part in parts:
        pieces.add(memoryview(SPEECH)[len(said) : len(said) + part])
        said = SPEECH[: len(said) + part]
    pieces.end()
    whole = opened(files, given_away)
    assert whole == said.ljust(len(whole), bytes([SILENCE]))
    assert len(given_away) == -(-len(said) // PIECE_BYTES)
    assert pieces.seconds == -(-len(said) // RATE)


def test_a_piece_is_given_away_when_its_ten_seconds_are_over() -> None:
    given_away: list[Piece] = []
    pieces = Pieces(name_pieces(), given_away.append)
    pieces.add(memoryview(SPEECH)[: PIECE_BYTES - 1])
    assert not given_away
    pieces.add(memoryview(SPEECH)[:1])
    assert len(given_away) == 1


def test_a_message_is_full_after_three_minutes() -> None:
    given_away: list[Piece] = []
    pieces = Pieces(name_pieces(), given_away.append)
    for _ in range(MESSAGE_SECONDS + 5):
        pieces.add(memoryview(SPEECH)[:RATE])
    assert pieces.full
    pieces.end()
    assert pieces.seconds == MESSAGE_SECONDS
    assert len(given_away) == PIECES


@pytest.mark.parametrize("seconds", [0, 10, 15])
def test_no_key_is_held_after_the_end(seconds: int) -> None:
    pieces = Pieces(name_pieces(), lambda _: None)
    for _ in range(seconds):
        pieces.add(memoryview(SPEECH)[:RATE])
    pieces.end()
    assert not pieces._keys
    assert pieces._now is None
