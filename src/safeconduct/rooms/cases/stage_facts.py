# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about where a case stands and what blocks it; in the vault of `journey` (spec/stages.md 2).

They say no place and no day of a journey: stages are a closed list, and a note is for colleagues
who hold this part.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count32, Record

STAGE_MOST: Final = 32
NOTE_MOST: Final = 2_000
"""Characters."""
SEEN_MOST: Final = 256
StageName = Annotated[str, msgspec.Meta(min_length=1, max_length=STAGE_MOST)]
StageNote = Annotated[str, msgspec.Meta(max_length=NOTE_MOST)]


class StageEntered(Record, frozen=True):
    """The case is in this stage from here on.

    `since` counts minutes since 1970, as somebody told it; 0 where it began when it was written.
    `over` are the facts that its author saw standing, and that stand no longer.
    """

    case: Bytes16
    stage: StageName
    since: Count32
    note: StageNote
    over: Annotated[tuple[Bytes36, ...], msgspec.Meta(max_length=SEEN_MOST)]


class BlockNamed(Record, frozen=True):
    """What keeps the case in a stage, in words."""

    case: Bytes16
    stage: StageName
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=NOTE_MOST)]


class BlockLifted(Record, frozen=True):
    """A block keeps the case no longer; `block` is the id of the fact that named it."""

    case: Bytes16
    block: Bytes36
    note: StageNote
