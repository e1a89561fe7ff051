# SPDX-License-Identifier: AGPL-3.0-or-later
"""What takes two stewards, and when one suffices (spec/crew.md 1 and 2)."""

from dataclasses import replace

import pytest

from safeconduct.rooms.crew import (
    Role,
    Standing,
    admit,
    check_inviter,
    fold,
    may_write,
    write_fact,
)
from safeconduct.rooms.crew.decide import NobodyToSecond
from safeconduct.rooms.crew.events import (
    SIGNED,
    DeviceAdmitted,
    DeviceSuspended,
    Seconded,
    hash_of,
)
from tests.kit.builders import build_device
from tests.kit.crews import OPERATOR, STEWARD, Crew

LEGAL = ("legal", "operator")


def test_founder_alone_grants_and_expels_before_there_are_two() -> None:
    crew = Crew(1, 3)
    a, b, c, d = crew.devices
    crew.grant(a, b, LEGAL)
    crew.expel(a, crew.cut(c))
    crew.grant(a, d, STEWARD)
    roster = crew.roster()
    assert roster.roles(b.id) == {Role.LEGAL, Role.OPERATOR}
    assert roster.standing(c.id) is Standing.EXPELLED
    assert Role.STEWARD in roster.roles(d.id)
    assert roster.quarantined == {}


def test_third_steward_is_admitted_without_the_role_until_a_second_signs() -> None:
    crew = Crew(1, 2)
    a, b, _ = crew.devices
    check_inviter(crew.roster(), a.id, frozenset({Role.STEWARD}))
    crew.grant(a, b, STEWARD)
    new = build_device(crew.office.id, "new", crew.office.rng)
    both = frozenset({Role.STEWARD, Role.OPERATOR})
    fact = admit(crew.roster(), b.id, new.known, person="C.", roles=both)
    told = crew.office.write_crew(b, fact)
    crew.told.append(told)
    roster = crew.roster()
    assert roster.roles(new.id) == {Role.OPERATOR}
    assert roster.pending[told.id].devices == (new.id,)
    crew.second(a, told)
    assert crew.roster().roles(new.id) == both
    assert crew.roster().pending == {}


@pytest.mark.parametrize("roles", [("operator",), ("operator", "steward")])
def test_one_steward_takes_no_role_from_another_by_admitting_it_again(
    roles: tuple[str, ...],
) -> None:
    crew = Crew(3)
    _, b, c = crew.devices
    before = crew.roster()
    assert Role.STEWARD in before.roles(c.id)
    crew.told.append(crew.office.write_crew(b, DeviceAdmitted(c.known.card, "C.", roles)))
    after = crew.roster()
    assert after.roles(c.id) >= before.roles(c.id)
    assert after.members[c.id].had >= before.members[c.id].had
    assert list(after.refused) == [crew.told[-1].commit]


def test_where_one_of_two_stewards_is_out_nobody_is_invited_as_another() -> None:
    crew = Crew(2)
    a, b = crew.devices
    crew.suspend(a, crew.cut(b))
    check_inviter(crew.roster(), a.id, frozenset({Role.OPERATOR}))
    with pytest.raises(NobodyToSecond):
        check_inviter(crew.roster(), a.id, frozenset({Role.STEWARD}))


def test_what_the_founder_did_alone_goes_on_counting_when_there_are_two() -> None:
    crew = Crew(1, 2)
    a, b, c = crew.devices
    crew.grant(a, b, LEGAL)
    crew.grant(a, c, STEWARD)
    alone = crew.grant(a, b, OPERATOR, crew.told[-2])
    assert crew.roster().roles(b.id) == {Role.LEGAL, Role.OPERATOR}
    assert crew.roster().quarantined == {alone.id: "not_seconded"}
    crew.second(c, alone)
    assert crew.roster().roles(b.id) == {Role.OPERATOR}


