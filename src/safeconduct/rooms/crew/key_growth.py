# SPDX-License-Identifier: AGPL-3.0-or-later
"""What counts of keys, once more facts about case files were read: counted without the others.

`count_keys` says what counts, in any order; this gives the same where that hangs on the fresh facts
alone, and nothing where it may not (tests/property/test_key_growth.py).  An office opens case files
every day: counting all facts anew for each would make the twenty-thousandth cost seconds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from safeconduct.rooms.crew.case_facts import CaseOpened
from safeconduct.rooms.crew.key_facts import KeyFacts, first_keys, opened_by, told_vaults
from safeconduct.rooms.crew.key_proofs import KeyTold, Proofs, by_steward, sound
from safeconduct.rooms.crew.vault_facts import KeysGranted
from safeconduct.rooms.crew.vaults import Heard, keys_named, teams_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.kernel.journal import VaultEpoch
    from safeconduct.rooms.crew.case_facts import OpenedCase
    from safeconduct.rooms.crew.fold import Roster


def grown_keys(
    roster: Roster, facts: KeyFacts, fresh: Iterable[KeyTold], proofs: Proofs
) -> KeyFacts | None:
    """Return what counts by fresh facts too; None where all is to be counted anew.

    `facts` are what counted by the same roster.  What they hold grows with what is returned.
    """
    ordered = sorted(fresh, key=lambda one: (one.told.id, one.vault))
    found = [(one, fact) for one in ordered if (fact := sound(roster, one, proofs)) is not None]
    cases = [(f, opened_by(roster, one, f)) for one, f in found if isinstance(f, CaseOpened)]
    grants = [(one, fact) for one, fact in found if type(fact) is KeysGranted]
    if len(cases) + len(grants) < len(found) or _spoken_of(facts, [case for _, case in cases]):
        return None
    opened = first_keys(case for _, case in cases)
    for one, fact in grants:
        if not _counts_alone(roster, facts, (one, fact), opened.get(one.told.commit, set())):
            return None
    for fact, case in cases:
        facts.cases.append(case)
        facts.parts.update(dict.fromkeys(case.vaults, case))
        facts.heard.extend(told_vaults(case, fact))
    for one, fact in grants:
        facts.given.hear(fact)
        facts.heard.append(Heard(one.hlc, fact))
    return replace(facts)


def _spoken_of(facts: KeyFacts, cases: Sequence[OpenedCase]) -> bool:
    """Tell whether a fact spoke of a vault of these cases before they were opened."""
    vaults = [vault for case in cases for vault in case.vaults]
    return any(vault in facts.given.newest or vault in facts.waits for vault in vaults)


def _counts_alone(
    roster: Roster, facts: KeyFacts, grant: tuple[KeyTold, KeysGranted], own: set[VaultEpoch]
) -> bool:
    """Tell whether a grant counts whatever comes later, and no other counts for it.

    It gives first keys of cases that its own commit opens, or keys of parts that were told before.
    """
    (one, fact), named = grant, keys_named(grant[1])
    back = any(fact.parcel in parcels for parcels in facts.trips.returned.values())
    if back or not all(where in own or _told(facts, where) for where in named):
        return False
    if by_steward(roster, one):
        return True
    needed = {*named, *teams_named(fact)} - own
    return all(facts.given.opens(one.told.device, where) for where in needed)


def _told(facts: KeyFacts, where: VaultEpoch) -> bool:
    """Tell whether a key of a part was told before, and nobody waits to have been given it."""
    return where.vault in facts.parts and facts.named(where) and where.vault not in facts.waits
