# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was begun and not sent: shown on return, dropped when sent or thrown away."""

import pytest

from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

MIRA = rehearsal_roster()[1][1]
KINDS = pytest.mark.parametrize("kind", ["answer", "note", "hand-over"])
DRAFT = "This is your draft"


def typed(window: Window, kind: str) -> str:
    path = window.path("quiet orchard")
    return window.pages.get(path).form(f"{path}/{kind}").fields["text"]


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
    assert page.by_id(f"{kind}-draft") is not None
    assert "begun" not in window.pages.get(window.path("amber lantern")).text
    window.post(f"{path}/draft/drop", {"drop": kind})
    assert typed(window, kind) == ""
    assert f"{kind}-draft" not in window.pages.get(path).html


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
    assert window.post("/hotline/00/draft", {"kind": "note", "text": "x"}).status_code == 404
