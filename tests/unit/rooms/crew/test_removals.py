# SPDX-License-Identifier: AGPL-3.0-or-later
"""Removals, rings, quarantine and re-admission (spec/crew.md 2)."""

from dataclasses import replace

import pytest

from safeconduct.rooms.crew import Role, Standing, fold, may_write
from safeconduct.rooms.crew.events import Cut
from tests.kit.crews import OPERATOR, STEWARD, Crew

STANDING, SUSPENDED, EXPELLED = Standing.STANDING, Standing.SUSPENDED, Standing.EXPELLED


def standings(crew: Crew) -> list[Standing | None]:
    """How each device stands."""
    roster = crew.roster()
    return [roster.standing(device.id) for device in crew.devices]


def test_one_steward_suspends_and_the_device_may_do_nothing_more() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    crew.works(c, 3)
    told = crew.suspend(b, crew.cut(c))
    roster = crew.roster()
    assert standings(crew) == [STANDING, STANDING, SUSPENDED]
    assert roster.removed[c.id].cut == crew.cut(c)
    assert roster.removed[c.id].removals == (told.id,)
    assert roster.roles(c.id) == frozenset()
    assert roster.members[c.id].roles == {Role.OPERATOR}
    assert roster.roles(a.id)
    assert roster.quarantined == {}
    assert not may_write(roster, c.id, "hotline.NoteWritten")


def test_nothing_before_the_cut_is_taken_back_and_nothing_beyond_it_counts() -> None:
    crew = Crew(2, 2)
    _, b, _, d = crew.devices
    new = crew.office.devices[3]
    cut = crew.cut(b)
    crew.admit(b, new, OPERATOR)
    late = crew.admit(b, new, STEWARD)
    roster = crew.roster()
    assert roster.cuts_off(b.id, late.sequence) is False
    crew.suspend(crew.devices[0], cut)
    roster = crew.roster()
    assert set(roster.quarantined.values()) == {"beyond_cut"}
    assert roster.roles(d.id) == {Role.OPERATOR}
    assert [roster.cuts_off(b.id, n) for n in (0, 1, late.sequence)] == [False, True, True]


def test_cut_that_is_not_on_the_chain_leaves_nothing_standing() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    crew.works(b)
    crew.admit(b, c, STEWARD)
    crew.suspend(a, Cut(b.id, 2, b"another branch".ljust(32)))
    roster = crew.roster()
    assert "beyond_cut" in roster.quarantined.values()
    assert roster.removed[b.id].cut == Cut(b.id, 0, bytes(32))
    assert roster.cuts_off(b.id, 1)


def test_device_whose_chain_nobody_read_is_cut_off_whole() -> None:
    crew = Crew(2)
    a, b = crew.devices
    crew.works(b, 2)
    crew.suspend(a, crew.cut(b))
    assert fold(crew.office.id, crew.told).cuts_off(b.id, 1)
    assert not crew.roster().cuts_off(b.id, 1)


def test_removal_beyond_a_standing_removal_falls() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    cut = crew.cut(b)
    late = crew.suspend(b, crew.cut(c))
    crew.suspend(a, cut)
    assert standings(crew) == [STANDING, SUSPENDED, STANDING]
    assert crew.roster().quarantined[late.id] == "beyond_cut"


def test_removal_before_the_cut_holds_whoever_wrote_it() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    crew.suspend(b, crew.cut(c))
    crew.suspend(a, crew.cut(b))
    assert standings(crew) == [STANDING, SUSPENDED, SUSPENDED]


def test_what_fell_brings_down_nothing() -> None:
    crew = Crew(4)
    a, b, c, d = crew.devices
    cuts = [crew.cut(device) for device in crew.devices]
    crew.suspend(c, cuts[3])
    crew.suspend(b, cuts[2])
    crew.suspend(a, cuts[1])
    assert standings(crew) == [STANDING, SUSPENDED, STANDING, SUSPENDED]
    assert {c.id, d.id} <= set(crew.roster().members)


