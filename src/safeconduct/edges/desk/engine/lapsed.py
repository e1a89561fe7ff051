# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which newer keys a device is not given back that comes from a trip (spec/crew.md 12).

A key of a part that was made without a device before it left, or since it was removed and brought
back, is none that it left behind: it was to ask for it before, and no trip saves it that.  What was
made while it was away, and stood, it is given.  By the order of this desk's log and by no clock.
Of a team it is given newer keys only while it belongs there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import HASH_BYTES, DeviceId, VaultId
from safeconduct.rooms.crew import EpochOpened, KeysRenewed, Trip
from safeconduct.rooms.crew.claims import parse_claim
from safeconduct.rooms.crew.vaults import keys_named

_PLACE: Final = "SELECT sequence, at FROM commits WHERE id = ?"


def lapsed(journal: Journal, device: DeviceId, trip: Trip) -> frozenset[VaultId]:
    """Return the vaults of which a device gets back no key newer than it was given."""
    had = _had(journal, device)
    left = [_place(journal, name[:HASH_BYTES]) for name in trip.begun]
    first = min((sequence for sequence, _ in left), default=0)
    gaps = journal.roster.gaps.get(device, ())
    removed_since = any(after >= first for after, _ in gaps)
    before = min((at for _, at in left if at is not None), default=0)
    parts = frozenset(
        where.vault
        for where, at in _renewed(journal)
        if where.vault in had and where.epoch > had[where.vault]
        if removed_since or (at is not None and at < before)
    )
    teams = journal.keys.facts().teams.items()
    return parts | {team for team, one in teams if device not in one.belongs}


def _had(journal: Journal, device: DeviceId) -> dict[VaultId, int]:
    """Return the newest key of each part that a device was given itself."""
    facts = journal.keys.facts()
    parts = {vault for opened in facts.cases for vault in opened.vaults}
    had: dict[VaultId, int] = {}
    for where, devices in facts.given.devices.items():
        if where.vault in parts and device in devices:
            had[where.vault] = max(where.epoch, had.get(where.vault, 0))
    return had


def _renewed(journal: Journal) -> Iterator[tuple[VaultEpoch, int | None]]:
    """Yield the keys that facts which count say were made, and where in the log they say it."""
    facts = journal.keys.facts()
    for _, one in journal.facts.told_of_keys():
        claim = parse_claim(one.told)
        if claim is not None and isinstance(claim.fact, EpochOpened | KeysRenewed):
            at = _place(journal, one.told.commit)[1]
            yield from ((where, at) for where in keys_named(claim.fact) if facts.named(where))


def _place(journal: Journal, commit: bytes) -> tuple[int, int | None]:
    for sequence, at in journal.store.rows(_PLACE, (commit,)):
        return sequence, at
    return 0, None
