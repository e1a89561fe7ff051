# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk does otherwise while it travels light, and what is given back beside vault keys.

It records no messages, which would else lie unread in its quarantine; what it left and has again is
read like what waited for a key (spec/crew.md 12).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.own_keys import sealing_keys
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms import crew
from safeconduct.rooms.crew import HeldKey

WITH_HOTLINE: Final = "intake"
STEWARDS_KEYS: Final = ("control", "intake-sign")
OTHERS: Final = (WITH_HOTLINE, *STEWARDS_KEYS)
"""Kinds of keys that no vault has; what people wrote hangs on the first, acts on the others."""


def takes_messages(journal: Journal) -> bool:
    """Tell whether this desk can record what people write: it holds the hotline's key."""
    with journal.store.lock:  # Another thread may just read the keys again.
        return journal.hotline_vault in journal.keys.newest()


def take_others(journal: Journal, name: bytes, parcel: bytes) -> None:
    """Keep what a parcel that a steward gave back holds beside vault keys; none that is held."""
    returned = journal.keys.facts().trips.returned.get(journal.device, frozenset())
    if name not in returned:
        return
    found = list[HeldKey]()
    for sealing in sealing_keys(journal):
        with suppress(SafeconductError):  # It was given back after an earlier trip.
            found += crew.open_parcel(parcel, journal.office, sealing)
    held = {(key.kind, key.epoch) for key in journal.keychain.all()}
    fresh = [key for key in found if key.kind in OTHERS and (key.kind, key.epoch) not in held]
    if fresh:
        journal.keychain.add(fresh)