def test_two_stewards_who_revoke_each_other_are_both_suspended() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    cuts = crew.cut(a), crew.cut(b)
    told = crew.expel(a, cuts[1])
    crew.expel(b, cuts[0])
    crew.second(c, told)
    assert standings(crew) == [SUSPENDED, SUSPENDED, STANDING]
    assert not crew.roster().quarantined


def test_three_in_a_ring_are_all_suspended() -> None:
    crew = Crew(4)
    cuts = [crew.cut(device) for device in crew.devices]
    a, b, c, _ = crew.devices
    crew.suspend(a, cuts[1])
    crew.suspend(b, cuts[2])
    crew.suspend(c, cuts[0])
    assert standings(crew) == [SUSPENDED, SUSPENDED, SUSPENDED, STANDING]


def test_who_was_removed_takes_down_the_remover_alone() -> None:
    crew = Crew(4, 1)
    a, b, c, d, e = crew.devices
    cuts = [crew.cut(device) for device in crew.devices]
    crew.suspend(a, cuts[1])
    crew.suspend(b, cuts[0], cuts[2], cuts[3], cuts[4])
    crew.suspend(b, cuts[2])
    assert standings(crew) == [SUSPENDED, SUSPENDED, STANDING, STANDING, STANDING]
    assert crew.roster().roles(e.id)
    assert {"removal_fell", "beyond_cut"} & set(crew.roster().quarantined.values())
    del c, d


def test_accomplice_admitted_beyond_the_cut_removes_whom_the_admitter_could() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    crew.told.pop()  # The last one is admitted by nobody but the removed steward.
    cut = crew.cut(b)
    crew.second(c, crew.admit(b, d, STEWARD))
    assert crew.roster().standing(d.id) is STANDING
    crew.suspend(d, crew.cut(a), crew.cut(c))
    crew.suspend(a, cut)
    roster = crew.roster()
    assert standings(crew) == [SUSPENDED, SUSPENDED, STANDING, None]
    assert d.id not in roster.members


def test_accomplice_of_two_removed_stewards_removes_nobody() -> None:
    crew = Crew(4, 1)
    a, b, c, d, e = crew.devices
    crew.told.pop()
    cuts = [crew.cut(device) for device in crew.devices]
    crew.second(c, crew.admit(b, e, STEWARD))
    crew.second(b, crew.admit(c, e, STEWARD))
    crew.suspend(e, cuts[3])
    crew.suspend(a, cuts[1])
    crew.suspend(a, cuts[2])
    assert standings(crew) == [STANDING, SUSPENDED, SUSPENDED, STANDING, None]
    del d


def test_accomplice_by_two_ways_falls_when_both_are_cut_off() -> None:
    crew = Crew(6, 1)
    a, b, c, d, e, f, new = crew.devices
    crew.told.pop()
    cuts = [crew.cut(device) for device in crew.devices]
    crew.second(c, crew.admit(b, new, STEWARD))
    crew.second(e, crew.admit(d, new, STEWARD))
    crew.suspend(new, crew.cut(f))
    assert crew.roster().standing(f.id) is SUSPENDED
    crew.suspend(a, cuts[1])
    assert crew.roster().standing(f.id) is SUSPENDED
    crew.suspend(a, cuts[3])
    assert crew.roster().standing(f.id) is STANDING
    assert new.id not in crew.roster().members


def test_removal_that_cuts_off_its_own_signers_admission_falls() -> None:
    crew = Crew(2, 1)
    a, b, _ = crew.devices
    told = crew.suspend(b, crew.cut(a, 1))
    assert standings(crew) == [STANDING, STANDING, STANDING]
    assert crew.roster().quarantined == {told.id: "removal_fell"}


def test_steward_who_leaves_suspends_the_own_device() -> None:
    crew = Crew(2)
    crew.suspend(crew.devices[1], crew.cut(crew.devices[1]))
    assert standings(crew) == [STANDING, SUSPENDED]


def test_expulsion_is_a_suspension_until_it_is_seconded() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    told = crew.expel(a, crew.cut(c))
    assert standings(crew)[2] is SUSPENDED
    crew.second(b, told)
    assert standings(crew)[2] is EXPELLED
    crew.suspend(a, crew.cut(b, 0))
    assert standings(crew)[2] is SUSPENDED


