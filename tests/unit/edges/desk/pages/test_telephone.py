# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone's page: what is set stays on this desk, and the page reaches that and no more."""

import json
from dataclasses import replace

import pytest

from safeconduct.edges.desk.headers import POLICY
from tests.kit.pages import Page, text_of
from tests.unit.edges.desk.pages.window import Window

PATH = "/telephone"
ADDRESS = "wss://phone.example.org:8443/ws"
SET = {"address": ADDRESS, "name": "anna", "password": "a-drawn-password"}
CONTENT = "content-security-policy"


def setting(window: Window, status: int = 200, **typed: str) -> Page:
    """Set where this desk telephones."""
    form = window.pages.get(PATH).form(f"{PATH}/set")
    return window.pages.send(replace(form, fields=form.fields | SET | typed), status=status)


def test_nothing_of_a_telephone_is_there_before_one_is_set(window: Window) -> None:
    page = window.pages.get(PATH)
    assert "telephone.js" not in page.html
    answer = window.client.get(PATH)
    assert answer.headers[CONTENT] == POLICY
    assert "microphone=()" in answer.headers["permissions-policy"]
    assert window.post(f"{PATH}/account").status_code == 404


def test_the_page_may_reach_the_address_that_was_set_and_no_other_page_may(window: Window) -> None:
    assert "Saved." in setting(window).text
    answer = window.client.get(PATH)
    way = window.desk.telephone.way()
    assert way.startswith("ws://127.0.0.1:")
    assert f"connect-src 'self' {way};" in answer.headers[CONTENT]
    assert answer.headers[CONTENT].replace(f" {way}", "") == POLICY
    assert "microphone=(self)" in answer.headers["permissions-policy"]
    for path in ("/today", "/hotline/by-hand", "/settings", "/static/telephone.js"):
        other = window.client.get(path)
        assert other.headers[CONTENT] == POLICY
        assert "microphone=()" in other.headers["permissions-policy"]


def test_the_password_stands_in_no_page_and_our_own_script_alone_is_given_it(
    window: Window,
) -> None:
    page = setting(window)
    assert SET["password"] not in page.html
    assert SET["password"] not in repr(window.desk.telephone.account())
    assert window.client.get(f"{PATH}/account").status_code in {404, 405}
    assert json.loads(window.post(f"{PATH}/account").text) == SET | {
        "way": window.desk.telephone.way()
    }
    foreign = window.post(f"{PATH}/account", Origin="https://example.org")
    assert foreign.status_code == 403


def test_a_password_that_is_left_empty_stays_with_its_name_and_address_alone(
    window: Window,
) -> None:
    setting(window)
    setting(window, password="")
    account = window.desk.telephone.account()
    assert account is not None
    assert account.password == SET["password"]
    refused = setting(window, 422, password="", address="wss://other.example.org/ws")
    assert "type in the password" in refused.text
    assert window.desk.telephone.account() == account


@pytest.mark.parametrize(
    "address",
    [
        *("", "https://phone.example.org/ws", "ws://phone.example.org/ws", "wss://a", "wss:///ws"),
        *("wss://a/ws; script-src *", "wss://a/ws b", "wss://*/ws", "wss://a:0/ws", "wss://a,b/ws"),
        *("wss://a/ws?x=1", "wss://a@b/ws", "wss://a/\nws", "ws://127.0.0.1.example.org/ws"),
        "wss://" + "a" * 200 + "/ws",
    ],
)
def test_what_is_no_address_never_comes_into_the_policy(window: Window, address: str) -> None:
    assert "Nothing was saved" in setting(window, 422, address=address).text
    assert window.desk.telephone.account() is None
    assert window.client.get(PATH).headers[CONTENT] == POLICY


@pytest.mark.parametrize("typed", [{"name": "Anna B"}, {"name": "a;b"}, {"password": "two words"}])
def test_a_name_or_password_that_none_can_be_is_refused(
    window: Window, typed: dict[str, str]
) -> None:
    assert "Nothing was saved" in setting(window, 422, **typed).text


def test_a_telephone_is_forgotten(window: Window) -> None:
    page = setting(window)
    assert "Forgotten." in window.pages.send(page.form(f"{PATH}/forgotten")).text
    assert window.desk.telephone.account() is None


def test_a_contact_is_noted_beside_the_call_and_the_page_stays(window: Window) -> None:
    setting(window)
    begun = json.dumps({"text": "She calls", "message": "a" * 64})
    assert window.post(f"{PATH}/draft", {"text": begun}).status_code == 204
    form = window.pages.get(PATH).form(f"{PATH}/save")
    assert form.fields["text"].strip() == "She calls"
    assert form.fields["way"] == "call" or form.fields["message"] == "a" * 64
    known = set(window.talks.values())
    answer = window.post(f"{PATH}/save", dict(form.fields), HX_Request="true")
    assert answer.status_code == 200
    assert "hx-redirect" not in answer.headers
    (noted,) = [where for where in window.desk._told if where not in known]
    assert f'href="/hotline/{noted.hex()}"' in answer.text
    assert "She calls" in text_of(window.pages.get(f"/hotline/{noted.hex()}").by_id("thread"))
    assert "She calls" not in answer.text


def test_a_contact_without_words_is_refused_beside_the_call(window: Window) -> None:
    setting(window)
    form = window.pages.get(PATH).form(f"{PATH}/save")
    answer = window.post(f"{PATH}/save", dict(form.fields) | {"text": ""}, HX_Request="true")
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#by-hand-refused"


def test_what_was_begun_beside_a_call_can_be_thrown_away(window: Window) -> None:
    setting(window)
    begun = json.dumps({"text": "She calls", "message": "a" * 64})
    window.post(f"{PATH}/draft", {"text": begun})
    answer = window.post(f"{PATH}/drop", HX_Request="true")
    assert "She calls" not in answer.text
    assert window.desk.by_hand.draft(None) == ""
