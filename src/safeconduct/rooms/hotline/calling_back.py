# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calling back who asked for it by key, once, at the time that they named (spec/phone.md).

What it is: which call of a conversation asks for it, whether now is such a time, and what the line
is told.  What it is not: a number.  That stands in the handle, which the line alone opens, for a
day; the desk names a telephone of its own and never learns whom it rings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, HOUR, MINUTE, Instant
from safeconduct.rooms.hotline.by_line import LineMark
from safeconduct.rooms.hotline.call_waits import BY_PHONE
from safeconduct.rooms.hotline.first_contact import PART_HOURS, PARTS_OF_DAY
from safeconduct.rooms.hotline.spoken import EXTRA, WHENS, When
from safeconduct.rooms.hotline.words import Conversation, Message

LASTS: Final = DAY
"""So long after it was asked for somebody may be called; then nobody can read the number."""
NOW_LASTS: Final = HOUR
"""Who said that it is safe now is called within this, or with a warning."""
ORDER_LASTS: Final = 10 * MINUTE
"""A line that hears of it later calls nobody: the time may be another one by then."""
NAME: Final = r"\A([a-z0-9][a-z0-9-]{0,31})?\Z"


class NoCallAsked(Refused):
    """Nobody asked to be called back, or they were, or it is longer ago than a day."""

    code = "no_call_asked"


class Asked(NamedTuple):
    """Somebody asked to be called back: when it is safe, since when, and by which line."""

    when: When
    since: Instant
    message: Message
    line: LineMark


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a line is told: whom of the office to ring first, for what, and until when."""

    version: Literal[1] = 1
    ring: Annotated[str, msgspec.Meta(pattern=NAME)] = ""
    when: When
    until: Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)]


def asked(conversation: Conversation, now: Instant) -> Asked | None:
    """Return the call that asks to be called back; None where none does any more.

    What we wrote since is the call itself: by telephone nothing else goes.
    """
    told = [(one, one.line, one.call) for one in conversation.messages]
    letters = [
        (one, line, call)
        for one, line, call in told
        if line is not None and call is not None and line.kind == BY_PHONE and call.back
    ]
    if conversation.carries or not letters:
        return None
    one, line, call = letters[-1]
    sent = (each for each in conversation.answers if each.noted is None and each.imported is None)
    done = any(each.written >= one.arrived for each in sent)
    if call.back not in WHENS or done or now >= one.arrived + LASTS or not line.handle:
        return None
    return Asked(call.back, one.arrived, one, line)


def need_asked(conversation: Conversation, now: Instant) -> Asked:
    """Return the call that asks to be called back.

    Raises:
        NoCallAsked: see there.
    """
    found = asked(conversation, now)
    if found is None:
        raise NoCallAsked
    return found


def safe_now(one: Asked, now: Instant, hour: int) -> bool:
    """Tell whether now is the time that they named; `hour` is what the clock of that place shows.

    Which place that is nobody told us.
    """
    if one.when == "now":
        return now < one.since + NOW_LASTS
    return PARTS_OF_DAY[hour // PART_HOURS] == one.when


def order(one: Asked, ring: str, now: Instant) -> dict[str, Any]:
    """Return what stands in an answer's extras, for the line.

    Raises:
        NoCallAsked: no telephone is called so.
    """
    told = Order(ring=ring, when=one.when, until=now + ORDER_LASTS)
    written: dict[str, Any] = {EXTRA: msgspec.to_builtins(told)}
    if order_of(written) is None:
        raise NoCallAsked
    return written


def order_of(extras: Mapping[str, Any]) -> Order | None:
    """Return what an answer's extras tell a line to do; None where they tell nothing of a call."""
    try:
        return msgspec.convert(extras.get(EXTRA), Order)
    except msgspec.ValidationError:
        return None
