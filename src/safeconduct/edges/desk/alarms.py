# SPDX-License-Identifier: AGPL-3.0-or-later
"""What calls the people on duty: who waits in danger too long, who fell silent, who telephones.

Computed from rows and the clock; nothing is kept, and each desk comes to the same ids.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from safeconduct.edges.desk.rows_api import Row
from safeconduct.kernel.words import Instant
from safeconduct.rooms.duty.answer_times import FLAGGED_WITHIN
from safeconduct.rooms.duty.escalation import Alarm, alarm_id
from safeconduct.rooms.duty.pager_facts import ALARMS_MOST
from safeconduct.rooms.hotline import silence
from safeconduct.rooms.hotline.triage import Danger

ANSWER: Final = "answer"
SILENCE: Final = "silence"
CALL: Final = "call"
RINGING: Final = "ringing"


def alarms(
    inbox: Callable[[str, int], Sequence[Row]], now: Instant, ours: Collection[bytes] = ()
) -> list[Alarm]:
    """Return what calls now; `inbox` gives the first rows of a list, the gravest first.

    `ours` are the keys of the telephone lines that the office admitted.
    """
    waiting, silent = (inbox(show, ALARMS_MOST) for show in ("waiting", "silent"))
    found = [*_unanswered(waiting, now), *_silent(silent, now)]
    return [*telephoning(inbox, ours), *found] if ours else found


def telephoning(
    inbox: Callable[[str, int], Sequence[Row]], ours: Collection[bytes]
) -> Iterable[Alarm]:
    """Yield the calls that somebody has to look at now; of a line that nobody admitted none."""
    for row in inbox(RINGING, ALARMS_MOST):
        if row.rings is not None and row.rings.key in ours:
            yield Alarm(alarm_id(CALL, row.conversation, row.rings.since), row.rings.since)


def _unanswered(rows: Iterable[Row], now: Instant) -> Iterable[Alarm]:
    for row in rows:
        if row.waiting_since is None or row.place.danger < Danger.IN_DANGER:
            continue
        late = Instant(row.waiting_since + FLAGGED_WITHIN)
        if late <= now:
            yield Alarm(alarm_id(ANSWER, row.conversation, row.waiting_since), late)


def _silent(rows: Iterable[Row], now: Instant) -> Iterable[Alarm]:
    for row in rows:
        place = row.place
        if place.due is None:
            continue
        step = silence.step(place.danger, place.due, now, held=bool(row.holders))
        if step in {silence.Step.DUTY, silence.Step.STEWARDS}:
            yield Alarm(alarm_id(SILENCE, row.conversation, place.due), min(place.due, now))
