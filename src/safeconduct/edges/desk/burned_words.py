# SPDX-License-Identifier: AGPL-3.0-or-later
"""The burned drill in words: who is burned, how something is known, how grave it is, calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk import ways_says
from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.passage.burned.drills import Called
from safeconduct.rooms.passage.burned.knower import Kind
from safeconduct.rooms.passage.burned.other_beds import Near
from safeconduct.rooms.passage.burned.revealed import How, Rank

if TYPE_CHECKING:
    from collections.abc import Callable

    from safeconduct.rooms.passage.burned.revealed import Reason, Revealed


def kind(one: Kind, language: str) -> str:
    """Say what is burned, before its name."""
    _ = translations(language).gettext
    return {
        Kind.HOUSE: _("A house is burned"),
        Kind.HOUSEHOLD: _("A host was arrested"),
        Kind.ESCORT: _("An escort was arrested"),
        Kind.VEHICLE: _("A vehicle is known"),
        Kind.PHONE: _("A phone was taken"),
        Kind.COLLEAGUE: _("A colleague was taken"),
    }[one]


def ask(one: Kind, language: str) -> str:
    """Say what a link on a sheet or beside a colleague says."""
    _ = translations(language).gettext
    return {
        Kind.HOUSE: _("Burned: this house is found"),
        Kind.HOUSEHOLD: _("Burned: they were arrested"),
        Kind.ESCORT: _("Burned: they were arrested"),
        Kind.VEHICLE: _("Burned: this vehicle is known"),
        Kind.PHONE: _("Burned: their phone was taken"),
        Kind.COLLEAGUE: _("Whom they could reveal on the way"),
    }[one]


def hows(one: Revealed, day: Callable[[str], str], language: str) -> list[str]:
    """Say in which ways something is known, each once; what may only be so says that."""
    perhaps = translations(language).gettext("perhaps")
    said = ((how(why, day, language), why.may and not one.may) for why in one.reasons)
    return list(dict.fromkeys(f"{text} ({perhaps})" if may else text for text, may in said))


def how(one: Reason, day: Callable[[str], str], language: str) -> str:
    """Say how something is known; `day` puts a day into words."""
    t = translations(language)
    _ = t.gettext
    said = {
        How.ASLEEP: _("sleeps tonight in a house that is known by this"),
        How.COMES: _("is to sleep in a house that is known by this"),
        How.RODE: _("on the way with them"),
        How.SLEPT: _("slept there"),
        How.SLIP: _("stands on a slip"),
        How.LEARNT: _("they learnt of it"),
        How.DRIVES: _("vehicle and who drives it"),
        How.MET: _("took the same people over, or brought them"),
        How.GUEST: _("somebody who sleeps there tonight knows of it"),
        How.BOOK: _("stands in a book that they hold"),
    }[one.how]
    if one.book is not None:
        said = f"{said}: {ways_says.book(one.book, language)}"
    days = list(dict.fromkeys(day(text) for text in (one.first, one.last) if _is_day(text)))
    return f"{said} ({' – '.join(days)})" if days else said


def _is_day(text: str) -> bool:
    return bool(text) and not text.startswith("9999")


def rank(one: Rank, language: str) -> str:
    """Say how grave it is, as a heading."""
    _ = translations(language).gettext
    return {
        Rank.ASLEEP: _("First: where people sleep tonight"),
        Rank.ON_THE_WAY: _("Then: who and what is on the way today"),
        Rank.REST: _("Then: all others"),
        Rank.OVER: _("Last: who is no longer with us"),
    }[one]


def near(one: Near, language: str) -> str:
    """Say how a party comes to its new bed."""
    _ = translations(language).gettext
    return {
        Near.SAME_HOUSE: _("they stay where they slept last night"),
        Near.SAME_TOWN: _("in the same town"),
        Near.ONE_LEG: _("in another town, one leg away"),
    }[one]


def called(one: Called, language: str) -> str:
    """Say how a call stands."""
    _ = translations(language).gettext
    return {
        Called.OPEN: _("Not called yet"),
        Called.NOT_REACHED: _("Not reached"),
        Called.REACHED: _("Reached"),
    }[one]


def deeds(_: Translate) -> dict[str, str]:
    """Name what somebody did, by the kind of the fact that says so."""
    return {
        "passage.BurnSaid": _("pressed Burned, or rehearsed it"),
        "passage.CallTicked": _("said whether somebody was reached"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return why nothing was done, by the refusal's code."""
    return {
        "no_such_drill": _("This desk has no such drill. Nothing was done."),
        "no_such_knower": _("There is no such house, person or vehicle here. Nothing was done."),
        "only_rehearsed": _(
            "This was a rehearsal: what it proposes is not written. If it is in earnest, press "
            "Burned. Nothing was done."
        ),
        "moves_changed": _(
            "What is proposed has changed, or nothing was chosen. Look at the list again, and "
            "approve what you see. Nothing was written."
        ),
    }
