# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words on the map of roads, and those of the gazetteer of places."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations


def mode(name: str, language: str) -> str:
    """Name by what one goes, short, as it stands on a line."""
    _ = translations(language).gettext
    return {
        "foot": _("walk"),
        "car": _("car"),
        "coach": _("coach"),
        "train": _("train"),
        "plane": _("plane"),
        "boat": _("boat"),
    }[name]


def beds(many: int, language: str) -> str:
    """Say how many beds a town has tonight."""
    said = translations(language).ngettext("%(num)s bed", "%(num)s beds", many)
    return said % {"num": many}


def crossings(there: int, many: int, language: str) -> str:
    """Say how many crossings into a country are open."""
    _ = translations(language).gettext
    if not many:
        return _("no crossing written down")
    return _("%(open)s of %(all)s crossings open") % {"open": there, "all": many}


def crossings_short(there: int, many: int, language: str) -> str:
    """Say the same where there is little room; nothing where none is written down."""
    said = translations(language).gettext("open: %(open)s of %(all)s")
    return said % {"open": there, "all": many} if many else ""


def refusals(_: Translate) -> dict[str, str]:
    """Return why no places were brought in, by the refusal's code."""
    return {
        "place_codes_unclear": _(
            "Name countries by their two letters, as XA, and a region by a dot and its code "
            "behind them, as XA.07. Nothing was changed."
        ),
        "no_places": _(
            "No place was found. Check where the file lies, whether it is of GeoNames, and which "
            "letters you gave for the country. Nothing was changed."
        ),
        "too_many_places": _(
            "That is more than a desk keeps. Name the countries or regions that you work in, or "
            "take the file with towns alone. Nothing was changed."
        ),
    }
