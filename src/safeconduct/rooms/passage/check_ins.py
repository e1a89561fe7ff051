# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check-ins: who is to be heard of by when, and what is wrong where (spec/check-ins.md 5).

The same on every desk, in whatever order the facts came.  Where facts were written at once, what
calls sooner stands: the earlier time, and an alarm over its end by a word.

    check_ins = fold_check_ins(told)
    dangers_of(check_ins[0], now)
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import MINUTE, ConversationId, DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.passage.check_in_facts import (
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


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in as it stands."""

    id: bytes
    label: str
    due: Instant
    grace: int
    """Milliseconds."""
    words: tuple[bytes, bytes] = field(repr=False)
    """Hashes of the right word and of the duress word."""
    called: tuple[DeviceId, ...]
    timer: FactId
    """The fact that says by when; its timer at the relay hangs on it."""
    stood: tuple[FactId, ...]
    """The facts that a move replaces."""
    facts: tuple[FactId, ...]
    """All that ever said by when."""
    answered: Instant | None
    ended: bool
    heard: Mapping[Danger, Instant]
    """When a wrong word and a duress word were heard first."""
    seen: Mapping[Danger, Seen]

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


def fold_check_ins(told: Iterable[Told]) -> tuple[CheckIn, ...]:
    """Return all check-ins, those that are due first."""
    groups: dict[bytes, list[Told]] = defaultdict(list)
    for one in sorted(told, key=lambda one: (one.hlc, one.fact)):
        groups[one.event.check_in].append(one)
    found = [made for said in groups.values() if (made := _fold(said)) is not None]
    return tuple(sorted(found, key=lambda one: (one.due, one.id)))


def dangers_of(check_in: CheckIn, now: Instant) -> tuple[Alarm, ...]:
    """Return what is wrong with a check-in, the gravest first."""
    if check_in.ended:
        return ()
    since = dict(check_in.heard)
    if check_in.waits and now >= check_in.silent_from:
        since[Danger.SILENCE] = check_in.silent_from
    return tuple(
        Alarm(check_in, danger, since[danger], check_in.seen.get(danger))
        for danger in sorted(since, reverse=True)
    )


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
    sets = [(one.fact, one.event) for one in said if isinstance(one.event, CheckInSet)]
    if not sets:
        return None
    first, made = min(sets, key=lambda pair: pair[0])
    times = {first: made.due}
    replaced: set[bytes] = set()
    for one in said:
        if isinstance(one.event, CheckInMoved):
            times[one.fact] = one.event.due
            replaced.update(old for old in one.event.replaces if old != one.fact)
    stood = sorted(fact for fact in times if fact not in replaced) or [first]
    timer = min(stood, key=lambda fact: (times[fact], fact))
    return CheckIn(
        id=made.check_in,
        label=made.label,
        due=Instant(times[timer]),
        grace=made.grace * MINUTE,
        words=(made.right, made.duress),
        called=tuple(map(DeviceId, made.called)),
        timer=timer,
        stood=tuple(stood),
        facts=tuple(sorted(times)),
        answered=_answered(said, set(stood)),
        ended=any(isinstance(one.event, CheckInEnded) for one in said),
        heard=_heard(said),
        seen=_seen(said, set(stood)),
    )


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


def _seen(said: Sequence[Told], stood: set[FactId]) -> dict[Danger, Seen]:
    """Return who sees to what; who saw to one silence does not see to that of a later time."""
    found: dict[Danger, Seen] = {}
    for one in said:
        if isinstance(one.event, CheckInSeen):
            danger = Danger(one.event.danger)
            if danger is not Danger.SILENCE or stood.issubset(one.event.of):
                found.setdefault(danger, Seen(one.device, instant_of(one.hlc)))
    return found
