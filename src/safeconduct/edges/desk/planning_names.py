# SPDX-License-Identifier: AGPL-3.0-or-later
"""How pages of planning name sheets and days: houses and people by their code names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk import ways_words
from safeconduct.rooms.passage.kinds import NAMED, book_of

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage import Network, Sheet


def label(visit: Visit, network: Network, sheet: Sheet) -> str:
    """Name a sheet; houses and people by their code names alone, whoever looks over a shoulder."""
    if sheet.kind in NAMED:
        return f"{ways_words.one(sheet.kind, visit.language)} {sheet.name}"
    return ways_words.label(network, sheet, visit.language)


def path(sheet: Sheet) -> str:
    """Return where a sheet is shown."""
    return f"/ways/{book_of(sheet.kind).value}/{sheet.kind}/{sheet.id.hex()}"


def day(visit: Visit, date: str) -> str:
    """Say a day; nothing where none is known."""
    return visit.words.known_day(date, visit.desk.now()) if date else ""
