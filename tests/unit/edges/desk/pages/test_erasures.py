# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a case on the pages: asked with a reason, signed by another, stopped, told afterwards."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.erasures_api import Gone
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.case_erasure import ErasureStage
from tests.kit.pages import text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

OWN, MIRA, *_ = rehearsal_roster()[1]


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here, in an office of two stewards."""
    window.desk.removals.change_roles(MIRA, frozenset({Role.STEWARD, Role.OPERATOR}))
    return window.desk.cases.open({})


def stage(window: Window, case: CaseId) -> ErasureStage:
    """How far the erasure of a case has come."""
    (found,) = window.desk.cases.erasures.of(case)
    return found.stage


def test_it_is_asked_for_with_a_reason_signed_on_today_and_stopped(
    window: Window, case: CaseId
) -> None:
    path = f"/cases/{case.hex()}/erase"
    page = window.pages.get(path)
    assert "Backups and copies" in page.text
    assert window.post(f"{path}/asked", {}).status_code == 422
    page = window.pages.send(page.form(f"{path}/asked"), why="person")
    assert "the person asked for it" in page.text
    assert f"{path}/seconded" not in page.html
    assert window.post(f"{path}/asked", {"why": "person"}).status_code == 422
    window.desk._device = MIRA
    assert path in window.pages.get("/today").html
    page = window.pages.get(path)
    page = window.pages.send(page.form(f"{path}/seconded"))
    assert stage(window, case) is ErasureStage.RUNS
    assert "On 27 November" in text_of(page.by_id("main"))
    window.pages.send(page.form(f"{path}/stopped"))
    assert stage(window, case) is ErasureStage.STOPPED
    assert path not in window.pages.get("/today").html


def test_nobody_signs_their_own_and_an_old_button_says_why(window: Window, case: CaseId) -> None:
    path = f"/cases/{case.hex()}/erase"
    window.desk.cases.erasures.ask(case, "office")
    (found,) = window.desk.cases.erasures.of(case)
    answer = window.post(f"{path}/seconded", {"fact": found.asked.id.hex()})
    assert answer.status_code == 303
    assert "Another steward has to sign" in window.pages.get(path).text
    assert stage(window, case) is ErasureStage.WAITS
    window.post(f"{path}/stopped", {"fact": "00"})
    assert stage(window, case) is ErasureStage.WAITS


def test_afterwards_it_says_what_left_the_office_and_who_has_not_erased_it(
    window: Window, case: CaseId
) -> None:
    now = window.desk.now()
    handed = ((now, "the clinic"), (now, ""))
    gone = Gone(case, "quiet orchard road", now, ("health",), 2, handed, None, (OWN,), (MIRA,))
    window.desk.cases.erasures.went = [gone]
    told = window.pages.get("/cases/erased").text
    for text in ("quiet orchard road", "the clinic", "Mira", "2 conversations of it"):
        assert text in told
    assert window.client.get(f"/cases/{'00' * 16}/erase").status_code == 404
