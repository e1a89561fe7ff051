# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a closed desk knows of its office's root, read without writing anything to the store."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import apsw

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.engine.keys import PLACE, NoOfficeHere, office_of
from safeconduct.edges.desk.recovering import CardsDisputed
from safeconduct.edges.desk.store import FILE, KEYS, StoreDamaged, connect, holding
from safeconduct.edges.desk.store_facts import commit_at, crew_facts
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew


def root_key_of(folder: Path, passphrase: str) -> bytes:
    """Return the public root key that stands, of the office that the desk in a folder belongs to.

    Raises:
        WrongPassphrase: no slot opens with it.
        StoreInUse, StoreDamaged, NoOfficeHere: see there.
        CardsDisputed: no root key stands, as far as this desk knows.
    """
    key = keyslots.unlock(folder / KEYS, passphrase)
    with holding(folder):
        try:
            with closing(connect(folder / FILE, key)) as store:
                store.pragma("query_only", "on")
                return _standing(store)
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise StoreDamaged from error


def _standing(store: apsw.Connection) -> bytes:
    def ask(query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return list(store.execute(query, values))

    raw = store.execute("SELECT value FROM settings WHERE name = 'place'").get
    if raw is None:
        raise NoOfficeHere
    place = PLACE.decode_own(raw)
    told = crew_facts(ask, VaultId(place.crew_vault))
    roster = crew.fold(office_of(place), told, partial(commit_at, ask))
    if roster.cards.rivals:
        raise CardsDisputed
    return roster.cards.root_key or place.root_key
