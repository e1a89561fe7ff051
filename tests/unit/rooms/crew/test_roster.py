# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who belongs to the office (spec/journal.md 6)."""

from dataclasses import replace
from itertools import permutations

import pytest

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew import (
    DeviceAdmitted,
    EpochOpened,
    Role,
    Roster,
    Told,
    admit,
    fold,
    may_write,
    write_fact,
)
from safeconduct.rooms.crew.decide import AlreadyAdmitted, NameTaken, NotASteward
from tests.kit.builders import Office, build_device, build_office, found, founding_fact


@pytest.fixture
def office() -> Office:
    return build_office(devices=3)


def standing(office: Office, told: list[Told]) -> set[str]:
    """The names of the devices that stand."""
    return {member.device.name for member in fold(office.id, told).members.values()}


def admitted(office: Office, number: int, *roles: Role) -> DeviceAdmitted:
    """The fact that admits a device."""
    return DeviceAdmitted(
        office.devices[number].known.card, "colleague", tuple(role.value for role in roles)
    )


def test_the_founder_stands_and_admits_the_others(office: Office) -> None:
    roster = fold(office.id, found(office))
    assert len(roster.members) == 3
    founder, second, _ = office.devices
    assert roster.roles(founder.id) == {Role.STEWARD, Role.OPERATOR}
    assert roster.roles(second.id) == {Role.OPERATOR}
    assert roster.members[second.id].admitted_by == founder.id
    assert roster.members[founder.id].admitted_by is None
    assert roster.founded is not None
    assert roster.refused == ()
    assert len(roster.taken) == 3
    assert list(roster.taken) == sorted(roster.taken)


def test_the_same_facts_make_one_roster_in_any_order(office: Office) -> None:
    told = found(office)
    steward = office.write_crew(office.devices[0], admitted(office, 1, Role.STEWARD))
    told = [told[0], steward, office.write_crew(office.devices[1], admitted(office, 2))]
    rosters = [fold(office.id, order) for order in permutations(told)]
    assert all(roster == rosters[0] for roster in rosters)
    assert len(rosters[0].members) == 3


def test_without_its_founding_fact_an_office_has_nobody(office: Office) -> None:
    told = found(office)
    assert fold(office.id, told[1:]) == Roster(office.id)
    assert fold(OfficeId(bytes(16)), told).founded is None


def test_a_founding_fact_signed_by_another_root_counts_for_nothing(office: Office) -> None:
    forged = LongSigningKey.from_seed(bytes(64))
    body = write_fact(founding_fact(office), office.id, b"", forged)
    told = Told(
        office.write(office.devices[0]).id, office.devices[0].id, "crew.OfficeFounded", body
    )
    assert fold(office.id, [told]).members == {}


def test_a_founding_fact_copied_by_a_colleague_changes_nothing(office: Office) -> None:
    told = found(office)
    copied = replace(
        told[0], commit=office.write(office.devices[1]).id, device=office.devices[1].id
    )
    roster = fold(office.id, [copied, *told])
    assert roster.members == fold(office.id, told).members
    assert copied.commit in roster.refused
    assert told[0].commit in roster.taken


def test_only_a_steward_admits(office: Office) -> None:
    told = found(office)
    operator = office.devices[1]
    new = build_device(office.id, "stranger", office.rng)
    told.append(office.write_crew(operator, DeviceAdmitted(new.known.card, "x", ("steward",))))
    roster = fold(office.id, told)
    assert new.id not in roster.members
    assert roster.refused == (told[-1].commit,)


def test_nobody_admits_in_a_stewards_name(office: Office) -> None:
    founder, second, third = office.devices
    told = found(office)[:1]
    fact = admitted(office, 2)
    forgeries = (
        write_fact(fact, office.id, founder.id, second.signing),
        write_fact(fact, office.id, second.id, founder.signing),
        write_fact(fact, OfficeId(bytes(16)), founder.id, founder.signing),
    )
    for body in forgeries:
        for device in (founder, second):
            forged = Told(office.write(device).id, device.id, "crew.DeviceAdmitted", body)
            assert third.id not in fold(office.id, [*told, forged]).members


def test_a_stewards_fact_replayed_in_anothers_commit_counts_for_nothing(office: Office) -> None:
    told = found(office)
    moved = replace(told[2], device=office.devices[1].id)
    assert office.devices[2].id not in fold(office.id, [*told[:2], moved]).members


def test_a_fact_of_one_kind_is_no_fact_of_another(office: Office) -> None:
    told = found(office)
    other = replace(told[2], kind="crew.EpochOpened")
    assert standing(office, [*told[:2], other]) == {"desk 0", "desk 1"}


