# SPDX-License-Identifier: AGPL-3.0-or-later
"""People whose rows stand as one, because they say nearly the same (spec/triage.md 7).

What it is: which of them a helper marks hostile by one press.  What it is not: a judgement; each
of them may be a person, and who repeats a plea has perhaps no words of her own.
Invariant: no press marks the first that said it, nor anybody whom a helper has taken care of.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.rooms.hotline import triage_decide
from safeconduct.rooms.hotline.queue import Beside, Weight, place_of

if TYPE_CHECKING:
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.hotline.triage_facts import HostileMarked
    from safeconduct.rooms.hotline.words import Conversation


class Among(NamedTuple):
    """One of a crowd, and what likeness says of it."""

    talk: Conversation
    weight: Weight

    @property
    def crowd(self) -> bytes:
        """Return with whom its row stands as one; nothing where it stands by itself by now."""
        return place_of(self.talk, weight=self.weight).crowd

    @property
    def first(self) -> bool:
        """Whether it is the first that said so."""
        return any(one.id == self.weight.kind for one in self.talk.messages)


def beside_of(crowd: bytes) -> Beside:
    """Return what each of a crowd tells beside the words."""
    return Beside(crowd[-1]) if crowd else Beside(0)


def goes_along(crowd: bytes, weight: Weight) -> bool:
    """Tell whether all of a crowd are put away where one of them is marked (spec/triage.md 6)."""
    return weight.long and not beside_of(crowd)


def mark_crowd(some: Iterable[Among], crowd: bytes, by: DeviceId) -> tuple[HostileMarked, ...]:
    """Return the marks of those of a crowd that a helper saw listed.

    One is enough where the others go along with it.
    """
    copies = [one for one in some if crowd and one.crowd == crowd and not one.first]
    if copies and goes_along(crowd, copies[0].weight):
        copies = copies[:1]
    return tuple(
        triage_decide.mark_hostile(one.talk, by, hostile=True, another=True) for one in copies
    )