def test_two_bring_a_device_back_and_what_it_wrote_meanwhile_stays_quarantined() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    removal = crew.suspend(a, crew.cut(c))
    meanwhile = crew.admit(c, d, ())
    back = crew.readmit(a, crew.cut(c), removal)
    assert crew.roster().quarantined[back.id] == "not_seconded"
    assert standings(crew)[2] is SUSPENDED
    crew.second(b, back)
    crew.works(c)
    roster = crew.roster()
    assert standings(crew)[2] is STANDING
    assert Role.STEWARD in roster.roles(c.id)
    assert roster.quarantined == {meanwhile.id: "beyond_cut"}
    assert [roster.cuts_off(c.id, n) for n in (1, 2, 3)] == [True, False, False]
    later = crew.suspend(c, crew.cut(d))
    assert standings(crew)[3] is SUSPENDED
    assert later.id not in crew.roster().quarantined


def test_removal_that_a_readmission_does_not_name_goes_on_holding() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    named = crew.suspend(a, crew.cut(c))
    crew.suspend(b, crew.cut(c))
    crew.second(b, crew.readmit(a, crew.cut(c), named))
    assert standings(crew)[2] is SUSPENDED


def test_readmission_after_a_commit_that_is_not_on_the_chain_lifts_nothing() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    crew.works(c)
    removal = crew.suspend(a, crew.cut(c))
    crew.second(b, crew.readmit(a, Cut(c.id, 1, b"another branch".ljust(32)), removal))
    assert standings(crew)[2] is SUSPENDED
    assert crew.roster().awaited == {b"another branch".ljust(32)}


def test_who_is_brought_back_cannot_cut_off_the_own_return() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    removal = crew.suspend(a, crew.cut(c))
    before = crew.cut(a)
    crew.second(b, crew.readmit(a, crew.cut(c), removal))
    assert standings(crew) == [STANDING, STANDING, STANDING]
    crew.suspend(c, before)
    assert standings(crew) == [STANDING, STANDING, SUSPENDED]


def test_taken_pair_does_not_bring_itself_back() -> None:
    crew = Crew(4)
    a, b, c, _ = crew.devices
    removals = [crew.suspend(a, crew.cut(one)) for one in (b, c)]
    for one, other, removal in ((b, c, removals[1]), (c, b, removals[0])):
        crew.second(other, crew.readmit(one, crew.cut(other), removal))
    assert standings(crew) == [STANDING, SUSPENDED, SUSPENDED, STANDING]


def test_revoked_device_writes_from_the_past_in_vain() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    crew.works(b, 3)
    crew.suspend(a, crew.cut(b))
    late = crew.admit(b, c, STEWARD)
    assert crew.roster().quarantined == {late.id: "beyond_cut"}


@pytest.mark.parametrize("field", ["version", "kind", "device", "body"])
def test_forged_unknown_and_newer_facts_change_nothing(field: str) -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    told = crew.suspend(a, crew.cut(c))
    before = crew.told[:-1]
    other = crew.suspend(b, crew.cut(c)).body
    changed = {"version": 2, "kind": "crew.DeviceVanished", "device": b.id, "body": other}
    forged = replace(told, **{field: changed[field]})  # type: ignore[arg-type]
    roster = fold(crew.office.id, [*before, forged], crew.held)
    assert roster.members == fold(crew.office.id, before, crew.held).members
    assert roster.removed == {}
    assert forged.commit in roster.refused


def test_adopted_entries_are_named_once_and_roster_facts_are_not_brought_back() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    cut = crew.cut(c)
    late = crew.admit(c, d, STEWARD)
    crew.suspend(a, cut)
    crew.adopt(b, late.commit, 0, 2)
    crew.adopt(a, late.commit, 2)
    crew.adopt(d, late.commit, 3)
    roster = crew.roster()
    assert roster.adopted == {(late.commit, 0), (late.commit, 2)}
    assert roster.quarantined[late.id] == "beyond_cut"
    assert roster.roles(d.id) == {Role.OPERATOR}
