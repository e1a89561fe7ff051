# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attacks by other pages of the same browser, and by other programs of the same machine."""

import logging

import pytest

from safeconduct.edges.desk.pages.live import FILES
from safeconduct.rooms.crew import Roster
from tests.kit.asgi import Request, ask
from tests.unit.edges.desk.pages.window import ORIGIN, PORT, Window

HOST = f"127.0.0.1:{PORT}"
PATHS = ("/today", "/unlock", "/static/desk.css", "/nothing", "/open", "/live")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        *(f"evil.example:{PORT}", "evil.example", f"localhost:{PORT}", "127.0.0.1", ""),
        *(f"127.0.0.1:{PORT + 1}", f"127.0.0.1.evil.example:{PORT}", f"127.0.0.1:{PORT}."),
        *(f"[::1]:{PORT}", f"127.1:{PORT}", f" 127.0.0.1:{PORT} x"),
    ],
)
def test_a_name_pointed_at_this_machine_reaches_nothing(
    window: Window, path: str, host: str
) -> None:
    answer = window.client.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert answer.content == b"Refused.\n"


@pytest.mark.parametrize(
    "hosts", [(), (HOST, "evil.example"), ("evil.example", HOST), (HOST, HOST)]
)
def test_the_host_is_said_exactly_once(window: Window, hosts: tuple[str, ...]) -> None:
    headers = [(b"host", host.encode()) for host in hosts]
    assert ask(window.app, Request("GET", "/static/desk.css", headers=headers)).status == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": f"http://localhost:{PORT}"},
        {"Origin": f"http://127.0.0.1:{PORT + 1}"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_site_can_post_nothing_even_with_the_token(
    window: Window, headers: dict[str, str]
) -> None:
    before = window.desk.changes()
    answer = window.post(f"{window.path('quiet orchard')}/claim", **headers)
    assert answer.status_code == 403
    assert window.desk.changes() == before


def test_a_post_without_origin_is_refused(window: Window) -> None:
    token = {"csrf": window.settings.session.form_token}
    answer = window.client.post(f"{window.path('quiet orchard')}/claim", data=token)
    assert answer.status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_can_load_nothing(window: Window, site: str) -> None:
    for path in ("/today", window.path("amber lantern"), "/static/desk.js", "/live"):
        answer = window.client.get(path, headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.content) == (403, b"Refused.\n")


@pytest.mark.parametrize(
    "fields", [{"csrf": ""}, {"csrf": "x" * 43}, {"csrf": "ё"}, {"csrf": "%s"}, {"other": "x"}]
)
def test_a_form_without_the_token_does_nothing(window: Window, fields: dict[str, str]) -> None:
    before = window.desk.changes()
    for what in ("claim", "release", "read", "note", "answer", "hand-over"):
        answer = window.client.post(
            f"{window.path('quiet orchard')}/{what}",
            data=fields | {"text": "hello"},
            headers={"Origin": ORIGIN},
        )
        assert answer.status_code == 403
    assert window.desk.changes() == before
    assert window.locked == 0


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/form-data"])
def test_a_body_that_is_no_form_does_nothing(window: Window, kind: str) -> None:
    answer = window.client.post(
        "/lock", content=b'{"csrf": 1}', headers={"Origin": ORIGIN, "Content-Type": kind}
    )
    assert answer.status_code == 403
    assert window.locked == 0


def test_without_the_cookie_nothing_is_done_or_seen(window: Window) -> None:
    window.client.cookies.clear()
    assert window.post("/lock").status_code == 403
    for cookie in (b"", b"x", "ё".encode(), b'a="', b"x; desk_4322=x", b"\xff\x00"):
        sent = {b"Cookie": b"desk_4321=" + cookie}
        answer = window.client.get("/today", headers=sent, follow_redirects=False)
        assert answer.headers["location"] == "/unlock"
    assert window.client.get("/unlock").status_code == 403


def test_reading_never_changes_anything(window: Window) -> None:
    before = window.desk.changes()
    path = window.path("amber lantern")
    for what in ("read", "claim", "release", "note", "answer", "hand-over"):
        assert window.client.get(f"{path}/{what}").status_code in {404, 405}
    for page in ("/", "/today", "/hotline", path, "/search?q=phone", "/crew", "/lock", "/keys"):
        window.client.get(page)
    assert window.desk.changes() == before
    assert window.locked == 0


@pytest.mark.parametrize(
    "path",
    [
        *("/static/../session.py", "/static/..%2fsession.py", "/static/%2e%2e/app.py"),
        *("/static//etc/passwd", "/static/desk.css/..", "/static/", "/static/.htaccess"),
        *("/static/htmx.LICENSE.txt", "/static/desk.css%00.js", "/hotline/../static/x"),
        *("/hotline/%2e%2e%2f", "/hotline/" + "0" * 31, "/hotline/" + "G" * 32),
        *("/hotline/" + "0" * 32, "/hotline/" + "A" * 32, "/hotline/ " + "0" * 31),
    ],
)
def test_a_path_leads_to_what_we_serve_or_nowhere(window: Window, path: str) -> None:
    scope = Request("GET", path, headers=[(b"host", HOST.encode())])
    assert ask(window.app, scope).status in {303, 404}
    answer = window.client.get(path)
    assert answer.status_code == 404
    assert b"SPDX" not in answer.content


def test_only_styles_scripts_and_the_icon_are_served() -> None:
    served = {
        "desk.css",
        "desk.js",
        "door.js",
        "drill.css",
        "htmx.min.js",
        "icon.svg",
        "slip.css",
        "telephone.js",
        "whole.js",
    }
    assert set(FILES) == served


@pytest.mark.parametrize(
    "path", ["/today", "/nothing", "/static/desk.js", "/live-not", "/hotline?show=all", "/open"]
)
def test_every_answer_forbids_the_browser_everything_else(window: Window, path: str) -> None:
    headers = window.client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    for wanted in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert wanted in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_refusals_carry_the_same_headers(window: Window) -> None:
    headers = window.client.get("/today", headers={"Host": "evil.example"}).headers
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD"])
def test_other_methods_do_nothing(window: Window, method: str) -> None:
    before = window.desk.changes()
    path = f"{window.path('quiet orchard')}/claim"
    answer = window.client.request(method, path, headers={"Origin": ORIGIN})
    assert answer.status_code in {403, 404, 405}
    assert window.desk.changes() == before


def test_nothing_is_logged_whatever_happens(
    window: Window, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    httpx = logging.getLogger("httpx")
    httpx.disabled = True
    try:
        window.client.get(window.path("amber lantern"))
        window.client.get("/search?q=marker")
        window.client.get("/hotline/" + "0" * 32)
        window.post("/lock", {"csrf": "x"})
        window.desk.status = lambda: 1 / 0  # type: ignore[method-assign,assignment,return-value]
        assert window.client.get("/today").status_code == 500
    finally:
        httpx.disabled = False
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_a_defect_is_worded_and_says_nothing_of_what_went_wrong(window: Window) -> None:
    nobody: dict[str, Roster] = {}
    window.desk.roster = lambda: nobody["secret name"]  # type: ignore[method-assign]
    answer = window.client.get("/crew")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
