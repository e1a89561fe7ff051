# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of questions about a plan shows: what bars a party, who would pay, what helps.

It is shown to who plans alone, and shows code names, towns and days; of numbers only how many ways,
people and weighted misses there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from safeconduct.edges.desk import planning_names, why_words
from safeconduct.edges.desk.planning_page import reasons, who
from safeconduct.edges.desk.why_names import Names
from safeconduct.rooms.passage.gathering.horizon import Horizon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.edges.desk.planning_api import Answers, Helping
    from safeconduct.edges.desk.planning_page import Who
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage.why.audit import Alone, Why
    from safeconduct.rooms.passage.why.forced import Change, Forced


class Bar(NamedTuple):
    """What bars ways, on how many of them."""

    ways: int
    text: str


class Enough(NamedTuple):
    """What alone would be enough, and who has it now."""

    text: str
    holders: str


class Audit(NamedTuple):
    """What stands between a party and leaving by a day, in words."""

    who: Who
    by: str
    planned: str
    in_time: bool
    """Whether the plan lets them leave by then."""
    ways: int
    free: int
    hard: bool
    own: tuple[Bar, ...]
    taken: tuple[Bar, ...]
    chance: str
    alone: tuple[Enough, ...]
    together: tuple[str, ...]
    later: str

    @property
    def others(self) -> bool:
        """Whether only others of the plan are in the way, so that one may ask who would pay."""
        return not (self.free or self.hard or self.in_time)


class Moved(NamedTuple):
    """How the journey of another party would change."""

    name: str
    text: str


class Payment(NamedTuple):
    """A plan in which a party leaves by the day: what it is, and what it costs whom."""

    journey: str
    before: int
    after: int
    """Weighted misses."""
    people_before: int
    people_after: int
    """People who would be too late or left behind."""
    pay: tuple[Who, ...]
    gain: tuple[Who, ...]
    changed: tuple[Moved, ...]


class Call(NamedTuple):
    """The next telephone call: of what one more would help, whom, and where that stands."""

    text: str
    path: str
    label: str
    saves: int
    parties: str


def page_shown(visit: Visit) -> dict[str, Any]:
    """Return what the page shows."""
    plans = visit.desk.ways.plans
    answers = plans.whys.answers()
    return {
        "searching": plans.thinking,
        "about": "",
        **state_shown(visit),
        **(_shown(visit, answers) if answers else {"asking": None}),
    }


def state_shown(visit: Visit) -> dict[str, Any]:
    """Return whether anything is still looked for."""
    answers = visit.desk.ways.plans.whys.answers()
    tries = (answers.forcing, answers.helping) if answers else ()
    looking = any(one is not None and one.thinking for one in tries)
    return {"looking": looking, "found": visit.asked("was") == "1" and not looking}


def _shown(visit: Visit, answers: Answers) -> dict[str, Any]:
    gathered, why = answers.proposal.gathered, answers.why
    names = Names(visit, gathered)
    dates = Horizon(gathered.settings.today, gathered.settings.days).dates()
    return {
        "asking": {
            "parties": [(one.id.hex(), names.party(at)) for at, one in enumerate(gathered.parties)],
            "days": [(one, planning_names.day(visit, one)) for one in dates],
            "party": gathered.parties[why.party].id.hex() if why else "",
            "day": dates[why.by] if why else "",
        },
        "audit": _audit(visit, answers, why, names) if why else None,
        "forcing": answers.forcing,
        "payment": _payment(visit, answers, answers.forced, names) if answers.forced else None,
        "helping": answers.helping,
        "calls": _calls(answers, names, visit),
        "tried": len(answers.helps),
        "whys": reasons(visit),
    }


# --- why not


def _audit(visit: Visit, answers: Answers, why: Why, names: Names) -> Audit:
    language = visit.language
    return Audit(
        who=_who(visit, answers, why.party),
        by=names.day(why.by),
        planned="" if why.planned is None else names.day(why.planned),
        in_time=why.planned is not None and why.planned <= why.by,
        ways=why.ways,
        free=why.free,
        hard=why.hard,
        own=tuple(
            Bar(one.own, why_words.own(one.obstacle, language)) for one in why.barred if one.own
        ),
        taken=tuple(
            Bar(one.taken, why_words.taken(one.obstacle, language))
            for one in why.barred
            if one.taken
        ),
        chance=_journey(names.journey(why.chance)) if why.chance else "",
        alone=tuple(_enough(one, names, language) for one in why.alone),
        together=tuple(
            (why_words.taken if one.taken else why_words.own)(one.obstacle, language)
            for one in why.together
        ),
        later="" if why.later is None else names.day(why.later),
    )


def _enough(one: Alone, names: Names, language: str) -> Enough:
    text = why_words.enough(one.obstacle, names.journey(one.chance), language)
    return Enough(text, names.parties(one.holders) if one.taken else "")


def _journey(named: dict[str, str]) -> str:
    """Say a journey in one line."""
    parts = (named["out"], named["way"], named["escort"], named["house"], named["country"])
    return ", ".join(one for one in parts if one)


# --- who would pay


def _payment(visit: Visit, answers: Answers, forced: Forced, names: Names) -> Payment:
    before, after = forced.before, forced.after
    return Payment(
        journey=_journey(names.journey(forced.journey)),
        before=before.weighted_misses,
        after=after.weighted_misses,
        people_before=before.late + before.unplanned,
        people_after=after.late + after.unplanned,
        pay=tuple(_who(visit, answers, row) for row in forced.pay),
        gain=tuple(_who(visit, answers, row) for row in forced.gain),
        changed=tuple(_moved(one, names, visit) for one in forced.changed),
    )


def _moved(one: Change, names: Names, visit: Visit) -> Moved:
    before = names.journey(one.before) if one.before else None
    after = names.journey(one.after) if one.after else None
    return Moved(names.party(one.party), _changed(before, after, visit))


def _changed(before: dict[str, str] | None, after: dict[str, str] | None, visit: Visit) -> str:
    """Say how a journey changes."""
    _ = visit.say
    if after is None:
        was = before["out"] if before else ""
        return _("would not leave; in this plan they leave on {day}").format(day=was)
    if before is None:
        return _("would leave on {day}; in this plan they do not").format(day=after["out"])
    if before["out"] != after["out"]:
        said = _("would leave on {day} instead of {was}")
        return said.format(day=after["out"], was=before["out"])
    if before["house"] != after["house"]:
        said = _("would sleep elsewhere: {house} instead of {was}")
        return said.format(house=after["house"], was=before["house"])
    return _("would leave on the same day and sleep in the same house; something else would change")


# --- what would help


def _calls(answers: Answers, names: Names, visit: Visit) -> list[Call]:
    """Return what saves anybody, most first."""
    return list(_each_call(sorted(answers.helps, key=lambda one: -one.saves), names, visit))


def _each_call(helps: list[Helping], names: Names, visit: Visit) -> Iterator[Call]:
    for one in helps:
        if one.saves > 0:
            sheet = names.of_more(one.more)
            yield Call(
                text=why_words.more(one.more.kind, names.more(one.more), visit.language),
                path=planning_names.path(sheet) if sheet else "",
                label=names.sheet(sheet),
                saves=one.saves,
                parties=names.parties(one.parties),
            )


def _who(visit: Visit, answers: Answers, row: int) -> Who:
    gathered = answers.proposal.gathered
    return who(visit, gathered.network, gathered.parties[row], row)


__all__ = ["Audit", "Bar", "Call", "Enough", "Moved", "Payment", "page_shown", "state_shown"]
