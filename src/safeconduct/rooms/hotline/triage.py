# SPDX-License-Identifier: AGPL-3.0-or-later
"""How urgent a conversation is and when we must hear of the person: levels, limits, nouns.

Pure values; what a helper's facts make of them is in `triage_fold`, the order in `queue`, the
alarm in `silence` (spec/triage.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant, MessageId
from safeconduct.rooms.hotline.flags import EndedFlag, Flag, Flagged
from safeconduct.rooms.hotline.hostility import NOT_MARKED, Hostility

AHEAD_MOST: Final = 90 * DAY
"""Nothing is put off further than this from when it was written, whatever its fact says."""
SNOOZE_MOST: Final = 7 * DAY
CLOCKS_APART: Final = DAY
"""So far a colleague's clock may be ahead; what lies further off than it may, no true clock set."""
REASON_MOST: Final = 400
"""Bytes of UTF-8 of a reason, which stands in lists."""
TAG_MOST: Final = 60
"""Bytes of UTF-8 of one tag."""
TAGS_MOST: Final = 20


class Danger(IntEnum):
    """How dangerous it is for the person now, as a helper judged it; the greater goes first.

    What nobody has judged stands before what somebody found harmless.
    """

    NONE_KNOWN = 0
    UNJUDGED = 1
    AT_RISK = 2
    IN_DANGER = 3
    LIFE = 4


FLAG_FLOOR: Final = {Flag.SUICIDE: Danger.IN_DANGER, Flag.MINOR: Danger.AT_RISK}
"""While a flag stands the level is never lower, whatever else was judged."""


class Stood(NamedTuple):
    """The facts that stand, each list in its order: what a new fact of its kind replaces."""

    danger: tuple[FactId, ...] = ()
    deadline: tuple[FactId, ...] = ()
    tags: tuple[FactId, ...] = ()
    snooze: tuple[FactId, ...] = ()
    contact: tuple[FactId, ...] = ()
    hostile: tuple[FactId, ...] = ()


NOTHING_STOOD: Final = Stood()


@dataclass(frozen=True, slots=True)
class Set:
    """Something that a helper set: to when, why, who, and when they did."""

    to: Instant
    reason: str
    by: DeviceId
    at: Instant
    heard: bool = False
    """Of a next contact: the helper had heard of the person by another way."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody says that contact is lost; it counts once somebody else says so too."""

    fact: FactId
    reason: str
    by: DeviceId
    at: Instant
    seconded_by: DeviceId | None


@dataclass(frozen=True, slots=True)
class Triage:
    """What helpers set for one conversation, as it stands.

    `in_danger` are the person's messages which say that she is in danger today, and which nobody
    had read who judged; no fact of this module gives it.
    """

    danger: Danger = Danger.UNJUDGED
    danger_by: tuple[DeviceId, ...] = ()
    in_danger: tuple[MessageId, ...] = ()
    deadline: Set | None = None
    tags: tuple[str, ...] = ()
    snooze: Set | None = None
    contact: Set | None = None
    lost: Lost | None = None
    closed: Set | None = None
    hostility: Hostility = NOT_MARKED
    """Who says that the sender means harm, and whether that puts her away."""
    disputed: frozenset[str] = frozenset()
    """Fields that helpers set differently at once; the safer value is shown."""
    standing: Stood = NOTHING_STOOD
    flags: tuple[Flagged, ...] = ()
    ended_flags: tuple[EndedFlag, ...] = ()

    def flagged(self, flag: Flag) -> Flagged | None:
        """Return a flag if it stands."""
        return next((one for one in self.flags if one.flag is flag), None)

    @property
    def hostile_by(self) -> DeviceId | None:
        """Who put the sender away as hostile; None where nobody did, or a second is needed."""
        return self.hostility.put_away_by

    @property
    def judged(self) -> Danger:
        """How dangerous helpers say that it is: as they set it, and never less than by a flag."""
        return max((self.danger, *(FLAG_FLOOR[one.flag] for one in self.flags)))

    @property
    def judged_in_danger(self) -> bool:
        """Whether helpers judged her to be in danger, or flagged her."""
        return self.judged >= Danger.IN_DANGER or bool(self.flags)

    @property
    def says_danger(self) -> bool:
        """Whether she says that she is in danger today, and nobody judged it."""
        return bool(self.in_danger)

    @property
    def rank(self) -> Danger:
        """How dangerous it is: what helpers say, and never less than she says herself."""
        return max(self.judged, Danger.IN_DANGER) if self.says_danger else self.judged

    @property
    def over(self) -> bool:
        """Whether nobody is expected to hear of the person any more: closed, or lost by two."""
        return self.closed is not None or (
            self.lost is not None and self.lost.seconded_by is not None
        )


UNTRIAGED: Final = Triage()
