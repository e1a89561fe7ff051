# SPDX-License-Identifier: AGPL-3.0-or-later
"""A courier that does evil, over the real relay: each field is one way to lie or to fail.

It holds the relay's signing key, as whoever seized the relay would.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.log.checkpoint import Checkpoint, write_checkpoint
from safeconduct.kernel.log.merkle import leaf_hash, root_of
from safeconduct.kernel.ports import IntakeItem
from safeconduct.kernel.words import Address, Instant, OfficeId
from tests.sim.courier import StoreCourier

T = TypeVar("T")


class Weather(StoreCourier):
    """A bad network: calls fail before or after they took effect, answers come twice or late."""

    def __init__(self, inner: StoreCourier, chance: random.Random, loss: float = 0.3) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self._chance = chance
        self.loss = loss

    def _maybe(self, call: Callable[..., T], *given: object) -> T:
        fate = self._chance.random()
        if fate < self.loss / 2:
            raise Unreachable
        answer = call(*given)
        if fate < self.loss:
            raise Unreachable
        return call(*given) if fate > 1 - self.loss / 2 else answer

    def append(self, frames: list[bytes]) -> list[int]:
        """Frames of which some came already, twice, or lost."""
        if self._chance.random() < self.loss and len(frames) > 1:
            self._maybe(super().append, frames[: self._chance.randrange(1, len(frames))])
        indices: list[int] = self._maybe(super().append, frames)
        return indices

    def frames(self, start: int, most: int) -> list[bytes]:
        """Runs of any length."""
        run: list[bytes] = self._maybe(super().frames, start, most)
        return run[: self._chance.randint(1, max(1, len(run)))]

    def items(self, start: int, most: int) -> list[Any]:
        """Items, or nothing for now."""
        found: list[Any] = self._maybe(super().items, start, most)
        return found

    def checkpoint(self, tree: str) -> bytes:
        """The note, if it comes."""
        note: bytes = self._maybe(super().checkpoint, tree)
        return note

    def post(self, letters: list[Any]) -> None:
        """Letters, perhaps twice."""
        self._maybe(super().post, letters)

    def taken(self, indices: list[int]) -> None:
        """Taken, perhaps twice."""
        self._maybe(super().taken, indices)


@dataclass
class Script:
    """What a lying relay serves instead of its log; `None` means the truth."""

    frames: list[bytes] | None = None
    size: int | None = None
    hidden: set[int] = field(default_factory=set)
    notes: deque[bytes] = field(default_factory=deque)


class Liar(StoreCourier):
    """A relay that signs with its own good key and lies as its script says."""

    def __init__(self, store: RelayStore, office: OfficeId, capability: bytes) -> None:
        super().__init__(store, office, capability)
        self.script = Script()

    def all(self) -> list[bytes]:
        """The true log."""
        return super().frames(0, 1 << 24)

    def frames(self, start: int, most: int) -> list[bytes]:
        """The log of the script."""
        if self.script.frames is not None:
            return self.script.frames[start:]
        return [
            frame
            for at, frame in enumerate(super().frames(start, most), start)
            if at not in self.script.hidden
        ]

    def checkpoint(self, tree: str) -> bytes:
        """A well signed note over the script's log."""
        if tree == "log" and self.script.notes:
            return self.script.notes[0]
        if tree != "log" or (self.script.frames is None and self.script.size is None):
            return super().checkpoint(tree)
        served = self.script.frames if self.script.frames is not None else self.all()
        served = served[: self.script.size]
        return self.sign(served)

    def sign(self, served: list[bytes]) -> bytes:
        """A note that the relay's key signs."""
        root = root_of(leaf_hash(frame) for frame in served)
        note = Checkpoint(self.office, "log", len(served), root)
        return write_checkpoint(note, self.store.parts.key)


class Withholding(Liar):
    """A relay that shows a desk nothing of what others write any more, and takes what it writes."""

    def begin(self) -> None:
        """Go on alone with this desk, from the log as it stands."""
        self.script.frames = self.all()

    def append(self, frames: list[bytes]) -> list[int]:
        """Put frames into the log that this desk is shown."""
        kept = self.script.frames
        if kept is None:
            return super().append(frames)
        kept += [frame for frame in frames if frame not in kept]
        return [kept.index(frame) for frame in frames]


class Shifting(StoreCourier):
    """A relay that hands over items otherwise than it signed for."""

    def __init__(self, inner: StoreCourier, change: Callable[[IntakeItem], IntakeItem]) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self.change = change

    def items(self, start: int, most: int) -> list[IntakeItem]:
        """Items, each changed."""
        return [self.change(item) for item in super().items(start, most)]


class Rewinding(StoreCourier):
    """A relay that shows an intake as it stood."""

    note = b""

    def checkpoint(self, tree: str) -> bytes:
        """The true note, or an older one of the intake."""
        return self.note if tree == "intake" and self.note else super().checkpoint(tree)


class Listening(StoreCourier):
    """A relay that notes what it is told together, and until when boxes hold letters."""

    def __init__(self, inner: StoreCourier) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self.taken_now: list[int] = []
        self.ends: list[int] = []

    def taken(self, indices: list[int]) -> None:
        """Note, and pass on."""
        self.taken_now += indices
        super().taken(indices)

    def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
        """Note, and pass on."""
        self.ends += [expires for _, expires, _ in letters]
        super().post(letters)
