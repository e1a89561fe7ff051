# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stewards who change a team, remove each other and pass its key on (spec/crew.md 16)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import VaultId
from safeconduct.rooms.crew import (
    EpochOpened,
    KeyEpoch,
    KeyFacts,
    KeysGranted,
    KeysRenewed,
    Told,
    Vault,
    count_keys,
    fold_vaults,
    key_groups,
)
from safeconduct.rooms.crew.rotation import STRIDE
from tests.kit.teams import PARCEL, TeamOffice

STEWARDS, DEVICES = 3, 6
PART = VaultEpoch(VaultId(b"c" * 16), 1)
FEW = settings(max_examples=25, deadline=None)
who = st.integers(0, DEVICES - 1)
steward = st.integers(0, STEWARDS - 1)
deeds = st.sampled_from(["formed", "given", "drawn", "renewed", "cut"])
epochs = st.integers(1, 2).map(lambda number: number * STRIDE)


def act(data: st.DataObject, office: TeamOffice, formed: list[Told]) -> None:
    """Let somebody do something that may change who belongs to the team, or knows its key."""
    by, deed = data.draw(who), data.draw(deeds)
    some = tuple(data.draw(st.sets(who, min_size=1, max_size=4)))
    ids = tuple(office.device(number).id for number in some)
    epoch = data.draw(epochs)
    if deed == "formed":
        over = data.draw(st.lists(st.sampled_from(formed), max_size=2, unique=True))
        formed.append(office.form(by, *some, over=tuple(over)))
    elif deed == "given":
        office.tell(by, KeysGranted(key_groups([(office.id, 1)]), PARCEL, ids, ()))
    elif deed == "drawn":
        office.tell(by, EpochOpened(office.id, epoch, PARCEL, ids))
    elif deed == "renewed":
        office.tell(by, KeysRenewed(key_groups([PART]), PARCEL, (), (KeyEpoch(office.id, epoch),)))
    else:
        one = office.device(data.draw(steward))
        office.crew.suspend(office.device(by), office.crew.cut(one, max(0, len(one.commits) - 1)))


def folded(office: TeamOffice, told: list[int]) -> tuple[KeyFacts, dict[VaultId, Vault]]:
    """What is known when facts were read in this order."""
    roster = office.crew.roster()
    counted = count_keys(roster, [office.told[number] for number in told])
    return counted, fold_vaults(counted.heard, hold=counted.hold)


@FEW
@given(st.data())
def test_any_order_of_facts_gives_the_same_teams_and_keys(data: st.DataObject) -> None:
    office = TeamOffice(STEWARDS, DEVICES - STEWARDS, members=(0, 3))
    formed = [office.first]
    for _ in range(data.draw(st.integers(1, 8))):
        act(data, office, formed)
    numbers = list(range(len(office.told)))
    one, vaults = folded(office, numbers)
    other, again = folded(office, data.draw(st.permutations(numbers)))
    assert (one.teams, one.hold, vaults) == (other.teams, other.hold, again)
    assert (one.given.devices, one.given.teams) == (other.given.devices, other.given.teams)


@FEW
@given(st.data())
def test_nobody_comes_into_a_team_by_who_does_not_belong_to_it(data: st.DataObject) -> None:
    office = TeamOffice(STEWARDS, DEVICES - STEWARDS, members=(0, 3))
    formed = [office.first]
    outside = st.sampled_from([number for number in range(DEVICES) if number not in {0, 3}])
    for _ in range(data.draw(st.integers(1, 8))):
        some = data.draw(st.sets(who, min_size=1, max_size=5))
        over = data.draw(st.lists(st.sampled_from(formed), max_size=3, unique=True))
        formed.append(office.form(data.draw(outside), *some, over=tuple(over)))
        assert office.members() <= {0, 3}
