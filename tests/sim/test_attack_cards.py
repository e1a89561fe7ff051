# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody with cards of their own, or with one of ours, against an office's recovery."""

from dataclasses import replace
from datetime import date

import pytest
from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE
from shamir_mnemonic.rs1024 import create_checksum

from safeconduct.kernel.canon import encode
from safeconduct.kernel.journal import Fact
from safeconduct.programs.cards import Pack, card_text
from safeconduct.rooms.crew import Role, office_id
from safeconduct.rooms.crew.events import SIGNED, Signed
from safeconduct.rooms.crew.recovery import OtherSecret, root_of
from safeconduct.rooms.crew.recovery_facts import Before, split_again
from safeconduct.rooms.crew.shares import (
    Scheme,
    SharesContradict,
    combine,
    share_of,
    split,
)
from tests.kit.crews import STEWARD, Crew
from tests.sim.courier import Rehearsal
from tests.sim.steps import pass_on
from tests.sim.test_recovery import use

OURS, THEIRS = b"o" * 32, b"t" * 32
ROOT = root_of(OURS).public.raw
BEFORE = Before(office_id(ROOT), ROOT)
CARDS = split(OURS, Scheme(2, 3))

pytestmark = pytest.mark.attack


def test_cards_of_another_secret_make_no_new_cards_for_this_office() -> None:
    with pytest.raises(OtherSecret):
        split_again(BEFORE, split(THEIRS, Scheme(2, 3)), b"n" * 32, Scheme(2, 3))


def made_anew() -> Crew:
    """An office of three stewards and an operator, whose cards were made anew."""
    crew = Crew(3, 1)
    crew.second(crew.devices[0], crew.split(crew.devices[1], OURS))
    return crew


def test_new_cards_signed_by_another_root_count_for_nothing() -> None:
    crew = Crew(3, 1)
    before, operator = crew.roster(), crew.devices[-1]
    crew.second(crew.devices[0], crew.split(operator, THEIRS, root=root_of(THEIRS)))
    assert crew.roster().cards == before.cards


def test_use_signed_by_another_root_makes_no_steward() -> None:
    crew = Crew(3, 1)
    operator = crew.devices[-1]
    granted = crew.grant(operator, operator, STEWARD, root=root_of(THEIRS))
    crew.use(operator, granted, root=root_of(THEIRS))
    assert Role.STEWARD not in crew.roster().roles(operator.id)
    assert not crew.roster().uses


def test_new_cards_in_a_devices_name_count_for_nothing() -> None:
    crew = Crew(3, 1)
    before, steward = crew.roster(), crew.devices[1]
    told = crew.split(steward, OURS)
    signed = SIGNED.decode(told.body)
    moved = replace(told, body=encode(Signed(signed.fact, steward.id, signed.signature)))
    crew.told[-1] = moved
    crew.second(crew.devices[0], moved)
    assert crew.roster().cards == before.cards


def test_new_cards_that_no_steward_seconded_count_for_nothing() -> None:
    crew = Crew(3, 1)
    before, operator = crew.roster(), crew.devices[-1]
    crew.second(operator, crew.split(operator, OURS))
    assert crew.roster().cards == before.cards


def test_replaced_cards_remove_nobody() -> None:
    crew = made_anew()
    operator, founder = crew.devices[-1], crew.devices[0]
    crew.use(operator, crew.expel(operator, crew.cut(founder), root=True))
    assert not crew.roster().removed


def test_cards_that_were_used_unseen_make_no_steward() -> None:
    crew = Crew(3, 1)
    operator = crew.devices[-1]
    crew.grant(operator, operator, STEWARD, root=True)
    assert Role.STEWARD not in crew.roster().roles(operator.id)


def test_split_by_old_cards_and_one_turned_steward_takes_no_office_over() -> None:
    crew = made_anew()
    turned = crew.devices[2]
    crew.second(turned, crew.split(turned, THEIRS))
    assert crew.roster().cards.root_key == b""


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


def test_malformed_grant_of_a_helper_keeps_no_cards_from_use(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    vault = second.journal.crew_vault
    third.journal.write([Fact(vault, "crew.RoleGranted", 1, b"malformed")])
    pass_on(stage, "third", "second")
    use(stage, second, first)
    assert Role.STEWARD in second.roster().roles(second.device)
