# SPDX-License-Identifier: AGPL-3.0-or-later
"""A calendar that says nothing but to open the desk (RFC 5545), for a colleague's telephone.

Whoever reads that telephone, or the company that keeps its calendar, sees days and no more: each
entry is the same, one a day at the same hour, however much falls due.  Between them stand days on
which nothing does, drawn from a secret of the desk, so that no entry proves anything; a day
without one says that nothing was known to fall due (spec/reminders.md).
"""

from __future__ import annotations

import hmac
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEED_BYTES: Final = 32
AHEAD: Final = 60
"""Days, from tomorrow on."""
HOUR: Final = 9
"""Of whatever clock the telephone has: the file names no place."""
COVER: Final = 3
"""One in so many of the other days gets an entry, too."""
LINE_BYTES: Final = 75
"""Octets of a line without its end (RFC 5545 3.1)."""
_UID_BYTES: Final = 16


def reminder_days(due: Iterable[date], seed: bytes, today: date) -> tuple[date, ...]:
    """Return the days that get an entry: those on which something falls due, and some more.

    The same secret draws the same days, so that a file made again does not tell them apart.
    """
    wanted = set(due)
    ahead = (today + timedelta(days=count) for count in range(1, AHEAD + 1))
    return tuple(day for day in ahead if day in wanted or _drawn(seed, day))


def write_calendar(days: Sequence[date], seed: bytes, said: str) -> bytes:
    """Return the file; an entry's id is the same whenever it is made, and tells nothing."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//EN", "CALSCALE:GREGORIAN"]
    for day in days:
        lines += _event(day, _mac(seed, b"uid", day)[:_UID_BYTES].hex(), _text(said))
    return "".join(_folded(line) for line in (*lines, "END:VCALENDAR")).encode()


def _event(day: date, uid: str, said: str) -> list[str]:
    plain = day.strftime("%Y%m%d")
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{plain}T000000Z",
        f"DTSTART:{plain}T{HOUR:02}0000",
        "DURATION:PT15M",
        f"SUMMARY:{said}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        f"DESCRIPTION:{said}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _drawn(seed: bytes, day: date) -> bool:
    return _mac(seed, b"cover", day)[0] % COVER == 0


def _mac(seed: bytes, what: bytes, day: date) -> bytes:
    return hmac.digest(seed, what + day.isoformat().encode(), "sha256")


def _text(said: str) -> str:
    r"""Return a value of the type TEXT: `\`, `;` and `,` are escaped (3.3.11)."""
    for mark in ("\\", ";", ","):
        said = said.replace(mark, "\\" + mark)
    return " ".join(said.split())


def _folded(line: str) -> str:
    """Return a line in pieces that fit, cut between characters and never inside one."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > LINE_BYTES:
            pieces.append(piece)
            piece = " "
        piece += letter
    return "\r\n".join([*pieces, piece]) + "\r\n"
