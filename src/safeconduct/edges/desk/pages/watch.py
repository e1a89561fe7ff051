# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check-ins: who is to be heard of by when, what is wrong, and what a helper does about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.pages.duty import NoDutyFromHere
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.sheets import SHEET_BYTES
from safeconduct.kernel.words import DEVICE_ID_BYTES, HOUR, MINUTE, DeviceId, Instant
from safeconduct.rooms.passage.kinds import PARTY
from safeconduct.rooms.passage.watch.check_in_decide import CheckInTime, NoSuchAlarm, Typed
from safeconduct.rooms.passage.watch.check_in_facts import Danger, Verdict

PATH: Final = "/watch"
GRACES: Final = (5, 10, 15, 30, 60, 120)
"""Minutes that can be waited for somebody who is late."""
USUAL: Final = 15
SOON: Final = (1, 2, 4, 8)
"""Hours from now that can be chosen instead of a time that is typed."""
_ROUND: Final = 5 * MINUTE
_ID_BYTES: Final = 16
_DANGERS: Final = {danger.name.lower(): danger for danger in Danger}
_CALLED: Final = ("first", "second", "third")
_FIELDS: Final = ("check_in", "label", "due", "soon", "grace", *_CALLED)


class DueMissing(Refused):
    """Nobody said by when they are to be heard of."""

    code = "due_missing"


@get(PATH, sync_to_thread=True)
def see_watch(visit: Here) -> Page:
    """Show who is to be heard of; the form is begun for a party that a link names."""
    return visit.page("watch.html", **_shown(visit) | {"typed": _begun(visit)})


@get("/today/watch", sync_to_thread=True)
def see_watched(visit: Here) -> Page:
    """Show what is wrong, again: on Today, or shortly where each is seen to."""
    here = visit.asked("at") == "watch"
    return visit.part("regions/watch.html", **on_watch(visit) | {"here": here})


@post("/watch/set", sync_to_thread=True)
def set_check_in(visit: Here) -> Page:
    """Expect somebody."""

    def do() -> str:
        visit.desk.check_ins.set(_typed(visit))
        return visit.say("Saved. Within ten minutes the server keeps it too; the page shows when.")

    return _do(visit, "set", do)


@post("/watch/moved", sync_to_thread=True)
def move_check_in(visit: Here) -> Page:
    """Expect them by another time."""

    def do() -> str:
        visit.desk.check_ins.move(_check_in(visit), _moment(visit))
        return visit.say(
            "Saved. They are waited for by the new time; the old one no longer counts."
        )

    return _do(visit, "change", do)


@post("/watch/heard", sync_to_thread=True)
def hear_word(visit: Here) -> Page:
    """Judge a word that somebody said."""

    def do() -> str:
        verdict = visit.desk.check_ins.hear(_check_in(visit), visit.form.get("word"))
        if verdict is Verdict.RIGHT:
            return visit.say("That is the agreed word. They are not waited for any more.")
        return visit.say("Look at the alarm below. Say nothing of it to whoever said the word.")

    return _do(visit, "change", do)


@post("/watch/seen", sync_to_thread=True)
def see_to_alarm(visit: Here) -> Page:
    """Say that somebody here sees to an alarm."""

    def do() -> str:
        danger = _DANGERS.get(visit.form.get("danger"))
        if danger is None:
            raise NoSuchAlarm
        visit.desk.check_ins.see_to(_check_in(visit), danger)
        return visit.say("Nobody else is called for it. Your colleagues see that you do it.")

    return _do(visit, "change", do)


@post("/watch/ended", sync_to_thread=True)
def end_check_in(visit: Here) -> Page:
    """Expect nobody any more."""

    def do() -> str:
        visit.desk.check_ins.end(_check_in(visit))
        return visit.say("Ended. Nobody is waited for, and its alarms are over.")

    return _do(visit, "change", do)


def on_watch(visit: Visit) -> dict[str, Any]:
    """Return what Today says of check-ins."""
    watch = visit.desk.check_ins
    keeps = watch.relay_keeps().value
    return {"check_ins": watch.watched(), "relay_keeps": keeps, "here": False}


def _shown(visit: Visit) -> dict[str, Any]:
    watch = visit.desk.check_ins
    called = watch.callable()
    reached = {one.person: one for one in visit.people.everyone() if one.device.id in called}
    return {
        **on_watch(visit),
        "here": True,
        "may": watch.may(),
        "reached": list(reached.values()),
        "graces": GRACES,
        "usual": USUAL,
        "soon": SOON,
        "typed": {},
        "moved": {},
        "refused": "",
    }


def _begun(visit: Visit) -> dict[str, str]:
    """Return what a new check-in begins with: the code name of a party, and whose desk it is."""
    own = visit.desk.device
    called = {"first": own.hex()} if own in visit.desk.check_ins.callable() else {}
    raw = parse_id(visit.asked("party"), SHEET_BYTES)
    party = visit.desk.ways.network().sheet(raw, PARTY) if raw else None
    return called | ({"label": party.name} if party else {})


def _do(visit: Visit, what: str, act: Callable[[], str]) -> Page:
    try:
        if not visit.desk.check_ins.may():
            raise NoDutyFromHere
        said = act()
    except Refused as error:
        context = _shown(visit) | _again(visit, what)
        at = what if context["may"] else "change"
        context["refused"] = at
        return visit.refused(visit.why(error), "watch.html", into=f"{at}-refused", **context)
    return visit.onward(PATH, said)


def _again(visit: Visit, what: str) -> dict[str, Any]:
    """Return what was typed, for the form that it was typed into; a word is never shown again."""
    fields = {name: visit.form.get(name) for name in _FIELDS}
    if what == "set":
        return {"typed": fields}
    there = {one.check_in.id.hex() for one in visit.desk.check_ins.watched()}
    moves = (fields["due"] or fields["soon"]) and fields["check_in"] in there
    return {"moved": fields if moves else {}}


def _typed(visit: Visit) -> Typed:
    form = visit.form
    graces = [one for one in GRACES if str(one) == form.get("grace")]
    if not graces:
        raise CheckInTime
    called = [form.get(name) for name in _CALLED]
    return Typed(
        *(form.get("label"), _moment(visit), graces[0]),
        *(form.get("right"), form.get("duress")),
        tuple(DeviceId(parse_id(one, DEVICE_ID_BYTES)) for one in called if one),
    )


def _moment(visit: Visit) -> Instant:
    """Return the time that was chosen or typed; what was chosen ends on whole five minutes."""
    hours = next((one for one in SOON if str(one) == visit.form.get("soon")), None)
    if hours is not None:
        due = visit.desk.now() + hours * HOUR
        return Instant(due + -due % _ROUND)
    found = parse_moment(visit.form.get("due"), visit.front.zone)
    if found is None:
        raise DueMissing
    return found


def _check_in(visit: Visit) -> bytes:
    return parse_id(visit.form.get("check_in"), _ID_BYTES)


VIEWS: Final = (
    *(see_watch, see_watched, set_check_in, move_check_in),
    *(hear_word, see_to_alarm, end_check_in),
)
