# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key that signs for the office's page: intake certificates and notices (spec/crew.md 5, 9).

It is drawn once, at the founding, whose fact names its public half; so whatever brings a seed, this
desk keeps the one that fits and no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.words import DAY
from safeconduct.rooms.crew import HeldKey

KIND: Final = "intake-sign"
FIRST_EPOCH: Final = 1
SEED_BYTES: Final = 64
CERTIFICATE_LIVES: Final = 5 * 365 * DAY
"""Long: a page must not fall silent while no steward opens a desk that makes new keys."""


class PageKeyNotHeld(Refused):
    """This desk does not hold the seed; a steward's desk that does can give it on."""

    code = "page_key_not_held"


def seed_of(journal: Journal) -> bytes:
    """Return the seed, or nothing where this desk does not hold it."""
    return _fitting(journal, [one.key for one in journal.keychain.all() if one.kind == KIND])


def keep(journal: Journal, seeds: Iterable[bytes]) -> None:
    """Keep the seed if it is among these and not held yet; durable on return."""
    if not seed_of(journal) and (seed := _fitting(journal, seeds)):
        journal.keychain.add([HeldKey(KIND, NO_ID, FIRST_EPOCH, seed)])


def _fitting(journal: Journal, seeds: Iterable[bytes]) -> bytes:
    founded = journal.roster.founded
    for seed in seeds:
        if founded is None or len(seed) != SEED_BYTES:
            continue
        if LongSigningKey.from_seed(seed).public.raw == founded.intake_signing_key:
            return seed
    return b""
