# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody does with money: costs, grants, limits, a word on a colleague's cost; or a refusal.

The folds hold the same rules where facts are read (`costs`, `grants`), so that a desk that was
changed cannot agree alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.money import Amount, amount_in, rate_in
from safeconduct.rooms.cases.costs import BOUND, PAID, Cost, Status
from safeconduct.rooms.cases.days import day_in, last_day
from safeconduct.rooms.cases.grants import GrantId, OfficeMoney
from safeconduct.rooms.cases.money_facts import (
    NAME_MOST,
    SAW_MOST,
    WORDS_MOST,
    CostJudged,
    DonorReportMade,
    GrantWritten,
    LimitSeconded,
    LimitSet,
)
from safeconduct.rooms.cases.record_decide import AmountUnclear, Typed, WrongFields
from safeconduct.rooms.cases.sheets import COST, PURPOSES, SHEETS, plain_value

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.cases.donor_report import DonorReport
    from safeconduct.rooms.cases.words import Apart, Part

ANY: Final = "any"
"""A purpose with no bound of its own, in the form of a grant."""


_OPEN: Final = frozenset({Status.ASKED, Status.APPROVED, Status.REFUSED})
"""What is not paid yet, and somebody asked for."""


class NoCostWaits(Refused):
    """There is no such cost, or it waits for nobody any more."""

    code = "no_cost_waits"


class CostChanged(Refused):
    """Somebody wrote into a cost after the page was shown."""

    code = "cost_changed"


class OwnCost(Refused):
    """Nobody agrees to a cost into which they wrote, from another device neither."""

    code = "own_cost"


class NoWordOnCost(Refused):
    """Whoever does not agree says why; a text has 2,000 characters at most."""

    code = "no_word_on_cost"


class GrantDoesNotPay(Refused):
    """The grant is for other purposes, or for other days."""

    code = "grant_does_not_pay"


class NoRate(Refused):
    """A cost in another currency than its grant names the rate into it, its day and its source."""

    code = "no_rate"


class NoReceipt(Refused):
    """What is paid has a receipt, or says why there is none."""

    code = "no_receipt"


class PaidAlone(Refused):
    """Two did not agree; that it was paid all the same is written with why."""

    code = "paid_alone"


class GrantUnclear(Refused):
    """A grant has a name, an amount, its first and last day and a purpose at least."""

    code = "grant_unclear"


class NoLimitWaits(Refused):
    """There is no such limit, or it does not wait for a second person any more."""

    code = "no_limit_waits"


class OwnLimit(Refused):
    """Nobody seconds a limit that they set, from another device neither."""

    code = "own_limit"


class ReportUnsettled(Refused):
    """Paid costs of the grant are in dispute, without a rate or without a day."""

    code = "report_unsettled"


class TooFewToTell(Refused):
    """All that was paid of the grant is of fewer than five cases."""

    code = "too_few_to_tell"


class TypedGrant(NamedTuple):
    """What somebody typed into the form of a grant; a line is an amount, or `any` amount."""

    name: str
    amount: str
    begins: str
    ends: str
    lines: Mapping[str, str]
    saw: Collection[FactId] = ()


def need_payable(
    cost: Cost | None, typed: Mapping[tuple[Part, str], Typed], office: OfficeMoney
) -> None:
    """Hold what is written into a cost to its grant, and what is paid to a receipt and to two.

    Raises:
        WrongFields, GrantDoesNotPay, NoRate, NoReceipt, PaidAlone: see there.
    """
    said = _said(cost, typed)
    if cost is None or _touches(cost, said):
        _need_grant(said, office)
    if said["state"] != PAID:
        return
    if not said["receipt"] and not said["no_receipt"]:
        raise NoReceipt
    if (
        cost is not None
        and not _touches(cost, said)
        and (cost.state == PAID or cost.allowed(office.holds))
    ):
        return
    amount = amount_in(said["amount"])
    above = amount is not None and amount.minor > office.holds.get(amount.currency, 0)
    if above and not said["urgent"]:
        raise PaidAlone


def _said(cost: Cost | None, typed: Mapping[tuple[Part, str], Typed]) -> dict[str, str]:
    """Return what each field would say after this was written."""
    found = {}
    for field in SHEETS[COST]:
        there = cost.sheet.text(field.name) if cost else ""
        now = typed.get((field.part, field.name))
        found[field.name] = there if now is None else plain_value(field, now.text) or ""
    return found


def _touches(cost: Cost, said: Mapping[str, str]) -> bool:
    """Tell whether something changes to which somebody agreed, or the day."""
    return any(said[name] != cost.sheet.text(name) for name in (*BOUND, "day"))


