# SPDX-License-Identifier: AGPL-3.0-or-later
"""Grants, and the limits above which two people agree to a cost, from the facts of the office.

Where two wrote a grant unseen the smaller holds: the lower amount, the purposes of both, the days
of both.  A limit that one person set holds only where it is lower than what held before, until a
second agreed (spec/money.md 4).  The same facts give the same state in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, NewType

from safeconduct.kernel.money import Amount
from safeconduct.kernel.words import DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.cases.money_facts import (
    DonorReportMade,
    GrantWritten,
    LimitSeconded,
    LimitSet,
)
from safeconduct.rooms.cases.sheets import PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.rooms.cases.events import MoneyFact
    from safeconduct.rooms.cases.words import Apart

GRANT_BYTES: Final = 16
GrantId = NewType("GrantId", bytes)


class OfficeTold(NamedTuple):
    """A fact of the office's money as read: which, who wrote it, and when by their clock."""

    fact: FactId
    device: DeviceId
    hlc: int
    event: MoneyFact


@dataclass(frozen=True, slots=True)
class Grant:
    """A donor's money; `lines` are what may be spent on each purpose, 0 for no such bound."""

    id: GrantId
    name: str
    amount: Amount
    lines: Mapping[str, int]
    begins: int
    ends: int
    """Its first and its last day, of UTC since 1970."""
    disputed: bool
    standing: tuple[FactId, ...]
    reports: tuple[Report, ...]

    def pays(self, purpose: str) -> bool:
        """Tell whether it may be spent on this."""
        return purpose in self.lines


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody took a report of a grant out of the office."""

    at: Instant
    by: DeviceId
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What somebody set; it `stands` while no other follows it."""

    fact: FactId
    at: Instant
    by: DeviceId
    amount: Amount
    saw: frozenset[FactId]
    seconds: tuple[DeviceId, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class OfficeMoney:
    """The grants of an office and its limits."""

    grants: tuple[Grant, ...]
    limits: tuple[Limit, ...]

    def grant(self, grant: bytes) -> Grant | None:
        """Return one grant."""
        return next((one for one in self.grants if one.id == grant), None)

    def limit(self, fact: FactId) -> Limit | None:
        """Return one limit."""
        return next((one for one in self.limits if one.fact == fact), None)

    @property
    def holds(self) -> Mapping[str, int]:
        """The limit of each currency that holds, in its smallest unit; else it is nothing.

        While one that stands waits for its second, what it follows counts too, and the lowest
        holds; what follows nothing and has no second is worth nothing.
        """
        return {
            currency: min(_worth(one, self.limits) for one in standing)
            for currency in {one.amount.currency for one in self.limits}
            if (standing := self.standing(currency))
        }

    def standing(self, currency: str) -> tuple[Limit, ...]:
        """Return what stands for a currency."""
        return tuple(one for one in self.limits if one.stands and one.amount.currency == currency)


def fold_office_money(told: Iterable[OfficeTold], *, apart: Apart) -> OfficeMoney:
    """Return the grants and limits that these facts give."""
    facts = sorted(told, key=lambda one: (one.hlc, one.fact))
    return OfficeMoney(_grants(facts), _limits(facts, apart))


def _grants(facts: Sequence[OfficeTold]) -> tuple[Grant, ...]:
    written: dict[bytes, list[tuple[OfficeTold, GrantWritten, Amount]]] = {}
    reports: dict[bytes, list[Report]] = {}
    for one in facts:
        event = one.event
        if isinstance(event, GrantWritten) and (amount := _amount(event)) and _known(event):
            written.setdefault(event.grant, []).append((one, event, amount))
        elif isinstance(event, DonorReportMade):
            made = Report(instant_of(one.hlc), one.device, event.begins, event.ends)
            reports.setdefault(event.grant, []).append(made)
    found = [
        _grant(GrantId(grant), some, reports.get(grant, ())) for grant, some in written.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.ends, one.name, one.id)))


def _grant(
    grant: GrantId,
    some: Sequence[tuple[OfficeTold, GrantWritten, Amount]],
    reports: Iterable[Report],
) -> Grant:
    over = {fact for one, event, _ in some for fact in event.over if fact != one.fact}
    standing = [one for one in some if one[0].fact not in over] or list(some)
    last = standing[-1][1]
    same = [one for one in standing if one[2].currency == last.currency]
    lines = [dict(event.lines) for _, event, _ in standing]
    return Grant(
        id=grant,
        name=last.name,
        amount=min(amount for _, _, amount in same),
        lines={
            purpose: _lower(one[purpose] for one in lines)
            for purpose in PURPOSES
            if all(purpose in one for one in lines)
        },
        begins=max(event.begins for _, event, _ in standing),
        ends=min(event.ends for _, event, _ in standing),
        disputed=len({_said(event) for _, event, _ in standing}) > 1,
        standing=tuple(one.fact for one, _, _ in standing),
        reports=tuple(reports),
    )


def _said(event: GrantWritten) -> tuple[object, ...]:
    return (event.name, event.currency, event.minor, event.lines, event.begins, event.ends)


def _lower(bounds: Iterable[int]) -> int:
    """Return the lowest bound; 0 is none."""
    return min((one for one in bounds if one), default=0)


def _known(event: GrantWritten) -> bool:
    """Tell whether something of it is known here."""
    return any(purpose in PURPOSES for purpose, _ in event.lines)


def _amount(event: GrantWritten | LimitSet) -> Amount | None:
    try:
        return Amount(event.currency, event.minor)
    except ValueError:
        return None


def _limits(facts: Sequence[OfficeTold], apart: Apart) -> tuple[Limit, ...]:
    sets = [
        (one, one.event, amount)
        for one in facts
        if isinstance(one.event, LimitSet) and (amount := _amount(one.event))
    ]
    currency = {one.fact: event.currency for one, event, _ in sets}
    followed = {
        fact
        for one, event, _ in sets
        for fact in event.saw
        if fact != one.fact and currency.get(FactId(fact)) == event.currency
    }
    return tuple(
        Limit(
            one.fact,
            instant_of(one.hlc),
            one.device,
            amount,
            frozenset(FactId(fact) for fact in event.saw),
            tuple(
                other.device
                for other in facts
                if isinstance(other.event, LimitSeconded)
                and other.event.limit == one.fact
                and apart(other.device, one.device)
            ),
            one.fact not in followed,
        )
        for one, event, amount in sets
    )


def _worth(limit: Limit, every: Iterable[Limit]) -> int:
    """Return up to what a limit lets one person go, with all that it follows."""
    known = {one.fact: one for one in every if one.amount.currency == limit.amount.currency}
    left, seen, lowest = [limit], {limit.fact}, limit.amount.minor
    while left:
        one = left.pop()
        lowest = min(lowest, one.amount.minor)
        if one.seconds:
            continue
        before = {fact for fact in one.saw if fact in known}
        if not before:
            return 0
        left += [known[fact] for fact in sorted(before - seen)]
        seen |= before
    return lowest
