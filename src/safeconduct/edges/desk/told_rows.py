# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of the tables of facts, as facts of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safeconduct.kernel.words import DeviceId, fact_id
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.bulletin_facts import BulletinFact
from safeconduct.rooms.hotline.events import ConversationFact, OfficeFact

Rows = tuple[Sequence[Any], ...]
"""Facts as they stand in the tables."""


def told_of(rows: Rows) -> list[hotline.Told]:
    """Return the facts that rows hold."""
    return [told for row in rows if (told := tell(row))]


def tell(row: Sequence[Any]) -> hotline.Told | None:
    """Return the fact that a row of (commit, slot, device, hlc, kind, version, body) holds."""
    event = hotline.parse_fact(row[4], row[5], row[6])
    if event is None or isinstance(event, OfficeFact | BulletinFact):
        return None
    known: ConversationFact = event
    return hotline.Told(fact_id(row[0], row[1]), DeviceId(row[2]), row[3], known)
