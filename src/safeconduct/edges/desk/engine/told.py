# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roster facts as they were signed, for what must act on more than the folded roster says.

The store also holds what the judge refused, and a fact names a signer whether or not that one
signed.  So nothing is acted on here that its signer did not sign, in a commit of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.rooms.crew import signed_by_root
from safeconduct.rooms.crew.claims import Claim, parse_claim, proved
from safeconduct.rooms.crew.events import CrewFact


def signed_by_members(journal: Journal, *kinds: type[CrewFact]) -> Iterator[Claim]:
    """Yield the facts of some kinds that a device of the office signed, or a root key."""
    for told in journal.facts.crew(journal.crew_vault):
        claim = parse_claim(told)
        if claim is not None and isinstance(claim.fact, kinds) and _signed(journal, claim):
            yield claim


def counted(journal: Journal, *kinds: type[CrewFact]) -> Iterator[Claim]:
    """Yield those of them that count, so of a steward or a root key alone."""
    roster = journal.roster
    for claim in signed_by_members(journal, *kinds):
        steward = not claim.signer or claim.signer in roster.stewards
        if steward and claim.id not in roster.quarantined:
            yield claim


def _signed(journal: Journal, claim: Claim) -> bool:
    office, told, roster = journal.office, claim.told, journal.roster
    if not claim.signer:
        return signed_by_root(office, told, roster.roots)
    member = roster.members.get(claim.signer)
    if member is None or told.device != claim.signer:
        return False
    return proved(office, told.kind, claim.signed, member.device.signing.raw)
