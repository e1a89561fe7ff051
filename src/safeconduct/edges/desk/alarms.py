# SPDX-License-Identifier: AGPL-3.0-or-later
"""What calls the people on duty: who waits in danger beyond the target, and who has fallen silent.

Computed from rows and the clock; nothing is kept, and each desk comes to the same ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


def alarms(inbox: Callable[[str, int], Sequence[Row]], now: Instant) -> list[Alarm]:
    """Return what calls now; `inbox` gives the first rows of a list, the gravest first."""
    waiting, silent = (inbox(show, ALARMS_MOST) for show in ("waiting", "silent"))
    return [*_unanswered(waiting, now), *_silent(silent, now)]


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
