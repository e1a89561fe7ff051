# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that are written once and used often: each read by two people, each with an end.

What it is: texts of the office in one language each; a helper chooses one, changes it, and sends
it as their own.  What it is not: an answer that sends itself; nothing here reaches a person, and
what she reads shows nothing of it.
Invariant: what one person wrote and nobody else read is offered to nobody, and so is what nobody
has read for half a year (spec/guidance.md 2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final, NamedTuple

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count, Record
from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant
from safeconduct.rooms.hotline.guarded import LONG_RUN, KeptNote
from safeconduct.rooms.hotline.triage import CLOCKS_APART

READ_MOST: Final = 180 * DAY
"""No reading counts for longer, whatever its fact says."""
TITLE_MOST: Final = 120
"""Bytes of UTF-8 of a title."""
CANNED_TEXT_MOST: Final = 4_000
"""Bytes of UTF-8 of a text; who is afraid reads no more on a phone."""
CANNED_BYTES: Final = 16
_OPEN: Final = re.compile(r"\{[^{}\n]*\}|[{}]")
"""A place that is still to be filled, as `{when we write}`; a brace that is left over, too."""

LanguageCode = Annotated[str, msgspec.Meta(min_length=1, max_length=16)]


class CannedWritten(Record, frozen=True):
    """A helper wrote a text, or wrote it anew; `replaces` are all versions that they knew."""

    canned: Bytes16
    language: LanguageCode
    title: str
    text: str
    replaces: tuple[bytes, ...]


class CannedRead(Record, frozen=True):
    """Somebody else read this version and finds it good, until a time."""

    canned: Bytes16
    version: Bytes36
    until: Count


class CannedWithdrawn(Record, frozen=True):
    """A text is used no more, in any version; why."""

    canned: Bytes16
    reason: str


class CannedGated(Record, frozen=True):
    """Below this gate a text is offered to nobody and goes to nobody; 0 is for everybody.

    `replaces` names what the writer saw stand of this text's gate.
    """

    canned: Bytes16
    gate: Annotated[int, msgspec.Meta(ge=0, le=3)]
    replaces: tuple[bytes, ...]


CannedFact = CannedWritten | CannedRead | CannedWithdrawn | CannedGated
CANNED_FACTS: Final = (CannedWritten, CannedRead, CannedWithdrawn, CannedGated)
Apart = Callable[[DeviceId, DeviceId], bool]
"""Tells whether two devices are of different people, which the roster knows."""


class CannedTold(NamedTuple):
    """A fact as read: its id, the writer, the writer's time, and what it says."""

    fact: FactId
    device: DeviceId
    at: Instant
    event: CannedFact


@dataclass(frozen=True, slots=True)
class Reading:
    """Who found a version good, when, and until when."""

    by: DeviceId
    at: Instant
    until: Instant


class CannedState(Enum):
    """Whether a version is offered; if not, what it waits for."""

    WAITS = "waits"
    OFFERED = "offered"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Canned:
    """One version that stands: read by somebody else than its writer, or waiting for that."""

    id: bytes
    version: FactId
    language: str
    title: str
    text: str
    by: DeviceId
    at: Instant
    readings: tuple[Reading, ...] = ()
    known: tuple[FactId, ...] = ()
    """All versions of this text, which a new one replaces."""
    gate: int = 0
    """Which gate a conversation must have passed; of several that stand the highest counts."""
    gated: tuple[FactId, ...] = ()

    @property
    def kept(self) -> KeptNote:
        """What is looked for in answers below its gate."""
        return KeptNote(self.text, (), LONG_RUN)

    @property
    def until(self) -> Instant | None:
        """Until when it is offered; None while only its writer has read it."""
        return max((one.until for one in self.readings), default=None)

    def state(self, now: Instant) -> CannedState:
        """Tell whether it is offered now; a reading by a clock that is ahead offers nothing."""
        if self.until is None:
            return CannedState.WAITS
        held = any(now < one.until <= now + READ_MOST + CLOCKS_APART for one in self.readings)
        return CannedState.OFFERED if held else CannedState.DUE


def fold_canned(said: Sequence[CannedTold], apart: Apart) -> tuple[Canned, ...]:
    """Return the versions that stand, of texts that nobody withdrew, by language and title.

    Raises nothing; the same facts give the same texts in any order.
    """
    gone = {one.event.canned for one in said if isinstance(one.event, CannedWithdrawn)}
    texts: dict[bytes, list[tuple[CannedTold, CannedWritten]]] = {}
    for one in said:
        if isinstance(one.event, CannedWritten) and one.event.canned not in gone:
            texts.setdefault(one.event.canned, []).append((one, one.event))
    standing = (
        canned for versions in texts.values() for canned in _standing(versions, said, apart)
    )
    order = sorted(standing, key=lambda one: (one.language, one.title, one.at, one.version))
    return tuple(order)


def offered(canned: Iterable[Canned], now: Instant) -> tuple[Canned, ...]:
    """Return what a helper may put into an answer."""
    return tuple(one for one in canned if one.state(now) is CannedState.OFFERED)


def unfilled(text: str) -> tuple[tuple[int, int], ...]:
    """Return where a text has places that are still to be filled."""
    return tuple(match.span() for match in _OPEN.finditer(text))


def _standing(
    versions: Sequence[tuple[CannedTold, CannedWritten]], said: Sequence[CannedTold], apart: Apart
) -> Iterable[Canned]:
    """Return what stands of one text: what was read, unless a version that was read follows it."""
    known = tuple(sorted(one.fact for one, _ in versions))
    gate, gated = _gate(versions[0][1].canned, said)
    all_of_it = [
        Canned(
            *(event.canned, one.fact, event.language, event.title, event.text),
            *(one.device, one.at, _readings(one, said, apart), known),
            gate=gate,
            gated=gated,
        )
        for one, event in versions
    ]
    follows = {one.fact: set(event.replaces) - {one.fact} for one, event in versions}
    after_any = {fact for facts in follows.values() for fact in facts}
    after_read = {fact for one in all_of_it if one.readings for fact in follows[one.version]}
    for one in all_of_it:
        if one.version not in (after_read if one.readings else after_any):
            yield one


def _gate(canned: bytes, said: Sequence[CannedTold]) -> tuple[int, tuple[FactId, ...]]:
    found = [
        (one.fact, one.event)
        for one in said
        if isinstance(one.event, CannedGated) and one.event.canned == canned
    ]
    replaced = {old for fact, event in found for old in event.replaces if old != fact}
    standing = [(fact, event.gate) for fact, event in found if fact not in replaced]
    return max((gate for _, gate in standing), default=0), tuple(sorted(f for f, _ in standing))


def _readings(version: CannedTold, said: Sequence[CannedTold], apart: Apart) -> tuple[Reading, ...]:
    readings = [
        Reading(one.device, one.at, Instant(min(one.event.until, one.at + READ_MOST)))
        for one in said
        if isinstance(one.event, CannedRead)
        and one.event.version == version.fact
        and apart(one.device, version.device)
    ]
    return tuple(sorted(readings, key=lambda one: (one.at, one.by, one.until)))
