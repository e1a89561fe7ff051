# SPDX-License-Identifier: AGPL-3.0-or-later
"""How this desk speaks and which keys it knows; kept sealed, on this device alone."""

from __future__ import annotations

from typing import Final

from litestar import get, post
from litestar.status_codes import HTTP_204_NO_CONTENT

from safeconduct.edges.desk.api import Preferences
from safeconduct.edges.desk.hands import CHOICES
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.visit import Here, Page, Visit


@get("/settings", sync_to_thread=True)
def see_settings(visit: Here) -> Page:
    """Show the settings and the keys."""
    visit.desk.now()
    minutes = visit.front.hands.minutes
    return visit.page("settings.html", minutes=minutes, choices=CHOICES)


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
        visit.desk.prefer(Preferences(session.language, session.keys, minutes))


def recall(visit: Visit) -> None:
    """Take up what was chosen in earlier shifts; what was chosen at the door goes before it."""
    session, desk = visit.front.session, visit.front.desk
    if desk is None:
        return
    known = desk.preferences()
    session.keys = known.keys
    visit.front.hands.minutes = known.minutes
    if not session.language:
        session.language = known.language
    elif session.language != known.language:
        desk.prefer(known._replace(language=session.language))


VIEWS: Final = (see_settings, change_settings, choose_minutes, stay, choose_language)
