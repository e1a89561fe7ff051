# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody with cards of their own, or with one of ours, against an office's recovery."""

from datetime import date

import pytest
from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE
from shamir_mnemonic.rs1024 import create_checksum

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature
from safeconduct.programs.cards import Pack, card_text
from safeconduct.rooms.crew import office_id
from safeconduct.rooms.crew.events import SIGNED, Signed
from safeconduct.rooms.crew.recovery import OtherSecret, root_of
from safeconduct.rooms.crew.recovery_facts import parse_recovery_fact, split_again
from safeconduct.rooms.crew.shares import Scheme, SharesContradict, combine, share_of, split

OURS, THEIRS = b"o" * 32, b"t" * 32
ROOT = root_of(OURS)
OFFICE = office_id(ROOT.public.raw)
CARDS = split(OURS, Scheme(2, 3))
KIND = "crew.RecoverySplit"

pytestmark = pytest.mark.attack


def test_cards_of_another_secret_make_no_new_cards_for_this_office() -> None:
    with pytest.raises(OtherSecret):
        split_again(OFFICE, split(THEIRS, Scheme(2, 3)), ROOT.public.raw, b"n" * 32, Scheme(2, 3))


def test_new_cards_signed_by_another_root_count_for_nothing() -> None:
    theirs = root_of(THEIRS).public.raw
    forged = split_again(OFFICE, split(THEIRS, Scheme(1, 1)), theirs, b"n" * 32, Scheme(1, 1))
    with pytest.raises(BadSignature):
        parse_recovery_fact(KIND, forged.body, OFFICE, ROOT.public)


def test_new_cards_in_a_devices_name_count_for_nothing() -> None:
    made = split_again(OFFICE, CARDS, ROOT.public.raw, b"n" * 32, Scheme(2, 3))
    signed = SIGNED.decode(made.body)
    moved = encode(Signed(signed.fact, b"d" * 16, signed.signature))
    with pytest.raises(BadSignature):
        parse_recovery_fact(KIND, moved, OFFICE, ROOT.public)


def test_card_that_was_rewritten_is_noticed_beside_enough_good_ones() -> None:
    value = split(THEIRS, Scheme(2, 3))[2].numbers[4:-3]
    told = (*CARDS[2].numbers[:4], *value)
    rewritten = share_of((*told, *create_checksum(told, CUSTOMIZATION_STRING_EXTENDABLE)))
    assert combine(CARDS[:2]) == OURS
    with pytest.raises(SharesContradict):
        combine((*CARDS[:2], rewritten))


def test_found_card_does_not_say_which_program_it_belongs_to() -> None:
    for language in ("en", "ru"):
        pack = Pack.of(OURS, Scheme(2, 3), date(2026, 11, 28), language)
        assert not [share for share in pack.shares if "safec" in card_text(pack, share).casefold()]
