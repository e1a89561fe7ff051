# SPDX-License-Identifier: AGPL-3.0-or-later
"""How soon a document runs out, and what makes two names alike, in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.kernel.names import Reason
from safeconduct.rooms.cases import papers
from safeconduct.rooms.cases.days import last_day
from safeconduct.rooms.cases.papers import Due

if TYPE_CHECKING:
    from datetime import date


def due_on(expires: str, today: date) -> Due:
    """Return how soon a document runs out, from what stands in its field."""
    return papers.due(last_day(expires), today)


def due(one: Due, language: str) -> str:
    """Say how soon a document runs out; nothing of one that holds longer."""
    _ = translations(language).gettext
    return {
        Due.EXPIRED: _("expired"),
        Due.SOON: _("runs out within 30 days"),
        Due.HALF_YEAR: _("runs out within 6 months"),
        Due.LATER: "",
    }[one]


def reason(one: Reason, language: str) -> str:
    """Say what makes two names alike, or other."""
    _ = translations(language).gettext
    return {
        Reason.LETTERS: _("written alike"),
        Reason.SPELLING: _("another spelling"),
        Reason.SCRIPT: _("another script"),
        Reason.VARIANT: _("another form of the name"),
        Reason.SHORT: _("a short form"),
        Reason.CONSONANTS: _("the same consonants"),
        Reason.NEAR: _("one sound apart"),
        Reason.INITIAL: _("an initial"),
        Reason.PART: _("one tells more than the other"),
        Reason.GIVEN_DIFFERS: _("another given name"),
        Reason.PATRONYMIC_DIFFERS: _("another patronymic"),
        Reason.SURNAME_DIFFERS: _("another surname"),
    }[one]


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not said of a pair, by the refusal's code."""
    return {
        "no_reason_to_judge": _(
            "Write how you know it. Whoever reads both cases later relies on it; nothing was saved."
        ),
    }
