# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which answers were handed on, over all relays and numbers (spec/lines.md 4).

A number in a box is the relay's word alone: who holds the relay can lay an old answer under a new
one, or count anew.  So the line keeps a digest of each answer until it ends, and an answer that has
ended goes to nobody.
"""

from __future__ import annotations

import hashlib
import time
from typing import Final

from safeconduct.edges.lines.store import SealedStore
from safeconduct.kernel.canon import Bytes16, Codec, Count, Record, encode
from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.letters import Reply

WENT: Final = "went"
DIGEST_BYTES: Final = 16
LIVES: Final = 100 * DAY
"""An answer that does not say when it ends, ends so long after it was written."""
LATEST: Final = (1 << 63) - 1
"""No later end can be read again (`canon.Count`)."""


class One(Record, frozen=True):
    """An answer that was handed on: its digest, and when it ends."""

    digest: Bytes16
    ends: Count


_WENT: Final[Codec[tuple[One, ...]]] = Codec(tuple[One, ...], "went")


class Went:
    """The digests of one line."""

    def __init__(self, store: SealedStore) -> None:
        """Read those that were kept.

        Raises:
            CannotOpen, Malformed: what was kept of it was changed.
        """
        self._store: Final = store
        kept = store.load(WENT)
        found = () if kept is None else _WENT.decode(kept)
        self._ends: dict[bytes, int] = {one.digest: one.ends for one in found}

    def has(self, reply: Reply) -> bool:
        """Tell whether this very answer was handed on before."""
        return digest_of(reply) in self._ends

    def add(self, reply: Reply) -> None:
        """Keep that it was handed on, until it ends; durable when this returns."""
        now = now_here()
        self._ends = {digest: ends for digest, ends in self._ends.items() if ends > now}
        self._ends[digest_of(reply)] = end_of(reply)
        self._store.save(WENT, encode(tuple(One(*one) for one in sorted(self._ends.items()))))


def digest_of(reply: Reply) -> bytes:
    """Return what tells an answer from every other; each handle that it names is drawn anew."""
    return hashlib.sha256(encode(reply)).digest()[:DIGEST_BYTES]


def end_of(reply: Reply) -> int:
    """Return when an answer ends, as its office said under the seal."""
    told = reply.extras.get("expires")
    ends = told if isinstance(told, int) and told > 0 else reply.time + LIVES
    return min(ends, LATEST)


def now_here() -> int:
    """Return the time by this machine's clock, in milliseconds."""
    return time.time_ns() // 1_000_000
