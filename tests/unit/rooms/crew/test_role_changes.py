# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for a colleague's roles: what is written, what is refused, and what waits for a second."""

import pytest

from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import NobodyToSecond, NotASteward
from safeconduct.rooms.crew.removing import AlreadyAsked, AlreadyRemoved, NoSuchDevice, second
from safeconduct.rooms.crew.role_changes import (
    GIVEN,
    NoRoleLeft,
    NotForLines,
    SameRoles,
    SuspendFirst,
    change_roles,
)
from tests.kit.builders import Device, build_device
from tests.kit.crews import STEWARD, Crew
from tests.unit.rooms.crew.test_removing import refusal, says

BOTH = frozenset({Role.STEWARD, Role.OPERATOR})
OPERATOR = frozenset({Role.OPERATOR})
LEGAL = frozenset({Role.LEGAL})


def ask(crew: Crew, by: Device, of: Device, roles: frozenset[Role]) -> FactId:
    """Let a steward ask for roles."""
    return says(crew, by, change_roles(crew.roster(), by.id, of.id, roles))


def agree(crew: Crew, by: Device, fact: FactId) -> None:
    """Let another sign."""
    says(crew, by, second(crew.roster(), by.id, fact))


def test_founder_who_is_alone_gives_a_role_at_once_the_role_steward_too() -> None:
    crew = Crew(1, 1)
    a, b = crew.devices
    ask(crew, a, b, LEGAL)
    assert crew.roster().roles(b.id) == LEGAL
    ask(crew, a, b, BOTH)
    assert crew.roster().roles(b.id) == BOTH
    assert crew.roster().pending == {}


def test_what_one_of_two_asks_changes_nothing_until_the_other_signs() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    fact = ask(crew, a, c, BOTH)
    roster = crew.roster()
    assert roster.roles(c.id) == OPERATOR
    assert roster.pending[fact].devices == (c.id,)
    agree(crew, b, fact)
    roster = crew.roster()
    assert (roster.roles(c.id), roster.pending) == (BOTH, {})
    assert roster.turned == {fact: True}
    agree(crew, b, ask(crew, a, c, BOTH | LEGAL))
    assert crew.roster().turned == {fact: True}


def test_of_two_things_asked_the_one_that_is_signed_lets_the_other_fall() -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    mistaken = ask(crew, a, c, BOTH)
    assert refusal(change_roles, crew.roster(), b.id, c.id, BOTH) is AlreadyAsked
    meant = ask(crew, a, c, LEGAL)
    assert set(crew.roster().pending) == {mistaken, meant}
    agree(crew, b, meant)
    assert (crew.roster().roles(c.id), crew.roster().pending) == (LEGAL, {})
    again = ask(crew, b, c, OPERATOR)
    agree(crew, a, again)
    assert crew.roster().roles(c.id) == OPERATOR


def test_what_would_count_nowhere_or_leave_nothing_is_refused() -> None:
    crew = Crew(2, 2)
    a, b, c, d = crew.devices
    line = build_device(crew.office.id, "line", crew.office.rng)
    crew.admit(a, line, (Role.LINE.value,))
    crew.second(b, crew.expel(a, crew.cut(d)))
    roster = crew.roster()
    assert refusal(change_roles, roster, c.id, c.id, BOTH) is NotASteward
    assert refusal(change_roles, roster, a.id, DeviceId(b"n" * 16), LEGAL) is NoSuchDevice
    assert refusal(change_roles, roster, a.id, d.id, LEGAL) is AlreadyRemoved
    assert refusal(change_roles, roster, a.id, c.id, frozenset()) is NoRoleLeft
    assert refusal(change_roles, roster, a.id, c.id, OPERATOR) is SameRoles
    assert refusal(change_roles, roster, a.id, c.id, OPERATOR | {Role.LINE}) is NotForLines
    assert refusal(change_roles, roster, a.id, line.id, OPERATOR) is NotForLines
    assert refusal(change_roles, roster, a.id, b.id, OPERATOR) is SuspendFirst
    crew.suspend(a, crew.cut(b))
    assert refusal(change_roles, crew.roster(), a.id, c.id, LEGAL) is NobodyToSecond


def test_role_steward_is_taken_while_the_device_is_out_and_what_it_signed_before_stays() -> None:
    crew = Crew(3, 1)
    a, b, c, d = crew.devices
    legal = crew.grant(c, d, ("legal",))
    crew.second(a, legal)
    removal = crew.suspend(a, crew.cut(c))
    fact = ask(crew, a, c, OPERATOR)
    agree(crew, b, fact)
    assert crew.roster().turned == {fact: False}
    crew.second(b, crew.readmit(a, crew.cut(c), removal))
    roster = crew.roster()
    assert (roster.roles(c.id), roster.roles(d.id)) == (OPERATOR, LEGAL)
    assert roster.quarantined == {}


def test_taking_the_role_steward_waits_no_more_when_the_device_was_brought_back() -> None:
    crew = Crew(3)
    a, b, c = crew.devices
    removal = crew.suspend(a, crew.cut(c))
    fact = ask(crew, a, c, OPERATOR)
    assert set(crew.roster().pending) == {fact}
    crew.second(b, crew.readmit(a, crew.cut(c), removal))
    assert (crew.roster().roles(c.id), crew.roster().pending) == (BOTH, {})


def test_admission_of_a_third_steward_waits_no_more_when_a_grant_said_what_it_is() -> None:
    crew = Crew(2)
    a, b = crew.devices
    new = build_device(crew.office.id, "new", crew.office.rng)
    told = crew.admit(a, new, STEWARD)
    assert set(crew.roster().pending) == {told.id}
    agree(crew, b, ask(crew, a, new, LEGAL))
    assert (crew.roster().roles(new.id), crew.roster().pending) == (LEGAL, {})


@pytest.mark.parametrize("seconder", [0, 2])
def test_neither_who_asked_nor_who_is_raised_is_the_second(seconder: int) -> None:
    crew = Crew(2, 1)
    a, _, c = crew.devices
    told = crew.grant(a, c, STEWARD)
    crew.second(crew.devices[seconder], told)
    assert crew.roster().roles(c.id) == OPERATOR


def test_every_role_of_a_person_can_be_given_and_none_of_a_machine() -> None:
    assert set(GIVEN) == set(Role) - {Role.LINE}
