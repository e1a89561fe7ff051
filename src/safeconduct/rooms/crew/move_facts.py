# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about the office's relay, in the form of roster facts (spec/crew.md 1 and 9)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Count, Count32, Record
from safeconduct.kernel.errors import BadKey
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.labels import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.kernel.words import FactId

URL_MOST: Final = 500


class RelayMoved(Record, frozen=True):
    """The office's relay is another one from now on, which began with this log.

    `salt` and the office key of `office_epoch` give the capability of access epoch `epoch`.
    """

    relay_url: Annotated[str, Meta(min_length=1, max_length=URL_MOST)]
    relay_key: Annotated[bytes, Meta(min_length=1984, max_length=1984)]
    epoch: Count32
    office_epoch: Count32
    salt: Bytes16
    size: Count
    root: Bytes32
    replaces: tuple[Bytes36, ...]

    def __post_init__(self) -> None:
        """Refuse a key that is none: whoever went there could hold the relay to nothing."""
        try:
            LongVerifyKey.parse(self.relay_key)
        except BadKey as error:
            raise ValueError from error


class RelayRestored(Record, frozen=True):
    """The same relay came back from a backup: of its log this much is as it was."""

    relay_key: Annotated[bytes, Meta(min_length=1984, max_length=1984)]
    size_before: Count
    root_before: Bytes32
    size_after: Count


MoveFact = RelayMoved | RelayRestored
MOVE_FACTS: Final[dict[str, type[MoveFact]]] = {
    "crew.RelayMoved": RelayMoved,
    "crew.RelayRestored": RelayRestored,
}


def capability(office_key: bytes, salt: bytes) -> bytes:
    """Return the capability of the epoch with which a relay was founded anew.

    Whoever holds the office key can work it out; the relay that is gone, which saw the capability
    of before, cannot.
    """
    return hmac.digest(office_key, label("capability") + b"\0" + salt, "sha256")


def standing(moves: Mapping[FactId, RelayMoved]) -> tuple[FactId, RelayMoved] | None:
    """Return the move that stands; None while the office is where it was founded.

    Where two follow the same relay and none replaces both, that older relay stands.
    """
    found: tuple[FactId, RelayMoved] | None = None
    while True:
        before = found[0] if found else None
        following = {
            fact: move
            for fact, move in moves.items()
            if (before in move.replaces if before else not move.replaces)
        }
        if len(following) > 1:
            ends = {
                fact: move
                for fact, move in moves.items()
                if set(following) - {fact} <= set(move.replaces)
            }
            following = ends if len(ends) == 1 else {}
        if not following:
            return found
        (found,) = following.items()


def onward(
    moves: Mapping[FactId, RelayMoved], founded_at: bytes, here: bytes
) -> tuple[FactId, RelayMoved] | None:
    """Return the move that stands, if the relay with the key `here` is one that it left behind."""
    stands = standing(moves)
    old = {move.relay_key for fact, move in moves.items() if fact not in live(moves)}
    left = here in {founded_at, *old} and stands is not None and stands[1].relay_key != here
    return stands if left else None


def live(moves: Mapping[FactId, RelayMoved]) -> tuple[FactId, ...]:
    """Return the moves that no other replaces; a new one replaces them all."""
    old = {fact for move in moves.values() for fact in move.replaces}
    return tuple(sorted(fact for fact in moves if fact not in old))
