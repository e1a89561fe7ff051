# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device that the recovery cards admit, as one that is restored from a backup (crew.md 8)."""

from __future__ import annotations

import itertools

from safeconduct.rooms.crew import Role, Standing, fold
from safeconduct.rooms.crew.fold import BAD_SIGNATURE, ROOT_REPLACED
from safeconduct.rooms.crew.recovery import root_of
from tests.kit.builders import Device, build_device
from tests.kit.crews import Crew

STEWARD = ("steward",)
FRESH, STRANGE = b"f" * 32, b"s" * 32


def restored(crew: Crew) -> Device:
    """A device that nobody knows yet."""
    return build_device(crew.office.id, "restored", crew.office.rng)


def test_root_admits_a_steward_alone_and_everybody_is_told() -> None:
    crew = Crew(2, 1)
    new = restored(crew)
    before = crew.roster()
    told = crew.admit(new, new, STEWARD, root=True)
    roster = crew.roster()
    assert roster.roles(new.id) == {Role.STEWARD}
    assert set(roster.uses) - set(before.uses) == {told.id}
    assert new.id in roster.stewards


def test_no_other_root_admits_anybody() -> None:
    crew = Crew(2, 1)
    new = restored(crew)
    told = crew.admit(new, new, STEWARD, root=root_of(STRANGE))
    roster = crew.roster()
    assert new.id not in roster.members
    assert roster.quarantined[told.id] == BAD_SIGNATURE
    assert roster.uses == ()


def test_cards_that_were_replaced_admit_nobody_but_whom_the_split_names() -> None:
    crew = Crew(2, 1)
    one, other = restored(crew), restored(crew)
    kept = crew.admit(one, one, STEWARD, root=True)
    split = crew.split(crew.devices[0], FRESH, kept)
    crew.second(crew.devices[0], split)
    late = crew.admit(other, other, STEWARD, root=True)
    roster = crew.roster()
    assert roster.cards.root_key == root_of(FRESH).public.raw
    assert one.id in roster.members
    assert other.id not in roster.members
    assert roster.quarantined[late.id] == ROOT_REPLACED


def test_what_it_does_counts_in_any_order_and_it_can_be_removed() -> None:
    crew = Crew(2)
    new = restored(crew)
    crew.devices.append(new)
    crew.admit(new, new, STEWARD, root=True)
    founder = crew.devices[0]
    crew.suspend(new, crew.cut(founder))
    rosters = [fold(crew.office.id, told, crew.held) for told in itertools.permutations(crew.told)]
    assert all(one == rosters[0] for one in rosters)
    assert rosters[0].standing(founder.id) is Standing.SUSPENDED
    crew.suspend(crew.devices[1], crew.cut(new))
    assert crew.roster().standing(new.id) is Standing.SUSPENDED
