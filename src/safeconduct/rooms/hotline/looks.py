# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second look: a helper asks a colleague about a conversation, or an answer that was begun.

It holds nothing up: whoever asked may answer the person at once (spec/looks.md).  Facts may come in
any order; which devices were removed a fold does not know, and whoever shows it asks the roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

import msgspec

from safeconduct.kernel.canon import Bytes16, Count, Record
from safeconduct.kernel.words import DEVICE_ID_BYTES, DeviceId, FactId, Instant
from safeconduct.rooms.hotline.heard import Heard

Verdict = Literal["fine", "change", "takes"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)


class LookAsked(Record, frozen=True):
    """A helper asks a device, or anyone where `to` is empty; `by` is 0 where it has no deadline."""

    conversation: Bytes16
    to: Annotated[bytes, msgspec.Meta(max_length=DEVICE_ID_BYTES)]
    question: str
    draft: str
    by: Count


class LookGiven(Record, frozen=True):
    """A colleague looked: it is fine, it should be changed, or they take the conversation over."""

    conversation: Bytes16
    look: bytes
    verdict: Verdict
    text: str


class LookWithdrawn(Record, frozen=True):
    """Whoever asked needs it no more, or has read what came back."""

    conversation: Bytes16
    look: bytes


LookFact = LookAsked | LookGiven | LookWithdrawn
LOOK_FACTS: Final[tuple[type[LookFact], ...]] = (LookAsked, LookGiven, LookWithdrawn)


Said = Heard[LookFact]


@dataclass(frozen=True, slots=True)
class Given:
    """What a colleague said who looked."""

    fact: FactId
    by: DeviceId
    at: Instant
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """A request for a second look; `to` is empty where anyone was asked."""

    fact: FactId
    by: DeviceId
    at: Instant
    to: bytes
    question: str
    draft: str
    until: Instant | None
    given: tuple[Given, ...]
    withdrawn: bool

    @property
    def open(self) -> bool:
        """Whether it still waits for a colleague."""
        return not self.given and not self.withdrawn


def fold_looks(said: Iterable[Said]) -> tuple[Look, ...]:
    """Return the requests of one conversation, the oldest first.

    Nobody looks for themselves, and nobody but who asked withdraws.
    """
    facts = sorted(said, key=lambda one: (one.at, one.fact))
    return tuple(_look(one, one.event, facts) for one in facts if isinstance(one.event, LookAsked))


def _look(asked: Said, event: LookAsked, facts: Sequence[Said]) -> Look:
    given = tuple(
        Given(one.fact, one.device, one.at, one.event.verdict, one.event.text)
        for one in facts
        if isinstance(one.event, LookGiven)
        and one.event.look == asked.fact
        and one.device != asked.device
    )
    withdrawn = any(
        isinstance(one.event, LookWithdrawn)
        and one.event.look == asked.fact
        and one.device == asked.device
        for one in facts
    )
    until = Instant(event.by) if event.by else None
    words = event.to, event.question, event.draft, until
    return Look(asked.fact, asked.device, asked.at, *words, given, withdrawn)


def waits_for(look: Look, devices: frozenset[DeviceId], present: frozenset[DeviceId]) -> bool:
    """Tell whether a request waits for the person at these devices, by who is present.

    What somebody asked who was removed waits for nobody; what was asked of somebody who was removed
    waits for everyone.
    """
    if not look.open or look.by not in present or look.by in devices:
        return False
    return look.to not in present or look.to in devices
