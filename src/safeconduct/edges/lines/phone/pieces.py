# SPDX-License-Identifier: AGPL-3.0-or-later
"""A voice message as ten-second pieces, each sealed as it comes (spec/phone.md; docs/adr/0092).

All pieces are named, with their keys, before a word was said; what is said is sealed at once, and
of the clear sound nothing is held.  A piece's key is let go once the piece is whole.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from safeconduct.kernel.seal.lock import BlobPlan, StreamSealer, blob_id
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import (
    MEDIA_TYPE,
    MESSAGE_SECONDS,
    PIECE_BYTES,
    PIECES,
    RATE,
    SILENCE,
    piece_name,
)

KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole piece, sealed, and the token by which it is stored."""

    plan: BlobPlan
    sealed: bytes
    token: bytes = field(default_factory=lambda: secrets.token_bytes(KEY_BYTES))


def name_pieces() -> tuple[SealedFile, ...]:
    """Return what the letter says of the pieces of one message, under fresh keys."""
    keys = [secrets.token_bytes(KEY_BYTES) for _ in range(PIECES)]
    return tuple(
        SealedFile(blob_id(key), key, piece_name(index), PIECE_BYTES, MEDIA_TYPE)
        for index, key in enumerate(keys)
    )


class Pieces:
    """The pieces of one message; each is given away as soon as it is whole."""

    def __init__(self, files: tuple[SealedFile, ...], give: Callable[[Piece], None]) -> None:
        """Seal under the keys of these files, in their order."""
        self._keys: Final = deque(file.key for file in files)
        self._give: Final = give
        self._now: StreamSealer | None = None
        self._said = 0

    @property
    def full(self) -> bool:
        """Whether nothing more goes in."""
        return self._said == MESSAGE_SECONDS * RATE

    @property
    def seconds(self) -> int:
        """How many seconds were said; one that was begun counts."""
        return -(-self._said // RATE)

    def add(self, sound: memoryview) -> None:
        """Seal what was said, as A-law; what goes beyond the last piece is dropped."""
        while sound and not self.full:
            if self._now is None:
                self._now = StreamSealer(self._keys.popleft(), PIECE_BYTES)
            part = sound[: self._now.left]
            self._now.add(part)
            self._said += len(part)
            sound = sound[len(part) :]
            self._end_if_whole(self._now)

    def end(self) -> None:
        """Fill the piece that was begun with silence, give it away, and let all keys go."""
        if self._now is not None:
            self._now.add(bytes([SILENCE]) * self._now.left)
            self._end_if_whole(self._now)
        self._keys.clear()

    def _end_if_whole(self, now: StreamSealer) -> None:
        if not now.left:
            self._now = None
            self._give(Piece(now.plan, now.end()))
