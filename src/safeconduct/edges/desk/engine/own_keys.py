# SPDX-License-Identifier: AGPL-3.0-or-later
"""This device's own sealing keys: the newest, and old halves that something may still be sealed to.

The newest stands with the device's secrets.  Of the old ones the store keeps those alone that a
colleague may not know to be old yet (spec/crew.md 7); `own_rotation` makes and destroys them.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.rooms.crew import Clocks

CARD_NUMBER: Final = 0


class Half(Record, frozen=True):
    """The seed of an old key, its number, and the sequence of our commit that told of it."""

    number: int
    seed: bytes
    sequence: int


class OwnKeys(Record, frozen=True):
    """The newest key's number and commit, what clocks said when it was made, and older halves.

    A number of 0 is that of the card, which the admission told of.
    """

    number: int
    sequence: int
    made: Clocks
    old: tuple[Half, ...]


NAME: Final = "own_keys"
OWN_KEYS: Final[Codec[OwnKeys]] = Codec(OwnKeys, NAME)


def own_keys(journal: Journal) -> OwnKeys | None:
    """Return what stands of this device's own keys; None while it has its card's alone."""
    return journal.store.setting(NAME, OWN_KEYS)


def sealing_keys(journal: Journal) -> list[SealingKey]:
    """Return what opens that was sealed to this device, the newest key first."""
    own = own_keys(journal)
    old = reversed(own.old) if own else ()
    return [
        journal.secrets.sealing_key(),
        *(SealingKey.from_seed(half.seed) for half in old),
    ]
