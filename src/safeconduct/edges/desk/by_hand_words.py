# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts typed in by hand, in the language of the page; and a form as its draft keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from safeconduct.edges.desk.i18n import Translate, translations

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.by_hand import Way


def way(how: Way, language: str) -> str:
    """Name how a contact came, as a helper chooses it and as the page says it."""
    _ = translations(language).gettext
    return {
        "call": _("A call from the person"),
        "meeting": _("A meeting with the person"),
        "behalf": _("A relative or a friend, on their behalf"),
        "organisation": _("Another organisation"),
        "other": _("By another way"),
    }[how]


def refusals(_: Translate) -> dict[str, str]:
    """Return why nothing was noted, by the refusal's code."""
    return {
        "not_happened_yet": _("Nothing was saved: that time is still to come."),
        "happened_too_long_ago": _(
            "Nothing was saved: that is more than a year ago. Say in the text when it was."
        ),
        "line_too_long": _(
            "Nothing was saved: who speaks for whom, and the languages, have 500 characters each. "
            "Write the rest into the text."
        ),
        "nothing_to_look_at": _(
            "This waits for nobody any more: somebody has looked, or it was withdrawn."
        ),
        "own_look": _("You asked for this yourself. Somebody else has to look."),
        "not_your_look": _("Only the colleague who asked for this can withdraw it."),
        "no_voice_message": _("Nothing was saved: that voice message is not here."),
        "no_box": _(
            "Nothing was sent: this person has no words of ours, so no answer can reach them here. "
            "Your text stays. Tell them by the way they named, then note here what you told them."
        ),
    }


def parse_begun(text: str) -> dict[str, str]:
    """Return the fields of a form that was begun; none where it cannot be read."""
    try:
        return msgspec.json.decode(text.encode(), type=dict[str, str]) if text else {}
    except (msgspec.MsgspecError, UnicodeError):
        return {}
