# SPDX-License-Identifier: AGPL-3.0-or-later
"""Removing a device, what it could read, and what it wrote that does not count.

Each act has one page that says what happens, with one button.  A button that is pressed twice
does once, and says the second time that it is done.
"""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.pages.devices import found_device, found_for_us
from safeconduct.edges.desk.standings import is_steward
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import FACT_ID_BYTES, HASH_BYTES, CommitId, FactId
from safeconduct.rooms.crew.decide import NotASteward, stewards, takes_two
from safeconduct.rooms.crew.events import REASON_MOST
from safeconduct.rooms.crew.removing import (
    AlreadyAsked,
    AlreadyRemoved,
    NothingToAdopt,
    NothingToSecond,
    NotRemoved,
)
from safeconduct.rooms.crew.taking_back import NothingToTakeBack
from safeconduct.rooms.crew.words import Role

STEP: Final = 20
DONE_BEFORE: Final = (AlreadyRemoved, AlreadyAsked, NotRemoved, NothingToSecond, NothingToAdopt)
"""Refusals that a second press meets: what was wanted is so already."""


@get("/crew/{name:str}/suspend", sync_to_thread=True)
def ask_to_suspend(visit: Here, name: Named) -> Page:
    """Say what happens when this device is suspended."""
    return _ask(visit, name, "suspend")


@post("/crew/{name:str}/suspended", sync_to_thread=True)
def suspend(visit: Here, name: Named) -> Page:
    """Suspend it."""
    device = found_device(visit, name).member.device.id
    try:
        visit.desk.removals.suspend(device, visit.form.get("reason"))
    except Refused as error:
        return _refused(visit, name, "suspend", error)
    said = visit.say("Suspended, here and now. The other desks follow when they hear of it.")
    return visit.onward(f"/crew/{name}/could-read", said)


@get("/crew/{name:str}/expel", sync_to_thread=True)
def ask_to_expel(visit: Here, name: Named) -> Page:
    """Say what happens when this device is expelled."""
    return _ask(visit, name, "expel")


@post("/crew/{name:str}/expelled", sync_to_thread=True)
def expel(visit: Here, name: Named) -> Page:
    """Ask for it; the founder who is the only steward yet does it."""
    device = found_device(visit, name).member.device.id
    try:
        visit.desk.removals.expel(device, visit.form.get("reason"))
    except Refused as error:
        return _refused(visit, name, "expel", error)
    return visit.onward("/crew", _asked(visit, name))


@get("/crew/{name:str}/bring-back", sync_to_thread=True)
def ask_to_bring_back(visit: Here, name: Named) -> Page:
    """Say what happens when this device comes back."""
    return _ask(visit, name, "back")


@post("/crew/{name:str}/brought-back", sync_to_thread=True)
def bring_back(visit: Here, name: Named) -> Page:
    """Ask for it."""
    device = found_device(visit, name).member.device.id
    try:
        visit.desk.removals.readmit(device)
    except Refused as error:
        return _refused(visit, name, "back", error)
    return visit.onward("/crew", _asked(visit, name))


@post("/crew/seconded", sync_to_thread=True)
def second(visit: Here) -> Page:
    """Sign as the second steward."""
    fact = FactId(parse_id(visit.form.get("fact"), FACT_ID_BYTES))
    try:
        visit.desk.removals.second(fact)
    except DONE_BEFORE as error:
        return visit.onward("/crew", visit.why(error))
    if fact in visit.desk.roster().pending:
        return visit.onward("/crew", visit.say("Signed. It counts once this question is gone."))
    return visit.onward("/crew", visit.say("Signed. It counts from now on."))


@post("/crew/taken-back", sync_to_thread=True)
def take_back(visit: Here) -> Page:
    """Take back what was asked for from here."""
    fact = FactId(parse_id(visit.form.get("fact"), FACT_ID_BYTES))
    try:
        visit.desk.removals.take_back(fact)
    except NothingToTakeBack as error:
        return visit.onward("/crew", visit.why(error))
    return visit.onward("/crew", visit.say("Taken back. Nobody is asked to sign it any more."))


@get("/crew/{name:str}/could-read", sync_to_thread=True)
def see_what_it_could_read(visit: Here, name: Named) -> Page:
    """Show it, made for printing, to stewards and to whoever sits at that desk."""
    found = found_for_us(visit, name)
    read = visit.desk.removals.could_read(found.member.device.id)
    steward = Role.STEWARD in found.member.had
    burns = visit.desk.burned.shown()
    return visit.page("could_read.html", found=found, read=read, was_steward=steward, burns=burns)


@get("/crew/quarantine", sync_to_thread=True)
def see_quarantine(visit: Here) -> Page:
    """Show what does not count."""
    if not is_steward(visit.desk):
        raise NotASteward
    start = visit.start()
    writings, total = visit.desk.removals.quarantined(start=start, most=STEP)
    return visit.page("quarantine.html", writings=writings, total=total, start=start, step=STEP)


@post("/crew/adopted", sync_to_thread=True)
def adopt(visit: Here) -> Page:
    """Let something count after all."""
    commit = CommitId(parse_id(visit.form.get("commit"), HASH_BYTES))
    try:
        visit.desk.removals.adopt(commit)
    except DONE_BEFORE as error:
        return visit.onward("/crew/quarantine", visit.why(error))
    return visit.onward("/crew/quarantine", visit.say("Adopted. It counts from now on."))


def _ask(visit: Visit, name: str, act: str) -> Page:
    if not is_steward(visit.desk):
        raise NotASteward
    return visit.page("removing.html", **_shown(visit, name, act))


def _shown(visit: Visit, name: str, act: str) -> dict[str, Any]:
    found, desk = found_device(visit, name), visit.desk
    left = stewards(desk.roster()) - {found.member.device.id}
    return {
        "found": found,
        "act": act,
        "path": f"/crew/{name}",
        "own": found.member.device.id == desk.device,
        "alone": left == {desk.device} and takes_two(desk.roster()),
        "needs_second": takes_two(desk.roster()),
        "reason_most": REASON_MOST,
        "typed": visit.form.get("reason"),
    }


def _asked(visit: Visit, name: str) -> str:
    if found_device(visit, name).asked:
        return visit.say("Asked. Another steward sees it on Today and signs as the second.")
    return visit.say("Done. The other desks follow when they hear of it.")


def _refused(visit: Visit, name: str, act: str, error: Refused) -> Page:
    if isinstance(error, DONE_BEFORE):
        where = f"/crew/{name}/could-read" if act == "suspend" else "/crew"
        return visit.onward(where, visit.why(error))
    context = _shown(visit, name, act)
    return visit.refused(visit.why(error), "removing.html", into="removing-refused", **context)


VIEWS: Final = (
    *(ask_to_suspend, suspend, ask_to_expel, expel, ask_to_bring_back, bring_back),
    *(second, take_back, see_what_it_could_read, see_quarantine, adopt),
)
