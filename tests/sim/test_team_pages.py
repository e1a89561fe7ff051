# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of teams, and of what is given to them, at real desks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part
from tests.kit.pages import text_of
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import answers, window_of
from tests.sim.test_cases import meet, three_desks
from tests.sim.test_teams import case_for, form, reads, settle


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def ticks(prefix: str, *desks: Desk) -> dict[str, str]:
    """Boxes of devices, ticked."""
    return {f"{prefix}{desk.device.hex()}": "on" for desk in desks}


def test_a_team_is_made_and_changed_on_pages(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    with window_of(first) as window:
        assert "There is no team yet" in window.pages.get("/teams").text
        window.pages.get("/teams/new").form("/teams/made")
        refused = window.post("/teams/made", {"name": " ", **ticks("device-", third)})
        assert refused.status_code == 422
        made = window.post("/teams/made", {"name": "Night", **ticks("device-", third)})
        assert made.status_code == 303
        (team,) = first.teams.all()
        path = f"/teams/{team.id.hex()}"
        assert {"Night"} == {text_of(one) for one in window.pages.get("/teams").all("h2")}
        window.pages.get(path).form(f"{path}/changed")
        fields = {"name": "Day", **ticks("device-", first, second)}
        assert window.post(f"{path}/changed", fields).status_code == 303
        alone = window.post(f"{path}/changed", {"name": "Day", **ticks("device-", second)})
        assert alone.status_code == 422
        assert "A team needs a steward" in alone.text
    settle(office)
    (team,) = second.teams.all()
    assert team.name == "Day"
    assert team.members == {first.device, second.device}


def test_who_is_no_steward_sees_teams_and_changes_none(office: Rehearsal) -> None:
    team = form(office, "first", "second")
    with window_of(office.desks["third"]) as window:
        page = window.pages.get("/teams")
        assert "Night" in page.text
        assert "/teams/new" not in page.text
        for path in ("/teams/new", f"/teams/{team.hex()}"):
            assert window.client.get(path).status_code != 200
        forged = {"name": "Ours", **ticks("device-", office.desks["third"])}
        for path in ("/teams/made", f"/teams/{team.hex()}/changed"):
            assert window.post(path, forged).status_code != 303
    assert [one.name for one in office.desks["third"].teams.all()] == ["Night"]


def test_a_part_is_given_to_a_team_when_a_case_is_opened_and_later(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    team = form(office, "first", "third")
    with window_of(first) as window:
        page = window.pages.get("/cases/new")
        assert "Night" in page.text
        chosen = {f"health-team-{team.hex()}": "on"}
        path = window.post("/cases/opened", chosen).headers["location"]
        case = CaseId(bytes.fromhex(path.rpartition("/")[2]))
        settle(office)
        assert list(reads(third, case)) == [Part.HEALTH]
        who = window.pages.get(f"{path}/health/who")
        assert "Given to the team Night" in text_of(who.all("main")[0])
        assert "Bo third" in who.text
        giving = window.pages.get(f"{path}/legal/give").form(f"{path}/legal/given")
        assert giving.fields is not None
        assert window.post(f"{path}/legal/given", {}).status_code == 422
        given = {f"team-{team.hex()}": "on", **ticks("device-", second)}
        assert window.post(f"{path}/legal/given", given).status_code == 303
        assert window.client.get(f"{path}/nothing/give").status_code == 404
    settle(office)
    assert list(reads(second, case)) == [Part.LEGAL]
    assert set(reads(third, case)) == {Part.HEALTH, Part.LEGAL}


def test_pages_of_who_is_in_no_team_are_the_same_bytes_whatever_a_team_is_given(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    team = form(office, "first", "second")
    with window_of(third) as window:
        teams = window.client.get("/teams").content
        before = answers(window, third, CaseId(bytes(16)), "insulin")
        case = case_for(office, team, Part.HEALTH)
        first.cases.note(case, Part.HEALTH, "Needs insulin.")
        meet(office)
        assert reads(second, case) == {Part.HEALTH: ["Needs insulin."]}
        assert answers(window, third, CaseId(bytes(16)), "insulin") == before
        assert window.client.get("/teams").content == teams
        hidden = window.client.get(f"/cases/{case.hex()}/health/give")
        unknown = window.client.get(f"/cases/{'00' * 16}/health/give")
        assert (hidden.status_code, hidden.content) == (404, unknown.content)
