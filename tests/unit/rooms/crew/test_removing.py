# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking out, asking for a second, bringing back, adopting: what is written and what is refused."""

import pytest

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import CommitId, FactId
from safeconduct.rooms.crew import Standing
from safeconduct.rooms.crew.decide import NobodyToSecond, NotASteward
from safeconduct.rooms.crew.events import (
    REASON_MOST,
    CommitAdopted,
    CrewFact,
    Cut,
    DeviceExpelled,
    DeviceReadmitted,
)
from safeconduct.rooms.crew.removing import (
    AlreadyAsked,
    AlreadyRemoved,
    LastSteward,
    NoSuchDevice,
    NothingToAdopt,
    NothingToSecond,
    NotRemoved,
    OwnExpulsion,
    ReasonTooLong,
    SecondIsAnother,
    adopt,
    expel,
    readmit,
    second,
    suspend,
)
from tests.kit.builders import Device
from tests.kit.crews import Crew


def says(crew: Crew, by: Device, fact: CrewFact) -> FactId:
    """Let a device write a fact, signed; return which it is."""
    crew.told.append(crew.office.write_crew(by, fact))
    return crew.told[-1].id


def refusal(decide: object, *arguments: object) -> type[Refused]:
    """Which refusal a decision gives."""
    with pytest.raises(Refused) as refused:
        decide(*arguments)  # type: ignore[operator]
    return refused.type


def test_one_steward_suspends_and_the_roster_says_who_and_why() -> None:
    crew = Crew(2, 1)
    a, _, c = crew.devices
    crew.works(c, 2)
    one = says(crew, a, suspend(crew.roster(), a.id, crew.cut(c), "  lost on a train \n"))
    crew.works(c)
    roster = crew.roster()
    assert roster.standing(c.id) is Standing.SUSPENDED
    assert not roster.cuts_off(c.id, 2)
    assert roster.cuts_off(c.id, 3)
    said = roster.removals[one]
    assert (said.by, said.devices, said.reason) == (a.id, (c.id,), "lost on a train")
    assert (said.expels, said.seconds, said.sequence) == (False, (), len(a.commits))
    assert roster.pending == {}


def test_who_is_no_steward_or_stands_no_more_removes_nobody() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    assert refusal(suspend, crew.roster(), d.id, crew.cut(b), "") is NotASteward
    crew.suspend(a, crew.cut(b))
    roster = crew.roster()
    for decide in (suspend, expel):
        assert refusal(decide, roster, b.id, crew.cut(c), "") is NotASteward
    assert refusal(readmit, roster, b.id, crew.cut(b)) is NotASteward
    assert refusal(second, roster, b.id, b"f" * 36) is NotASteward
    assert refusal(adopt, roster, b.id, b"c" * 32, (0,)) is NotASteward


def test_a_device_is_suspended_once_and_must_be_one_of_ours() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    roster = crew.roster()
    nobody = Cut(b"n" * 16, 0, bytes(32))
    assert refusal(suspend, roster, a.id, nobody, "") is NoSuchDevice
    assert refusal(readmit, roster, a.id, crew.cut(c)) is NotRemoved
    assert refusal(suspend, roster, a.id, crew.cut(c), "x" * (REASON_MOST + 1)) is ReasonTooLong
    crew.suspend(a, crew.cut(c))
    for steward in (a, b):
        assert refusal(suspend, crew.roster(), steward.id, crew.cut(c), "") is AlreadyRemoved


def test_nobody_takes_out_the_last_steward_who_could_bring_one_back() -> None:
    crew = Crew(2)
    a, b = crew.devices
    crew.suspend(a, crew.cut(b))
    assert refusal(suspend, crew.roster(), a.id, crew.cut(a), "mine is lost") is LastSteward
    assert refusal(expel, crew.roster(), a.id, crew.cut(a), "") is OwnExpulsion


def test_a_steward_suspends_the_device_at_which_they_sit() -> None:
    crew = Crew(2)
    a, b = crew.devices
    says(crew, a, suspend(crew.roster(), a.id, crew.cut(a), "I must hand it over"))
    roster = crew.roster()
    assert [roster.standing(one.id) for one in (a, b)] == [Standing.SUSPENDED, Standing.STANDING]


def test_an_expulsion_suspends_at_once_and_waits_for_another_steward() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    one = says(crew, a, expel(crew.roster(), a.id, crew.cut(d), "taken"))
    roster = crew.roster()
    assert roster.standing(d.id) is Standing.SUSPENDED
    pending = roster.pending[one]
    assert (pending.by, pending.sequence) == (a.id, len(a.commits))
    assert isinstance(pending.fact, DeviceExpelled)
    assert refusal(second, roster, a.id, one) is SecondIsAnother
    for steward in (a, b):
        assert refusal(expel, roster, steward.id, crew.cut(d), "") is AlreadyAsked
    says(crew, b, second(roster, b.id, one))
    roster = crew.roster()
    assert roster.standing(d.id) is Standing.EXPELLED
    assert roster.pending == {}
    assert roster.removals[one].seconds == (b.id,)
    assert refusal(second, roster, c.id, one) is NothingToSecond
    assert refusal(expel, roster, c.id, crew.cut(d), "") is AlreadyRemoved


