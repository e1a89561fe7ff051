# SPDX-License-Identifier: AGPL-3.0-or-later
"""A steward's device in other hands: removed, writing on, and removing others."""

import pytest

from safeconduct.edges.desk.engine.judge import At, Judge
from safeconduct.kernel.sync import OpenedEntry
from safeconduct.rooms.crew import Role, Standing
from tests.kit.builders import build_device
from tests.kit.clocks import NOON
from tests.kit.crews import OPERATOR, STEWARD, Crew

pytestmark = pytest.mark.attack


def test_revoked_device_that_writes_from_the_past_admits_nobody() -> None:
    crew = Crew(3)
    a, b, _ = crew.devices
    newcomer = build_device(crew.office.id, "new desk", crew.office.rng)
    crew.suspend(a, crew.cut(b))
    crew.office.clock.move(-NOON // 2)
    crew.admit(b, newcomer, OPERATOR)
    assert newcomer.id not in crew.roster().members


def test_what_a_revoked_device_writes_on_counts_nowhere() -> None:
    crew = Crew(2, 1)
    a, _, helper = crew.devices
    crew.works(helper, 2)
    crew.suspend(a, crew.cut(helper, 1))
    judge = Judge(crew.roster(), crew.office.crew, crew.office.hotline)
    entry = OpenedEntry(0, crew.office.hotline, 1, 0, "hotline.Later", 1, b"\xc0")
    places = [At(one.id, helper.id, n) for n, one in enumerate(helper.commits, 1)]
    codes = [judge.entry(place, entry).code for place in places]
    assert codes == ["", "beyond_cut"]


def test_two_stewards_who_revoke_each_other_at_once_are_both_suspended() -> None:
    crew = Crew(3)
    a, b, _ = crew.devices
    cuts = crew.cut(a), crew.cut(b)
    crew.suspend(a, cuts[1])
    crew.suspend(b, cuts[0])
    roster = crew.roster()
    assert [roster.standing(one.id) for one in (a, b)] == [Standing.SUSPENDED] * 2


def test_one_steward_who_seconds_itself_is_not_two() -> None:
    crew = Crew(2, 1)
    _, b, helper = crew.devices
    puppet = build_device(crew.office.id, "puppet", crew.office.rng)
    for told in (crew.admit(b, puppet, STEWARD), crew.grant(b, helper, STEWARD)):
        crew.second(b, told)
    roster = crew.roster()
    assert Role.STEWARD not in roster.roles(puppet.id)
    assert Role.STEWARD not in roster.roles(helper.id)
