# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in by a link that opens once, unlocking with patience, and locking."""

from datetime import UTC
from threading import enumerate as threads

import pytest
from litestar.testing import TestClient

from safeconduct.host import Swap
from tests.kit.pages import check_page, text_of
from tests.kit.rehearsal import rehearsal_desk
from tests.unit.edges.desk.pages.window import ORIGIN, PASSPHRASE, Seconds, Window


def test_a_used_link_opens_nothing(shut: Window) -> None:
    shut.client.cookies.clear()
    answer = shut.client.get(shut.link)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    check_page(answer.text)


def test_a_late_link_opens_nothing() -> None:
    seconds = Seconds()
    window = Window(*rehearsal_desk(), seconds, UTC)
    seconds.now += 121
    with TestClient(window.app, base_url=ORIGIN) as client:
        assert client.get(window.link).status_code == 403


@pytest.mark.parametrize("link", ["/open", "/open?once=", "/open?once=x", "/open?once=%00ё"])
def test_a_guessed_link_opens_nothing_and_spoils_nothing(link: str) -> None:
    window = Window(*rehearsal_desk(), Seconds(), UTC)
    with TestClient(window.app, base_url=ORIGIN) as client:
        assert client.get(link).status_code == 403
        assert client.get(window.link).status_code == 200


def test_the_cookie_is_for_this_window_alone(shut: Window) -> None:
    again = Window(*rehearsal_desk(), Seconds(), UTC)
    with TestClient(again.app, base_url=ORIGIN) as client:
        cookie = client.get(again.link).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/;" in f"{cookie};"
    assert "Max-Age" not in cookie
    assert cookie.startswith("desk_4321=")


def test_two_desks_of_one_process_know_nothing_of_each_other(window: Window) -> None:
    other = Window(*rehearsal_desk(), Seconds(), UTC)
    with TestClient(other.app, base_url=ORIGIN) as client:
        other.use(client)
        assert other.pages.get("/today").heading == "Unlock the desk"
        assert window.pages.get("/today").heading == "Today"


def test_a_desk_whose_server_ends_waits_for_no_more_changes() -> None:
    window, before = Window(*rehearsal_desk(), Seconds(), UTC), threads()
    with TestClient(window.app, base_url=ORIGIN) as client:
        window.use(client)
        window.unlock()
        (waiting,) = (one for one in threads() if one.name == "live" and one not in before)
    window.desk.relay_goes(online=False)
    waiting.join(10)
    assert not waiting.is_alive()


def test_nothing_is_seen_before_unlocking(shut: Window) -> None:
    for path in ("/today", "/hotline", shut.path("amber lantern"), "/crew", "/search?q=a", "/live"):
        answer = shut.client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/unlock")


