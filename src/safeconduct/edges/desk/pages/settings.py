# SPDX-License-Identifier: AGPL-3.0-or-later
"""How this desk speaks and which keys it knows; kept until it is closed."""

from __future__ import annotations

from typing import Final

from litestar import get, post

from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.visit import Here, Page


@get("/settings", sync_to_thread=True)
def see_settings(visit: Here) -> Page:
    """Show the settings and the keys."""
    visit.desk.now()
    return visit.page("settings.html")


@post("/keys", sync_to_thread=True)
def change_settings(visit: Here) -> Page:
    """Switch the single-letter keys on or off."""
    visit.front.session.keys = visit.form.get("keys") == "on"
    return visit.onward("/settings", visit.say("Saved."))


@post("/language", sync_to_thread=True)
def choose_language(visit: Here) -> Page:
    """Speak another language from here on."""
    if visit.form.get("language") in LANGUAGES:
        visit.front.session.language = visit.form.get("language")
    return visit.onward("/settings" if visit.unlocked else "/unlock")


VIEWS: Final = (see_settings, change_settings, choose_language)
