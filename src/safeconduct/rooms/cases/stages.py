# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the stages of a case: where it stands, what blocks it, and the way so far.

The same facts give the same stages in any order.  Where two moved a case and neither had seen the
other's move, it stands in both, until somebody who saw both moves it again (spec/stages.md 3).
Fails closed: a stage that this program does not know, one without the reason that it asks for, and
what stands in another vault than that of `journey` count for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import MINUTE, CaseId, FactId, Instant, instant_of
from safeconduct.rooms.cases.events import StageFact
from safeconduct.rooms.cases.stage_facts import BlockLifted, BlockNamed, StageEntered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.kernel.words import DeviceId, VaultId
    from safeconduct.rooms.cases.fold import Told

STAGES: Final = (
    *("contact", "verified", "plan", "out", "sheltered", "documents", "abroad", "closed"),
    *("lost", "declined", "died"),
)
"""In the order in which pages show them; life goes through them in any order."""
ENDS: Final = frozenset({"closed", "declined", "died"})
"""In these no clock runs."""
WITH_REASON: Final = ENDS | {"lost"}
"""These count only with a note that says why."""
CONFIRMED: Final = frozenset({"closed", "died"})
"""These are asked about a second time before they are written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote of a stage; `begun` is as told, and never after it was written."""

    fact: FactId
    written: Instant
    by: DeviceId
    stage: str
    begun: Instant
    told: bool
    """Whether somebody said since when."""
    note: str


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in a stage; `ended` is None while it lasts.

    `also` is what colleagues wrote of the same stay without seeing `entry`.
    """

    entry: Entry
    ended: Instant | None
    also: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that says it."""
        return (self.entry, *self.also)

    def length(self, now: Instant) -> int:
        """Return how long it took, or has taken until now; never less than 0.

        What a clock far ahead wrote has lasted until now at most.
        """
        return max(0, (now if self.ended is None else min(self.ended, now)) - self.entry.begun)

    @property
    def runs(self) -> bool:
        """Whether a clock runs in it."""
        return self.ended is None and self.entry.stage not in ENDS


@dataclass(frozen=True, slots=True)
class Lift:
    """Somebody said that a block is gone."""

    at: Instant
    by: DeviceId
    note: str


@dataclass(frozen=True, slots=True)
class Block:
    """What keeps the case in a stage, and who said that it is gone, first of all."""

    fact: FactId
    at: Instant
    by: DeviceId
    stage: str
    text: str
    lifted: Lift | None


@dataclass(frozen=True, slots=True)
class CaseStages:
    """Where a case stands, and how it came there; oldest first."""

    case: CaseId
    way: tuple[Stay, ...] = ()
    corrected: tuple[Entry, ...] = ()
    """What was said and then put right; it is no part of the way."""
    blocks: tuple[Block, ...] = ()

    @property
    def now(self) -> tuple[Stay, ...]:
        """Where it stands: in nothing yet, in one stage, or in those that two wrote at once."""
        return tuple(one for one in self.way if one.ended is None)

    @property
    def standing(self) -> tuple[Entry, ...]:
        """What says where it stands; whoever moves it on after seeing this writes over these."""
        return tuple(entry for one in self.now for entry in one.entries)

    @property
    def ended(self) -> bool:
        """Whether it stands in ends alone, in whatever two wrote at once too."""
        return bool(self.now) and all(one.entry.stage in ENDS for one in self.now)

    @property
    def blocked(self) -> tuple[Block, ...]:
        """What keeps it, longest first."""
        return tuple(one for one in self.blocks if one.lifted is None)

    @property
    def gone(self) -> tuple[Block, ...]:
        """What kept it once."""
        return tuple(one for one in self.blocks if one.lifted is not None)

    def entries(self) -> tuple[Entry, ...]:
        """Return everything that was said of its stage."""
        return (*(entry for one in self.way for entry in one.entries), *self.corrected)


def stage_words(event: StageFact) -> str:
    """Return what a fact says in words that people look for; empty where it says nothing."""
    return (event.text if isinstance(event, BlockNamed) else event.note).strip()