def test_founder_who_gives_roles_to_the_own_device_is_still_alone() -> None:
    crew = Crew(1, 1)
    a, b = crew.devices
    crew.grant(a, a, (*STEWARD, "legal"))
    crew.admit(a, a, STEWARD)
    crew.grant(a, b, LEGAL)
    roster = crew.roster()
    assert roster.roles(a.id) == {Role.STEWARD, Role.OPERATOR, Role.LEGAL}
    assert roster.roles(b.id) == {Role.LEGAL, Role.OPERATOR}


@pytest.mark.parametrize("who", [0, 1])
def test_one_of_two_stewards_grants_expels_and_readmits_nobody_alone(who: int) -> None:
    crew = Crew(2, 1)
    c = crew.devices[2]
    one, other = crew.devices[who], crew.devices[1 - who]
    granted = crew.grant(one, c, STEWARD)
    crew.second(one, granted)
    removal = crew.expel(one, crew.cut(c))
    crew.second(one, removal)
    assert crew.roster().roles(c.id) == frozenset()
    assert crew.roster().members[c.id].roles == {Role.OPERATOR}
    assert crew.roster().standing(c.id) is Standing.SUSPENDED
    back = crew.readmit(one, crew.cut(c), removal)
    crew.second(one, back)
    roster = crew.roster()
    assert roster.standing(c.id) is Standing.SUSPENDED
    assert roster.quarantined == {granted.id: "not_seconded", back.id: "not_seconded"}
    for told in (granted, back):
        crew.second(other, told)
    assert Role.STEWARD in crew.roster().roles(c.id)


def test_one_steward_makes_no_second_one_of_a_new_device() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    puppet = build_device(crew.office.id, "puppet", crew.office.rng)
    told = crew.admit(b, puppet, STEWARD)
    crew.second(puppet, told)
    removal = crew.expel(b, crew.cut(a))
    crew.second(puppet, removal)
    crew.suspend(puppet, crew.cut(c))
    roster = crew.roster()
    assert roster.roles(puppet.id) == {Role.OPERATOR}
    assert roster.standing(a.id) is Standing.SUSPENDED
    assert roster.standing(c.id) is Standing.STANDING
    crew.second(a, told)
    assert Role.STEWARD not in crew.roster().roles(puppet.id)


def test_root_key_is_the_second_when_one_steward_is_left() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    crew.suspend(a, crew.cut(b))
    told = crew.grant(a, c, STEWARD)
    assert crew.roster().roles(c.id) == {Role.OPERATOR}
    crew.second(a, told, root=True)
    assert Role.STEWARD in crew.roster().roles(c.id)


def test_helper_is_no_second() -> None:
    crew = Crew(2, 1)
    a, _, c = crew.devices
    told = crew.grant(a, c, STEWARD)
    second = crew.second(c, told)
    roster = crew.roster()
    assert roster.roles(c.id) == {Role.OPERATOR}
    assert roster.quarantined[second.id] == "not_a_steward"


def test_second_beyond_its_signers_cut_is_none() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    cut = crew.cut(b)
    told = crew.grant(a, d, STEWARD)
    crew.second(b, told)
    assert Role.STEWARD in crew.roster().roles(d.id)
    crew.suspend(c, cut)
    assert crew.roster().roles(d.id) == {Role.OPERATOR}


def test_second_of_other_bytes_is_none() -> None:
    crew = Crew(2, 2)
    a, b, c, d = crew.devices
    told, other = crew.grant(a, c, STEWARD), crew.grant(a, d, STEWARD)
    wrong = hash_of(SIGNED.decode(other.body))
    crew.told.append(crew.office.write_crew(b, Seconded(told.id, wrong)))
    crew.told.append(crew.office.write_crew(b, Seconded(other.id[:-1] + b"\1", wrong)))
    roster = crew.roster()
    assert roster.roles(c.id) == roster.roles(d.id) == {Role.OPERATOR}


