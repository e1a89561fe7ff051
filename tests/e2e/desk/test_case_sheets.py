# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a sheet or a task of a case was saved, the window stands at it, with and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.record_decide import Typed
from tests.kit.desk_window import FOCUSED, Served

pytestmark = pytest.mark.browser
EDGE = "one => getComputedStyle(one).borderTopColor"


def test_a_field_that_is_wrong_is_seen_to_be(page: Page, served: Served) -> None:
    case = served.desk.cases.open({})
    page.goto(f"{served.url}/cases/{case.hex()}/record/cost/new")
    page.fill("#field-amount", "1,200")
    page.click("form.writing .sending button")
    page.wait_for_selector("#field-amount[aria-invalid]")
    right = page.eval_on_selector("#field-receipt", EDGE)
    assert page.eval_on_selector("#field-amount", EDGE) != right
    assert page.input_value("#field-amount") == "1,200"
    served.complaints.clear()  # The browser complains of each answer that refuses.


@pytest.mark.parametrize("window", ["page", "plain"])
def test_after_saving_the_sheet_is_in_view_and_has_the_focus(
    request: pytest.FixtureRequest, served: Served, window: str
) -> None:
    page: Page = request.getfixturevalue(window)
    cases = served.desk.cases
    case = cases.open({})
    for number in range(12):
        name = {(Part.IDENTITY, "name"): Typed(f"Aru {number}")}
        last = cases.records.write(case, "person", None, name)
    path = f"/cases/{case.hex()}"
    page.goto(f"{served.url}{path}/record/person/{last.hex()}")
    page.fill("#field-name", "Aru Kett")
    page.click("form.writing .sending button")
    page.wait_for_url(f"**{path}#sheet-{last.hex()}")
    assert "Aru Kett" in page.inner_text("main")
    top = f"document.getElementById('sheet-{last.hex()}').getBoundingClientRect().top"
    assert 0 <= page.evaluate(top) < 800
    if window == "page":
        assert page.evaluate(FOCUSED) == f"sheet-{last.hex()}"