def test_an_expulsion_of_a_suspended_device_leaves_its_cut_where_it_is() -> None:
    crew = Crew(2, 1)
    a, _, c = crew.devices
    crew.works(c)
    crew.suspend(a, early := crew.cut(c))
    crew.works(c, 3)
    assert expel(crew.roster(), a.id, crew.cut(c), "").cuts == (early,)


def test_what_two_take_to_do_is_not_begun_where_no_second_stands() -> None:
    crew = Crew(2, 2)
    a, b, c, d = crew.devices
    assert refusal(expel, crew.roster(), a.id, crew.cut(b), "") is NobodyToSecond
    crew.suspend(a, crew.cut(b), crew.cut(c))
    roster = crew.roster()
    assert refusal(expel, roster, a.id, crew.cut(d), "") is NobodyToSecond
    assert refusal(readmit, roster, a.id, crew.cut(c)) is NobodyToSecond


def test_before_there_are_two_stewards_the_founder_needs_no_second() -> None:
    crew = Crew(1, 1)
    a, b = crew.devices
    says(crew, a, expel(crew.roster(), a.id, crew.cut(b), ""))
    assert crew.roster().standing(b.id) is Standing.EXPELLED
    assert crew.roster().pending == {}
    says(crew, a, readmit(crew.roster(), a.id, crew.cut(b)))
    assert crew.roster().standing(b.id) is Standing.STANDING


def test_two_stewards_bring_a_device_back_and_what_it_wrote_meanwhile_stays_aside() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    crew.suspend(a, crew.cut(d))
    crew.expel(b, crew.cut(d))
    crew.works(d, 2)
    asked = readmit(crew.roster(), a.id, crew.cut(d))
    one = says(crew, a, asked)
    assert refusal(readmit, crew.roster(), c.id, crew.cut(d)) is AlreadyAsked
    assert crew.roster().standing(d.id) is Standing.SUSPENDED
    says(crew, c, second(crew.roster(), c.id, one))
    roster = crew.roster()
    assert roster.standing(d.id) is Standing.STANDING
    assert (roster.removals, roster.pending) == ({}, {})
    assert [roster.cuts_off(d.id, at) for at in (1, 2, 3)] == [True, True, False]


def test_bringing_back_that_a_newer_removal_overtook_waits_for_nobody() -> None:
    crew = Crew(3, 1)
    a, b, _, d = crew.devices
    crew.suspend(a, crew.cut(d))
    one = says(crew, a, readmit(crew.roster(), a.id, crew.cut(d)))
    assert isinstance(crew.roster().pending[one].fact, DeviceReadmitted)
    crew.suspend(b, crew.cut(d))
    assert crew.roster().pending == {}
    assert refusal(second, crew.roster(), b.id, one) is NothingToSecond


def test_what_is_pulled_down_with_its_signer_waits_no_more() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    crew.works(b)
    before = crew.cut(b)
    one = says(crew, b, expel(crew.roster(), b.id, crew.cut(d), "out of spite"))
    assert one in crew.roster().pending
    crew.suspend(a, before)
    roster = crew.roster()
    assert roster.pending == {}
    assert refusal(second, roster, c.id, one) is NothingToSecond
    assert roster.standing(d.id) is Standing.STANDING


def test_entries_are_adopted_once() -> None:
    crew = Crew(2, 1)
    a, _, c = crew.devices
    crew.works(c)
    crew.suspend(a, Cut(c.id, 0, bytes(32)))
    commit = CommitId(c.commits[-1].id)
    assert refusal(adopt, crew.roster(), a.id, commit, ()) is NothingToAdopt
    assert adopt(crew.roster(), a.id, commit, (2, 0, 2)) == CommitAdopted(commit, (0, 2))
    says(crew, a, adopt(crew.roster(), a.id, commit, (0,)))
    assert crew.roster().adopted == {(commit, 0)}
    assert adopt(crew.roster(), a.id, commit, (0, 2)) == CommitAdopted(commit, (2,))
    assert refusal(adopt, crew.roster(), a.id, commit, (0,)) is NothingToAdopt


def test_every_refusal_has_a_code_of_its_own() -> None:
    found = [
        *(AlreadyAsked, AlreadyRemoved, LastSteward, NoSuchDevice, NobodyToSecond, NotASteward),
        *(NotRemoved, NothingToAdopt, NothingToSecond, OwnExpulsion, ReasonTooLong),
        SecondIsAnother,
    ]
    assert len({one.code for one in found}) == len(found)
