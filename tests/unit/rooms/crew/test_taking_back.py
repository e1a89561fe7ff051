# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking back what waits for a second steward (spec/crew.md 2)."""

import pytest

from safeconduct.kernel.words import FactId
from safeconduct.rooms.crew import Role, Standing, Told
from safeconduct.rooms.crew.removing import NothingToSecond, expel, second
from safeconduct.rooms.crew.role_changes import change_roles
from safeconduct.rooms.crew.taking_back import AskedByAnother, NothingToTakeBack, take_back
from tests.kit.builders import build_device
from tests.kit.crews import STEWARD, Crew

LEGAL = ("legal", "operator")
ACTS = ("grant", "expel", "readmit", "admit")


def asked(crew: Crew, act: str) -> Told:
    """Let the first steward ask for something that takes two."""
    a, _, c = crew.devices[:3]
    if act == "grant":
        return crew.grant(a, c, LEGAL)
    if act == "expel":
        return crew.expel(a, crew.cut(c))
    if act == "readmit":
        return crew.readmit(a, crew.cut(c), crew.suspend(a, crew.cut(c)))
    return crew.admit(a, build_device(crew.office.id, "new", crew.office.rng), STEWARD)


@pytest.mark.parametrize("act", ACTS)
def test_what_was_taken_back_is_offered_to_no_second(act: str) -> None:
    crew = Crew(2, 1)
    a, b, _ = crew.devices
    told = asked(crew, act)
    fact = take_back(crew.roster(), a.id, told.id)
    crew.told.append(crew.office.write_crew(a, fact))
    roster = crew.roster()
    assert roster.pending == {}
    assert crew.told[-1].id not in roster.quarantined
    with pytest.raises(NothingToSecond):
        second(roster, b.id, told.id)
    with pytest.raises(NothingToTakeBack):
        take_back(roster, a.id, told.id)


def test_what_was_taken_back_can_be_asked_for_again() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    crew.take_back(a, crew.grant(a, c, LEGAL))
    again = change_roles(crew.roster(), a.id, c.id, frozenset({Role.LEGAL, Role.OPERATOR}))
    crew.told.append(crew.office.write_crew(a, again))
    (waiting,) = crew.roster().pending
    assert waiting == crew.told[-1].id
    crew.second(b, crew.told[-1])
    assert crew.roster().roles(c.id) == {Role.LEGAL, Role.OPERATOR}


def test_device_whose_expulsion_was_taken_back_stays_suspended() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    crew.take_back(a, crew.expel(a, crew.cut(c)))
    roster = crew.roster()
    assert roster.standing(c.id) is Standing.SUSPENDED
    assert expel(roster, b.id, crew.cut(c), "").cuts == (crew.cut(c),)


def test_only_who_asked_takes_back() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    told = crew.grant(a, d, LEGAL)
    for other in (b, c, d):
        with pytest.raises(AskedByAnother):
            take_back(crew.roster(), other.id, told.id)
    late = crew.take_back(b, told)
    roster = crew.roster()
    assert set(roster.pending) == {told.id}
    assert roster.quarantined[late.id] == "not_its_signer"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("first", ["second", "take-back"])
def test_one_signature_never_undoes_what_two_have_signed(act: str, first: str) -> None:
    crew = Crew(2, 1)
    a, b, _ = crew.devices
    told = asked(crew, act)
    crew.second(b, told)
    counted = crew.roster()
    crew.take_back(a, told)
    if first == "take-back":
        crew.told[-2:] = reversed(crew.told[-2:])
    after = crew.roster()
    assert (after.members, after.removed) == (counted.members, counted.removed)
    assert (after.stewards, after.pending) == (counted.stewards, {})
    with pytest.raises(NothingToTakeBack):
        take_back(counted, a.id, told.id)


def test_what_a_removed_device_signs_beyond_its_cut_takes_nothing_back() -> None:
    crew = Crew(3, 1)
    a, b, _, d = crew.devices
    told = crew.expel(a, crew.cut(d))
    crew.suspend(b, crew.cut(a))
    late = crew.take_back(a, told)
    roster = crew.roster()
    assert set(roster.pending) == {told.id}
    assert roster.quarantined[late.id] == "beyond_cut"


def test_nobody_takes_back_what_waits_for_nobody() -> None:
    crew = Crew(2, 1)
    a, _, c = crew.devices
    suspended = crew.suspend(a, crew.cut(c))
    for fact in (suspended.id, crew.told[0].id, FactId(bytes(36))):
        with pytest.raises(NothingToTakeBack):
            take_back(crew.roster(), a.id, fact)
    crew.take_back(a, suspended)
    assert crew.roster().standing(c.id) is Standing.SUSPENDED