def _raw(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _need_grant(said: Mapping[str, str], office: OfficeMoney) -> None:
    """Hold a cost to the grant that it names: its purposes, its days, and a rate into it."""
    if not said["grant"]:
        return
    grant = office.grant(_raw(said["grant"]))
    if grant is None:
        raise WrongFields(("grant",))
    day = day_in(last_day(said["day"]).isoformat()) if said["day"] else None
    inside = day is None or grant.begins <= day <= grant.ends
    if not inside or (said["purpose"] and not grant.pays(said["purpose"])):
        raise GrantDoesNotPay
    amount, rate = amount_in(said["amount"]), rate_in(said["rate"])
    if amount is None or amount.currency == grant.amount.currency:
        return
    named = rate is not None and rate.currency == grant.amount.currency
    if not (named and said["rate_day"] and said["rate_source"]):
        raise NoRate


class Word(NamedTuple):
    """What somebody says of a cost, and the facts that stood on the page."""

    agrees: bool
    words: str = ""
    saw: Collection[FactId] = ()


def judge_cost(
    cost: Cost | None, limits: Mapping[str, int], said: Word, *, by: DeviceId, apart: Apart
) -> CostJudged:
    """Agree to a cost, or not, as another person than who asked.

    Raises:
        NoCostWaits, CostChanged, OwnCost, NoWordOnCost: see there.
    """
    if cost is None or cost.status(limits) not in _OPEN:
        raise NoCostWaits
    if not cost.bound.issubset(said.saw):
        raise CostChanged
    if not all(apart(by, author) for author in cost.authors):
        raise OwnCost
    words = said.words.strip()
    if len(words) > WORDS_MOST or not (said.agrees or words):
        raise NoWordOnCost
    own = {one.fact for one in cost.judged if not apart(by, one.by)}
    seen = tuple(sorted({*cost.bound, *own})[:SAW_MOST])
    return CostJudged(cost.case, cost.id, int(said.agrees), words, seen)


def may_say(cost: Cost, limits: Mapping[str, int], by: DeviceId, apart: Apart) -> bool:
    """Tell whether whoever is at this device may say a word of a cost, or another than before."""
    if cost.status(limits) not in _OPEN or cost.disputed:
        return False
    return cost.above(limits) and all(apart(by, author) for author in cost.authors)


def may_judge(cost: Cost, limits: Mapping[str, int], by: DeviceId, apart: Apart) -> bool:
    """Tell whether a cost above the limit waits for a word of whoever is at this device."""
    waits = cost.status(limits) is Status.ASKED and may_say(cost, limits, by, apart)
    return waits and all(apart(by, device) for device in cost.agreed)


def write_grant(office: OfficeMoney, grant: GrantId, typed: TypedGrant) -> GrantWritten:
    """Write a grant, a new one or over what was seen of it.

    Raises:
        GrantUnclear, AmountUnclear: see there.
    """
    name = " ".join(typed.name.split())
    begins, ends = day_in(typed.begins.strip()), day_in(typed.ends.strip())
    lines = {one: text.strip() for one, text in typed.lines.items() if one in PURPOSES}
    lines = {one: text for one, text in lines.items() if text}
    if not name or len(name) > NAME_MOST or not lines:
        raise GrantUnclear
    if begins is None or ends is None or ends < begins:
        raise GrantUnclear
    amount = amount_in(typed.amount)
    if amount is None:
        raise AmountUnclear(("amount",))
    bounds = tuple((one, _bound(lines[one], one, amount)) for one in PURPOSES if one in lines)
    there = office.grant(grant)
    seen = [fact for fact in (there.standing if there else ()) if fact in typed.saw]
    said = grant, name, amount.currency, amount.minor, bounds, begins, ends
    return GrantWritten(*said, tuple(sorted(seen)[:SAW_MOST]))


def _bound(text: str, purpose: str, whole: Amount) -> int:
    """Return how much of a grant may go to a purpose; 0 for no such bound."""
    if text == ANY:
        return 0
    amount = amount_in(text)
    if amount is None or amount.currency != whole.currency or amount.minor > whole.minor:
        raise AmountUnclear((purpose,))
    return amount.minor


def set_limit(office: OfficeMoney, typed: str) -> LimitSet:
    """Say above how much of a currency two people agree to a cost.

    Raises:
        AmountUnclear: see there.
    """
    amount = amount_in(typed)
    if amount is None:
        raise AmountUnclear(("limit",))
    saw = sorted(one.fact for one in office.standing(amount.currency))
    return LimitSet(amount.currency, amount.minor, tuple(saw[:SAW_MOST]))


def second_limit(
    office: OfficeMoney, limit: FactId, *, by: DeviceId, apart: Apart
) -> LimitSeconded:
    """Agree to a limit as a second person.

    Raises:
        NoLimitWaits, OwnLimit: see there.
    """
    found = office.limit(limit)
    if found is None or not found.stands or found.seconds:
        raise NoLimitWaits
    if not apart(by, found.by):
        raise OwnLimit
    return LimitSeconded(limit)


def make_report(report: DonorReport, unclear: Collection[Cost]) -> DonorReportMade:
    """Report that a report to a donor leaves the office.

    Raises:
        ReportUnsettled, TooFewToTell: see there.
    """
    if unclear:
        raise ReportUnsettled
    if not report.blocks:
        raise TooFewToTell
    return DonorReportMade(report.grant.id, report.begins, report.ends)
