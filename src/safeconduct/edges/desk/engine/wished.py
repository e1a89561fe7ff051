# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which stewards want the next access epoch to trace (spec/crew.md 6).

A wish names its epoch: where another one was opened in its place it is void, so that nobody's desk
lets the relay tell devices apart long after it was wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.told import counted
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.asking_facts import TakenBack
from safeconduct.rooms.crew.claims import Claim
from safeconduct.rooms.crew.events import Followed, hash_of
from safeconduct.rooms.crew.tracing import fits
from safeconduct.rooms.crew.tracing_facts import TracingOpened

TRACED: Final = "traced"
"""The standing under which a round runs whose epoch traces."""


def wishes(journal: Journal) -> Iterator[tuple[Followed, bytes]]:
    """Yield what stewards who stand want of the next epoch, with who is to follow it.

    Nothing at a desk without a control key, or where the relay could not tell all apart.
    """
    control, roster = journal.keychain.control(), journal.roster
    if control is None or not fits(roster):
        return
    for claim in wanted(journal):
        fact = claim.fact
        following = isinstance(fact, TracingOpened) and fact.epoch == control.epoch + 1
        if following and Role.STEWARD in roster.roles(claim.signer):
            yield Followed(claim.signer, claim.id, TRACED), claim.signer


def wanted(journal: Journal) -> list[Claim]:
    """Return every wish that counts and was not taken back, whatever became of it."""
    claims, backs = list[Claim](), set[tuple[bytes, bytes, bytes]]()
    for claim in counted(journal, TracingOpened, TakenBack):
        if isinstance(claim.fact, TakenBack):
            backs.add((claim.fact.fact, claim.fact.hash, claim.signer))
        else:
            claims.append(claim)
    return [one for one in claims if (one.id, hash_of(one.signed), one.signer) not in backs]
