# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of the network, slips and drills, frozen and versioned; each stands in a book's vault.

What a fact says of a sheet counts only in the vault of the book of that sheet's kind
(spec/network.md); facts of slips and drills count in that of journeys (spec/slips.md, burned.md).
"""

from __future__ import annotations

from typing import Annotated, Final, get_args

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes36, Codec, Record, encode
from safeconduct.kernel.sheets import OVER_MOST, KindName, Over, Values
from safeconduct.rooms.passage.burn_facts import BurnFact
from safeconduct.rooms.passage.slip_facts import SlipFact

HOW_MOST: Final = 2_000
WORDS_MOST: Final = 64
"""So many earlier words of a ride one word takes the place of."""
BEHIND_MOST: Final = 32
FOLLOWED_MOST: Final = 32
"""So many choices one journey names."""
WHY_MOST: Final = 15
"""Reasons that a newer program may know are read, and shown as another one."""


class SheetWritten(Record, frozen=True):
    """What fields of a sheet say from here on, over the facts that the author saw in them."""

    sheet: Bytes16
    kind: KindName
    values: Values
    over: Over


class SheetVerified(Record, frozen=True):
    """Somebody made sure that what these facts say of a sheet is so, and says how they know."""

    sheet: Bytes16
    kind: KindName
    saw: Annotated[tuple[Bytes36, ...], Meta(min_length=1, max_length=OVER_MOST)]
    how: Annotated[str, Meta(min_length=1, max_length=HOW_MOST)]


class GoSaid(Record, frozen=True):
    """Somebody who saw what these facts say of a ride says that it goes (1), or not (0).

    `over` are earlier words of the same ride that its author saw, and that this one answers.
    """

    sheet: Bytes16
    kind: KindName
    saw: Annotated[tuple[Bytes36, ...], Meta(min_length=1, max_length=OVER_MOST)]
    go: Annotated[int, Meta(ge=0, le=1)]
    over: Annotated[tuple[Bytes36, ...], Meta(max_length=WORDS_MOST)]


class ChoiceSaid(Record, frozen=True):
    """A person puts a party (`sheet`) before others that would have had its place.

    `why` is one of `chosen.Why`, and `saw` are the facts that stood on the sheets of all these
    parties: when anything else stands there the choice is over.
    """

    sheet: Bytes16
    kind: KindName
    behind: Annotated[tuple[Bytes16, ...], Meta(min_length=1, max_length=BEHIND_MOST)]
    why: Annotated[int, Meta(ge=0, le=WHY_MOST)]
    saw: Annotated[tuple[Bytes36, ...], Meta(min_length=1, max_length=OVER_MOST)]


class ChoiceSeconded(Record, frozen=True):
    """Another person stands for a choice between parties; with that it counts."""

    sheet: Bytes16
    kind: KindName
    choice: Bytes36


class ChoiceFollowed(Record, frozen=True):
    """A journey (`sheet`) was written, or changed, by choices between parties that counted then."""

    sheet: Bytes16
    kind: KindName
    choices: Annotated[tuple[Bytes36, ...], Meta(min_length=1, max_length=FOLLOWED_MOST)]


NetworkFact = SheetWritten | SheetVerified | GoSaid | ChoiceSaid | ChoiceSeconded | ChoiceFollowed
PassageFact = NetworkFact | SlipFact | BurnFact
NETWORK_KINDS: Final = tuple(f"passage.{record.__name__}" for record in get_args(NetworkFact))
"""Kinds of what is said of sheets; those of slips and drills are read apart."""
KINDS: Final[dict[str, type[PassageFact]]] = {
    f"passage.{record.__name__}": record for record in get_args(PassageFact)
}
VERSION: Final = 1
_CODECS: Final[dict[str, Codec[PassageFact]]] = {
    kind: Codec(record, kind) for kind, record in KINDS.items()
}


def kind_of(fact: PassageFact) -> str:
    """Return the kind under which a fact is written."""
    return f"passage.{type(fact).__name__}"


def write_fact(fact: PassageFact) -> bytes:
    """Return the body of the entry.

    Raises:
        Malformed: it holds more than a reader takes; nobody would ever hear of it.
    """
    body = encode(fact)
    _CODECS[kind_of(fact)].decode_own(body)
    return body


def parse_fact(kind: str, version: int, body: bytes) -> PassageFact | None:
    """Return the fact, or None for a kind or version newer than this program.

    Raises:
        Malformed: a known kind whose body does not parse.
    """
    known = kind in _CODECS and version == VERSION
    return _CODECS[kind].decode_own(body) if known else None
