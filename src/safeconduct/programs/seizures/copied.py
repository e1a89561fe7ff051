# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a copy of the server's files tells, by itself and to who has also forced a laptop open.

Everything is handed over here that the copied server holds, without asking for any access: it is
stricter than a server that asks for it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.programs.seizures import admitted as told
from safeconduct.programs.seizures.office import readable
from safeconduct.rooms.crew import open_parcel
from safeconduct.rooms.hotline.letters import open_letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from safeconduct.edges.desk.office import Desk

DATABASE: Final = "relay.db"
TREE_BITS: Final = 40
"""Of the ids of entries (`edges/relay/schema.py`); an even tree is a log, an odd one an intake."""
LOG: Final = 0
INTAKE: Final = 1


def _bodies(server: Path, tree: int) -> list[bytes]:
    query = "SELECT body FROM entries WHERE (id >> ?) & 1 = ? ORDER BY id"
    return [body for (body,) in _rows(server, query, TREE_BITS, tree)]


def _rows(server: Path, query: str, *values: int) -> list[tuple[bytes]]:
    with closing(sqlite3.connect(server / DATABASE)) as database:
        return database.execute(query, values).fetchall()


def times_in(server: Path) -> set[str]:
    """Return of what the tables tell times: of letters, and of what desks wrote into the log."""
    query = "SELECT DISTINCT (id >> ?) & 1 FROM entries WHERE time != 0"
    labels = {LOG: told.WORK_TIMES, INTAKE: told.TIMES}
    return {labels[tree] for (tree,) in _rows(server, query, TREE_BITS)}  # type: ignore[index]


def read_with(desk: Desk, server: Path) -> bytes:
    """Read all that a taken desk can open of a copied server; return it, with what it had."""
    journal = desk.journal
    for parcel in (body for (body,) in _rows(server, "SELECT body FROM parcels")):
        with suppress(SafeconductError):  # It is for others.
            sealing = journal.secrets.sealing_key()
            journal.keychain.add(open_parcel(parcel, journal.office, sealing))
    frames = _bodies(server, LOG)
    have = journal.log.size()
    journal.log.add(have, frames[have:])
    journal.catch_up()
    return b"\n".join((readable(desk), *_letters(desk, _bodies(server, INTAKE))))


def _letters(desk: Desk, items: list[bytes]) -> Iterator[bytes]:
    """Open letters with every intake key that the desk holds."""
    journal = desk.journal
    keys = [key.key for key in journal.keychain.all() if key.kind == "intake"]
    for item in items:
        for seed in keys:
            with suppress(SafeconductError):  # It is sealed to another key.
                yield repr(open_letter(item, journal.office, SealingKey.from_seed(seed))).encode()
