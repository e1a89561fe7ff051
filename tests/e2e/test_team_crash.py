# SPDX-License-Identifier: AGPL-3.0-or-later
"""No team that a desk acknowledged, and nothing that it gave to one, is lost to kill -9."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part
from tests.e2e.test_desk_crash import KILLS, served, write_until_killed
from tests.kit.desk_writer import make_teams
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand


@pytest.mark.timeout(600 + 10 * KILLS)
def test_kill_9_loses_no_team_and_nothing_that_was_given_to_one(tmp_path: Path) -> None:
    rng, said = random.Random(8), list[tuple[VaultId, str, CaseId]]()
    with Rehearsal(tmp_path) as stage:
        stage.found().stop()
        with served(stage) as url:
            for _ in range(KILLS):
                words = (str(tmp_path / "first"), url)
                said += write_until_killed(make_teams, words, rng.uniform(0.01, 0.6))
        desk = stage.unlock("first")
        Hand(desk, stage.courier(desk)).sync()
        teams = {team.id: team for team in desk.teams.all()}
        assert {team for team, _, _ in said} <= teams.keys()
        for team, (name, case) in {team: (name, case) for team, name, case in said}.items():
            stages = [one for one in said if one[0] == team]
            assert teams[team].name in ({name} if len(stages) == 3 else {name, name[::-1]})
            for part in (Part.HEALTH, Part.LEGAL) if case else ():
                assert [one.id for one in desk.cases.who_can_see(case, part).teams] == [team]
        assert all(team.members == {desk.device} for team in teams.values())
        assert verify_store(desk.journal).findings == ()
        assert {trouble.code for trouble in desk.status().troubles} == set()
