# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was taken back by who asked for it (spec/crew.md 1).

Only who signed a request takes it back.  A take-back closes the question and nothing else: it
gives no right and ends none, so that one signature never undoes what two have signed, and the
roster is the same in whatever order a take-back and a second are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.words import FactId
from safeconduct.rooms.crew.asking_facts import TakenBack
from safeconduct.rooms.crew.cuts import Life
from safeconduct.rooms.crew.events import hash_of

if TYPE_CHECKING:
    from safeconduct.rooms.crew.claims import Book, Claim
    from safeconduct.rooms.crew.cuts import Cuts


def taken_back(book: Book, cuts: Cuts) -> dict[FactId, frozenset[FactId]]:
    """Return what was taken back by who signed it, and by which facts."""
    signed = {claim.id: claim for claim in book.claims}
    found: dict[FactId, frozenset[FactId]] = {}
    for claim in book.of(TakenBack):
        fact = claim.fact
        assert isinstance(fact, TakenBack)
        asked = signed.get(FactId(fact.fact))
        if asked is None or not _by_its_signer(claim, asked) or not book.sound(claim):
            continue
        if cuts.life(claim) is not Life.BEYOND:
            found[asked.id] = found.get(asked.id, frozenset()) | {claim.id}
    return found


def _by_its_signer(claim: Claim, asked: Claim) -> bool:
    fact = claim.fact
    assert isinstance(fact, TakenBack)
    same = fact.hash == hash_of(asked.signed)
    return same and bool(claim.signer) and claim.signer == asked.signer
