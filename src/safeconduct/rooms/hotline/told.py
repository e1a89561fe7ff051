# SPDX-License-Identifier: AGPL-3.0-or-later
"""One fact of a conversation as it was read: what folds are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from safeconduct.kernel.words import DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.hotline.heard import Heard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.hotline.events import ConversationFact

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as read: its id, the writer, the writer's time, and what it says."""

    fact: FactId
    device: DeviceId
    hlc: int
    event: ConversationFact

    @property
    def at(self) -> Instant:
        """The writer's wall clock."""
        return instant_of(self.hlc)


def heard(told: Iterable[Told], kinds: tuple[type[K], ...]) -> list[Heard[K]]:
    """Return the facts of some kinds, in the order in which they were told."""
    return [
        Heard(one.fact, one.device, one.at, one.event)
        for one in told
        if isinstance(one.event, kinds)
    ]
