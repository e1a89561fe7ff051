# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line's card and licence (docs/spec/lines.md 5)."""

import msgspec
import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature, Malformed
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.rooms.hotline.line_card import parse_line_card, read_line_card, write_line_card
from safeconduct.rooms.hotline.line_licence import parse_licence, write_licence
from tests.property.outside_lines import CARD, INTAKE_SIGNING, LICENCE


def test_a_card_is_read_as_it_was_written_however_it_was_copied() -> None:
    text = write_line_card(CARD)
    assert parse_line_card(text) == CARD
    assert parse_line_card(text.lower().replace("-", " \n")) == CARD
    assert read_line_card(encode(CARD)) == CARD


def test_a_card_with_one_character_changed_is_refused() -> None:
    text = write_line_card(CARD)
    other = "A" if text[100] != "A" else "B"
    with pytest.raises(Malformed):
        parse_line_card(text[:100] + other + text[101:])


def test_a_licence_is_read_as_it_was_written() -> None:
    assert parse_licence(write_licence(LICENCE, INTAKE_SIGNING)) == LICENCE


def test_a_licence_that_another_key_signed_is_refused() -> None:
    other = LongSigningKey.from_seed(bytes([1]) * 64)
    with pytest.raises(BadSignature):
        parse_licence(write_licence(LICENCE, other))


@pytest.mark.attack
def test_a_risky_line_has_no_licence_without_a_note_that_a_steward_signed() -> None:
    bare = msgspec.structs.replace(LICENCE, note="")
    with pytest.raises(Malformed):
        parse_licence(write_licence(bare, INTAKE_SIGNING))
    safe = msgspec.structs.replace(bare, kind="signal")
    assert parse_licence(write_licence(safe, INTAKE_SIGNING)) == safe
