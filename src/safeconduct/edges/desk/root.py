# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a closed desk knows of its office, read without writing anything to the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import apsw

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.engine.keys import PLACE, NoOfficeHere, Place, office_of
from safeconduct.edges.desk.recovering import CardsDisputed
from safeconduct.edges.desk.store import KEYS, StoreDamaged, connect, file_of
from safeconduct.edges.desk.store_facts import commit_at, crew_facts
from safeconduct.edges.desk.store_guard import holding
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
    with holding(folder), _reading(folder, key) as store:
        place, roster = _told(store)
    if roster.cards.rivals:
        raise CardsDisputed
    return roster.cards.root_key or place.root_key


def name_and_relay_of(folder: Path, key: bytes) -> tuple[str, str]:
    """Return what the office that a store's key opens is called, and the URL of its relay.

    The caller holds the store closed to others.

    Raises:
        StoreDamaged, NoOfficeHere: see there.
    """
    with _reading(folder, key) as store:
        place, roster = _told(store)
    return roster.founded.name if roster.founded else "", place.relay_url


@contextmanager
def _reading(folder: Path, key: bytes) -> Iterator[apsw.Connection]:
    try:
        with closing(connect(file_of(folder, key), key)) as store:
            store.pragma("query_only", "on")
            yield store
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise StoreDamaged from error


def _told(store: apsw.Connection) -> tuple[Place, crew.Roster]:
    def ask(query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return list(store.execute(query, values))

    raw = store.execute("SELECT value FROM settings WHERE name = 'place'").get
    if raw is None:
        raise NoOfficeHere
    place = PLACE.decode_own(raw)
    told = crew_facts(ask, VaultId(place.crew_vault))
    return place, crew.fold(office_of(place), told, partial(commit_at, ask))
