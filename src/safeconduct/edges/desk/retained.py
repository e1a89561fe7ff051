# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages show of how long things are kept, beside other things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from safeconduct.edges.desk.standings import is_steward
from safeconduct.kernel.words import Instant
from safeconduct.rooms.hotline.retention import REMIND

if TYPE_CHECKING:
    from safeconduct.edges.desk.api import DeskApi
    from safeconduct.rooms.hotline import Conversation

EXTEND_DAYS: Final = (30, 90, 180, 365)
SHOWN_MOST: Final = 200
SOON_MOST: Final = 6
"""So many stand on Today; the page has the rest."""


def kept_of(desk: DeskApi, conversation: Conversation) -> dict[str, Any]:
    """Return what the page of a conversation shows of how long it is kept."""
    retention = desk.retention
    went = [retention.file_went(file.blob) for file in conversation.files]
    return {
        "has_files": bool(went),
        "dates": retention.dates(conversation),
        "files_went": max((at for at in went if at is not None), default=None),
        "extend_days": EXTEND_DAYS,
        "keeps": is_steward(desk),
    }


def due_soon(desk: DeskApi) -> dict[str, Any]:
    """Return what Today shows: what goes soon, and times that will be others."""
    retention, now = desk.retention, desk.now()
    policy = retention.policy()
    return {
        "soon": retention.coming(Instant(now + REMIND), SOON_MOST),
        "later": policy.coming(now),
        "changed_by": policy.standing[0].device if policy.standing else None,
        "undecided": is_steward(desk) and not policy.said,
    }
