# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small pieces under the pages: forms in memory, the stream, the window's profile."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct import host
from safeconduct.edges.desk import browser, launch
from safeconduct.edges.desk.browser import Browser, Window, open_browser
from safeconduct.edges.desk.doorkeeper import Doorkeeper
from safeconduct.edges.desk.forms import Form, parse_form
from safeconduct.edges.desk.live import CHANGE, HELLO, LOCKED, NOTICE, Live
from safeconduct.edges.desk.render import mark_hits
from safeconduct.kernel.errors import Malformed
from tests.kit.rehearsal import empty_desk

BOUNDARY = b"----x"
MULTIPART = "multipart/form-data; boundary=----x"
URLENCODED = "application/x-www-form-urlencoded"


def multipart(*parts: tuple[str, bytes]) -> bytes:
    """A body as browsers write it."""
    pieces = [
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
        % (BOUNDARY, head.encode(), body)
        for head, body in parts
    ]
    return b"".join(pieces) + b"--%s--\r\n" % BOUNDARY


def test_an_upload_never_touches_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    content = os.urandom(5 << 20)
    form = parse_form(multipart(('name="files"; filename="a.bin"', content)), MULTIPART)
    assert form.files[0].content == content


def test_forms_keep_their_text_and_leave_empty_files_out() -> None:
    body = multipart(
        ('name="text"', "Да\r\nнет".encode()),
        ('name="files"; filename=""', b""),
        ('name="files"; filename="письмо.txt"', b"x"),
    )
    form = parse_form(body, MULTIPART)
    assert form.get("text") == "Да\nнет"
    assert [(file.name, file.content) for file in form.files] == [("письмо.txt", b"x")]
    assert parse_form(b"a=%D0%94&a=2&b=", URLENCODED) == Form({"a": "2", "b": ""})


@given(st.binary(max_size=200), st.sampled_from([MULTIPART, URLENCODED, "x/y", ""]))
def test_any_body_is_a_form_or_malformed(body: bytes, kind: str) -> None:
    with contextlib.suppress(Malformed):
        assert isinstance(parse_form(body, kind), Form)


def test_a_form_of_very_many_fields_is_refused() -> None:
    with pytest.raises(Malformed):
        parse_form(b"&".join(b"a=1" for _ in range(1000)), URLENCODED)


async def hear(stream: AsyncIterator[bytes], seconds: float = 3.0) -> bytes:
    """What a page is told next."""
    return await asyncio.wait_for(anext(stream), seconds)


def test_a_page_hears_of_a_change_at_once() -> None:
    async def follow() -> None:
        desk, live = empty_desk(), Live()
        live.follow(desk)
        stream = live.events()
        assert await hear(stream) == HELLO
        desk.receive("new", "text")
        assert await hear(stream, 1.0) == CHANGE
        live.end()
        assert await hear(stream) == LOCKED
        with pytest.raises(StopAsyncIteration):
            await hear(stream)

    asyncio.run(follow())


def test_a_flood_of_changes_is_few_words_and_the_last_is_not_lost() -> None:
    async def follow() -> None:
        live = Live()
        stream = live.events()
        await hear(stream)
        for _ in range(500):
            live.tell(CHANGE)
        live.tell(NOTICE)
        heard = [await hear(stream) for _ in range(3)]
        assert heard == [CHANGE, CHANGE, NOTICE]
        live.tell(CHANGE)
        assert await hear(stream) == CHANGE
        await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(follow())


def test_a_page_that_left_is_forgotten() -> None:
    async def follow() -> None:
        live = Live()
        stream = live.events()
        await hear(stream)
        await stream.aclose()  # type: ignore[attr-defined]
        assert not live._pages
        live.tell(CHANGE)

    asyncio.run(follow())


def test_marks_are_made_of_nothing_but_the_hits() -> None:
    assert str(mark_hits("<b>\u2068<i>\u2069 \u2068open")) == (
        "&lt;b&gt;<mark>&lt;i&gt;</mark> <mark>open</mark>"
    )


