# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pieces of a backup, and the trailer that opens it."""

from __future__ import annotations

import pytest

from safeconduct.kernel.errors import CannotOpen, Malformed, UnknownVersion
from safeconduct.kernel.seal.lock import seal_to
from safeconduct.kernel.seal.padding import pad
from safeconduct.rooms.crew.backup import (
    KEYS_AT_ONCE,
    PIECE_MOST,
    SEALED_TRAILER_BYTES,
    TRAILER_BYTES,
    End,
    Head,
    Kind,
    Trailer,
    open_trailer,
    parse_end,
    parse_head,
    parse_keys,
    parse_pieces,
    seal_trailer,
    write_end,
    write_head,
    write_keys,
    write_piece,
)
from safeconduct.rooms.crew.parcel import HeldKey
from safeconduct.rooms.crew.recovery import sealing_of

CARDS, OTHERS = sealing_of(b"c" * 32), sealing_of(b"o" * 32)
TRAILER = Trailer(1, b"o" * 16, b"k" * 32, 9_000_000, b"n" * 3_500)
HEAD = Head(1, 2, b"r" * 32, b"v" * 16, "http://gone", b"k" * 32, 3, b"h" * 32, 0)
END = End(3, 0, 1, 2, 0)


def test_trailer_opens_with_the_cards_alone_and_is_of_one_length() -> None:
    sealed = seal_trailer(CARDS.public, TRAILER)
    assert open_trailer(CARDS, sealed) == TRAILER
    assert len(sealed) == SEALED_TRAILER_BYTES
    assert len(seal_trailer(CARDS.public, Trailer(1, bytes(16), bytes(32), 0, b""))) == len(sealed)
    with pytest.raises(CannotOpen):
        open_trailer(OTHERS, sealed)


def test_trailer_of_a_newer_version_is_said_to_be_one() -> None:
    raw = b"\x95\x02" + b"\x00" * 4
    with pytest.raises(UnknownVersion):
        open_trailer(CARDS, seal_to(CARDS.public, "backup", b"", pad(raw, TRAILER_BYTES)))


def test_pieces_are_read_as_written_however_they_come() -> None:
    keys = [HeldKey("vault", bytes(16), epoch, b"k" * 32) for epoch in range(KEYS_AT_ONCE + 1)]
    written = [write_head(HEAD), *write_keys(keys), write_piece(Kind.FRAME, b"f"), write_end(END)]
    whole = b"".join(written) + bytes(100)
    for step in (1 << 20, 1_000, 7):
        parts = (whole[at : at + step] for at in range(0, len(whole), step))
        found = list(parse_pieces(parts))
        assert parse_head(found[0][1]) == HEAD
        assert [*parse_keys(found[1][1]), *parse_keys(found[2][1])] == keys
        assert found[3] == (Kind.FRAME, b"f")
        assert parse_end(found[4][1]) == END
        assert len(found) == len(written)


@pytest.mark.parametrize(
    "raw",
    [
        write_head(HEAD),
        b"",
        b"\x00" + bytes(4),
        b"\x09" + bytes(4),
        bytes([Kind.FRAME]) + (PIECE_MOST + 1).to_bytes(4, "big"),
    ],
)
def test_what_ends_too_early_or_cannot_be_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        list(parse_pieces([raw]))
