# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check-ins: who is to be heard of by when, and what is wrong where (spec/check-ins.md 5).

The same on every desk, in whatever order the facts came.  Where facts were written at once, what
calls sooner stands: the earlier time, and an alarm over its end by a word.

    check_ins = fold_check_ins(told)
    dangers_of(check_ins[0], now)
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import (
    DAY,
    MINUTE,
    ConversationId,
    DeviceId,
    FactId,
    Instant,
    instant_of,
)
from safeconduct.rooms.passage.watch.check_in_facts import (
    CheckInEnded,
    CheckInFact,
    CheckInHeard,
    CheckInMoved,
    CheckInSeen,
    CheckInSet,
    Danger,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PLACE: Final = ConversationId(b"watch" + bytes(11))
"""Under this id a desk keeps facts of check-ins where others have their conversation or case."""
STEP: Final = 10 * MINUTE
"""After so long without anybody who sees to it, the next person is called too."""
CLOCKS_APART: Final = 10 * MINUTE
"""What is further ahead of the reader's clock sees to no alarm yet."""
AHEAD_MOST: Final = 7 * DAY
"""A time that is further off than this from when it was said counts for nothing."""
_HEAD: Final = 8


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that counts: which, by which device, and when by its clock."""

    fact: FactId
    device: DeviceId
    hlc: int
    event: CheckInFact


class Seen(NamedTuple):
    """Who sees to an alarm, since when."""

    by: DeviceId
    at: Instant


class Time(NamedTuple):
    """A fact that says by when somebody is to be heard of, and what it says."""

    fact: FactId
    due: Instant


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in as it stands."""

    id: bytes
    label: str
    grace: int
    """Milliseconds."""
    words: tuple[bytes, bytes] = field(repr=False)
    """Hashes of the right word and of the duress word."""
    called: tuple[DeviceId, ...]
    timer: Time
    """What says by when; its timer at the relay hangs on it."""
    stood: tuple[FactId, ...]
    """The facts that a move replaces."""
    times: tuple[Time, ...]
    """All that ever said by when."""
    answered: Instant | None
    ended: bool
    heard: Mapping[Danger, Instant]
    """When a wrong word and a duress word were heard first."""
    after: frozenset[Danger]
    """Which of them were heard after somebody ended it: nobody saw to those."""
    seen: Mapping[Danger, tuple[Seen, ...]]
    """Who said that they see to what: not all of it counts, see `sees_to`."""

    @property
    def due(self) -> Instant:
        """By when somebody is to be heard of."""
        return self.timer.due

    @property
    def silent_from(self) -> Instant:
        """When the grace ends."""
        return Instant(self.due + self.grace)

    @property
    def waits(self) -> bool:
        """Whether somebody is still to be heard of."""
        return not self.ended and self.answered is None


class Alarm(NamedTuple):
    """Something is wrong with a check-in, since then; `seen` is who sees to it."""

    check_in: CheckIn
    danger: Danger
    since: Instant
    seen: Seen | None


def claimed_id(device: DeviceId, chance: bytes) -> bytes:
    """Return the id of a check-in that a device sets: nobody else's `CheckInSet` has it."""
    return hashlib.sha256(device + chance).digest()[:_HEAD] + chance


def fold_check_ins(told: Iterable[Told]) -> tuple[CheckIn, ...]:
    """Return all check-ins, those that are due first."""
    groups: dict[bytes, list[Told]] = defaultdict(list)
    for one in sorted(told, key=lambda one: (one.hlc, one.fact)):
        groups[one.event.check_in].append(one)
    found = [made for said in groups.values() if (made := _fold(said)) is not None]
    return tuple(sorted(found, key=lambda one: (one.due, one.id)))


def dangers_of(check_in: CheckIn, now: Instant) -> tuple[Alarm, ...]:
    """Return what is wrong with a check-in, the gravest first."""
    found = set(check_in.after if check_in.ended else check_in.heard)
    if check_in.waits and now >= check_in.silent_from:
        found.add(Danger.SILENCE)
    return tuple(
        Alarm(check_in, danger, _began(check_in, danger), sees_to(check_in, danger, now))
        for danger in sorted(found, reverse=True)
    )


def sees_to(check_in: CheckIn, danger: Danger, now: Instant) -> Seen | None:
    """Return who sees to an alarm; what was said before it began counts for nothing.

    Nor does what a clock says that is ahead: written beforehand it would silence for good.
    """
    began = _began(check_in, danger)
    said = check_in.seen.get(danger, ())
    return next((one for one in said if began <= one.at <= now + CLOCKS_APART), None)


def is_late(check_in: CheckIn, now: Instant) -> bool:
    """Tell whether the time is over and the grace is not."""
    return check_in.waits and check_in.due <= now < check_in.silent_from


def called_for(alarm: Alarm, now: Instant) -> tuple[tuple[DeviceId, ...], bool]:
    """Return who is called for an alarm by now, by name, and whether all on duty are too."""
    if alarm.seen is not None:
        return (), False
    steps = max(0, now - alarm.since) // STEP + 1
    return alarm.check_in.called[:steps], steps > len(alarm.check_in.called)


def _fold(said: Sequence[Told]) -> CheckIn | None:
    """Return what facts about one check-in, the first said first, make of it."""
    sets = [
        (one.fact, one.event)
        for one in said
        if isinstance(one.event, CheckInSet) and _is_own(one) and _is_near(one, one.event.due)
    ]
    if not sets:
        return None
    first, made = min(sets, key=lambda pair: pair[0])
    times = {first: Instant(made.due)}
    replaced: set[bytes] = set()
    for one in said:
        if isinstance(one.event, CheckInMoved) and _is_near(one, one.event.due):
            times[one.fact] = Instant(one.event.due)
            replaced.update(old for old in one.event.replaces if old != one.fact)
    stood = sorted(fact for fact in times if fact not in replaced) or [first]
    timer = min(stood, key=lambda fact: (times[fact], fact))
    return CheckIn(
        id=made.check_in,
        label=made.label,
        grace=made.grace * MINUTE,
        words=(made.right, made.duress),
        called=tuple(map(DeviceId, made.called)),
        timer=Time(timer, times[timer]),
        stood=tuple(stood),
        times=tuple(Time(*pair) for pair in sorted(times.items())),
        answered=_answered(said, set(stood)),
        ended=any(isinstance(one.event, CheckInEnded) for one in said),
        heard=_heard(said),
        after=_after(said),
        seen=_seen(said, set(stood)),
    )


def _is_own(one: Told) -> bool:
    """Tell whether a fact is about a check-in that its own device set."""
    chance = one.event.check_in[_HEAD:]
    return one.event.check_in == claimed_id(one.device, chance)


def _is_near(one: Told, due: int) -> bool:
    """Tell whether a time can be meant: a timer of one further off no relay would take."""
    return due <= instant_of(one.hlc) + AHEAD_MOST


def _began(check_in: CheckIn, danger: Danger) -> Instant:
    return check_in.heard.get(danger, check_in.silent_from)


def _answered(said: Sequence[Told], stood: set[FactId]) -> Instant | None:
    """Return when the right word was heard for all times that stand; no clock decides that."""
    left = set(stood)
    for one in said:
        if isinstance(one.event, CheckInHeard) and one.event.verdict == Verdict.RIGHT:
            left.difference_update(map(FactId, one.event.of))
            if not left:
                return instant_of(one.hlc)
    return None


def _heard(said: Sequence[Told]) -> dict[Danger, Instant]:
    found: dict[Danger, Instant] = {}
    for one in said:
        if isinstance(one.event, CheckInHeard) and one.event.verdict != Verdict.RIGHT:
            found.setdefault(Danger(one.event.verdict), instant_of(one.hlc))
    return found


def _after(said: Sequence[Told]) -> frozenset[Danger]:
    """Return the alarms that no end of the check-in was written after."""
    ends = [one.hlc for one in said if isinstance(one.event, CheckInEnded)]
    last = max(ends, default=0)
    return frozenset(
        Danger(one.event.verdict)
        for one in said
        if isinstance(one.event, CheckInHeard)
        and one.event.verdict != Verdict.RIGHT
        and one.hlc > last
    )


def _seen(said: Sequence[Told], stood: set[FactId]) -> dict[Danger, tuple[Seen, ...]]:
    """Return who said what; who saw to one silence does not see to that of a later time."""
    found: dict[Danger, tuple[Seen, ...]] = {}
    for one in said:
        if isinstance(one.event, CheckInSeen):
            danger = Danger(one.event.danger)
            if danger is not Danger.SILENCE or stood.issubset(one.event.of):
                seen = Seen(one.device, instant_of(one.hlc))
                found[danger] = (*found.get(danger, ()), seen)
    return found
