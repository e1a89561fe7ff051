# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roster facts as they were signed, for what must act on more than the folded roster says.

The store also holds what the judge refused, and a fact names a signer whether or not that one
signed.  So nothing is acted on here that its signer did not sign, in a commit of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.crew import KINDS, DeviceAdmitted, parse_card, signed_by_root
from safeconduct.rooms.crew.claims import Claim, parse_claim, proved
from safeconduct.rooms.crew.events import CrewFact

_FIRST: Final = "SELECT min(hlc) FROM commits"
_WRITTEN: Final = "SELECT hlc FROM commits WHERE id = ?"


def first_written(journal: Journal) -> Instant:
    """Return when the first commit was written, as its clock said; 0 without one."""
    return instant_of(journal.store.value(_FIRST) or 0)


def written(journal: Journal, claim: Claim) -> Instant:
    """Return when the commit of a fact was written, as its clock said; 0 when it is unknown."""
    return instant_of(journal.store.value(_WRITTEN, (claim.told.commit,)) or 0)


def signed_by_members(journal: Journal, *kinds: type[CrewFact]) -> Iterator[Claim]:
    """Yield the facts of some kinds that a device of the office signed, or a root key."""
    named = {name for name, kind in KINDS.items() if kind in kinds}
    for told in journal.facts.crew(journal.crew_vault):
        claim = parse_claim(told) if told.kind in named else None
        if claim is not None and signed(journal, claim):
            yield claim


def counted(journal: Journal, *kinds: type[CrewFact]) -> Iterator[Claim]:
    """Yield those of them that count, so of a steward or a root key alone."""
    roster = journal.roster
    for claim in signed_by_members(journal, *kinds):
        steward = not claim.signer or claim.signer in roster.stewards
        if steward and claim.id not in roster.quarantined:
            yield claim


def admissions(journal: Journal) -> dict[DeviceId, Instant]:
    """Return when each device was first admitted, as the clock of who did it said.

    Its card's key is as old as that; the founder's is as old as the office.
    """
    founded, first = journal.roster.founded, first_written(journal)
    found = {parse_card(founded.card).id: first} if founded else {}
    for claim in signed_by_members(journal, DeviceAdmitted):
        fact = claim.fact
        if isinstance(fact, DeviceAdmitted):
            at = written(journal, claim)
            device = parse_card(fact.card).id
            found[device] = min(at, found.get(device, at))
    return found


def signed(journal: Journal, claim: Claim) -> bool:
    """Tell whether its device signed a fact in a commit of its own, or a root key anywhere."""
    office, told, roster = journal.office, claim.told, journal.roster
    if not claim.signer:
        return signed_by_root(office, told, roster.roots)
    member = roster.members.get(claim.signer)
    if member is None or told.device != claim.signer:
        return False
    return proved(office, told.kind, claim.signed, member.device.signing.raw)
