# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of check-ins, frozen and versioned (spec/check-ins.md 4).

All stand in the vault of the hotline; times are milliseconds since 1970 in UTC.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Codec, Count, Record, encode

LABEL_MOST: Final = 60
GRACE_LEAST: Final = 5
GRACE_MOST: Final = 180
CALLED_MOST: Final = 3


class Verdict(IntEnum):
    """What a word was that somebody said."""

    RIGHT = 0
    WRONG = 1
    DURESS = 2


class Danger(IntEnum):
    """Three alarms that are never one another; the gravest last."""

    SILENCE = 0
    WRONG = 1
    DURESS = 2


Times = tuple[Bytes36, ...]
"""Facts that say by when."""
_Judged = Annotated[int, msgspec.Meta(ge=0, le=2)]


class CheckInSet(Record, frozen=True):
    """Somebody is to be heard of by `due` and `grace` minutes; `called` hear of it if not.

    `right` and `duress` are the hashes of the words that were agreed; `label` names nobody.
    """

    check_in: Bytes16
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=LABEL_MOST)]
    due: Count
    grace: Annotated[int, msgspec.Meta(ge=GRACE_LEAST, le=GRACE_MOST)]
    right: Bytes32
    duress: Bytes32
    called: Annotated[tuple[Bytes16, ...], msgspec.Meta(min_length=1, max_length=CALLED_MOST)]


class CheckInMoved(Record, frozen=True):
    """They are to be heard of by another time; `replaces` are the facts that said one before."""

    check_in: Bytes16
    due: Count
    replaces: Times


class CheckInHeard(Record, frozen=True):
    """A word was heard, and judged at the desk that says so; `of` are the facts it answers."""

    check_in: Bytes16
    of: Times
    verdict: _Judged


class CheckInSeen(Record, frozen=True):
    """Somebody at this device sees to an alarm: others are called for it no more."""

    check_in: Bytes16
    of: Times
    danger: _Judged


class CheckInEnded(Record, frozen=True):
    """No contact is expected any more, and its alarms are over."""

    check_in: Bytes16


CheckInFact = CheckInSet | CheckInMoved | CheckInHeard | CheckInSeen | CheckInEnded
KINDS: Final[dict[str, type[CheckInFact]]] = {
    f"watch.{record.__name__}": record
    for record in (CheckInSet, CheckInMoved, CheckInHeard, CheckInSeen, CheckInEnded)
}
VERSION: Final = 1
_CODECS: Final[dict[str, Codec[CheckInFact]]] = {
    kind: Codec(record, kind) for kind, record in KINDS.items()
}


def kind_of(fact: CheckInFact) -> str:
    """Return the kind under which a fact is written."""
    return f"watch.{type(fact).__name__}"


def write_fact(fact: CheckInFact) -> bytes:
    """Return the body of the entry."""
    return encode(fact)


def knows(kind: str, version: int) -> bool:
    """Tell whether this program knows a kind and version of fact."""
    return kind in _CODECS and version == VERSION


def parse_fact(kind: str, version: int, body: bytes) -> CheckInFact | None:
    """Return the fact, or None for a kind or version newer than this program.

    Raises:
        Malformed: a known kind whose body does not parse.
    """
    return _CODECS[kind].decode_own(body) if knows(kind, version) else None
