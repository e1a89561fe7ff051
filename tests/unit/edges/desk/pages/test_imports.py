# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in on the pages: looked at first, then written, then told what became of it."""

from dataclasses import replace
from pathlib import Path

from tests.kit.old_files import mail
from tests.kit.pages import Page
from tests.unit.edges.desk.pages.window import Window

AT = "/imports"


def send(window: Window, action: str, **typed: str) -> Page:
    """Fill in a form of the page and send it."""
    form = window.pages.get(AT).form(f"{AT}/{action}")
    return window.pages.send(replace(form, fields=form.fields | typed))


def ended(window: Window) -> Page:
    """The page once nothing runs."""
    thread = window.desk.imports._thread
    assert thread is not None
    thread.join(20)
    return window.pages.get(AT)


def test_mailbox_is_looked_at_and_then_brought_in(window: Window, tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(mail() + mail("Soon.", From="help@example.net", Message_ID="<2@x>",
                                  In_Reply_To="<1@example.org>"))  # fmt: skip
    before = len(window.desk._told)
    page = send(window, "look", path=str(box), ours="help@example.net")
    assert "Nothing is written yet." in page.text
    assert "Lilac" in page.text
    assert len(window.desk._told) == before
    send(window, "bring")
    page = ended(window)
    assert "All of it is kept: 2." in page.text
    (talk,) = [one for one in window.desk._told if one not in window.talks.values()]
    shown = window.pages.get(f"/hotline/{talk.hex()}").text
    for said in ("From a mailbox", "Nothing proves who wrote it.", "an answer of ours", "Soon."):
        assert said in shown
    assert "is here already: 2" in send(window, "look", path=str(box)).text


def test_columns_are_chosen_and_kept_for_next_time(window: Window, tmp_path: Path) -> None:
    sheet = tmp_path / "weeks.csv"
    sheet.write_text("a,b,c\nLilac,2.3.2026,Help me\nReed,3.3.2026,Again\n")
    page = send(window, "look", path=str(sheet))
    assert "no column says what was said" in page.text
    assert "Lilac" in page.text
    page = send(window, "columns", **{"header-0": "1", "who-0": "0", "date-0": "1", "text-0": "2"})
    assert "begins a conversation: 2" in page.text
    window.pages.send(replace(window.pages.get(AT).form(f"{AT}/bring"), action=f"{AT}/drop"))
    assert "begins a conversation: 2" in send(window, "look", path=str(sheet)).text


def test_what_cannot_be_read_is_said_and_what_was_typed_stays(
    window: Window, tmp_path: Path
) -> None:
    path = str(tmp_path / "gone.zip")
    form = window.pages.get(AT).form(f"{AT}/look")
    page = window.pages.send(replace(form, fields=form.fields | {"path": path}), status=422)
    assert "This file cannot be opened." in page.text
    assert page.form(f"{AT}/look").fields["path"] == path


def test_password_of_a_mailbox_is_not_shown_again(window: Window) -> None:
    form = window.pages.get(AT).form(f"{AT}/mailbox")
    typed = {"host": "127.0.0.1", "port": "1", "user": "help@x", "password": "secret words"}
    page = window.pages.send(replace(form, fields=form.fields | typed), status=422)
    assert "secret words" not in page.text


def test_a_home_that_nobody_has_is_a_place_where_nothing_lies(window: Window) -> None:
    form = window.pages.get(AT).form(f"{AT}/look")
    answer = window.post(f"{AT}/look", form.fields | {"path": "~nobody-of-that-name/box"})
    assert answer.status_code in {303, 422}
    assert "~nobody-of-that-name" not in window.client.get("/today").text
