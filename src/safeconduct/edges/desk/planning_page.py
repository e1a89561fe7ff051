# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of planning shows: who waits, what is wrong, what is proposed, and between whom."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.edges.desk import planning_words, ways_words
from safeconduct.edges.desk.between_page import choices_shown
from safeconduct.edges.desk.planning_api import HORIZONS, SECONDS, Asked, ChoiceNeeded
from safeconduct.edges.desk.planning_names import day as _day
from safeconduct.edges.desk.planning_names import label as _label
from safeconduct.edges.desk.planning_names import path as _path
from safeconduct.rooms.passage.believed import choice, number
from safeconduct.rooms.passage.chosen import Why
from safeconduct.rooms.passage.gathering.ground import Weighs
from safeconduct.rooms.passage.gathering.measures import CEILINGS, DATED, RATES
from safeconduct.rooms.passage.gathering.proposed import PlannedOnChanged
from safeconduct.rooms.passage.kinds import PARTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.edges.desk.planning_api import Proposal
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.kernel.errors import SafeconductError
    from safeconduct.rooms.passage import Network, Sheet
    from safeconduct.rooms.passage.gathering.gather import Gathered
    from safeconduct.rooms.passage.gathering.ground import Remark
    from safeconduct.rooms.passage.gathering.proposed import Proposed
    from safeconduct.rooms.passage.gathering.routes import Hop
    from safeconduct.rooms.passage.operations.stuck import Stuck

_REMARKS_MOST: Final = 200


class Said(NamedTuple):
    """One remark in words, with the sheet that it is about."""

    label: str
    path: str
    text: str


class Who(NamedTuple):
    """A party in words; `note` is why it cannot go, or is not moved."""

    row: int
    id: str
    name: str
    path: str
    size: int
    risk: str
    deadline: str
    note: str = ""


class Leg(NamedTuple):
    """One leg of a proposed journey in words."""

    day: str
    at: str
    text: str


class Shown(NamedTuple):
    """A proposed journey in words; `leave` is nothing where they stay at the horizon."""

    who: Who
    legs: tuple[Leg, ...]
    escort: str
    house: str
    arrive: str
    leave: str
    country: str
    late: bool
    approved: bool


def page_shown(visit: Visit, asked: Asked, error: SafeconductError | None = None) -> dict[str, Any]:
    """Return what the page shows."""
    plans = visit.desk.ways.plans
    shown: dict[str, Any] = {
        "lacking": plans.lacking(),
        "asked": asked,
        "horizons": HORIZONS,
        "seconds": SECONDS,
        "ceilings": [(one, planning_words.ceiling(one, visit.language)) for one in CEILINGS],
        "presets": [(one, planning_words.rates(one, visit.language)) for one in RATES],
        "dated": DATED,
        "about": "",
        "needed": (),
        "changed": (),
        **state_shown(visit),
    }
    if not shown["lacking"]:
        gathered, stuck = plans.looked_over(asked, local_of(visit))
        shown |= _basis_shown(visit, gathered, stuck)
        shown["proposal"] = _proposal_shown(visit)
        shown["choices"] = choices_shown(visit, gathered.network)
        shown["whys"] = reasons(visit)
    return shown | refusal_shown(visit, error)


def reasons(visit: Visit) -> list[tuple[str, str]]:
    """Return why a party may be put before another."""
    return [
        (one.name.lower(), planning_words.why(one, visit.language))
        for one in Why
        if one is not Why.OTHER
    ]


def local_of(visit: Visit) -> str:
    """Return the time that it is here, `2026-11-30T21:40`."""
    return visit.words.field(visit.desk.now())


def state_shown(visit: Visit) -> dict[str, Any]:
    """Return how far a search is."""
    plans = visit.desk.ways.plans
    standing = plans.standing()
    more = max(0, standing.misses - standing.bound) if standing else 0
    ended = visit.asked("was") == "1" and not plans.thinking
    return {
        "thinking": plans.thinking,
        "failed": plans.failed,
        "standing": standing,
        "more": more,
        "ended": ended,
    }


def refusal_shown(visit: Visit, error: SafeconductError | None) -> dict[str, Any]:
    """Return what a refusal is about: whom to choose between, or what has changed."""
    network = visit.desk.ways.network()
    if isinstance(error, ChoiceNeeded):
        pairs = [
            (_party(visit, network, one), _party(visit, network, two)) for one, two in error.pairs
        ]
        return {"needed": [pair for pair in pairs if all(pair)]}
    if isinstance(error, PlannedOnChanged):
        sheets = (network.sheet(one, kind) for kind, one in error.sheets[:_REMARKS_MOST])
        return {"changed": [_linked(visit, network, one, "") for one in sheets if one]}
    return {}


