# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much work public calls are asked for (docs/spec/relay.md 3).

A seed carries its period and bits under a MAC, so that nothing has to be remembered: a relay that
was started again still knows what it announced.  It fails open: load raises the price and never
closes the door.
"""

from __future__ import annotations

import hmac
from collections import deque
from dataclasses import dataclass
from typing import Final

from safeconduct.kernel.ports import Clock
from safeconduct.kernel.wire.bodies import Terms
from safeconduct.kernel.wire.refusals import MoreWork
from safeconduct.kernel.wire.work import MOST_BITS, work_done
from safeconduct.kernel.words import MINUTE, SECOND

PERIOD: Final = 5 * MINUTE
EXPECTED_A_SECOND: Final = 2
EXPECTED_UNREAD: Final = 10_000
IDLE_MESSAGE_BITS: Final = 10
IDLE_BLOB_BITS: Final = 12
_SLICE: Final = 10 * SECOND
_MAC_BYTES: Final = 10


@dataclass(frozen=True, slots=True)
class Load:
    """What raises the price, beside the rate of accepted calls."""

    unread: int
    disk_low: bool


class WorkPolicy:
    """Announces seeds and checks work; one for all offices of a relay."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        """Derive seeds from a secret that stays the same over restarts."""
        self._secret: Final = secret
        self._clock: Final = clock
        self._accepted: Final[dict[bytes, deque[list[int]]]] = {}

    def terms(self, office: bytes, load: Load) -> Terms:
        """Return the seed of this period with the bits that are asked now."""
        more = self._steps(office, load)
        period = self._clock.now() // PERIOD
        bits = (min(IDLE_MESSAGE_BITS + more, MOST_BITS), min(IDLE_BLOB_BITS + more, MOST_BITS))
        head = period.to_bytes(4, "big") + bytes(bits)
        return Terms(head + self._mac(office, head), *bits)

    def holds(self, office: bytes, work: tuple[bytes, int], payload: bytes, *, blob: bool) -> bool:
        """Tell whether (seed, nonce) is enough for this payload."""
        seed, nonce = work
        head, mac = seed[:-_MAC_BYTES], seed[-_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(office, head)):
            return False
        # A seed of a later period was announced before the clock was set back.
        if int.from_bytes(head[:4], "big") < self._clock.now() // PERIOD - 1:
            return False
        return work_done(seed, payload, nonce) >= head[5 if blob else 4]

    def more(self, office: bytes, load: Load, *, blob: bool) -> MoreWork:
        """Return the refusal that says what is asked now."""
        terms = self.terms(office, load)
        return MoreWork(terms.seed, terms.blob_bits if blob else terms.message_bits)

    def count(self, office: bytes) -> None:
        """Count one accepted call."""
        now = self._clock.now() // _SLICE
        slices = self._accepted.setdefault(office, deque(maxlen=PERIOD // _SLICE))
        if not slices or slices[-1][0] != now:
            slices.append([now, 0])
        slices[-1][1] += 1

    def _steps(self, office: bytes, load: Load) -> int:
        """Return how many bits the load adds."""
        since = (self._clock.now() - PERIOD) // _SLICE
        slices = tuple(self._accepted.get(office, ()))
        accepted = sum(count for start, count in slices if start > since)
        rate = accepted // (EXPECTED_A_SECOND * PERIOD // SECOND)
        return _doublings(rate) + _doublings(load.unread // EXPECTED_UNREAD) + load.disk_low

    def _mac(self, office: bytes, head: bytes) -> bytes:
        return hmac.digest(self._secret, office + head, "sha256")[:_MAC_BYTES]


def _doublings(times: int) -> int:
    """Return how often something doubled beyond what is expected, given how many times it is."""
    return max(times.bit_length() - 1, 0)
