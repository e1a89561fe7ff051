# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files leave the store only when asked, only as downloads, and under names that cannot harm."""

import asyncio
import contextlib
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.desk.filenames import (
    SAVED_MOST,
    can_run,
    disposition,
    saved_name,
    shown_name,
)
from safeconduct.kernel.words import BlobId
from tests.kit.asgi import Request
from tests.kit.pages import PageForm
from tests.unit.edges.desk.pages.window import ORIGIN, PORT, Window

HEADER = re.compile(r"attachment; filename=\"[ -~]*\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+")


def save_form(window: Window, name: str) -> PageForm:
    path = window.path(name)
    page = window.pages.get(path)
    action = next(
        form.get("action") or ""
        for form in page.all("form")
        if "/files/" in str(form.get("action"))
    )
    return page.form(action)


def save(window: Window, name: str, **typed: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    form = save_form(window, name)
    return window.post(form.action, form.fields | typed)


def arrive(window: Window, file_name: str, content: bytes) -> BlobId:
    window.talks["new"] = window.desk.receive("new", "", files=[(file_name, content)])
    return list(window.desk.files)[-1]


def test_a_file_is_a_download_and_nothing_else(window: Window) -> None:
    content = bytes(range(256)) * 1000
    blob = arrive(window, "<b>Письмо</b>.html", content)
    answer = save(window, "new")
    assert answer.status_code == 200
    assert answer.content == content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert window.desk.saved == [blob]


def test_a_file_is_not_given_to_who_only_reads(window: Window) -> None:
    form = save_form(window, "amber lantern")
    assert window.client.get(form.action).status_code == 405
    assert window.desk.saved == []


def test_a_file_of_another_conversation_is_not_given(window: Window) -> None:
    blob = save_form(window, "amber lantern").action.rpartition("/")[2]
    for name in (blob, "00" * 32, "x", "..%2f.."):
        answer = window.post(f"{window.path('quiet orchard')}/files/{name}")
        assert answer.status_code == 404
    assert window.desk.saved == []


@pytest.mark.parametrize("script", ["", "1"])
def test_a_file_that_is_not_whole_is_said_calmly(window: Window, script: str) -> None:
    window.desk.half.add(arrive(window, "film.mp4", b"x"))
    answer = save(window, "new", script=script)
    if script:
        # The page stays, with all that is typed in it; the notice fetches itself.
        assert answer.status_code == 204
        said = window.client.get("/notices").text
    else:
        assert answer.status_code == 303
        said = window.pages.get(window.path("new")).text
    assert "Not all of this file has arrived yet." in said
    assert "12 of 40 parts are here." in said
    assert window.desk.saved == []


def test_a_file_cannot_be_fetched_offline_and_that_is_said(window: Window) -> None:
    arrive(window, "a.txt", b"x")
    window.desk.relay_goes(online=False)
    assert save(window, "new").status_code == 303
    assert "The server does not answer" in window.pages.get(window.path("new")).text


def test_a_file_that_breaks_half_way_is_never_whole(window: Window) -> None:
    window.desk.broken.add(arrive(window, "a.bin", bytes(1 << 20)))
    form = save_form(window, "new")
    sent: list[dict[str, Any]] = []
    headers = [
        (b"host", ORIGIN.removeprefix("http://").encode()),
        (b"origin", ORIGIN.encode()),
        (b"cookie", f"desk_{PORT}={window.client.cookies[f'desk_{PORT}']}".encode()),
        (b"content-type", b"application/x-www-form-urlencoded"),
    ]
    request = Request("POST", form.action, headers=headers, parts=[urlencode(form.fields).encode()])

    async def save_broken() -> None:
        body = list(request.parts)

        async def receive() -> dict[str, Any]:
            if not body:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": body.pop(), "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401
            sent.append(message)

        with contextlib.suppress(Exception):
            await window.app(request.scope, receive, send)  # type: ignore[arg-type]

    asyncio.run(asyncio.wait_for(save_broken(), 10))
    assert sent[0]["status"] == 200
    assert sum(len(message.get("body", b"")) for message in sent[1:]) > 0
    # The last chunk never comes, so that a browser throws away what it has.
    assert all(message["more_body"] for message in sent[1:])


@given(st.text(max_size=300))
def test_a_name_never_leaves_its_header_or_its_folder(name: str) -> None:
    header = disposition(name)
    assert HEADER.fullmatch(header)
    saved = saved_name(name)
    assert saved
    assert len(saved.encode()) <= SAVED_MOST
    assert not set(saved) & set('/\\:*?"<>|%\0\r\n')
    assert saved == saved.strip(" .")
    assert saved_name(saved) == saved
    assert "\u202e" not in saved


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../.ssh/authorized_keys", "ssh_authorized_keys"),
        ("..\\..\\boot.ini", "boot.ini"),
        ('a"; filename="evil.exe', "a_; filename=_evil.exe"),
        ("a\r\nSet-Cookie: desk=1", "aSet-Cookie_ desk=1"),
        ("bed\u202efdp.exe", "bedfdp.exe"),
        ("CON.txt", "file_CON.txt"),
        ("lpt1", "file_lpt1"),
        ("", "file"),
        (" . ", "file"),
        ("письмо.pdf", "письмо.pdf"),
        ("x" * 10_000 + ".pdf", "x" * 116 + ".pdf"),
        ("a." + "y" * 10_000, "a." + "y" * 118),
    ],
)
def test_hostile_names_are_saved_as(name: str, saved: str) -> None:
    assert saved_name(name) == saved or saved in saved_name(name)
    assert ".." not in saved_name(name)


def test_a_turned_name_is_shown_as_it_is() -> None:
    assert shown_name("bed\u202efdp.exe") == "bed\ufffdfdp.exe"
    assert can_run("bed\u202efdp.exe")
    assert can_run("photo.jpg.LNK")
    assert can_run("page.html ")
    assert not can_run("photo.jpg")


def test_a_long_name_is_shown_with_both_ends() -> None:
    shown = shown_name("a" * 10_000 + ".exe")
    assert len(shown) < 80
    assert shown.endswith(".exe")


def test_what_may_run_is_said_beside_its_name(window: Window) -> None:
    arrive(window, "bed\u202efdp.exe", b"x")
    assert "Can run a program." in window.pages.get(window.path("new")).text


def test_it_is_said_that_a_saved_file_is_no_longer_sealed(window: Window) -> None:
    said = "our seal no longer protects it there"
    assert said not in window.pages.get(window.path("quiet orchard")).text
    window.desk.receive("x", "", files=[("a", b"x")], conversation=window.talks["quiet orchard"])
    assert said in window.pages.get(window.path("quiet orchard")).text
