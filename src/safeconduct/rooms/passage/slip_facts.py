# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about slips, frozen and versioned; all stand in the book of journeys (spec/slips.md 3).

What stands on a slip is in none of them: of one that lies behind words there is what the words
alone open, and of paper and voice nothing.
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Count, Record
from safeconduct.kernel.sheets import KindName

ITEM_MOST: Final = 32 << 10
KEY_BYTES: Final = 1_216
_Key = Annotated[bytes, Meta(min_length=KEY_BYTES, max_length=KEY_BYTES)]
_Maybe16 = Annotated[bytes, Meta(max_length=16)]


class SlipMade(Record, frozen=True):
    """One errand was written down for one person who is to do it; the fact's id names the slip.

    `row` is a ride or a stay, `knower` an escort or a host: with `party`, `places` and `day` that
    is what this person thereby learns.  `check_in` is the one that their report answers, or empty.
    `stood` is a hash of the facts that said so, by their ids: which they are nobody sees in it.
    """

    row: Bytes16
    task: KindName
    knower: Bytes16
    kind: KindName
    party: Bytes16
    places: Annotated[tuple[Bytes16, ...], Meta(max_length=2)]
    day: Annotated[str, Meta(min_length=10, max_length=10)]
    way: Annotated[str, Meta(min_length=1, max_length=8)]
    until: Count
    check_in: _Maybe16
    stood: Bytes32


class SlipSealed(Record, frozen=True):
    """What eight words give, and the slip sealed to them; of the `SlipMade` in the same commit."""

    talk: Bytes16
    voice: Bytes32
    address: Bytes32
    key: _Key
    item: Annotated[bytes, Meta(min_length=1, max_length=ITEM_MOST)]


class SlipHanded(Record, frozen=True):
    """Somebody came with the words, and the sealed slip goes into their box."""

    slip: Bytes36


class SlipFrozen(Record, frozen=True):
    """It is handed to nobody any more; `changed` is 1 where a desk saw that it is not so now."""

    slip: Bytes36
    changed: Annotated[int, Meta(ge=0, le=1)]


class SlipHeard(Record, frozen=True):
    """What was said in a message with a slip's words was judged, and is not judged again."""

    slip: Bytes36
    message: Bytes32


SlipFact = SlipMade | SlipSealed | SlipHanded | SlipFrozen | SlipHeard