def _basis_shown(visit: Visit, gathered: Gathered, stuck: Sequence[Stuck]) -> dict[str, Any]:
    """Return who waits, who was promised a journey, and all remarks."""
    network = gathered.network
    notes = {
        one.party: planning_words.stuck(
            one, gathered.operation.parties.size[one.party], visit.language
        )
        for one in stuck
    }
    remarks = {
        weighs.value: [
            _remark(visit, network, one) for one in gathered.remarks if one.weighs is weighs
        ][:_REMARKS_MOST]
        for weighs in Weighs
    }
    promised = {
        party
        for sheet in gathered.kept
        if choice(sheet, "state") in {"told", "host_told", "bought"}
        for party in [sheet.text("party")]
    }
    return {
        "waits": [
            who(visit, network, sheet, row, notes.get(row, "") or _replaced(visit, gathered, sheet))
            for row, sheet in enumerate(gathered.parties)
        ],
        "promised": [
            who(visit, network, sheet, -1)
            for sheet in network.of_kind(PARTY)
            if sheet.id.hex() in promised or sheet.id in gathered.settings.anew
        ],
        "anew": {one.hex() for one in gathered.settings.anew},
        "remarks": remarks,
        "ways_total": len(gathered.ways),
        "left_out": gathered.left_out,
    }


def _replaced(visit: Visit, gathered: Gathered, party: Sheet) -> str:
    """Say of who waits that a journey is proposed to them already; a new one replaces it."""
    if not gathered.replaces.get(party.id):
        return ""
    return visit.say("A journey is proposed already. Approving a new one puts it in its place.")


def _proposal_shown(visit: Visit) -> dict[str, Any] | None:
    proposal = visit.desk.ways.plans.proposal()
    if proposal is None:
        return None
    sizes = proposal.gathered.operation.parties.size
    waits, left = Counter(sizes), Counter(sizes[row] for row in proposal.left)
    return {
        "journeys": [_shown(visit, proposal, one) for one in proposal.proposed],
        "left": [
            who(visit, proposal.gathered.network, sheet, row, why_left(visit, proposal, row))
            for row, sheet in enumerate(proposal.gathered.parties)
            if row in proposal.left
        ],
        "by_size": [(size, waits[size], left[size]) for size in sorted(waits)],
        "late": sum(one.late * sizes[one.row] for one in proposal.proposed),
        "unplanned": proposal.standing.unplanned,
        "misses": proposal.standing.misses,
        "more": proposal.more,
        "open": any(one.row not in proposal.approved for one in proposal.proposed),
    }


def why_left(visit: Visit, proposal: Proposal, row: int) -> str:
    """Say in one line why a party is not moved by a plan; `why_page` says it of every way."""
    _ = visit.say
    network, parties = proposal.gathered.network, proposal.gathered.parties
    size = proposal.gathered.operation.parties.size[row]
    for one in proposal.stuck:
        if one.party == row:
            return planning_words.stuck(one, size, visit.language)
    instead = [parties[moved] for moved, missed in proposal.standing.expenses if missed == row]
    if instead:
        names = ", ".join(_label(visit, network, one) for one in instead[:3])
        return _("They could go in time, but only in the place of: {names}.").format(names=names)
    if proposal.more:
        return _(
            "No way was found for them in this time. Make a plan again and let it think longer."
        )
    return _("Every way for them takes what the plan gives to others.")


def _shown(visit: Visit, proposal: Proposal, one: Proposed) -> Shown:
    network = proposal.gathered.network

    def label(sheet: Sheet | None) -> str:
        return _label(visit, network, sheet) if sheet else ""

    return Shown(
        who=who(visit, network, one.party, one.row),
        legs=tuple(_leg(visit, network, *hop) for hop in zip(one.dates, one.hops, strict=True)),
        escort=label(one.knower.sheet if one.knower else None),
        house=label(one.house),
        arrive=_day(visit, one.arrive),
        leave=_day(visit, one.leave),
        country=label(one.country),
        late=one.late,
        approved=one.row in proposal.approved,
    )


def _leg(visit: Visit, network: Network, day: str, hop: Hop) -> Leg:
    text = _label(visit, network, hop.leg.sheet)
    return Leg(_day(visit, day), hop.clock, text)


def _party(visit: Visit, network: Network, party: bytes) -> Who | None:
    sheet = network.sheet(party, PARTY)
    return who(visit, network, sheet, -1) if sheet else None


def who(visit: Visit, network: Network, sheet: Sheet, row: int, note: str = "") -> Who:
    """Say who a party is; `note` is why it cannot go, or is not moved."""
    risk = ways_words.choice(PARTY, "risk", choice(sheet, "risk"), visit.language)
    return Who(
        row=row,
        id=sheet.id.hex(),
        name=_label(visit, network, sheet),
        path=_path(sheet),
        size=number(sheet, "size") or 0,
        risk=risk,
        deadline=_day(visit, sheet.text("deadline")),
        note=note,
    )


def _remark(visit: Visit, network: Network, one: Remark) -> Said:
    field = ways_words.field(one.sheet.kind, one.field, visit.language) if one.field else ""
    text = planning_words.remark(one.code, field, visit.language)
    return _linked(visit, network, one.sheet, text)


def _linked(visit: Visit, network: Network, sheet: Sheet, text: str) -> Said:
    return Said(_label(visit, network, sheet), _path(sheet), text)


__all__ = [
    "local_of",
    "page_shown",
    "reasons",
    "refusal_shown",
    "state_shown",
    "who",
    "why_left",
]
