# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a conversation to a case, and back, on the pages."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import linked_page
from safeconduct.kernel.words import CaseId
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

NADIA = rehearsal_roster()[1][3]
TALK = "quiet orchard"


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


def test_a_case_is_begun_from_a_conversation_and_each_leads_to_the_other(window: Window) -> None:
    path = window.path(TALK)
    last = window.talks[TALK].hex()
    page = window.pages.get(path)
    assert page.by_id("begin-case").get("href") == f"/cases/new?from={last}"
    page = window.pages.get(f"/cases/new?from={last}")
    assert "Quiet orchard" in page.text or TALK in page.text
    form = page.form("/cases/opened")
    assert form.fields["from"] == last
    answer = window.post("/cases/opened", {"from": last})
    assert answer.status_code == 303
    at = answer.headers["location"]
    page = window.pages.get(at)
    assert f'href="{path}"' in page.html
    assert f'href="{at}"' in window.pages.get(path).html
    window.pages.send(window.pages.get(path).form(f"{path}/case/unlinked"))
    assert f'href="{path}"' not in window.pages.get(at).html


def test_an_address_that_names_no_conversation_opens_a_case_of_none(window: Window) -> None:
    for last in ("", "zz", "00" * 16):
        page = window.pages.get(f"/cases/new?from={last}")
        assert "from" not in page.form("/cases/opened").fields
        assert window.post("/cases/opened", {"from": last}).status_code == 303


def test_a_conversation_is_linked_with_a_case_that_is_chosen_or_named(
    window: Window, case: CaseId
) -> None:
    path, other = window.path(TALK), window.path("amber lantern")
    window.pages.send(window.pages.get(path).form(f"{path}/case/linked"), case=case.hex())
    file = window.desk.cases.case(case)
    assert file is not None
    window.pages.send(
        window.pages.get(other).form(f"{other}/case/linked"), case_name=f" {file.name.upper()} "
    )
    html = window.pages.get(f"/cases/{case.hex()}").html
    assert f'href="{path}"' in html
    assert f'href="{other}"' in html
    again = window.post(f"{path}/case/linked", {"case": case.hex()})
    assert again.status_code == 422
    assert "belongs to that case already" in again.text


def test_of_many_conversations_the_last_are_shown_and_the_rest_is_counted(
    window: Window, case: CaseId, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("amber lantern", TALK):
        window.desk.cases.links.link(case, window.talks[name])
    monkeypatch.setattr(linked_page, "LINKED_MOST", 1)
    page = window.pages.get(f"/cases/{case.hex()}")
    assert window.path(TALK) in page.html
    assert window.path("amber lantern") not in page.html
    assert "More that were linked earlier: 1" in page.text


def test_what_is_not_here_is_refused_alike_and_stays_typed(window: Window, case: CaseId) -> None:
    path = window.path(TALK)
    for typed in ("red hat moon", "", " "):
        answer = window.post(f"{path}/case/linked", {"case_name": typed})
        assert answer.status_code == 422
        assert "Choose a case, or type the three words" in answer.text
        assert f'value="{typed}"' in answer.text
    unlinked = window.post(f"{path}/case/unlinked", {"case": case.hex()})
    assert unlinked.status_code == 422
    assert window.post(f"{path}/case/linked", {"case": "00" * 16}).status_code == 422


def test_a_link_that_a_colleague_renewed_meanwhile_is_not_taken_back_unseen(
    window: Window, case: CaseId
) -> None:
    path, links = window.path(TALK), window.desk.cases.links
    links.link(case, window.talks[TALK])
    opened = window.pages.get(path).form(f"{path}/case/unlinked")
    links.unlink(case, window.talks[TALK], links.of_case(case)[0].facts)
    links.link(case, window.talks[TALK])
    page = window.pages.send(opened, status=422)
    assert "A colleague has linked it with that case anew" in page.text
    assert len(links.of_case(case)) == 1
    window.pages.send(page.form(f"{path}/case/unlinked"))
    assert links.of_case(case) == ()


def test_who_may_not_write_into_cases_sees_no_form(window: Window, case: CaseId) -> None:
    window.desk.cases.links.link(case, window.talks[TALK])
    window.desk.cases.desk = window.desk.by(NADIA)
    html = window.pages.get(window.path(TALK)).html
    assert "begin-case" not in html
