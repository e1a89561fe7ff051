# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a closed desk knows of its office's root, read without writing anything to the store."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.engine.keys import PLACE, NoOfficeHere
from safeconduct.edges.desk.store import FILE, KEYS, StoreDamaged, connect, holding


def root_key_of(folder: Path, passphrase: str) -> bytes:
    """Return the public root key of the office that the desk in a folder belongs to.

    Raises:
        WrongPassphrase: no slot opens with it.
        StoreInUse, StoreDamaged, NoOfficeHere: see there.
    """
    key = keyslots.unlock(folder / KEYS, passphrase)
    with holding(folder):
        try:
            with closing(connect(folder / FILE, key)) as store:
                store.pragma("query_only", "on")
                query = "SELECT value FROM settings WHERE name = 'place'"
                place = store.execute(query).get
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise StoreDamaged from error
    if place is None:
        raise NoOfficeHere
    return PLACE.decode_own(place).root_key