def fold_stages(case: CaseId, journey: VaultId, told: Iterable[Told]) -> CaseStages:
    """Return the stages of a case from the facts in the vault of its journey."""
    facts = sorted(
        (
            one
            for one in told
            if one.vault == journey and isinstance(one.event, StageFact) and one.event.case == case
        ),
        key=lambda one: (one.hlc, one.fact),
    )
    moves = {one.fact: found for one in facts if (found := _entry(one)) is not None}
    over = {
        one.fact: [moves[FactId(seen)] for seen in one.event.over if FactId(seen) in moves]
        for one in facts
        if one.fact in moves and isinstance(one.event, StageEntered)
    }
    way, corrected = _way(moves, over)
    return CaseStages(case, way, corrected, _blocks(facts))


def _entry(one: Told) -> Entry | None:
    event = one.event
    if not isinstance(event, StageEntered) or event.stage not in STAGES:
        return None
    note = event.note.strip()
    if event.stage in WITH_REASON and not note:
        return None
    written = instant_of(one.hlc)
    begun = Instant(min(event.since * MINUTE, written)) if event.since else written
    return Entry(one.fact, written, one.device, event.stage, begun, bool(event.since), note)


def _way(
    moves: Mapping[FactId, Entry], over: Mapping[FactId, Sequence[Entry]]
) -> tuple[tuple[Stay, ...], tuple[Entry, ...]]:
    """Return the stays, and what was put right.

    Who says anew the stage of something that they saw puts right all that they saw.
    """
    anew = {fact for fact, seen in over.items() if moves[fact].stage in {one.stage for one in seen}}
    right = {one.fact for fact in anew for one in over[fact]}
    after: dict[FactId, list[Entry]] = defaultdict(list)
    for fact, seen in over.items():
        for one in seen:
            after[one.fact].append(moves[fact])
    stays = [
        Stay(one, _ended(one, after, right, anew))
        for fact, one in moves.items()
        if fact not in right
    ]
    # Of those that began at once, the first written comes first: so `moves` are ordered.
    stays.sort(key=lambda one: one.entry.begun)
    return _together(stays), tuple(one for fact, one in moves.items() if fact in right)


def _together(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Return stays, sorted by their beginnings, with those of one stage at one time as one."""
    found: list[Stay] = []
    last: dict[str, int] = {}
    for one in stays:
        at = last.get(one.entry.stage)
        before = None if at is None else found[at]
        if at is None or before is None or _over(before, one):
            last[one.entry.stage] = len(found)
            found.append(one)
            continue
        ends = (before.ended, one.ended)
        ended = None if None in ends else max(end for end in ends if end is not None)
        found[at] = Stay(before.entry, ended, (*before.also, *one.entries))
    return tuple(found)


def _over(before: Stay, then: Stay) -> bool:
    return before.ended is not None and before.ended <= then.entry.begun


def _ended(
    entry: Entry,
    after: Mapping[FactId, Sequence[Entry]],
    right: Iterable[FactId],
    anew: Iterable[FactId],
) -> Instant | None:
    """Return when a stay ended: when the first of what came after it began, as it was put right."""
    found, seen, ahead = [], set(), [*after.get(entry.fact, ())]
    while ahead:
        one = ahead.pop()
        if one.fact in seen:
            continue
        seen.add(one.fact)
        if one.fact in right:
            ahead += [then for then in after[one.fact] if then.fact in anew]
        else:
            found.append(one.begun)
    return Instant(max(entry.begun, min(found))) if found else None


def _blocks(facts: Iterable[Told]) -> tuple[Block, ...]:
    lifts: dict[bytes, Lift] = {}
    named = []
    for one in facts:
        event = one.event
        if isinstance(event, BlockLifted):
            lift = Lift(instant_of(one.hlc), one.device, event.note.strip())
            lifts.setdefault(event.block, lift)
        if isinstance(event, BlockNamed) and event.stage in STAGES and event.text.strip():
            named.append((one, event))
    return tuple(
        Block(
            *(one.fact, instant_of(one.hlc), one.device),
            *(event.stage, event.text.strip(), lifts.get(one.fact)),
        )
        for one, event in named
    )
