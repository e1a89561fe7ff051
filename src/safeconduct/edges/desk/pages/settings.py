# SPDX-License-Identifier: AGPL-3.0-or-later
"""How this desk speaks and which keys it knows; kept sealed, on this device alone."""

from __future__ import annotations

from typing import Final

from litestar import get, post
from litestar.status_codes import HTTP_204_NO_CONTENT

from safeconduct.edges.desk.api import Preferences
from safeconduct.edges.desk.cleaning import sandbox
from safeconduct.edges.desk.hands import CHOICES
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.visit import Here, Page, Visit


@get("/settings", sync_to_thread=True)
def see_settings(visit: Here) -> Page:
    """Show the settings and the keys."""
    visit.desk.now()
    minutes, session = visit.front.hands.minutes, visit.front.session
    return visit.page(
        "settings.html",
        minutes=minutes,
        choices=CHOICES,
        waits=session.waits,
        blurs=session.blurs,
        calls=session.calls,
        called=bool(visit.desk.duty.calls.calling().address),
        copies=sandbox.ready(),
    )


@post("/keys", sync_to_thread=True)
def change_settings(visit: Here) -> Page:
    """Switch the single-letter keys on or off."""
    visit.front.session.keys = visit.form.get("keys") == "on"
    remember(visit)
    return visit.onward("/settings", visit.say("Saved."))


@post("/locking", sync_to_thread=True)
def choose_minutes(visit: Here) -> Page:
    """Lock after another time without a key or a movement."""
    chosen = [minutes for minutes in CHOICES if str(minutes) == visit.form.get("minutes")]
    if chosen:
        visit.front.hands.minutes = chosen[0]
        remember(visit)
    return visit.onward("/settings", visit.say("Saved.") if chosen else "")


@post("/waits", sync_to_thread=True)
def choose_screen(visit: Here) -> Page:
    """Let the locked screen say that something waits, or not."""
    visit.front.session.waits = visit.form.get("waits") == "on"
    remember(visit)
    return visit.onward("/settings", visit.say("Saved."))


@post("/locked-calls", sync_to_thread=True)
def choose_calls(visit: Here) -> Page:
    """Let phones be called from here while the desk is locked, or not."""
    visit.front.session.calls = visit.form.get("calls") == "on"
    remember(visit)
    return visit.onward("/settings", visit.say("Saved."))


@post("/blurring", sync_to_thread=True)
def choose_blurring(visit: Here) -> Page:
    """Blur pictures until somebody asks to see them, or not."""
    visit.front.session.blurs = visit.form.get("blurs") == "on"
    remember(visit)
    return visit.onward("/settings", visit.say("Saved."))


@post("/here", sync_to_thread=False, status_code=HTTP_204_NO_CONTENT)
def stay(visit: Here) -> None:
    """Take a sign of the person at this desk; that it came is all it says."""
    visit.desk  # noqa: B018  (refuses while locked)


@post("/language", sync_to_thread=True)
def choose_language(visit: Here) -> Page:
    """Speak another language from here on."""
    if visit.form.get("language") in LANGUAGES:
        visit.front.session.language = visit.form.get("language")
        remember(visit)
    return visit.onward("/settings" if visit.unlocked else "/unlock")


def remember(visit: Visit) -> None:
    """Keep what was chosen for the next shift; before unlocking there is nowhere to."""
    session = visit.front.session
    if visit.unlocked:
        minutes = visit.front.hands.minutes
        how = session.waits, session.blurs, session.calls
        visit.desk.prefer(Preferences(session.language, session.keys, minutes, *how))


def recall(visit: Visit) -> None:
    """Take up what was chosen in earlier shifts; what was chosen at the door goes before it."""
    session, desk = visit.front.session, visit.front.desk
    if desk is None:
        return
    known = desk.preferences()
    session.keys, session.waits, session.blurs = known.keys, known.waits, known.blurs
    session.calls = known.calls
    visit.front.hands.minutes = known.minutes
    if not session.language:
        session.language = known.language
    elif session.language != known.language:
        desk.prefer(known._replace(language=session.language))


VIEWS: Final = (
    see_settings,
    change_settings,
    choose_minutes,
    choose_screen,
    choose_calls,
    choose_blurring,
    stay,
    choose_language,
)
