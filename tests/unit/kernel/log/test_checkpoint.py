# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed notes: what is written is read, and nothing beside it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.errors import BadSignature, Malformed, NotCanonical, Untrusted
from safeconduct.kernel.log.checkpoint import (
    TREES,
    Checkpoint,
    Tree,
    parse_checkpoint,
    write_checkpoint,
)
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.words import OfficeId

KEY = LongSigningKey.from_seed(bytes(64))
OTHER = LongSigningKey.from_seed(b"o" * 64)
CHECKPOINT = Checkpoint(OfficeId(bytes(range(16))), "log", 12, bytes(range(32)))
NOTE = write_checkpoint(CHECKPOINT, KEY)
LINES = NOTE.decode().splitlines(keepends=True)


def joined(*lines: str) -> bytes:
    return "".join(lines).encode()


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("size", [0, 1, 2**63 - 1])
def test_a_note_is_read_as_it_was_written(tree: Tree, size: int) -> None:
    checkpoint = Checkpoint(CHECKPOINT.office, tree, size, bytes(32))
    assert parse_checkpoint(write_checkpoint(checkpoint, KEY), KEY.public) == checkpoint


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_refused(place: int, flip: int) -> None:
    spoilt = bytearray(NOTE)
    spoilt[place] ^= flip
    with pytest.raises(Untrusted):
        parse_checkpoint(bytes(spoilt), KEY.public)


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_checkpoint(raw, KEY.public)


@pytest.mark.parametrize(
    "note",
    [
        joined(*LINES[:5]),  # One signature.
        joined(*LINES[:4], LINES[5], LINES[4]),  # In the wrong order.
        joined(*LINES, LINES[5]),  # A third one.
        joined(*LINES, "more\n"),
        joined(*LINES[:3], *LINES[4:]),  # No blank line.
        joined(LINES[0], "012\n", *LINES[2:]),
        joined(*LINES[:4], LINES[4].replace(" safeconduct.example/relay", " other"), LINES[5]),
        joined(*LINES[:4], LINES[4][:-2] + "\n", LINES[5]),  # Not base64.
        joined(*LINES[:5], LINES[5][:-9] + "\n"),  # Too short.
        write_checkpoint(CHECKPOINT, OTHER),
    ],
)
def test_a_note_has_exactly_the_two_lines_of_its_key(note: bytes) -> None:
    with pytest.raises(Malformed):
        parse_checkpoint(note, KEY.public)


def test_base64_with_loose_bits_is_not_canonical() -> None:
    root = LINES[2]
    assert root[-3] != "9"
    loose = joined(*LINES[:2], root[:-3] + chr(ord(root[-3]) + 1) + root[-2:], *LINES[3:])
    with pytest.raises(NotCanonical):
        parse_checkpoint(loose, KEY.public)


@pytest.mark.parametrize("line", [4, 5])
def test_both_signatures_must_hold(line: int) -> None:
    other = write_checkpoint(
        Checkpoint(CHECKPOINT.office, "log", 13, CHECKPOINT.root), KEY
    ).decode()
    lines = list(LINES)
    lines[line] = other.splitlines(keepends=True)[line]
    with pytest.raises(BadSignature):
        parse_checkpoint(joined(*lines), KEY.public)


def test_loose_bits_in_a_signature_are_not_canonical() -> None:
    line = LINES[5].rstrip("\n")
    body = line.rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = body[:-1] + alphabet[alphabet.index(body[-1]) | 1] + "=" * (len(line) - len(body))
    raw = loose.split(" ")[-1]
    assert base64.b64decode(raw) == base64.b64decode(line.split(" ")[-1])
    if loose != line:
        with pytest.raises(NotCanonical):
            parse_checkpoint(joined(*LINES[:5], loose + "\n"), KEY.public)
