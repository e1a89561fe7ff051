# SPDX-License-Identifier: AGPL-3.0-or-later
"""What counts of keys grows with facts about case files as if all were counted anew."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.journal import Fact, VaultEpoch
from safeconduct.kernel.words import FactId, VaultId
from safeconduct.rooms.crew import (
    KeyEpoch,
    KeyFacts,
    KeysGranted,
    KeysRenewed,
    KeyTold,
    Proofs,
    Told,
    Vault,
    Vaults,
    count_keys,
    fold_vaults,
    grown_keys,
    key_groups,
    kind_of,
    write_fact,
)
from safeconduct.rooms.crew.case_facts import CaseOpened, Place, vaults_of
from safeconduct.rooms.crew.events import CrewFact
from safeconduct.rooms.crew.key_proofs import checked
from safeconduct.rooms.crew.rotation import STRIDE
from safeconduct.rooms.crew.travel_facts import TravelBegun, TravelEnded
from tests.kit.teams import PARCEL, TeamOffice

STEWARDS, DEVICES = 2, 4
FEW = settings(max_examples=25, deadline=None)
who = st.integers(0, DEVICES - 1)
deeds = st.sampled_from(["opened"] * 4 + ["given"] * 4 + ["to team", "renewed", "left", "back"])
parcels = st.sampled_from([PARCEL, b"q" * 32])
Batch = list[KeyTold]


def commit(office: TeamOffice, by: int, facts: list[CrewFact]) -> Batch:
    """Let a device write facts in one commit."""
    device, where = office.device(by), office.crew.office
    bodies = [(kind_of(f), write_fact(f, where.id, device.id, device.signing)) for f in facts]
    written = where.write(device, *(Fact(where.crew, kind, 1, body) for kind, body in bodies))
    sequence = device.pen.sequence
    return [
        KeyTold(where.crew, sequence, Told(written.id, device.id, kind, body, 1, sequence, index))
        for index, (kind, body) in enumerate(bodies)
    ]


def act(
    data: st.DataObject, office: TeamOffice, keys: list[VaultEpoch], trips: list[FactId]
) -> Batch:
    """Open a case file, give keys of some, renew them, or leave on a trip and come back."""
    by, deed, parcel = data.draw(who), data.draw(deeds), data.draw(parcels)
    ids = tuple(office.device(one).id for one in data.draw(st.sets(who, min_size=1, max_size=2)))
    team = (KeyEpoch(office.id, 1),) if data.draw(st.booleans()) else ()
    places = st.integers(0, max(0, len(keys) - 1))
    some = [keys[one] for one in data.draw(st.sets(places, min_size=1, max_size=2)) if keys]
    if deed == "opened" or not some:
        device = office.device(by)
        place = Place(office.crew.office.id, device.id, device.pen.sequence + 1, 0)
        fresh = [VaultEpoch(vault, 1) for vault in vaults_of(place, 2)]
        keys += fresh
        first = KeysGranted(key_groups(fresh), parcel, ids, team)
        return commit(office, by, [CaseOpened(2, 1), first])
    vaults = tuple(sorted({where.vault for where in some}))
    facts: dict[str, CrewFact] = {
        "given": KeysGranted(key_groups(some), parcel, ids, ()),
        "to team": KeysGranted(key_groups(some), parcel, (), (KeyEpoch(office.id, 1),)),
        "renewed": KeysRenewed(key_groups([VaultEpoch(some[0].vault, STRIDE)]), parcel, ids, ()),
        "left": TravelBegun(1, vaults),
        "back": TravelEnded(office.device(3).id, tuple(trips), parcel),
    }
    if deed == "renewed":
        keys.append(VaultEpoch(some[0].vault, STRIDE))
    written = commit(office, 3 if deed == "left" else by, [facts[deed]])
    if deed == "left":
        trips.append(written[0].told.id)
    return written


def told_by(facts: KeyFacts, vaults: Mapping[VaultId, Vault]) -> tuple[object, ...]:
    """Return what facts tell, in no order."""
    given = facts.given
    to_teams = {where: teams for where, teams in given.teams.items() if teams}
    cases = {one.id: one for one in facts.cases}
    heard = sorted(map(repr, facts.heard))
    known = facts.parts, facts.waits, facts.trips, facts.teams, facts.hold
    return (*known, given.devices, to_teams, given.newest, cases, heard, vaults)


@FEW
@given(st.data())
def test_facts_that_come_one_after_another_count_as_all_of_them_do(data: st.DataObject) -> None:
    office = TeamOffice(STEWARDS, DEVICES - STEWARDS, members=(0, 2))
    keys, trips = list[VaultEpoch](), list[FactId]()
    batches = [act(data, office, keys, trips) for _ in range(data.draw(st.integers(1, 8)))]
    roster, proofs, seen = office.crew.roster(), Proofs(), [*office.told]
    facts = count_keys(roster, seen, proofs)
    vaults, upto = Vaults(facts.given, facts.hold), 0
    for number in data.draw(st.permutations(range(len(batches)))):
        batch = batches[number]
        vaults.hear(facts.heard[upto:])
        upto, seen = len(facts.heard), seen + batch
        grown = grown_keys(roster, facts, batch, proofs)
        if grown is None:
            grown = count_keys(roster, seen, proofs)
            vaults, upto = Vaults(grown.given, grown.hold), 0
        facts = grown
        vaults.hear(facts.heard[upto:])
        upto = len(facts.heard)
        anew = count_keys(roster, seen)
        every = fold_vaults(anew.heard, hold=anew.hold)
        assert told_by(facts, vaults.found) == told_by(anew, every)


def test_what_case_files_bring_is_counted_without_the_rest() -> None:
    office = TeamOffice(STEWARDS, DEVICES - STEWARDS, members=(0, 2))
    roster, proofs = office.crew.roster(), Proofs()
    facts = count_keys(roster, office.told, proofs)
    for by in (0, 2):
        device = office.device(by)
        place = Place(office.crew.office.id, device.id, device.pen.sequence + 1, 0)
        fresh = key_groups(VaultEpoch(vault, 1) for vault in vaults_of(place, 6))
        team = (KeyEpoch(office.id, 1),)
        given = [
            KeysGranted(fresh, PARCEL, to, via) for to, via in (((device.id,), ()), ((), team))
        ]
        grown = grown_keys(roster, facts, commit(office, by, [CaseOpened(6, 1), *given]), proofs)
        assert grown is not None or by != 0
        facts = grown or facts
    assert facts.cases


def test_a_fact_that_was_checked_counts_without_its_signature_and_only_as_checked() -> None:
    office = TeamOffice(STEWARDS, DEVICES - STEWARDS, members=(0, 2))
    roster, device = office.crew.roster(), office.device(0)
    place = Place(office.crew.office.id, device.id, device.pen.sequence + 1, 0)
    fresh = key_groups(VaultEpoch(vault, 1) for vault in vaults_of(place, 6))
    told = commit(office, 0, [CaseOpened(6, 1), KeysGranted(fresh, PARCEL, (device.id,), ())])
    whole = count_keys(roster, [*office.told, *told])
    short = [checked(one) for one in told]
    counted = count_keys(roster, [*office.told, *short])
    vaults = [fold_vaults(one.heard, hold=one.hold) for one in (whole, counted)]
    assert told_by(counted, vaults[1]) == told_by(whole, vaults[0])
    assert all(
        len(one.told.body) < len(two.told.body) - 3_000
        for one, two in zip(short, told, strict=True)
    )
    unsaid = [one._replace(proved=False) for one in short]
    assert not count_keys(roster, [*office.told, *unsaid]).cases
