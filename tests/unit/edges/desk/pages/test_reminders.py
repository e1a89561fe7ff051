# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar for a telephone on the pages, and documents that run out soon on Today."""

from __future__ import annotations

from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.record_decide import Typed
from tests.unit.edges.desk.pages.window import Window


def paper(window: Window, case: CaseId, expires: str) -> None:
    """Write down a document."""
    typed = {(Part.JOURNEY, "expires"): Typed(expires), (Part.JOURNEY, "note"): Typed("Secret")}
    window.desk.cases.records.write(case, "document", None, typed)


def test_the_file_is_a_download_and_says_nothing_of_any_case(window: Window) -> None:
    case = window.desk.cases.open({})
    paper(window, case, "2026-12-24")
    form = window.pages.get("/reminders").form("/reminders/made")
    answer = window.post(form.action, form.fields)
    assert 'filename="calendar.ics"' in answer.headers["content-disposition"]
    assert "DTSTART:20261224T090000\r\n" in answer.text
    assert "SUMMARY:Open the desk\r\n" in answer.text
    for wrong in ("Secret", case.hex(), window.desk.cases.files(start=0, most=1)[0][0].name):
        assert wrong not in answer.text
    assert window.post(form.action, form.fields).text == answer.text


def test_today_counts_documents_that_run_out_within_sixty_days(window: Window) -> None:
    case = window.desk.cases.open({})
    for expires in ("2026-11-19", "2027-02-01"):
        paper(window, case, expires)
    assert "papers-due" not in window.pages.get("/today").html
    for expires in ("2026-11-20", "2027-01"):
        paper(window, case, expires)
    assert "1 document of a case runs out within 60 days." in window.pages.get("/today").text
