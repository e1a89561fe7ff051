# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a case is moved on, and how a block is named and lifted: what was typed to facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import MINUTE
from safeconduct.rooms.cases.stage_facts import (
    NOTE_MOST,
    SEEN_MOST,
    BlockLifted,
    BlockNamed,
    StageEntered,
)
from safeconduct.rooms.cases.stages import CONFIRMED, STAGES, WITH_REASON

if TYPE_CHECKING:
    from safeconduct.kernel.words import FactId, Instant
    from safeconduct.rooms.cases.stages import CaseStages, Entry


class NoSuchStage(Refused):
    """No stage was chosen."""

    code = "no_such_stage"


class StageWithoutReason(Refused):
    """This stage is written down with a reason alone."""

    code = "stage_without_reason"


class StageNotConfirmed(Refused):
    """Nobody said yet that a stage which ends a case is meant."""

    code = "stage_not_confirmed"


class StageAhead(Refused):
    """A stage began at a time that is none, or that has not come yet."""

    code = "stage_ahead"


class StageNoteTooLong(Refused):
    """A note, a reason or a block has up to 2,000 characters."""

    code = "stage_note_too_long"


class StandsThere(Refused):
    """The case stands in this stage, and nothing else was said."""

    code = "stands_there"


class NoBlockNamed(Refused):
    """Nothing is said of what blocks the case."""

    code = "no_block_named"


class NoSuchBlock(Refused):
    """There is no such block, or somebody lifted it already."""

    code = "no_such_block"


class TypedStage(NamedTuple):
    """What stands in the form, and which facts somebody saw when they opened it.

    `since` is None where nobody said since when.
    """

    stage: str
    saw: frozenset[FactId] = frozenset()
    note: str = ""
    since: Instant | None = None
    confirmed: bool = False


def enter_stage(stages: CaseStages, typed: TypedStage, now: Instant) -> StageEntered:
    """Move a case into a stage, or say anew what is known of the one that it is in.

    Who says a stage anew and not since when leaves its clock as it ran.

    Raises:
        NoSuchStage, StageWithoutReason, StageNotConfirmed, StageAhead, StageNoteTooLong,
        StandsThere: see there.
    """
    stage, note = typed.stage, typed.note.strip()
    if stage not in STAGES:
        raise NoSuchStage
    if len(note) > NOTE_MOST:
        raise StageNoteTooLong
    if typed.since is not None and not MINUTE <= typed.since <= now:
        raise StageAhead
    saw = [one for one in stages.entries() if one.fact in typed.saw]
    seen = {one.stage for one in stages.standing if one.fact in typed.saw}
    if seen == {stage} and not note and typed.since is None:
        raise StandsThere
    if stage in WITH_REASON and not note:
        raise StageWithoutReason
    if stage in CONFIRMED and not typed.confirmed:
        raise StageNotConfirmed
    over = tuple(sorted(one.fact for one in saw)[:SEEN_MOST])
    return StageEntered(stages.case, stage, _since(typed, saw), note, over)


def _since(typed: TypedStage, saw: list[Entry]) -> int:
    begun = typed.since
    if begun is None:
        begun = min((one.begun for one in saw if one.stage == typed.stage), default=None)
    return 0 if begun is None else begun // MINUTE


def name_block(stages: CaseStages, text: str) -> BlockNamed:
    """Say what keeps a case in the stage in which it stands; in the first one while it is in none.

    Raises:
        NoBlockNamed, StageNoteTooLong: see there.
    """
    text = text.strip()
    if not text:
        raise NoBlockNamed
    if len(text) > NOTE_MOST:
        raise StageNoteTooLong
    stage = stages.now[-1].entry.stage if stages.now else STAGES[0]
    return BlockNamed(stages.case, stage, text)


def lift_block(stages: CaseStages, block: FactId, note: str) -> BlockLifted:
    """Say that a block keeps a case no longer.

    Raises:
        NoSuchBlock, StageNoteTooLong: see there.
    """
    note = note.strip()
    if len(note) > NOTE_MOST:
        raise StageNoteTooLong
    if block not in {one.fact for one in stages.blocked}:
        raise NoSuchBlock
    return BlockLifted(stages.case, block, note)
