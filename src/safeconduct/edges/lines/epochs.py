# SPDX-License-Identifier: AGPL-3.0-or-later
"""The greatest epoch of an intake key that a line ever met, over all its starts (spec/lines.md 6).

A relay could else wait until a line is started anew, and give it an older key: one whose private
half may be in other hands since.
"""

from __future__ import annotations

import threading
from typing import Final

from safeconduct.edges.lines.store import SealedStore
from safeconduct.edges.person.device import Seen
from safeconduct.kernel.canon import Codec, Count32, encode

EPOCH: Final = "epoch"
_EPOCH: Final[Codec[int]] = Codec(Count32, "epoch")


class KeptEpoch(Seen):
    """The epoch of one line, sealed in its folder; used by many threads."""

    def __init__(self, store: SealedStore) -> None:
        """Read what was kept.

        Raises:
            CannotOpen, Malformed: it was changed.
        """
        kept = store.load(EPOCH)
        super().__init__(0 if kept is None else _EPOCH.decode(kept))
        self._store: Final = store
        self._guard: Final = threading.Lock()

    def meet(self, epoch: int) -> None:
        """Meet a key of an epoch; a greater one is durable before anything is sealed to it.

        Raises:
            Untrusted: a newer one was met before.
        """
        with self._guard:
            if epoch > self.epoch:
                self._store.save(EPOCH, encode(epoch))
            super().meet(epoch)
