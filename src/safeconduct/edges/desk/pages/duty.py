# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shift plan: who is on duty now and in two weeks, gaps, taking and swapping shifts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time
from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk import zones
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.edges.desk.wording import Wording
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DEVICE_ID_BYTES, FACT_ID_BYTES, DeviceId, FactId
from safeconduct.rooms.duty.decide import TimeTwice

PATH: Final = "/duty"
LENGTHS: Final = (2, 3, 4, 6, 8, 10, 12, 24)
"""Hours for which a shift can be taken."""
USUAL: Final = 8
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_WHICH: Final = {"first": False, "second": True}


class TimeMissing(Refused):
    """The form says no time."""

    code = "time_missing"


class NoDutyFromHere(Refused):
    """Who sits here writes nothing into the plan."""

    code = "no_duty_from_here"


@get(PATH, sync_to_thread=True)
def see_plan(visit: Here) -> Page:
    """Show two weeks of the plan."""
    return visit.page("duty.html", **_shown(visit))


@get("/today/duty", sync_to_thread=True)
def see_on_duty(visit: Here) -> Page:
    """Show who is on duty now, again."""
    return visit.part("regions/duty.html", **on_duty(visit, on_plan=visit.asked("at") == "plan"))


@post("/duty/hours", sync_to_thread=True)
def set_hours(visit: Here) -> Page:
    """Say when somebody has to be on duty."""

    def do() -> str:
        begins, ends = (_minutes(visit.form.get(name)) for name in ("begins", "ends"))
        visit.desk.duty.set_hours(visit.form.get("zone"), begins, ends)
        return visit.say("Saved.")

    return _do(visit, "hours", do)


@post("/duty/taken", sync_to_thread=True)
def take_shift(visit: Here) -> Page:
    """Take a shift."""

    def do() -> str:
        begins, later = _said(visit.form.get("begin")), _WHICH.get(visit.form.get("which"))
        chosen = [one for one in LENGTHS if str(one) == visit.form.get("length")]
        backup = visit.form.get("backup") == "1"
        length = chosen[0] if chosen else USUAL
        end = visit.desk.duty.take(begins, length, later=later, backup=backup)
        until = _words(visit).on(end, visit.desk.now())
        return visit.say("You have this shift. It ends {time}.").format(time=until)

    return _do(visit, "take", do)


@post("/duty/left", sync_to_thread=True)
def leave_shift(visit: Here) -> Page:
    """Give up a shift."""

    def do() -> str:
        visit.desk.duty.leave(_fact(visit, "holding"))
        return visit.say("You gave this shift up. Where nobody has the time now, the plan says so.")

    return _do(visit, "change", do)


@post("/duty/offered", sync_to_thread=True)
def offer_shift(visit: Here) -> Page:
    """Offer a shift to a colleague, for one of theirs or for none."""

    def do() -> str:
        to, _, theirs = visit.form.get("to").partition(":")
        wanted = FactId(parse_id(theirs, FACT_ID_BYTES)) if theirs else None
        device = DeviceId(parse_id(to, DEVICE_ID_BYTES))
        visit.desk.duty.offer(_fact(visit, "holding"), device, wanted)
        return visit.say("Offered. Until your colleague takes it, the shift is yours.")

    return _do(visit, "change", do)


@post("/duty/accepted", sync_to_thread=True)
def accept_offer(visit: Here) -> Page:
    """Take what a colleague offers."""

    def do() -> str:
        visit.desk.duty.accept(_fact(visit, "offer"))
        return visit.say("Swapped. The plan shows it on every desk.")

    return _do(visit, "change", do)


@post("/duty/dropped", sync_to_thread=True)
def drop_offer(visit: Here) -> Page:
    """Take an offer back, or decline it."""

    def do() -> str:
        visit.desk.duty.drop(_fact(visit, "offer"))
        return visit.say("Done. The shifts stay as they were.")

    return _do(visit, "change", do)


@get("/duty/times", sync_to_thread=True)
def see_answer_times(visit: Here) -> Page:
    """Show how long people waited, by hour, and the share within the target."""
    return visit.page(
        "answer_times.html", times=visit.desk.duty.answer_times(), zone=visit.desk.duty.zone()
    )


def on_duty(visit: Visit, *, on_plan: bool = False) -> dict[str, Any]:
    """Return what Today says of duty, or the plan’s own page, by the plan’s clocks."""
    return {"on": visit.desk.duty.now_on(), "plan_words": _words(visit), "on_plan": on_plan}


def _words(visit: Visit) -> Wording:
    return Wording(visit.language, visit.desk.duty.zone().clocks)


def _shown(visit: Visit) -> dict[str, Any]:
    duty, own, now = visit.desk.duty, visit.desk.device, visit.desk.now()
    plan, colleagues = duty.plan(), duty.colleagues()
    coming = [one for one in plan.shifts if one.ends > now]
    everyone = [one for one in visit.people.everyone() if one.device.id in colleagues]
    return {
        **on_duty(visit, on_plan=True),
        "plan": plan,
        "zone": duty.zone(),
        "days": duty.days(),
        "may": duty.may(),
        "sets": duty.may_set_hours(),
        "mine": [one for one in coming if one.holder == own],
        "others": [one for one in coming if one.holder in colleagues],
        "colleagues": everyone,
        "to_me": [one for one in plan.offers if one.to == own],
        "by_me": [one for one in plan.offers if one.mine.holder == own],
        "lengths": LENGTHS,
        "usual": USUAL,
        "zones": zones.names(),
        "typed": {},
        "refused": "",
        "twice": False,
    }


def _do(visit: Visit, what: str, act: Callable[[], str]) -> Page:
    try:
        if not visit.desk.duty.may():
            raise NoDutyFromHere
        said = act()
    except Refused as error:
        context = _shown(visit) | {"typed": dict(visit.form.fields)}
        there = {"take": context["may"], "hours": context["sets"]}.get(what)
        at = what if there else "change"
        context |= {"refused": at, "twice": isinstance(error, TimeTwice)}
        return visit.refused(visit.why(error), "duty.html", into=f"{at}-refused", **context)
    return visit.onward(PATH, said)


def _fact(visit: Visit, name: str) -> FactId:
    return FactId(parse_id(visit.form.get(name), FACT_ID_BYTES))


def _minutes(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    if not found:
        raise TimeMissing
    clock = time(int(found[1]), int(found[2]))
    return clock.hour * 60 + clock.minute


def _said(text: str) -> datetime:
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise TimeMissing


VIEWS: Final = (
    *(see_plan, see_on_duty, set_hours, take_shift, leave_shift),
    *(offer_shift, accept_offer, drop_offer, see_answer_times),
)
