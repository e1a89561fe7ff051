# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody did with a check-in, and why it was not done, in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import translations

if TYPE_CHECKING:
    from safeconduct.edges.desk.i18n import Translate


def deed(kind: str, language: str) -> str:
    """Name what somebody did with a check-in."""
    _ = translations(language).gettext
    return {
        "watch.CheckInSet": _("said by when somebody is to be heard of"),
        "watch.CheckInMoved": _("moved a check-in"),
        "watch.CheckInHeard": _("heard a word of a check-in"),
        "watch.CheckInSeen": _("said that they see to a check-in’s alarm"),
        "watch.CheckInEnded": _("ended a check-in"),
    }.get(kind, _("record of check-ins"))


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not done, by the refusal's code."""
    return {
        "check_in_label": _(
            "Nothing was saved: give it a code name of at most 60 characters, and no name of a "
            "person or a place."
        ),
        "check_in_time": _(
            "Nothing was saved: choose a time that is at least ten minutes and at most six days "
            "from now."
        ),
        "due_missing": _(
            "Nothing was saved: choose in how many hours they are to be heard of, or type a time."
        ),
        "check_in_words": _(
            "Nothing was saved: type two different words or phrases, each of 3 to 40 characters."
        ),
        "check_in_calls": _(
            "Nothing was saved: say who is called, one to three different colleagues."
        ),
        "check_in_over": _("Nothing was changed: this check-in has ended."),
        "no_such_alarm": _("Nothing was changed: somebody sees to it, or it is over."),
    }