def test_what_is_broken_or_newer_is_listed_and_changes_nothing(office: Office) -> None:
    told = found(office)
    founder = office.devices[0]
    card = bytearray(office.devices[2].known.card)
    card[100] ^= 1
    broken = DeviceAdmitted(bytes(card), "x", ())
    strange = (
        Told(office.write(founder).id, founder.id, "crew.Unknown", told[2].body),
        Told(office.write(founder).id, founder.id, "crew.DeviceAdmitted", b"\xff"),
        replace(told[2], commit=office.write(founder).id, version=2),
        office.write_crew(founder, broken),
    )
    roster = fold(office.id, [*told[:2], *strange])
    assert set(roster.refused) == {item.commit for item in strange}
    assert len(roster.members) == 2


def test_a_role_of_a_newer_program_gives_no_rights_and_takes_none(office: Office) -> None:
    told = found(office)[:1]
    fact = replace_roles(admitted(office, 1), "operator", "quartermaster")
    told.append(office.write_crew(office.devices[0], fact))
    assert fold(office.id, told).roles(office.devices[1].id) == {Role.OPERATOR}


def replace_roles(fact: DeviceAdmitted, *roles: str) -> DeviceAdmitted:
    """The fact with roles as text."""
    return DeviceAdmitted(fact.card, fact.person, roles)


def test_admitted_twice_is_admitted_once(office: Office) -> None:
    told = found(office)
    told.append(office.write_crew(office.devices[0], admitted(office, 1, Role.STEWARD)))
    roster = fold(office.id, told)
    assert len(roster.members) == 3
    assert len(roster.refused) == 1
    assert roster.roles(office.devices[1].id) >= fold(office.id, found(office)).roles(
        office.devices[1].id
    )


def test_every_parcel_of_an_epoch_counts(office: Office) -> None:
    told = found(office)
    founder = office.devices[0]
    parcels = [bytes([number]) * 32 for number in range(3)]
    for parcel in parcels:
        fact = EpochOpened(office.hotline, 1, parcel, (founder.id,))
        told.append(office.write_crew(founder, fact))
    told.append(office.write_crew(office.devices[1], EpochOpened(office.hotline, 1, b"x" * 32, ())))
    roster = fold(office.id, told)
    assert roster.parcels == set(parcels)
    assert set(roster.epochs) == {(office.hotline, 1)}
    assert roster.refused == (told[-1].commit,)


def test_who_may_write_what(office: Office) -> None:
    founder, operator, documenter = office.devices
    told = found(office)[:2]
    told.append(office.write_crew(founder, admitted(office, 2, Role.DOCUMENTER)))
    roster = fold(office.id, told)
    assert may_write(roster, founder.id, "crew.DeviceAdmitted")
    assert not may_write(roster, operator.id, "crew.DeviceAdmitted")
    assert may_write(roster, operator.id, "hotline.AnswerWritten")
    assert not may_write(roster, documenter.id, "hotline.AnswerWritten")
    assert may_write(roster, documenter.id, "testimony.StatementTaken")
    stranger = build_device(office.id, "stranger", office.rng)
    assert not may_write(roster, stranger.id, "hotline.AnswerWritten")


def test_a_line_writes_nothing_that_helpers_write(office: Office) -> None:
    told = found(office)[:1]
    told.append(office.write_crew(office.devices[0], admitted(office, 1, Role.LINE)))
    roster = fold(office.id, told)
    for kind in ("crew.X", "hotline.X", "cases.X", "hotline"):
        assert not may_write(roster, office.devices[1].id, kind)


def test_admitting_asks_for_a_steward_a_new_device_and_a_new_name(office: Office) -> None:
    founder, operator, _ = office.devices
    roster = fold(office.id, found(office)[:2])
    new = build_device(office.id, "laptop", office.rng).known
    fact = admit(roster, founder.id, new, person="B.", roles=frozenset({Role.OPERATOR, Role.LEGAL}))
    assert fact == DeviceAdmitted(new.card, "B.", ("legal", "operator"))
    namesake = build_device(office.id, operator.name, office.rng).known
    refusals: list[tuple[type[SafeconductError], object, object]] = [
        (NotASteward, operator.id, new),
        (AlreadyAdmitted, founder.id, operator.known),
        (NameTaken, founder.id, namesake),
    ]
    for error, by, device in refusals:
        with pytest.raises(error):
            admit(roster, by, device, person="B.", roles=frozenset())  # type: ignore[arg-type]
