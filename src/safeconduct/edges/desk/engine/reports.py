# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a heartbeat tells beside it: one kind of report, as much as makes its frame no longer.

Conversations and case files take turns, so that much of the one never holds up the other; how often
somebody searched is told when nothing else is (spec/crew.md 11).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from safeconduct.edges.desk.engine import openings, post, readings, searches
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.left_behind import takes_messages
from safeconduct.kernel.journal import Fact


class Report(NamedTuple):
    """Facts to be told, and what forgets them in the transaction that keeps them."""

    facts: list[Fact]
    told: Callable[[], None]


def due(journal: Journal) -> Report | None:
    """Return what the next heartbeat tells; None when that is nothing."""
    turns = [_conversations, _parts]
    if journal.pen.sequence % 2:
        turns.reverse()
    return next((report for of in (*turns, _searches) if (report := of(journal))), None)


def _conversations(journal: Journal) -> Report | None:
    looked = openings.due(journal) if takes_messages(journal) else None
    if looked is None:
        return None
    return Report([post.fact(journal, looked)], partial(openings.told, journal.store, looked))


def _parts(journal: Journal) -> Report | None:
    facts = readings.due(journal)
    return Report(facts, partial(readings.told, journal.store, facts)) if facts else None


def _searches(journal: Journal) -> Report | None:
    searched = searches.due(journal) if takes_messages(journal) else None
    if searched is None:
        return None
    return Report([post.fact(journal, searched)], partial(searches.told, journal.store, searched))
