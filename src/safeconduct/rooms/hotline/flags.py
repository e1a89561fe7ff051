# SPDX-License-Identifier: AGPL-3.0-or-later
"""Flags on a conversation, each with a script that is worked through step by step.

What it is: that a helper fears for the person's life by their own hand, or that the person is not
of age; why; and which steps of the script were done, so that a second helper goes on where the
first stopped.  What it is not: a judgement of the person, or a score.
Invariant: a flag that two helpers raised at once is one flag; who ends it ends what they saw, and
no other.  The same facts give the same flags in any order (spec/guidance.md 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count32, Record
from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.hotline.heard import Heard

FLAG_REASON_MOST: Final = 400
"""Characters of a reason that pages show; a changed desk may write more."""
STEP_MOST: Final = 40
"""Characters of the name of a step."""
FlagName = Literal["minor", "suicide"]
StepName = Annotated[str, msgspec.Meta(min_length=1, max_length=STEP_MOST)]


class Flag(Enum):
    """What is flagged; the value stands in facts and names the script."""

    SUICIDE = "suicide"
    MINOR = "minor"


class FlagRaised(Record, frozen=True):
    """A helper flags the conversation, and says why."""

    conversation: Bytes16
    flag: FlagName
    reason: str


class FlagEnded(Record, frozen=True):
    """A helper found that it holds no longer, and says why; `flags` are the facts that they saw."""

    conversation: Bytes16
    flags: tuple[bytes, ...]
    reason: str


class ScriptStepTicked(Record, frozen=True):
    """A step of a flag's script was done, or with `done` 0 is to be done again.

    `flag` is the fact that raised it, `version` that of the script as it was read, and `replaces`
    names the ticks of this step that the writer saw stand.
    """

    conversation: Bytes16
    flag: Bytes36
    step: StepName
    done: Annotated[int, msgspec.Meta(ge=0, le=1)]
    version: Count32
    replaces: tuple[bytes, ...]


FlagFact = FlagRaised | FlagEnded | ScriptStepTicked
FLAG_FACTS: Final[tuple[type[FlagFact], ...]] = (FlagRaised, FlagEnded, ScriptStepTicked)


Said = Heard[FlagFact]


@dataclass(frozen=True, slots=True)
class Raising:
    """Who raised a flag, when and why."""

    fact: FactId
    by: DeviceId
    at: Instant
    reason: str


@dataclass(frozen=True, slots=True)
class Tick:
    """What stands of one step of a script; of helpers who differ the one who undid it counts."""

    step: str
    done: bool
    by: DeviceId
    at: Instant
    version: int
    facts: tuple[FactId, ...]


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag that stands: everybody who raised it, and its ticks by the names of the steps."""

    flag: Flag
    raised: tuple[Raising, ...]
    ticks: tuple[Tick, ...] = ()

    def tick(self, step: str) -> Tick | None:
        """Return what stands of a step; None when nobody touched it."""
        return next((one for one in self.ticks if one.step == step), None)

    def done(self, step: str) -> bool:
        """Tell whether a step was done."""
        tick = self.tick(step)
        return tick is not None and tick.done


@dataclass(frozen=True, slots=True)
class EndedFlag:
    """A flag that was ended: what, by whom, when and why."""

    flag: Flag
    by: DeviceId
    at: Instant
    reason: str


class Flags(NamedTuple):
    """What stands in one conversation, and what was ended."""

    standing: tuple[Flagged, ...] = ()
    ended: tuple[EndedFlag, ...] = ()


def fold_flags(said: Sequence[Said]) -> Flags:
    """Return what stands of the facts about flags of one conversation."""
    raised = [(one, one.event) for one in said if isinstance(one.event, FlagRaised)]
    endings = [(one, one.event) for one in said if isinstance(one.event, FlagEnded)]
    over = {fact for _, event in endings for fact in event.flags}
    standing: dict[Flag, list[Raising]] = {}
    for one, event in raised:
        if one.fact not in over:
            raising = Raising(one.fact, one.device, one.at, _cut(event.reason))
            standing.setdefault(Flag(event.flag), []).append(raising)
    kinds = {one.fact: Flag(event.flag) for one, event in raised}
    ended = {
        EndedFlag(kinds[FactId(fact)], one.device, one.at, _cut(event.reason))
        for one, event in endings
        for fact in event.flags
        if fact in kinds
    }
    return Flags(
        tuple(_flagged(flag, standing[flag], said) for flag in Flag if flag in standing),
        tuple(sorted(ended, key=lambda one: (one.at, one.by, one.flag.value, one.reason))),
    )


def _flagged(flag: Flag, raised: Iterable[Raising], said: Sequence[Said]) -> Flagged:
    raised = tuple(sorted(raised, key=lambda one: (one.at, one.fact)))
    facts = {one.fact for one in raised}
    steps: dict[str, list[tuple[Said, ScriptStepTicked]]] = {}
    for one in said:
        if isinstance(one.event, ScriptStepTicked) and one.event.flag in facts:
            steps.setdefault(one.event.step, []).append((one, one.event))
    ticks = (_tick(step, steps[step]) for step in sorted(steps))
    return Flagged(flag, raised, tuple(tick for tick in ticks if tick))


def _tick(step: str, said: Sequence[tuple[Said, ScriptStepTicked]]) -> Tick | None:
    replaced = {fact for one, event in said for fact in event.replaces if fact != one.fact}
    standing = [(one, event) for one, event in said if one.fact not in replaced]
    if not standing:
        return None
    one, event = min(standing, key=lambda item: (item[1].done, item[0].at, item[0].fact))
    facts = tuple(sorted(said.fact for said, _ in standing))
    return Tick(step, bool(event.done), one.device, one.at, event.version, facts)


def _cut(reason: str) -> str:
    return reason[:FLAG_REASON_MOST]
