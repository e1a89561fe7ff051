# SPDX-License-Identifier: AGPL-3.0-or-later
"""What kernel and rooms ask of the world, as protocols; edges bring the real ones.

Nothing here does anything.  A simulation implements the same ports with a hostile courier
(tests/sim), so a rule that holds there holds against the real relay.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, Protocol

from safeconduct.kernel.words import Address, BlobId, Instant, OfficeId


class Clock(Protocol):
    """Tells the time; it may be wrong, and rights never hang on it."""

    def now(self) -> Instant:
        """Return the wall clock in milliseconds since 1970, UTC."""
        ...


class Rng(Protocol):
    """Gives unpredictable bytes."""

    def bytes(self, count: int) -> bytes:
        """Return `count` fresh random bytes."""
        ...


class ItemState(IntEnum):
    """What became of an intake item at a relay."""

    WAITS = 0
    TAKEN = 1
    """A desk said that the office has it; its bytes stay for some days, for all desks to see."""
    DROPPED = 2
    """Only its id is left."""


class IntakeItem(NamedTuple):
    """One entry of an intake at its index; `body` is the item, or the id of a dropped one."""

    at: int
    arrived: Instant
    state: ItemState
    body: bytes


class Counted(NamedTuple):
    """Bytes that one capability of a tracing epoch wrote: in all, and of the day by kind."""

    capability_hash: bytes
    written: int
    files: int
    rest: int


class Courier(Protocol):
    """A desk's way to one relay (spec/relay.md 4).

    Every method raises `Unreachable` when the relay does not answer, and a `Refused` with the
    relay's code when it declines.  Bytes that come back are unchecked.
    """

    @property
    def office(self) -> OfficeId:
        """The office whose capability this courier carries."""
        ...

    def append(self, frames: list[bytes]) -> list[int]:
        """Append frames to the log; return their indices.  Durable on return; safe to repeat."""
        ...

    def frames(self, start: int, most: int) -> list[bytes]:
        """Return frames from `start` on, at most `most` bytes of them, at least one if any."""
        ...

    def items(self, start: int, most: int) -> list[IntakeItem]:
        """Return intake items from `start` on, at most `most` bytes, at least one if any."""
        ...

    def taken(self, indices: list[int]) -> None:
        """Let the relay drop the bytes of these intake items, some days from now."""
        ...

    def now(self) -> Instant:
        """Return where the relay's clock stands."""
        ...

    def wait(self, log: int, intake: int, seconds: float) -> tuple[int, int]:
        """Return (log size, intake size) once either is larger than given, or after `seconds`."""
        ...

    def checkpoint(self, tree: str) -> bytes:
        """Return the newest signed note of `log` or `intake`."""
        ...

    def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
        """Put sealed items into boxes as (address, expiry, item).  Durable on return."""
        ...

    def collect(self, address: Address, after: int) -> list[tuple[int, Instant, bytes]]:
        """Return what waits at an address beyond a number as (number, expiry, item).

        The oldest first, and as much as one answer of the relay holds.
        """
        ...

    def put_parcel(self, parcel: bytes) -> None:
        """Store a key parcel under its hash."""
        ...

    def parcel(self, name: bytes) -> bytes:
        """Return the parcel with this SHA-256; the courier checks the hash."""
        ...

    def drop_parcels(self, order: bytes, signature: bytes) -> None:
        """Let parcels go by a steward's order; needs no capability."""
        ...

    def traced(self, order: bytes, signature: bytes) -> list[Counted]:
        """Return what each capability of a tracing epoch wrote; needs no capability."""
        ...

    def open_access(self, opening: bytes, proof: bytes) -> None:
        """Open the next access epoch; needs no capability.  Durable on return; safe to repeat."""
        ...

    def renew(self, capability: bytes) -> None:
        """Show this capability from now on."""
        ...

    def publish(self, certificate: bytes) -> None:
        """Make this the current intake certificate."""
        ...

    def say_first(self, words: bytes) -> None:
        """Make these the first words that everybody is shown; raises Conflict for older ones."""
        ...

    def first_words(self) -> bytes:
        """Return the first words that everybody is shown; empty without any."""
        ...

    def timers(self) -> bytes:
        """Return what the relay keeps of timers, as `wire.timers` reads it."""
        ...

    def turn(self, body: bytes) -> None:
        """Let timers leave and as many come.  Durable on return; safe to repeat."""
        ...

    def open_blob(self, blob: BlobId, chunks: int, length: int, token: bytes) -> int:
        """Announce a blob (write token of 32 bytes); return the next missing chunk."""
        ...

    def put_chunk(self, blob: BlobId, index: int, chunk: bytes, token: bytes) -> int:
        """Store one sealed chunk; return the next missing one."""
        ...

    def blob_state(self, blob: BlobId) -> tuple[int, int, int]:
        """Return (chunks, length, next missing chunk)."""
        ...

    def chunk(self, blob: BlobId, index: int) -> bytes:
        """Return one sealed chunk."""
        ...
