# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on a slip, in each language of the person's side: to read, to copy, to read out.

Handed a `Slip` and a language alone, it knows no journey (spec/slips.md 1).  The words are in the
catalogues of the person's side, because an escort or host may speak any of those languages.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from safeconduct.edges.desk.i18n import LOCALES
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.rooms.passage.errand.slip import Carry, Destroy, Slip, Task
from safeconduct.rooms.passage.errand.slip_report import SLIP, VERSION, SaidSo

Say = Callable[[str], str]


def later(message: str) -> str:
    """Mark a message for translation; for whom it is, is known when a slip is made."""
    return message


LINES: Final = {
    "task": later("What to do"),
    "day": later("Day"),
    "at": later("Time, by the clocks there"),
    "place": later("Where"),
    "ends": later("Where this ride ends"),
    "people": later("How many people"),
    "word": later("Code word"),
    "carry": later("Have ready"),
    "note": later("Note"),
    "call": later("If anything is different, call"),
    "report": later("Say that all is well by"),
    "destroy": later("This slip"),
}
"""What each line is headed with, in the order in which it is read."""
TASKS: Final = {
    Task.RIDE: later("Meet people and take them along."),
    Task.STAY: later("Let people sleep there."),
}
AT_HOME: Final = later("At your house")
WORD: Final = later(
    "{word}. They say it to you first. We did not send anybody who does not know it."
)
CARRIED: Final = {
    Carry.WATER: later("water"),
    Carry.FOOD: later("food"),
    Carry.BLANKETS: later("blankets"),
    Carry.CLOTHES: later("warm clothes"),
    Carry.CHILD_SEAT: later("a child seat"),
    Carry.CASH: later("cash"),
    Carry.FUEL: later("a full tank"),
}
DESTROYED: Final = {
    Destroy.READ: later("Learn it by heart and destroy it at once. Photograph nothing."),
    Destroy.DONE: later("Destroy it as soon as this is done. Photograph nothing."),
}
REPORTS: Final = {
    SaidSo.READ: later("I have read it"),
    SaidSo.UNDERWAY: later("I am on my way"),
    SaidSo.ARRIVED: later("I have arrived"),
}
OPENED: Final = later("The page with the slip was opened.")
ASKING: Final = later(
    "Something is ready for you. Write to us here that you have come, and nothing else. Stay on "
    "this page, or come back with the same words in a few minutes."
)
AGREED: Final = later("The word that you agreed on with us before; not the code word above")
TOLD: Final = later("Sent. You can close the page.")
SAYING: Final = later("Sending…")
TRY_AGAIN: Final = later("This did not get through. Try again, or call.")
DAYS: Final = (
    later("{day} January {year}"),
    later("{day} February {year}"),
    later("{day} March {year}"),
    later("{day} April {year}"),
    later("{day} May {year}"),
    later("{day} June {year}"),
    later("{day} July {year}"),
    later("{day} August {year}"),
    later("{day} September {year}"),
    later("{day} October {year}"),
    later("{day} November {year}"),
    later("{day} December {year}"),
)
FIRST: Final = later("1")
"""The first day of a month: some languages have a form of its own for it, such as 1er."""
EVERY: Final = (
    *(*LINES.values(), *TASKS.values(), AT_HOME, WORD, *CARRIED.values()),
    *(*DAYS, FIRST),
    *(*DESTROYED.values(), *REPORTS.values(), OPENED, ASKING, AGREED, TOLD, SAYING, TRY_AGAIN),
)
"""All of it, for translators (tools/translating.py)."""


class Line(NamedTuple):
    """One line of a slip."""

    name: str
    head: str
    says: str


class Pass(NamedTuple):
    """What moves the timer of a check-in once, without telling whose it is."""

    timer: bytes
    token: bytes


@cache
def _saying(language: str) -> Say:
    known = language if language in LANGUAGES else next(iter(LANGUAGES))
    return gettext.translation("portal", LOCALES, [known], fallback=True).gettext


def lines(slip: Slip, language: str) -> tuple[Line, ...]:
    """Return the lines of a slip that say something, in their order."""
    say = _saying(language)
    says = {
        "task": say(TASKS[slip.task]),
        "day": _day(slip.day, say),
        "at": slip.at,
        "place": slip.place or say(AT_HOME),
        "ends": slip.ends,
        "people": str(slip.people),
        "word": say(WORD).format(word=slip.word),
        "carry": ", ".join(say(CARRIED[one]) for one in slip.carry),
        "note": slip.note,
        "call": slip.call,
        "report": slip.report,
        "destroy": say(DESTROYED[slip.destroy]),
    }
    return tuple(Line(name, say(LINES[name]), told) for name, told in says.items() if told)


def _day(day: str, say: Say) -> str:
    """Say a day as it is read and read out, the month in words; what is no day as it stands."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    number = say(FIRST) if found.day == 1 else str(found.day)
    return say(DAYS[found.month - 1]).format(day=number, year=found.year)


def carried(one: Carry, language: str) -> str:
    """Name what is brought along."""
    return _saying(language)(CARRIED[one])


def destroyed(one: Destroy, language: str) -> str:
    """Say when a slip is destroyed."""
    return _saying(language)(DESTROYED[one])


def text_of(slip: Slip, language: str) -> str:
    """Return a slip as its page shows it."""
    return "\n".join(f"{one.head}: {one.says}" for one in lines(slip, language))


def spoken(slip: Slip, language: str) -> tuple[str, ...]:
    """Return a slip in sentences to read out, one breath each; the other side says each back."""
    return tuple(
        f"{one.head}: {one.says}" + ("" if one.says.endswith(".") else ".")
        for one in lines(slip, language)
    )


def asking(language: str) -> tuple[str, dict[str, Any]]:
    """Return what waits under the words until somebody comes, and what a page does with it.

    A page says by itself that somebody came, and shows nothing (spec/slips.md 4).
    """
    say = _saying(language)
    return say(ASKING), {SLIP: {"version": VERSION, "ask": say(OPENED)}}


def offered(language: str, moves: Pass | None, *, asks_word: bool) -> dict[str, Any]:
    """Return what a page puts under a slip: what can be said back, and what moves a timer.

    A word is asked for where a check-in waits for one; whether it is right nobody there learns.
    """
    say = _saying(language)
    told = {
        "version": VERSION,
        "says": [[said.value, say(text)] for said, text in REPORTS.items()],
        "told": say(TOLD),
        "saying": say(SAYING),
        "again": say(TRY_AGAIN),
    }
    if asks_word:
        told["word"] = say(AGREED)
    if moves is not None:
        told |= {"timer": moves.timer, "token": moves.token}
    return {SLIP: told}
