# SPDX-License-Identifier: AGPL-3.0-or-later
"""At which address of the server an office is met: see docs/spec/relay.md 9.

A server has a first entrance, 0, and may have others.  Whatever is asked at one is answered as if
the offices of the others were not kept here.  A founding code belongs to an entrance; the office
that it founds is bound there, and one that is bound nowhere is met at the first.
Both stand in `meta`, so that a relay with one entrance has nothing more in its file.
"""

from __future__ import annotations

import hmac
from typing import Final

import apsw

FIRST: Final = 0
FOUNDING_CODE: Final = "founding_code"
_BOUND: Final = "entrance/"


def code_name(entrance: int) -> str:
    """Return the name under which an entrance's founding code stands in `meta`."""
    return FOUNDING_CODE if entrance == FIRST else f"{FOUNDING_CODE}/{entrance}"


def use_code(connection: apsw.Connection, entrance: int, code: str) -> bool:
    """Use up an entrance's founding code; False when it is another, or none is out."""
    name = code_name(entrance)
    stored = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).get
    if stored is None or not hmac.compare_digest(stored, code.encode()):
        return False
    connection.execute("DELETE FROM meta WHERE name = ?", (name,))
    return True


def bind(connection: apsw.Connection, entrance: int, office: bytes) -> None:
    """Let an office be met at this entrance alone."""
    connection.execute("DELETE FROM meta WHERE name GLOB ? AND value = ?", (f"{_BOUND}*", office))
    if entrance != FIRST:
        row = (f"{_BOUND}{entrance}", office)
        connection.execute("REPLACE INTO meta VALUES (?, ?)", row)


def bound(connection: apsw.Connection) -> dict[bytes, int]:
    """Return the offices that are bound to an entrance beyond the first."""
    query = "SELECT value, name FROM meta WHERE name GLOB ?"
    rows = connection.execute(query, (f"{_BOUND}*",))
    return {office: int(name.removeprefix(_BOUND)) for office, name in rows}
