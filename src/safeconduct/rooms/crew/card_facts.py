# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of recovery: new cards were made, or cards were used (spec/crew.md 1 and 8).

Both are signed by the root key, which exists only while enough cards lie together.  Whether one
counts is not decided here but in `roots`.
"""

from __future__ import annotations

from typing import Final

from safeconduct.kernel.canon import Bytes16, Bytes36, Count32, Record
from safeconduct.kernel.errors import BadKey
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.lock import SealingPublicKey

NEEDED_LEAST: Final = 2
"""Of more than one card; SLIP-0039 makes no copies of a card that suffices alone."""
CARDS_MOST: Final = 16
"""As many shares as SLIP-39 has room for."""


class RecoverySplit(Record, frozen=True):
    """New cards of a new secret: from now on its root key is the office's.

    `kept` names each use of the key before it, and each second of it, that goes on counting.
    """

    root_key: bytes
    recovery_key: bytes
    needed: Count32
    cards: Count32
    check: Bytes16
    kept: tuple[Bytes36, ...]

    def __post_init__(self) -> None:
        """Refuse keys that are none, and cards that cannot be."""
        try:
            LongVerifyKey.parse(self.root_key)
            SealingPublicKey.parse(self.recovery_key)
        except BadKey as error:
            raise ValueError from error
        lone = self.needed == self.cards == 1
        if not lone and not NEEDED_LEAST <= self.needed <= self.cards <= CARDS_MOST:
            raise ValueError


class RecoveryUsed(Record, frozen=True):
    """Cards were put together and used: the office epoch, and each removal and grant by it."""

    epoch: Count32
    made: tuple[Bytes36, ...]


CardFact = RecoverySplit | RecoveryUsed
CARD_FACTS: Final[dict[str, type[CardFact]]] = {
    "crew.RecoverySplit": RecoverySplit,
    "crew.RecoveryUsed": RecoveryUsed,
}
