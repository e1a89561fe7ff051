# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages say of the books of houses and roads: what they hold, how fresh it is, refusals."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.passage import Book, Freshness


def book(of: Book, language: str) -> str:
    """Name a book."""
    _ = translations(language).gettext
    return {
        Book.HOUSES: _("Houses"),
        Book.ROADS: _("Roads"),
        Book.ABROAD: _("Abroad"),
        Book.JOURNEYS: _("Journeys"),
    }[of]


def holds(of: Book, language: str) -> str:
    """Say what a book holds."""
    _ = translations(language).gettext
    return {
        Book.HOUSES: _("Addresses, beds, hosts, and what hosts have learnt."),
        Book.ROADS: _("Towns, meeting points, legs, departures, escorts and vehicles."),
        Book.ABROAD: _("Countries that take people in, and the way across the border."),
        Book.JOURNEYS: _("Parties by code name, their journeys, and the beds that are held."),
    }[of]


def fresh(of: Freshness, language: str) -> str:
    """Say how far what a sheet says can be relied on."""
    _ = translations(language).gettext
    return {
        Freshness.FRESH: _("Verified"),
        Freshness.STALE: _("Verified too long ago: make sure again"),
        Freshness.CHANGED: _("Changed since it was verified: make sure again"),
        Freshness.UNVERIFIED: _("Nobody has made sure of it yet"),
    }[of]


def deeds(_: Translate) -> dict[str, str]:
    """Name what somebody did, by the kind of the fact that says so."""
    return {
        "passage.SheetWritten": _("wrote of houses, roads, countries or journeys"),
        "passage.SheetVerified": _(
            "made sure of something about houses, roads, countries or journeys"
        ),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not written, opened or given, by the refusal's code."""
    return {
        "vault_open_already": _(
            "The office has this already. Ask a colleague who reads it to give it to you."
        ),
        "no_such_book": _("This desk has no key to that. Who has it can give it to you."),
        "network_not_yours": _(
            "Only stewards and coordinators write here. Nothing was changed; tell one of them."
        ),
        "settle_first": _(
            "Two people wrote one of these fields at once. Settle it in the form first, then "
            "make sure of it."
        ),
        "changed_meanwhile": _(
            "A colleague changed this while you looked at it. Read it again: what stands there "
            "now is not what you made sure of."
        ),
        "say_how": _("Write how you know: you were there, or you called, or who told you."),
        "nothing_to_verify": _("Nobody has to make sure of this."),
    }
