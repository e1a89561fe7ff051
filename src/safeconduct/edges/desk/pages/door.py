# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in and going out: the link that opens once, the passphrase, the lock."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from litestar import get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_403_FORBIDDEN,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
)

from safeconduct.edges.desk.gate import OPENING, cookie_name
from safeconduct.edges.desk.locked_watch import LOOKS_AGAIN, Says
from safeconduct.edges.desk.pages.settings import recall
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import SafeconductError, WrongPassphrase


@get(OPENING, sync_to_thread=True)
def open_link(visit: Here) -> Page:
    """Turn the one-time link into this window's session."""
    cookie = visit.front.session.redeem(visit.asked("once"))
    if cookie is None:
        return visit.page("link_used.html", HTTP_403_FORBIDDEN)
    # A redirect would still count as coming from elsewhere, and the cookie would stay at home.
    return _with_cookie(visit.page("opened.html"), visit, cookie)


@get("/unlock", sync_to_thread=True)
def see_lock(visit: Here) -> Page:
    """Ask for the passphrase."""
    if not visit.known:
        return visit.page("link_used.html", HTTP_403_FORBIDDEN)
    if visit.unlocked:
        return visit.onward("/today")
    pause = math.ceil(visit.front.patience.left())
    return visit.page("unlock.html", swap=visit.front.swap, pause=pause)


@post("/passphrase", sync_to_thread=True)
def unlock(visit: Here) -> Page:
    """Open the store; a wrong passphrase costs time, and more each time."""
    front = visit.front
    with front.unlocking:
        if visit.unlocked:
            return visit.onward("/today")
        if front.patience.left():
            return _wait(visit, front.patience.left())
        try:
            front.desk = front.open_desk(visit.form.get("passphrase"))
        except WrongPassphrase as error:
            return _missed(visit, error)
        except SafeconductError as error:
            return _closed(visit, visit.why(error), HTTP_422_UNPROCESSABLE_ENTITY)
        front.live.follow(front.desk)
    recall(visit)
    return _with_cookie(visit.onward("/today"), visit, front.session.renew())


@post("/lock", sync_to_thread=False)
def lock(visit: Here) -> Page:
    """End the process that holds the keys; asks nothing of the engine, which may be busy.

    Who presses the panic key may have somebody at the door: then no topic is left in memory.
    """
    if visit.form.get("panic"):
        visit.front.session.calls = False
    page = visit.onward(f"/locked?language={visit.language}")
    page.headers["Connection"] = "close"
    page.background = BackgroundTask(_lock, visit.front.lock)
    return page


@get("/locked", sync_to_thread=False)
def see_locked(visit: Here) -> Page:
    """Say that the desk is locked, if there is still time to."""
    waits = visit.watched and visit.front.session.waits
    says = Says.WATCHES if waits else Says.NOTHING
    page = visit.bare("locked.html", HTTP_200_OK, says=says.value)
    if visit.watched:
        page.headers["Refresh"] = LOOKS_AGAIN
    return page


async def _lock(lock: Callable[[], None]) -> None:
    """Lock in the loop itself: its threads may all wait for a server."""
    lock()


def _missed(visit: Visit, error: WrongPassphrase) -> Page:
    pause = visit.front.patience.missed()
    return _closed(visit, visit.why(error), HTTP_422_UNPROCESSABLE_ENTITY, pause)


def _wait(visit: Visit, seconds: float) -> Page:
    soon = visit.say("That was too soon, so it was not tried: each wrong passphrase costs time.")
    return _closed(visit, soon, HTTP_429_TOO_MANY_REQUESTS, seconds)


def _closed(visit: Visit, reason: str, status: int, pause: float = 0.0) -> Page:
    context = {"reason": reason, "pause": math.ceil(pause), "swap": visit.front.swap}
    return visit.page("unlock.html", status, **context)


def _with_cookie(page: Page, visit: Visit, value: str) -> Page:
    page.set_cookie(
        Cookie(cookie_name(visit.front.host), value=value, httponly=True, samesite="strict")
    )
    return page


VIEWS: Final = (open_link, see_lock, unlock, lock, see_locked)
