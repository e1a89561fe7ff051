# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words beside the lines of a drawn network."""

from __future__ import annotations

from safeconduct.edges.desk import record_words
from safeconduct.edges.desk.i18n import translations
from safeconduct.rooms.cases.network import HUNTS
from safeconduct.rooms.cases.sheets import TIE


def labels(language: str) -> dict[str, str]:
    """Return what stands beside a line, by what one is to the other."""
    _ = translations(language).gettext
    ties = {
        one: record_words.choice(TIE, "relation", one, language)
        for one in record_words.choices(TIE, "relation")
    }
    return ties | {HUNTS: _("hunts"), "": _("tied")}
