# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of money as folds hear them: costs of cases, words on them, grants and limits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms.cases import Part, SheetWritten, Told, fold_record
from safeconduct.rooms.cases.costs import Cost, fold_costs
from safeconduct.rooms.cases.events import MoneyFact
from safeconduct.rooms.cases.grants import Grant, GrantId, OfficeTold, fold_office_money
from safeconduct.rooms.cases.money_facts import CostJudged, GrantWritten

CASE = CaseId(b"c" * 16)
GRANT, OTHER_GRANT = GrantId(b"g" * 16), GrantId(b"G" * 16)
COST = b"1" * 16
JOURNEY, HEALTH = VaultId(b"j" * 16), VaultId(b"h" * 16)
PARTS = {JOURNEY: Part.JOURNEY, HEALTH: Part.HEALTH}
ADA, ADAS_PHONE, BO, CY = (DeviceId(letter * 16) for letter in (b"a", b"A", b"b", b"c"))
NOTHING: Mapping[str, str] = MappingProxyType({})
LIMITS = {"EUR": 50_000}


def apart(one: DeviceId, other: DeviceId) -> bool:
    """Two devices are of two people if their letters differ."""
    return one.lower() != other.lower()


def told(
    n: int, event: SheetWritten | CostJudged, by: DeviceId = ADA, vault: VaultId = JOURNEY
) -> Told:
    """A fact of the n-th commit."""
    commit = CommitId(n.to_bytes(32, "big"))
    return Told(fact_id(commit, 0), commit, vault, by, n << 16, event)


def of_office(n: int, event: MoneyFact, by: DeviceId = ADA) -> OfficeTold:
    """A fact of the office's money, of the n-th commit."""
    return OfficeTold(fact_id(CommitId(n.to_bytes(32, "big")), 0), by, n << 16, event)


def cost(
    *over: Told,
    sheet: bytes = COST,
    case: CaseId = CASE,
    more: Mapping[str, str] = NOTHING,
    **said: str,
) -> SheetWritten:
    """A cost that somebody asks for, or what changes in it."""
    said |= more
    new = {"purpose": "travel", "amount": "EUR 600.00", "what": "A ticket", "state": "asked"}
    new |= {"day": "2017-04-03", "grant": GRANT.hex()}
    values = tuple((said if over else new | said).items())
    return SheetWritten(case, sheet, "cost", values, tuple(one.fact for one in over))


def word(*saw: Told, agrees: int = 1, case: CaseId = CASE) -> CostJudged:
    """What somebody says of that cost."""
    return CostJudged(case, COST, agrees, "" if agrees else "Why?", tuple(o.fact for o in saw))


def fold(*facts: Told, case: CaseId = CASE) -> tuple[Cost, ...]:
    """The costs that these facts give."""
    return fold_costs(fold_record(case, PARTS, facts, "en"), PARTS, facts, apart=apart)


def grant(
    minor: int = 100_000, *over: OfficeTold, name: str = "A fund", **lines: int
) -> GrantWritten:
    """A grant in euros, for travel and food."""
    bounds = tuple((lines or {"travel": 0, "food": 0}).items())
    days = 17_200, 17_600
    return GrantWritten(GRANT, name, "EUR", minor, bounds, *days, tuple(one.fact for one in over))


def granted(*facts: OfficeTold) -> Grant:
    """The one grant that these facts give."""
    (found,) = fold_office_money(facts, apart=apart).grants
    return found