def test_a_part_of_a_page_is_not_replaced_by_the_door(shut: Window) -> None:
    answer = shut.client.get("/today/queue", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/unlock")


def test_a_wrong_passphrase_costs_time_and_more_each_time(shut: Window) -> None:
    page = shut.pages.get("/unlock")
    for pause in (1, 2, 4, 8, 16, 32, 60, 60):
        wrong = shut.pages.send(page.form("/passphrase"), status=422, passphrase="wrong")
        assert "does not open the desk" in wrong.text
        assert "Capital letters (Caps Lock), the keyboard’s layout and spaces" in wrong.text
        assert "wrong" not in wrong.html.replace("wrong passphrase", "")
        shut.seconds.now += pause - 0.5
        tried = len(shut.tries)
        assert wrong.by_id("pause").get("data-seconds") == str(pause)
        soon = shut.pages.send(page.form("/passphrase"), status=429, passphrase=PASSPHRASE)
        assert "You can try again in 1 second." in soon.text
        assert len(shut.tries) == tried
        shut.seconds.now += 0.5
    assert shut.unlock().heading == "Today"


def test_unlocking_renews_what_was_known_before(shut: Window) -> None:
    before = shut.settings.session.form_token
    cookie = dict(shut.client.cookies)
    shut.unlock()
    assert shut.settings.session.form_token != before
    assert not any(shut.settings.session.knows(value) for value in cookie.values())
    assert shut.post("/lock", {"csrf": before}).status_code == 403


@pytest.mark.parametrize(
    ("swap", "warned"), [(Swap.NONE, False), (Swap.SEALED, False), (Swap.UNSEALED, True)]
)
def test_unsealed_swap_is_said_before_the_passphrase(swap: Swap, warned: bool) -> None:
    window = Window(*rehearsal_desk(), Seconds(), UTC, swap)
    with TestClient(window.app, base_url=ORIGIN) as client:
        window.use(client)
        assert ("without sealing" in window.pages.get("/unlock").text) is warned


def test_locking_ends_the_process_and_leaves_a_page_without_content(window: Window) -> None:
    page = window.pages.get(window.path("amber lantern"))
    locked = window.pages.send(page.form("/lock"))
    assert window.locked == 1
    assert locked.heading == "Locked"
    assert "brother" not in locked.html
    assert not locked.all("form")


@pytest.mark.parametrize("rehearsal", [False, True])
def test_a_locked_page_says_how_this_desk_is_opened_again(window: Window, rehearsal: bool) -> None:
    window.app.state.front.rehearsal = rehearsal
    texts = [
        window.pages.get("/locked").text,
        text_of(window.pages.get("/today").by_id("locked")),
    ]
    window.client.cookies.clear()
    texts.append(window.client.get("/unlock").text)
    for text in texts:
        assert ("press Enter" in text) is rehearsal
    assert ["safeconduct desk" in text for text in texts] == [not rehearsal, not rehearsal, False]


def test_the_desk_speaks_the_browsers_language_until_another_is_chosen(window: Window) -> None:
    window.client.headers["Accept-Language"] = "fr;q=0.9, ru-RU;q=0.8, en;q=0.5"
    assert window.pages.get("/today").heading == "Сегодня"
    window.post("/language", {"language": "en"})
    assert window.pages.get("/today").heading == "Today"
    window.post("/language", {"language": "../../etc"})
    assert window.pages.get("/today").heading == "Today"


def test_what_was_chosen_is_known_in_the_next_shift(window: Window) -> None:
    window.post("/language", {"language": "ru"})
    window.post("/keys")
    later = Window(window.desk, window.talks, Seconds(), UTC)
    with TestClient(later.app, base_url=ORIGIN) as client:
        later.use(client)
        assert later.unlock().heading == "Сегодня"
        assert later.pages.get("/settings").all("body")[0].get("data-keys") == "off"
    third = Window(window.desk, window.talks, Seconds(), UTC)
    with TestClient(third.app, base_url=ORIGIN) as client:
        third.use(client)
        third.post("/language", {"language": "en"})
        assert third.unlock().heading == "Today"
    assert window.desk.preferences() == ("en", False, 15, False, True, True)


def test_a_locked_page_goes_on_asking_only_where_somebody_switched_that_on(window: Window) -> None:
    def watched() -> list[bool]:
        template = window.pages.get("/today").by_id("locked")
        locked = window.client.get("/locked")
        return [template.get("data-watched") is not None, "refresh" in locked.headers]

    assert watched() == [False, False]
    window.post("/waits", {"waits": "on"})
    assert window.desk.preferences().waits
    assert watched() == [True, True]
    window.app.state.front.rehearsal = True
    assert watched() == [False, False]


def test_single_keys_can_be_switched_off(window: Window) -> None:
    page = window.pages.get("/settings")
    assert page.all("body")[0].get("data-keys") == "on"
    page = window.pages.send(page.form("/keys"))
    assert page.all("body")[0].get("data-keys") == "off"


def test_settings_name_the_command_that_changes_the_passphrase(window: Window) -> None:
    assert "safeconduct passphrase" in window.pages.get("/settings").text
