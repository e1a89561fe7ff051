# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs that somebody watches: shown by desks, proved by who could not have made them (duty.md 6).

Time is cut into slots.  For each day there are chains, one for each kind of sign: the last value
comes from the hotline's key, each earlier one is the hash of the next.  Who is given the value
before the first can tell each later sign from a false one, and can make none; who saw a sign can
make those of earlier slots alone.  So neither a server nor who takes a locked desk can say that a
desk is open.
Pure: times and secrets are handed in.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from safeconduct.kernel.canon import Bytes32, Count, Record
from safeconduct.kernel.words import MINUTE, Address, Instant

SLOT: Final = 10 * MINUTE
"""Milliseconds for which a sign stands; it holds others back until the next slot has ended."""
SLOTS: Final = 144
"""Slots of a chain: those of a day in UTC."""
BYTES: Final = 32
RANKS: Final = 4
"""Those on duty, the backup, stewards, everybody else: in this order locked desks call."""
OPEN: Final = "open"
"""A desk is open that can call."""
WATCHES: Final = "watches"
"""A locked desk watches before whose locking no desk that is shut by now was open."""
_LABEL: Final = b"safeconduct/duty-signs/1\0"


class Last(Record, frozen=True):
    """The sign of the last slot in which its holder may show one of a kind; earlier ones follow."""

    slot: Count
    sign: Bytes32


class Day(Record, frozen=True):
    """What a locked desk is given of one day: where signs lie, what proves them, its own two.

    `ranks` prove the calls of those who go before it, the first first.
    """

    day: Count
    board: Bytes32
    open: Bytes32
    ranks: tuple[Bytes32, ...]
    watches: Last
    called: Last


def slot_of(now: Instant) -> int:
    """Return the slot of a moment."""
    return now // SLOT


def start_of(slot: int) -> Instant:
    """Return when a slot begins."""
    return Instant(slot * SLOT)


def secret_of(vault_key: bytes, office: bytes) -> bytes:
    """Return what all signs of an office come from, while this is the hotline's newest key."""
    return hmac.digest(vault_key, _LABEL + office, "sha256")


def called_by(rank: int) -> str:
    """Return the kind of sign by which a locked desk of a rank says that it called."""
    return f"called-{rank}"


def sign_of(secret: bytes, kind: str, slot: int) -> bytes:
    """Return the sign of a kind in a slot."""
    day, at = divmod(slot, SLOTS)
    return _back(_made(secret, kind, day), SLOTS - 1 - at)


def board_of(secret: bytes, day: int) -> bytes:
    """Return what tells where the signs of a day lie."""
    return _made(secret, "board", day)


def address_of(board: bytes, slot: int) -> Address:
    """Return the box in which the signs of a slot lie."""
    return Address(hmac.digest(board, slot.to_bytes(8, "big"), "sha256"))


def day_of(secret: bytes, rank: int, day: int, until: int) -> Day:
    """Return what a locked desk of a rank is given of a day, if it shows nothing after a slot."""
    last = min(until, (day + 1) * SLOTS - 1)
    lower = RANKS if rank == RANKS - 1 else rank  # Those of the last rank are many: one calls.
    return Day(
        day,
        board_of(secret, day),
        _proof(secret, OPEN, day),
        tuple(_proof(secret, called_by(one), day) for one in range(lower)),
        Last(last, sign_of(secret, WATCHES, last)),
        Last(last, sign_of(secret, called_by(rank), last)),
    )


def proves(proof: bytes, slot: int, sign: bytes) -> bool:
    """Tell whether something is the sign of a slot, of the kind that a day's proof stands for."""
    return len(sign) == BYTES and hmac.compare_digest(_back(sign, slot % SLOTS + 1), proof)


def own(last: Last, slot: int) -> bytes | None:
    """Return one's own sign of a slot; None where one may show none of it."""
    if slot > last.slot or slot // SLOTS != last.slot // SLOTS:
        return None
    return _back(last.sign, last.slot - slot)


def _proof(secret: bytes, kind: str, day: int) -> bytes:
    return _back(_made(secret, kind, day), SLOTS)


def _made(secret: bytes, kind: str, day: int) -> bytes:
    said = kind.encode() + b"\0" + day.to_bytes(8, "big")
    return hmac.digest(secret, _LABEL + said, "sha256")


def _back(sign: bytes, steps: int) -> bytes:
    for _ in range(steps):
        sign = hashlib.sha256(_LABEL + sign).digest()
    return sign
