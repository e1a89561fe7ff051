# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking at a file: its clean copy, blurred, with what the original says and a warning."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.cleaning import sandbox
from safeconduct.edges.desk.cleaning.clean_copy import SIZE_MOST
from tests.kit import strangers_files as files
from tests.kit.pages import Page
from tests.unit.edges.desk.pages.window import Window

WARNS = "The original says where it was taken."


def arrive(window: Window, name: str, content: bytes, text: str = "") -> str:
    """Let a message with a file arrive; return where its copy is shown."""
    window.talks["new"] = window.desk.receive("new", text, files=[(name, content)])
    return f"{window.path('new')}/files/{list(window.desk.files)[-1].hex()}/copy"


def image(page: Page) -> str:
    """The address of the first picture of a copy."""
    return page.all("img")[-1].get("src") or ""


def test_a_picture_is_blurred_until_somebody_asks_and_what_was_written_stands_beside(
    window: Window,
) -> None:
    path = arrive(window, "IMG 0231.JPG", files.photograph(), "This is my back.")
    assert path in window.client.get(window.path("new")).text
    page = window.pages.get(path)
    assert image(page).startswith("data:image/png;base64,")
    assert page.by_id("clear").get("checked") is None
    assert "This is my back." in page.text
    assert WARNS in page.text
    assert files.PLACE in page.text
    assert "opening it may run what a hunter put in" in page.text


def test_looking_is_no_saving_and_leaves_nothing_with_the_browser(window: Window) -> None:
    path = arrive(window, "IMG 0231.JPG", files.photograph())
    answer = window.client.get(path)
    assert answer.headers["cache-control"] == "no-store"
    assert window.desk.saved == []


def test_who_wants_no_blurring_has_none_and_it_is_remembered(window: Window) -> None:
    path = arrive(window, "a.png", files.drawing())
    settings = window.pages.get("/settings")
    assert settings.by_id("blurs").get("checked") is not None
    window.post("/blurring")
    assert not window.desk.preferences().blurs
    assert window.pages.get(path).by_id("clear").get("checked") is not None
    window.post("/blurring", {"blurs": "on"})
    assert window.pages.get(path).by_id("clear").get("checked") is None


def test_a_document_is_looked_at_in_portions(window: Window) -> None:
    path = arrive(window, "a.pdf", files.document(12))
    first = window.pages.get(path)
    assert "Pages 1 to 10 of 12" in first.text
    onward = next(
        link.get("href") or "" for link in first.all("a") if "start=" in str(link.get("href"))
    )
    last = window.pages.get(onward)
    assert "Pages 11 to 12 of 12" in last.text
    assert "There are no more pages." in window.pages.get(f"{path}?start=9999999").text


def test_a_hostile_text_is_text(window: Window) -> None:
    path = arrive(window, "a.txt", b"<script>alert(1)</script> and \x1b[2J")
    page = window.pages.get(path)
    assert "<script>alert(1)</script> and ␛[2J" in page.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"OggS" + bytes(99), "this is sound or film"),
        (files.bomb(), "unpacked, this file is larger"),
        (files.photograph()[:900], "damaged or was cut short"),
        (bytes(SIZE_MOST + 1), "too large for a clean copy"),
        (b"", "The file is empty."),
    ],
    ids=["sound", "bomb", "cut short", "too large", "empty"],
)
def test_why_there_is_no_copy_is_said_and_the_original_can_still_be_saved(
    window: Window, content: bytes, said: str
) -> None:
    path = arrive(window, "a.jpg", content)
    page = window.pages.get(path)
    assert said in page.text
    form = page.form(path.removesuffix("/copy"))
    assert window.post(form.action, form.fields).content == content


def test_without_a_sandbox_no_copy_is_made_and_that_is_said(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = arrive(window, "IMG 0231.JPG", files.photograph())
    monkeypatch.setenv("PATH", "")
    sandbox.ready.cache_clear()
    page = window.pages.get(path)
    assert "This computer cannot make clean copies now" in page.text
    assert not page.all("img")
    assert "This computer cannot make clean copies now" in window.pages.get("/settings").text
    assert page.form(path.removesuffix("/copy")).fields
    sandbox.ready.cache_clear()


def test_a_file_that_is_not_here_yet_is_said_calmly(window: Window) -> None:
    path = arrive(window, "a.jpg", files.photograph())
    window.desk.half.update(window.desk.files)
    assert "Not all of this file has arrived yet." in window.pages.get(path).text
    window.desk.relay_goes(online=False)
    assert "The server does not answer" in window.pages.get(path).text
    assert window.client.get(f"{path[:-6]}00/copy").status_code == 404
