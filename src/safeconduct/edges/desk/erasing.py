# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps alive what is destroyed today, by the facts in the store (spec/crew.md 7).

Every desk finds the same: who took which key when, and who showed that it read of it, stand in the
log.  That a desk then destroyed the old half no fact proves; an unmodified one does.
"""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.own_rotation import waited_for
from safeconduct.edges.desk.engine.told import (
    admissions,
    first_written,
    signed_by_members,
    written,
)
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.words import Instant
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.card_facts import RecoverySplit
from safeconduct.rooms.crew.erasure import Erasure, OwnKey, erasure


def erasure_of(journal: Journal) -> Erasure:
    """Return what has to happen before what is destroyed today is gone."""
    with journal.store.lock:
        return erasure(_keys(journal), _cards_since(journal), journal.clock.now())


def _keys(journal: Journal) -> Iterator[OwnKey]:
    """Yield the key of each device that stands and reads, the one that counts."""
    roster, sealing = journal.roster, journal.keys.sealing()
    admitted = admissions(journal)
    told = {(one.device, one.fact.sealing): one for one in journal.keys.facts().rotated}
    for device in roster.present():
        if not roster.roles(device) - {Role.LINE}:
            continue
        newest = told.get((device, sealing[device].raw))
        if newest is None:  # It has its card's key.
            yield OwnKey(device, admitted.get(device, Instant(0)), ())
            continue
        unread = waited_for(journal, device, newest.sequence)
        since = instant_of(newest.hlc)
        yield OwnKey(device, since, None if unread is None else tuple(sorted(unread)))


def _cards_since(journal: Journal) -> Instant:
    """Return when the recovery cards that count were made; the founding's when none were since."""
    for claim in signed_by_members(journal, RecoverySplit):
        fact = claim.fact
        if isinstance(fact, RecoverySplit) and fact.root_key == journal.roster.cards.root_key:
            return written(journal, claim)
    return first_written(journal)
