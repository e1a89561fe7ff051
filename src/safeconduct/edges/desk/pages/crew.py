# SPDX-License-Identifier: AGPL-3.0-or-later
"""The crew: who belongs to the office, what waits, and whether the server shows all the same."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from litestar import get

from safeconduct.edges.desk.compared import NotSoMany
from safeconduct.edges.desk.standings import asks, stand, stands
from safeconduct.edges.desk.visit import Here, Page
from safeconduct.kernel.errors import SafeconductError

DIGITS_MOST: Final = 18


@get("/crew", sync_to_thread=True)
def see_crew(visit: Here) -> Page:
    """Show everyone, by person."""
    desk = visit.desk
    everyone = stands(desk, visit.people.everyone())
    crew = [(person, [*them]) for person, them in groupby(everyone, lambda one: one.member.person)]
    asked = asks(desk)
    found: dict[str, Any] = {
        "own": stand(desk, desk.device),
        "aside": desk.removals.quarantined(start=0, most=0)[1] if asked["steward"] else 0,
        "running": desk.tracing.running(),
        "ours": _spoken(desk.compared().office, visit.language),
    }
    return visit.page("crew.html", crew=crew, **found, **asked)


@get("/crew/log", sync_to_thread=True)
def compare_words(visit: Here) -> Page:
    """Show four words for as much of the log as two people agreed on."""
    typed = visit.asked("n")
    try:
        compared = visit.desk.compared(_number(typed) if typed.strip() else None)
    except SafeconductError as error:
        compared = visit.desk.compared()
        reason = visit.say("Type a number from 1 to {most}, in digits.").format(
            most=visit.words.number(compared.most)
        )
        if not isinstance(error, NotSoMany):
            reason = visit.say("For this number the desk has no words. Take one less, both of you.")
        return visit.refused(reason, "same_log.html", into="main", compared=compared, typed=typed)
    return visit.page(
        "same_log.html",
        compared=compared,
        typed=typed,
        spoken=_spoken(compared.words, visit.language),
    )


def _number(typed: str) -> int:
    """Return what somebody typed as they heard it; raises NotSoMany for what is no number."""
    digits = "".join(char for char in typed if not char.isspace())
    if not digits.isdecimal() or len(digits) > DIGITS_MOST:
        raise NotSoMany
    return int(digits)


def _spoken(
    words: Mapping[str, tuple[str, ...]], language: str
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words by language, that of the page first."""
    return sorted(words.items(), key=lambda item: (item[0] != language, item[0]))


@get("/crew/asked", sync_to_thread=True)
def see_asked(visit: Here) -> Page:
    """Show what waits for a second steward, again."""
    return visit.part("regions/asked.html", at=visit.asked("at"), **asks(visit.desk))


VIEWS: Final = (see_crew, see_asked, compare_words)
