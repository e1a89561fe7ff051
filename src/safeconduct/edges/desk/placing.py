# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of a conversation shows of its place in the queue, and what its forms offer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from safeconduct.kernel.words import MINUTE
from safeconduct.rooms.hotline import queue
from safeconduct.rooms.hotline.silence import TIMES
from safeconduct.rooms.hotline.triage import SNOOZE_MOST, Danger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.bulletins import Bulletin, Touch

DAY_MINUTES: Final = 24 * 60
SPANS: Final = (30, 60, 120, 240, 480, 720, *(days * DAY_MINUTES for days in (1, 2, 3, 7, 14)))
"""Minutes that forms offer; a time of its own can be typed beside them."""
SNOOZES: Final = tuple(span for span in SPANS if span * MINUTE <= SNOOZE_MOST)
LEVELS: Final = tuple(sorted(Danger, reverse=True))
TYPED: Final = {str(level.value): level for level in LEVELS}


def placing(visit: Visit, conversation: Conversation) -> dict[str, Any]:
    """Return that for one conversation; `usual` is the next contact by the office's table."""
    desk, now = visit.desk, visit.desk.now()
    touching = desk.bulletins.touching(conversation)
    touches = tuple(touch for touch, _ in touching)
    place = queue.place_of(conversation, touches, desk.triage.weight(conversation))
    return {
        "place": place,
        "touching": touching,
        "other_bulletins": _others(visit, touching),
        "levels": LEVELS,
        "spans": SPANS,
        "snoozes": SNOOZES,
        "usual": TIMES[place.danger].word // MINUTE,
        "agreed": place.due if conversation.triage.contact and place.due else None,
        "silent": queue.silent(place, now),
        "known_tags": visit.desk.triage.tags(),
        "may_mark_too": partial(visit.desk.triage.may_mark_too, conversation),
        "may_second": partial(visit.desk.triage.may_second, conversation.id),
    }


def _others(visit: Visit, touching: Sequence[tuple[Touch, Bulletin]]) -> list[Bulletin]:
    """Return the bulletins that run and do not touch it, for a helper who knows better."""
    there = {bulletin.id for _, bulletin in touching}
    running = (one.bulletin for one in visit.desk.bulletins.running())
    return [one for one in running if one.id not in there]
