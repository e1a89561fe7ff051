# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which facts a store keeps that this program knows and that an older one could not place."""

from __future__ import annotations

from typing import Final, get_args

from safeconduct.edges.desk.store import Store
from safeconduct.rooms import cases, duty, hotline
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.hotline.events import OfficeFact
from safeconduct.rooms.passage.watch import check_in_facts

_OF_NO_CONVERSATION: Final = tuple(f"hotline.{fact.__name__}" for fact in get_args(OfficeFact))
_MARKS: Final = ", ".join("?" * len(_OF_NO_CONVERSATION))
_OF_PARTS: Final = ", ".join(f"'cases.{fact.__name__}'" for fact in get_args(PartFact))
_UNFOLDED: Final = (
    "SELECT DISTINCT kind, version FROM entries WHERE conversation IS NULL "  # noqa: S608
    f"AND (kind >= 'hotline.' AND kind < 'hotline/' AND kind NOT IN ({_MARKS}) "
    f"OR kind IN ({_OF_PARTS}) "
    "OR kind >= 'duty.' AND kind < 'duty/' "
    "OR kind >= 'watch.' AND kind < 'watch/') ORDER BY kind, version"
)


def unfolded(store: Store) -> tuple[str, ...]:
    """Return kinds and versions that this program knows and that stand in no conversation.

    An older program kept them, or they are not allowed where they stand.
    """
    rows = store.rows(_UNFOLDED, _OF_NO_CONVERSATION)
    rooms = (hotline, cases, duty, check_in_facts)
    known = (row for row in rows if any(room.knows(*row) for room in rooms))
    return tuple(f"{kind}/{version}" for kind, version in known)
