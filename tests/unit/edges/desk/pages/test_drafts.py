# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was begun and not sent: shown on return, dropped when sent or thrown away."""

import pytest

from tests.kit.pages import Page, check_page
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

MIRA = rehearsal_roster()[1][1]
KINDS = pytest.mark.parametrize("kind", ["answer", "note", "hand-over"])
DRAFT = "This is your draft"


def typed(window: Window, kind: str) -> str:
    path = window.path("quiet orchard")
    return window.pages.get(path).form(f"{path}/{kind}").fields["text"]


def offered(page: Page, kind: str) -> bool:
    """Tell whether the page shows a draft and a way to throw it away."""
    buttons = (control for control in page.all("button") if control.get("name") == "drop")
    return any(b.get("value") == kind and b.get("hidden") is None for b in buttons)


@KINDS
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_draft_is_shown_on_return_and_thrown_away(
    window: Window, kind: str, language: str
) -> None:
    window.client.headers["Accept-Language"] = language
    path = window.path("quiet orchard")
    kept = window.post(f"{path}/draft", {"kind": kind, "text": " begun\n<b>"})
    assert (kept.status_code, kept.text) == (204, "")
    assert typed(window, kind) == " begun\n<b>"
    page = window.pages.get(path)
    assert offered(page, kind)
    assert "begun" not in window.pages.get(window.path("amber lantern")).text
    window.post(f"{path}/draft/drop", {"drop": kind})
    assert typed(window, kind) == ""
    assert not offered(window.pages.get(path), kind)


@KINDS
@pytest.mark.parametrize(("since", "whole"), [("", "begun\n<b>"), ("more", "begun\n<b>\nmore")])
def test_what_was_thrown_away_can_be_brought_back_until_the_next_act(
    window: Window, kind: str, since: str, whole: str
) -> None:
    path = window.path("quiet orchard")
    window.post(f"{path}/draft", {"kind": kind, "text": "begun"})
    # What was typed since the draft was kept is thrown away with it, and comes back with it.
    dropped = window.post(f"{path}/draft/drop", {"drop": kind, "text": "begun\n<b>"})
    page = check_page(dropped.text)
    assert "Draft thrown away." in page.text
    form = page.form(f"{path}/{kind}")
    assert typed(window, kind) == form.fields["text"] == ""
    back = {"undo": kind, "thrown": form.fields["thrown"], "text": since}
    window.post(f"{path}/draft/undo", back)
    assert typed(window, kind) == whole
    assert "Draft thrown away." not in window.pages.get(path).text


@KINDS
def test_sending_drops_the_draft(window: Window, kind: str) -> None:
    path = window.path("quiet orchard")
    for other in ("answer", "note", "hand-over"):
        window.post(f"{path}/draft", {"kind": other, "text": f"begun {other}"})
    page = window.pages.get(path)
    form = page.form(f"{path}/{kind}")
    if kind == "hand-over":
        window.pages.send(form, to=MIRA.hex())
    else:
        window.pages.send(form)
    left = {other for other in ("answer", "note", "hand-over") if typed(window, other)}
    assert left == {"answer", "note", "hand-over"} - {kind}


def test_a_draft_of_nothing_we_have_is_refused(window: Window) -> None:
    path = window.path("quiet orchard")
    assert window.post(f"{path}/draft", {"kind": "other", "text": "x"}).status_code == 404
    assert window.post(f"{path}/draft/drop", {"drop": ""}).status_code == 404
    assert window.post(f"{path}/draft/undo", {"undo": "other"}).status_code == 404
    assert window.post("/hotline/00/draft", {"kind": "note", "text": "x"}).status_code == 404