# --- the window


def fake_browser(folder: Path, name: str, script: str) -> Browser:
    """A program that stands for a browser: it gets the same arguments."""
    program = folder / name
    program.write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
    program.chmod(0o700)
    return Browser(program, "firefox" if name == "firefox" else "chromium")


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_the_profile_is_private_in_memory_and_gone_at_the_end(tmp_path: Path, name: str) -> None:
    told = tmp_path / "told"
    told.mkdir()
    script = f"import sys, json; open({str(told / 'argv')!r}, 'w').write(json.dumps(sys.argv))"
    window = open_browser(
        "http://127.0.0.1:1/open?once=secret", fake_browser(tmp_path, name, script)
    )
    folder = window.folder
    assert folder.stat().st_mode & 0o077 == 0
    assert window.in_memory is (host.memory_folder() is not None)
    doorstep = (folder / "open.html").read_text(encoding="utf-8")
    assert "once=secret" in doorstep
    if name == "firefox":
        prefs = (folder / "profile" / "user.js").read_text(encoding="utf-8")
        assert 'user_pref("layout.spellcheckDefault", 0);' in prefs
        assert 'user_pref("network.proxy.http_port", 9);' in prefs
    else:
        prefs = json.loads((folder / "profile" / "Default" / "Preferences").read_text())
        assert prefs["browser"]["enable_spellchecking"] is False
        assert prefs["credentials_enable_service"] is False
    window.wait()
    assert not folder.exists()
    arguments = json.loads((told / "argv").read_text())
    assert not [argument for argument in arguments if "secret" in argument]


def test_a_window_that_is_closed_from_here_takes_its_profile_along(tmp_path: Path) -> None:
    window = open_browser(
        "http://127.0.0.1:1/", fake_browser(tmp_path, "chromium", "input()\nwhile 1: pass")
    )
    window.close()
    assert window.process.returncode is not None
    assert not window.folder.exists()


def test_no_profile_stays_when_no_browser_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "private_folder", lambda prefix: (_made(tmp_path / prefix), True))
    with pytest.raises(FileNotFoundError):
        open_browser("http://127.0.0.1:1/", Browser(tmp_path / "missing", "chromium"))
    assert not (tmp_path / "desk-").exists()


def test_a_computer_without_a_browser_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(browser, "GUESSES", {})
    with pytest.raises(browser.NoBrowser):
        browser.find_browser()


CHILD = """
import sys
print("http://127.0.0.1:1/open?once=x", flush=True)
sys.stdin.read()
sys.exit(7)
"""


def test_the_keys_go_when_the_window_closes() -> None:
    links: list[str] = []

    def browse(link: str) -> Window:
        links.append(link)
        return Window(subprocess.Popen([sys.executable, "-c", ""]), Path("/nonexistent"), True)

    code = launch.launch([sys.executable, "-c", CHILD], say=links.append, browse=browse)
    assert code == 7
    assert links == ["http://127.0.0.1:1/open?once=x"]


def test_the_keys_go_when_the_window_cannot_open() -> None:
    def browse(_link: str) -> Window:
        raise browser.NoBrowser

    with pytest.raises(browser.NoBrowser):
        launch.launch([sys.executable, "-c", CHILD], say=print, browse=browse)


def test_leaving_while_the_doorkeeper_comes_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    came = []

    class Late(Doorkeeper):
        def serve_forever(self, poll_interval: float = 0.5) -> None:
            came.append(self)
            self.socket.close()
            super().serve_forever(poll_interval)

    monkeypatch.setattr(launch, "Doorkeeper", Late)
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as child,
    ):
        launch.Keeper(door, child).keep()
    assert came


def test_a_child_that_says_no_link_opens_no_window() -> None:
    def browse(_link: str) -> Window:
        raise AssertionError("a window")

    assert (
        launch.launch([sys.executable, "-c", "raise SystemExit(3)"], say=print, browse=browse) == 3
    )


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
