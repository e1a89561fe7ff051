# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of slips as rows of the journal have them, and whom a slip told of which party.

Fails closed: a fact in another vault than one of the book of journeys counts for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms import passage
from safeconduct.rooms.passage.errand.slips import SlipTold, fold_slips
from safeconduct.rooms.passage.slip_facts import SlipFact

SLIP_KINDS: Final = tuple(kind for kind in passage.KINDS if kind.startswith("passage.Slip"))
SlipRow = tuple[VaultId, SlipTold]


def slip_row(row: Sequence[Any]) -> SlipRow | None:
    """Return the fact in a row; None for one that this program cannot read."""
    commit, _, slot, vault, device, hlc, kind, version, body, *_ = row
    try:
        event = passage.parse_fact(kind, version, body)
    except SafeconductError:
        return None
    if not isinstance(event, SlipFact):
        return None
    at = CommitId(commit)
    return VaultId(vault), SlipTold(fact_id(at, slot), at, DeviceId(device), hlc, event)


def learnt(rows: Iterable[SlipRow], vaults: Collection[VaultId]) -> frozenset[tuple[bytes, bytes]]:
    """Return who, an escort or a host, was told of which party by a slip that left the office."""
    slips = fold_slips(told for vault, told in rows if vault in vaults)
    return frozenset((one.said.knower, one.said.party) for one in slips if one.left())


__all__ = ["SLIP_KINDS", "SlipRow", "learnt", "slip_row"]
