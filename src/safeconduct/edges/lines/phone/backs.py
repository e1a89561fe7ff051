# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers of those who asked to be called back: sealed into handles, and unreadable a day later.

No number is kept here.  It goes away inside the handle, under a key of its hour, and a key is
destroyed 24 hours after its hour is over: from then on nobody opens it, whatever they hold.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Annotated, Final, Literal

import msgspec

from safeconduct.edges.lines.channel import Kept
from safeconduct.kernel.canon import Bytes32, Codec, Count32, Record, encode
from safeconduct.kernel.errors import CannotOpen
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.lock import close_box
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.unlock import open_box

KEPT_AS: Final = "backs"
CONTACT_BYTES: Final = 16
HOUR_BYTES: Final = 4
NONCE_BYTES: Final = 16
KEY_BYTES: Final = 32
HOUR_SECONDS: Final = 3600
HOURS: Final = 24
NUMBER_LEAST: Final = 32
_NUMBER: Final = re.compile(r"(?:sips?|tel):(\+?[0-9]{3,20})(?:[@;].*)?", re.DOTALL)


class HourKey(Record, frozen=True):
    """The key of one hour since 1970."""

    hour: Count32
    key: Bytes32


class _Keys(Record, frozen=True):
    format: Literal[1]
    keys: Annotated[tuple[HourKey, ...], msgspec.Meta(max_length=HOURS + 2)]


_KEYS: Final[Codec[_Keys]] = Codec(_Keys, "back keys", version=1)


def number_in(address: str) -> str:
    """Return the number in the address that a call came from; empty where it shows none."""
    _, named, rest = address.rpartition("<")
    bare = rest.partition(">")[0] if named else address
    found = _NUMBER.fullmatch(bare.strip())
    return found[1] if found else ""


class Backs:
    """The keys of one line."""

    def __init__(self, kept: Kept, rng: Rng, clock: Callable[[], float]) -> None:
        """Read them; `clock` counts seconds since 1970.

        Raises:
            CannotOpen, Malformed, NotCanonical, UnknownVersion: they were changed.
        """
        self._kept: Final = kept
        self._rng: Final = rng
        self._clock: Final = clock
        self._lock: Final = threading.RLock()
        told = kept.load(KEPT_AS)
        self._keys = parse_backs(told) if told is not None else {}
        self.tidy()

    def tidy(self) -> None:
        """Destroy the keys whose day is over."""
        hour = self._hour()
        with self._lock:
            # One of a time that has not come is none that this clock made.
            left = {one: key for one, key in self._keys.items() if hour - HOURS <= one <= hour}
            if left != self._keys:
                self._keep(left)

    def seal(self, contact: bytes, number: str) -> bytes:
        """Return what goes behind a contact into its handle."""
        self.tidy()
        hour = self._hour()
        with self._lock:
            if hour not in self._keys:
                self._keep({**self._keys, hour: self._rng.bytes(KEY_BYTES)})
            key = self._keys[hour]
        head = hour.to_bytes(HOUR_BYTES, "big") + self._rng.bytes(NONCE_BYTES)
        padded = pad(number.encode(), NUMBER_LEAST)
        return head + close_box(key, "line-handle", _context(head, contact), padded)

    def open(self, handled: bytes) -> tuple[bytes, str]:
        """Return the contact and the number of a handle.

        Raises:
            CannotOpen, Malformed: it holds none, or its day is over.
        """
        self.tidy()
        contact, rest = handled[:CONTACT_BYTES], handled[CONTACT_BYTES:]
        head, box = rest[: HOUR_BYTES + NONCE_BYTES], rest[HOUR_BYTES + NONCE_BYTES :]
        key = self._keys.get(int.from_bytes(head[:HOUR_BYTES], "big"))
        if key is None or not box:
            raise CannotOpen("line-handle")
        opened = unpad(open_box(key, "line-handle", _context(head, contact), box))
        return contact, opened.decode("ascii", "replace")

    def _hour(self) -> int:
        return int(self._clock()) // HOUR_SECONDS

    def _keep(self, keys: dict[int, bytes]) -> None:
        listed = tuple(HourKey(hour, key) for hour, key in sorted(keys.items()))
        self._kept.save(KEPT_AS, encode(_Keys(1, listed)))
        self._keys = keys


def parse_backs(data: bytes) -> dict[int, bytes]:
    """Return the kept keys by their hours.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the bytes are none such.
    """
    return {one.hour: one.key for one in _KEYS.decode(data).keys}


def _context(head: bytes, contact: bytes) -> bytes:
    return b"back\0" + head + contact
