# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is destroyed when: the office's times, what comes up, what went, and what keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.pages.conversation import back, found, shown
from safeconduct.edges.desk.retained import EXTEND_DAYS, SHOWN_MOST, due_soon
from safeconduct.edges.desk.standings import is_steward
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, ConversationId, Instant
from safeconduct.rooms.hotline.retention import (
    KEPT_LEAST,
    KEPT_MOST,
    REPLIES_LEAST,
    REPLIES_MOST,
    USUAL,
    Times,
)

FIELDS: Final = ("conversation_days", "file_days", "reply_days")
AHEAD: Final = 90 * DAY
DIGITS_MOST: Final = 6


@get("/retention", sync_to_thread=True)
def see_retention(visit: Here) -> Page:
    """Show what is destroyed when."""
    return visit.page("retention.html", **_shown(visit))


@get("/today/retention", sync_to_thread=True)
def see_due_soon(visit: Here) -> Page:
    """Show on Today what goes soon, again."""
    return visit.part("regions/due_soon.html", **due_soon(visit.desk))


@post("/retention/times", sync_to_thread=True)
def set_times(visit: Here) -> Page:
    """Set the office's times; a shorter one counts later."""
    typed = {name: visit.form.get(name) for name in FIELDS}
    try:
        visit.desk.retention.set_times(Times(*map(_days, typed.values())))
    except Refused as error:
        context = _shown(visit) | {"typed": typed}
        return visit.refused(visit.why(error), "retention.html", into="times-refused", **context)
    return visit.onward("/retention", visit.say("Saved. A shorter time counts in some days only."))


@get("/hotline/{name:str}/keeping", sync_to_thread=True)
def see_keeping(visit: Here, name: Named) -> Page:
    """Show for how long a conversation is kept, again."""
    return visit.part("regions/kept.html", **shown(visit, found(visit, name)))


@post("/hotline/{name:str}/keep/longer", sync_to_thread=True)
def extend(visit: Here, name: Named) -> Page:
    """Have a conversation kept for longer."""
    chosen = [days for days in EXTEND_DAYS if str(days) == visit.form.get("keep_days")]
    if not chosen:
        raise NotFoundException
    until, reason = Instant(visit.desk.now() + chosen[0] * DAY), visit.form.get("keep_reason")
    return _do(visit, name, lambda talk: visit.desk.retention.extend(talk, until, reason))


@post("/hotline/{name:str}/keep/hold", sync_to_thread=True)
def hold(visit: Here, name: Named) -> Page:
    """Have it kept until a steward ends that."""
    reason = visit.form.get("keep_reason")
    return _do(visit, name, lambda talk: visit.desk.retention.hold(talk, reason))


@post("/hotline/{name:str}/keep/end", sync_to_thread=True)
def end_hold(visit: Here, name: Named) -> Page:
    """End what keeps it, in a week."""
    reason = visit.form.get("keep_reason")
    return _do(visit, name, lambda talk: visit.desk.retention.end_hold(talk, reason))


def _do(visit: Visit, name: str, act: Callable[[ConversationId], None]) -> Page:
    conversation = found(visit, name)
    try:
        act(conversation.id)
    except Refused as error:
        context = shown(visit, conversation)
        context["typed"] |= visit.form.fields
        more = context | {"refused": "keep"}
        return visit.refused(visit.why(error), "conversation.html", into="keep-refused", **more)
    return back(visit, f"{name}#keeping-title", visit.say("Saved."))


def _shown(visit: Visit) -> dict[str, Any]:
    retention, now = visit.desk.retention, visit.desk.now()
    policy = retention.policy()
    standing = policy.at(now)
    offered = policy.standing[0].times if policy.standing else USUAL
    return {
        "policy": policy,
        "times": standing,
        "later": policy.coming(now),
        "coming": retention.coming(Instant(now + AHEAD), SHOWN_MOST),
        "staying": retention.staying(SHOWN_MOST),
        "went": retention.gone(SHOWN_MOST),
        "steward": is_steward(visit.desk),
        "typed": dict(zip(FIELDS, map(str, offered), strict=True)),
        "bounds": {
            "conversation_days": (KEPT_LEAST, KEPT_MOST),
            "file_days": (KEPT_LEAST, KEPT_MOST),
            "reply_days": (REPLIES_LEAST, REPLIES_MOST),
        },
    }


def _days(typed: str) -> int:
    """Return a number that was typed; 0, which no time may be, for anything else."""
    plain = typed.strip()
    return int(plain) if plain.isdecimal() and len(plain) <= DIGITS_MOST else 0


VIEWS: Final = (
    *(see_retention, see_due_soon, set_times),
    *(see_keeping, extend, hold, end_hold),
)
