# SPDX-License-Identifier: AGPL-3.0-or-later
"""The costs of a case, out of the sheets of its record, and who agreed to them.

Money that one says is paid is gone, whatever another says; of two amounts the higher counts; and
agreement is to what stood there when it was given (spec/money.md 2, 3).  The same facts give the
same costs in any order.  Fails closed: nobody agrees to what they wrote a word of, from another
device neither, and two devices of one person are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.money import Amount, Rate, amount_in, rate_in
from safeconduct.kernel.words import DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.cases import days
from safeconduct.rooms.cases.money_facts import CostJudged
from safeconduct.rooms.cases.sheets import COST
from safeconduct.rooms.cases.words import Apart, Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from safeconduct.kernel.words import CaseId, VaultId
    from safeconduct.rooms.cases.fold import Told
    from safeconduct.rooms.cases.record import CaseRecord, Sheet, SheetId, Written

MONEY_PART: Final = Part.JOURNEY
BOUND: Final = ("purpose", "amount", "what", "grant", "rate")
"""The fields to which agreement is given."""
PLANNED, ASKED, PAID, DROPPED = "planned", "asked", "paid", "dropped"
_FIRST: Final = (PAID, ASKED, PLANNED, DROPPED)
"""Of several states that stand the first of these holds."""
NEEDED: Final = 2
"""So many people agree to what is above the limit."""


class Status(Enum):
    """How far a cost is."""

    PLANNED = "planned"
    ASKED = "asked"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody said of a cost; it `counts` while it is of what stands, and not their own."""

    fact: FactId
    at: Instant
    by: DeviceId
    agrees: bool
    words: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost, with everything that stands in its fields."""

    case: CaseId
    sheet: Sheet
    amounts: tuple[Amount, ...]
    rates: tuple[Rate, ...]
    grants: tuple[bytes, ...]
    state: str
    disputed: bool
    """Whether two wrote what does not agree into a field to which agreement is given."""
    authors: frozenset[DeviceId]
    """Everybody who ever wrote into one of these fields."""
    bound: frozenset[FactId]
    """The facts that stand in them."""
    judged: tuple[Judged, ...]
    agreed: tuple[DeviceId, ...]
    """One device of each person who agrees."""

    @property
    def id(self) -> SheetId:
        """The sheet on which it stands."""
        return self.sheet.id

    @property
    def purpose(self) -> str:
        """For what it is."""
        return self.sheet.text("purpose")

    @property
    def what(self) -> str:
        """What for, in words."""
        return self.sheet.text("what")

    @property
    def month(self) -> str:
        """The month in which its last possible day lies, `2017-04`; nothing without a day."""
        day = self.sheet.text("day")
        return days.last_day(day).isoformat()[:7] if day else ""

    @property
    def refused(self) -> bool:
        """Whether somebody does not agree."""
        return any(one.counts and not one.agrees for one in self.judged)

    def status(self, limits: Mapping[str, int]) -> Status:
        """Return how far it is, by the limits that hold."""
        if self.state == PAID:
            return Status.PAID
        if self.state != ASKED:
            return Status(self.state)
        if self.refused:
            return Status.REFUSED
        return Status.APPROVED if self.allowed(limits) else Status.ASKED

    def above(self, limits: Mapping[str, int]) -> bool:
        """Tell whether it takes two: above the limit of its currency, or where there is none."""
        return any(one.minor > limits.get(one.currency, 0) for one in self.amounts)

    def allowed(self, limits: Mapping[str, int]) -> bool:
        """Tell whether it may be paid: nobody refused, and two agree where that takes two."""
        if self.refused or self.disputed or not self.amounts:
            return False
        return not self.above(limits) or len(self.agreed) >= NEEDED


def fold_costs(
    record: CaseRecord, parts: Mapping[VaultId, Part], told: Iterable[Told], *, apart: Apart
) -> tuple[Cost, ...]:
    """Return the costs that stand on a record, by their days, with what was said of each."""
    said: dict[bytes, list[Told]] = {}
    for one in sorted(told, key=lambda one: (one.hlc, one.fact)):
        event = one.event
        if not isinstance(event, CostJudged) or event.case != record.case:
            continue
        if parts.get(one.vault) is MONEY_PART:
            said.setdefault(event.cost, []).append(one)
    costs = [
        _cost(record.case, sheet, said.get(sheet.id, ()), apart) for sheet in record.of_kind(COST)
    ]
    return tuple(sorted(costs, key=lambda one: (one.sheet.text("day"), one.id)))


def _cost(case: CaseId, sheet: Sheet, said: Collection[Told], apart: Apart) -> Cost:
    every = {name: _written(sheet, name) for name in BOUND}
    standing = {name: [one for one in some if one.stands] for name, some in every.items()}
    authors = frozenset(one.by for some in every.values() for one in some)
    bound = frozenset(one.fact for some in standing.values() for one in some)
    judged = tuple(_judged(one, said, bound, authors, apart) for one in said)
    amounts = {amount for one in standing["amount"] if (amount := amount_in(one.text))}
    rates = {rate for one in standing["rate"] if (rate := rate_in(one.text))}
    grants = {bytes.fromhex(one.text) for one in standing["grant"] if one.text}
    return Cost(
        case=case,
        sheet=sheet,
        amounts=tuple(sorted(amounts)),
        rates=tuple(sorted(rates, key=lambda one: one.text)),
        grants=tuple(sorted(grants)),
        state=_state(sheet),
        disputed=any(len({one.text for one in some}) > 1 for some in standing.values()),
        authors=authors,
        bound=bound,
        judged=judged,
        agreed=_people((one.by for one in judged if one.counts and one.agrees), apart),
    )


def _written(sheet: Sheet, name: str) -> list[Written]:
    return [
        one
        for entered in sheet.entered(name)
        if entered.part is MONEY_PART
        for one in entered.written
    ]


def _state(sheet: Sheet) -> str:
    """Return the state that holds: money that one says is paid is gone."""
    there = {one.text for one in _written(sheet, "state") if one.stands}
    return next((one for one in _FIRST if one in there), PLANNED)


def _judged(
    one: Told,
    said: Iterable[Told],
    bound: frozenset[FactId],
    authors: Iterable[DeviceId],
    apart: Apart,
) -> Judged:
    """Return what somebody said, and whether it counts: a later word of theirs takes its place."""
    event = one.event
    assert isinstance(event, CostJudged)
    later = any(
        isinstance(other.event, CostJudged)
        and one.fact in other.event.saw
        and not apart(other.device, one.device)
        for other in said
        if other.fact != one.fact
    )
    fresh = bound.issubset(event.saw)
    others = all(apart(one.device, author) for author in authors)
    counts = fresh and others and not later
    at = instant_of(one.hlc)
    return Judged(one.fact, at, one.device, bool(event.agrees), event.words, counts)


def _people(devices: Iterable[DeviceId], apart: Apart) -> tuple[DeviceId, ...]:
    """Return one device of each person."""
    found: list[DeviceId] = []
    for device in devices:
        if all(apart(device, other) for other in found):
            found.append(device)
    return tuple(found)