def test_root_key_seconds_and_signs_nothing_else_of_these() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    by_root = (crew.office.id, b"", crew.office.root)
    body = write_fact(DeviceSuspended((crew.cut(c),), ""), *by_root)
    forged = replace(crew.told[-1], kind="crew.DeviceSuspended", body=body)
    assert fold(crew.office.id, [*crew.told, forged], crew.held).removed == {}
    second = crew.second(b, crew.grant(a, c, STEWARD), root=True)
    assert second.id not in crew.roster().quarantined


def test_of_two_grants_the_fewer_roles_hold_until_one_replaces_both() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    one, other = crew.grant(a, c, LEGAL), crew.grant(b, c, ("analyst", "operator"))
    crew.second(b, one)
    crew.second(a, other)
    assert crew.roster().roles(c.id) == {Role.OPERATOR}
    crew.second(b, crew.grant(a, c, LEGAL, one, other))
    assert crew.roster().roles(c.id) == {Role.LEGAL, Role.OPERATOR}


def test_of_two_admissions_both_give_their_roles() -> None:
    crew = Crew(2)
    a, b = crew.devices
    new = build_device(crew.office.id, "new", crew.office.rng)
    crew.admit(a, new, LEGAL)
    crew.admit(b, new, ("analyst", "operator"))
    assert crew.roster().roles(new.id) == {Role.LEGAL, Role.ANALYST, Role.OPERATOR}
    crew.admit(b, a, ())
    assert Role.STEWARD in crew.roster().roles(a.id)


def test_nobody_loses_the_role_steward_without_a_cut() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    fewer = crew.grant(a, c, OPERATOR)
    crew.second(b, fewer)
    roster = crew.roster()
    assert Role.STEWARD in roster.roles(c.id)
    assert roster.quarantined == {fewer.id: "no_cut"}


def test_grant_of_the_role_steward_is_not_taken_back_without_a_cut() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    more = crew.grant(a, c, STEWARD)
    fewer = crew.grant(a, c, OPERATOR, more)
    for told in (more, fewer):
        crew.second(b, told)
    assert Role.STEWARD in crew.roster().roles(c.id)
    assert crew.roster().quarantined == {fewer.id: "no_cut"}


def test_what_was_written_under_older_roles_counts_and_after_a_return_only_under_the_new() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    crew.works(c)
    crew.second(b, crew.grant(a, c, ("legal",)))
    assert crew.roster().roles_at(c.id, 1) == {Role.OPERATOR, Role.LEGAL}
    assert may_write(crew.roster(), c.id, "hotline.NoteWritten", 1)
    assert not may_write(crew.roster(), c.id, "hotline.NoteWritten")
    removal = crew.suspend(a, crew.cut(c))
    crew.works(c)
    crew.second(b, crew.readmit(a, crew.cut(c), removal))
    roster = crew.roster()
    assert [roster.roles_at(c.id, n) for n in (1, 2, 3)] == [
        {Role.OPERATOR, Role.LEGAL},
        set(),
        {Role.LEGAL},
    ]


def test_who_came_back_with_fewer_roles_admits_nobody() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    first = crew.grant(c, d, LEGAL)
    crew.second(a, first)
    removal = crew.suspend(a, crew.cut(c))
    back = crew.readmit(a, crew.cut(c), removal)
    for told in (crew.grant(a, c, OPERATOR), back):
        crew.second(b, told)
    new = build_device(crew.office.id, "new", crew.office.rng)
    late = crew.admit(c, new, OPERATOR)
    stop = crew.suspend(c, crew.cut(d))
    roster = crew.roster()
    assert roster.standing(c.id) is Standing.STANDING
    assert roster.roles(c.id) == {Role.OPERATOR}
    assert roster.roles(d.id) == {Role.LEGAL, Role.OPERATOR}
    assert new.id not in roster.members
    assert set(roster.quarantined) == {late.id, stop.id}
