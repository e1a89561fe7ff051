# SPDX-License-Identifier: AGPL-3.0-or-later
"""Duty: who is there for people when, where nobody is, and how long people waited.

What it is: a plan of shifts that helpers take, leave and swap, the same on every desk.
What it refuses to be: a roster of who worked how much; nobody is counted, only hours and gaps.

    plan = fold(told)
    fact = take(plan, Own(device, now), (begins, ends), backup=False)
    gaps = days(plan, day_of(now, zone), zone, present)[0].gaps
"""

from __future__ import annotations

from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.duty.calendar import Day, Stretch, day_of, days, gap_at
from safeconduct.rooms.duty.decide import (
    Own,
    Wanted,
    accept,
    drop,
    leave,
    moment,
    offer,
    set_hours,
    take,
)
from safeconduct.rooms.duty.events import (
    KINDS,
    VERSION,
    DutyFact,
    kind_of,
    knows,
    parse_fact,
    write_fact,
)
from safeconduct.rooms.duty.fold import Told, fold
from safeconduct.rooms.duty.words import Hours, Offer, Plan, Shift

PLACE = ConversationId(b"duty" + bytes(12))
"""Under this id a desk keeps facts of duty where others have their conversation or case."""

__all__ = [
    "KINDS",
    "PLACE",
    "VERSION",
    "Day",
    "DutyFact",
    "Hours",
    "Offer",
    "Own",
    "Plan",
    "Shift",
    "Stretch",
    "Told",
    "Wanted",
    "accept",
    "day_of",
    "days",
    "drop",
    "fold",
    "gap_at",
    "kind_of",
    "knows",
    "leave",
    "moment",
    "offer",
    "parse_fact",
    "set_hours",
    "take",
    "write_fact",
]
