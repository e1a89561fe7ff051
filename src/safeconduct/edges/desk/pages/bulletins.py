# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threats: which run, whom they touch, and telling, changing or ending one."""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.bulletins_api import Counted
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.pages.conversation import found as found_talk
from safeconduct.edges.desk.pages.conversation import shown as shown_talk
from safeconduct.edges.desk.queue_rows import Sieve
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import ConversationId, Instant
from safeconduct.rooms.hotline.bulletin_decide import Telling
from safeconduct.rooms.hotline.bulletins import (
    BULLETIN_ID_BYTES,
    Bulletin,
    Confidence,
    Scope,
    Threat,
)
from safeconduct.rooms.hotline.joining_decide import NobodyOfThisName, SeveralOfThisName
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead

ROWS_MOST: Final = 40
THREATS: Final = (Threat.ULTIMATUM, Threat.RAID, Threat.CONTACT, Threat.GROUP, Threat.OTHER)
_APART: Final = re.compile(r"[\n,;]")


@get("/bulletins", sync_to_thread=True)
def see_bulletins(visit: Here) -> Page:
    """Show every bulletin."""
    bulletins = visit.desk.bulletins
    running, ended = bulletins.running(), bulletins.ended()
    return visit.page("bulletins.html", running=running, ended=ended)


@get("/today/bulletins", sync_to_thread=True)
def see_running(visit: Here) -> Page:
    """Show on Today which run, again."""
    return visit.part("regions/bulletins.html", bulletins=visit.desk.bulletins.running())


@get("/bulletins/new", sync_to_thread=True)
def begin(visit: Here) -> Page:
    """Show the form of a new one."""
    return visit.page("bulletin_form.html", **_form(visit, None, {}))


@post("/bulletins/told", sync_to_thread=True)
def tell(visit: Here) -> Page:
    """Tell of a threat."""
    try:
        name = visit.desk.bulletins.issue(_telling(visit))
    except Refused as error:
        return _refused(visit, error, None)
    return visit.onward(f"/bulletins/{name.hex()}", visit.say("Saved. Every desk sees it now."))


@get("/bulletins/{name:str}", sync_to_thread=True)
def see_bulletin(visit: Here, name: Named) -> Page:
    """Show one, and whom it touches."""
    return visit.page("bulletin.html", **shown(visit, found(visit, name)))


@get("/bulletins/{name:str}/rows", sync_to_thread=True)
def see_touched(visit: Here, name: Named) -> Page:
    """Show whom it touches, again."""
    return visit.part("regions/bulletin_rows.html", **shown(visit, found(visit, name)))


@get("/bulletins/{name:str}/change", sync_to_thread=True)
def begin_change(visit: Here, name: Named) -> Page:
    """Show the form that tells it anew."""
    bulletin = found(visit, name).bulletin
    return visit.page("bulletin_form.html", **_form(visit, bulletin, _as_typed(visit, bulletin)))


@post("/bulletins/{name:str}/changed", sync_to_thread=True)
def change(visit: Here, name: Named) -> Page:
    """Tell it anew."""
    bulletin = found(visit, name).bulletin
    again, reason = visit.form.get("again") == "1", visit.form.get("reason")
    try:
        visit.desk.bulletins.change(bulletin, _telling(visit, bulletin), reason, again=again)
    except Refused as error:
        return _refused(visit, error, bulletin)
    return visit.onward(f"/bulletins/{name}", visit.say("Saved. Every desk sees it now."))


@post("/bulletins/{name:str}/ended", sync_to_thread=True)
def end(visit: Here, name: Named) -> Page:
    """Say that the threat is over."""
    counted = found(visit, name)
    try:
        visit.desk.bulletins.end(counted.bulletin, visit.form.get("end_reason"))
    except Refused as error:
        more = shown(visit, counted) | {"typed": visit.form.fields, "refused": "end"}
        return visit.refused(visit.why(error), "bulletin.html", into="end-refused", **more)
    return visit.onward(f"/bulletins/{name}", visit.say("Ended. It orders nothing any more."))


@get("/hotline/{name:str}/touched", sync_to_thread=True)
def see_touching(visit: Here, name: Named) -> Page:
    """Show which bulletins touch a conversation, again."""
    return visit.part("regions/touched.html", **shown_talk(visit, found_talk(visit, name)))


@post("/hotline/{name:str}/marked", sync_to_thread=True)
def mark(visit: Here, name: Named) -> Page:
    """Say that a bulletin touches a conversation, or does not."""
    conversation = found_talk(visit, name)
    bulletin = found(visit, visit.form.get("bulletin")).bulletin
    touched, reason = visit.form.get("touched") == "1", visit.form.get("mark_reason")
    try:
        visit.desk.bulletins.mark(bulletin, conversation.id, reason, touched=touched)
    except Refused as error:
        context = shown_talk(visit, conversation) | {"refused": "touched"}
        context["typed"] |= visit.form.fields
        return visit.refused(
            visit.why(error), "conversation.html", into="touched-refused", **context
        )
    return visit.onward(f"/hotline/{name}", visit.say("Saved."))


def found(visit: Visit, name: str) -> Counted:
    """Return the bulletin of this address, or the page that says that there is none."""
    raw = parse_id(name, BULLETIN_ID_BYTES)
    counted = visit.desk.bulletins.find(raw) if raw else None
    if counted is None:
        raise NotFoundException
    return counted


def shown(visit: Visit, counted: Counted) -> dict[str, Any]:
    """Return what the page of a bulletin shows."""
    bulletin = counted.bulletin

    def rows(*, told: bool) -> Any:  # noqa: ANN401  (rows and how many there are)
        sieve = Sieve(bulletin=bulletin.id, told=told)
        return visit.desk.inbox(show="all", start=0, most=ROWS_MOST, sieve=sieve)

    return {
        "counted": counted,
        "bulletin": bulletin,
        "names": visit.desk.bulletins.names(bulletin),
        "untold": rows(told=False),
        "told_rows": rows(told=True),
        "path": f"/bulletins/{bulletin.id.hex()}",
        "typed": {},
        "refused": "",
    }


def _form(visit: Visit, bulletin: Bulletin | None, typed: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "bulletin": bulletin,
        "typed": typed,
        "threats": THREATS,
        "confidences": tuple(Confidence),
        "known_tags": visit.desk.triage.tags(),
    }


def _refused(visit: Visit, error: Refused, bulletin: Bulletin | None) -> Page:
    context = _form(visit, bulletin, visit.form.fields)
    return visit.refused(visit.why(error), "bulletin_form.html", into="bulletin-refused", **context)


def _telling(visit: Visit, before: Bulletin | None = None) -> Telling:
    form = visit.form
    return Telling(
        threat=_chosen(THREATS, form.get("threat")),
        title=form.get("title"),
        known=form.get("known"),
        todo=form.get("todo"),
        source=form.get("source"),
        confidence=_chosen(tuple(Confidence), form.get("confidence")),
        until=_until(visit, before),
        scope=Scope(
            everyone=form.get("everyone") == "1",
            regions=_terms(form.get("regions")),
            tags=_terms(form.get("tags")),
            look_for=_terms(form.get("look_for")),
            conversations=_named(visit, before),
        ),
    )


def _until(visit: Visit, before: Bulletin | None) -> Instant | None:
    """Return the deadline that was typed; one that was left as it stood is kept to the second."""
    typed = visit.form.get("until")
    if not typed:
        return None
    at = parse_moment(typed, visit.front.zone)
    if at is None:
        raise TimeNotAhead
    kept = before.until if before else None
    return kept if kept is not None and visit.words.field(kept) == typed else at


def _named(visit: Visit, before: Bulletin | None) -> frozenset[ConversationId]:
    """Return whose code names were typed; those that it names already are not looked for."""
    kept = visit.desk.bulletins.names(before) if before else {}
    known = {name: talk for talk, name in kept.items()}
    found: set[ConversationId] = set()
    for name in _terms(visit.form.get("names")):
        talks = [known[name]] if name in known else visit.desk.joining.named(name)
        if len(talks) != 1:
            _nobody(several=bool(talks))
        found.update(talks)
    return frozenset(found)


def _nobody(*, several: bool) -> NoReturn:
    if several:
        raise SeveralOfThisName
    raise NobodyOfThisName


def _terms(typed: str) -> frozenset[str]:
    return frozenset({" ".join(term.split()) for term in _APART.split(typed)} - {""})


def _chosen(choices: Any, typed: str) -> Any:  # noqa: ANN401  (threats, or how sure one is)
    found = [one for one in choices if str(one.value) == typed]
    if not found:
        raise NotFoundException
    return found[0]


def _as_typed(visit: Visit, bulletin: Bulletin) -> dict[str, str]:
    """Return what the form shows of a bulletin as it stands."""
    version, scope = bulletin.shown, bulletin.scope
    names = visit.desk.bulletins.names(bulletin)
    return {
        "threat": str(version.threat.value),
        "title": version.title,
        "known": version.known,
        "todo": version.todo,
        "source": version.source,
        "confidence": str(version.confidence.value),
        "until": visit.words.field(bulletin.until) if bulletin.until is not None else "",
        "everyone": "1" if scope.everyone else "",
        "regions": "\n".join(sorted(scope.regions)),
        "tags": "\n".join(sorted(scope.tags)),
        "look_for": "\n".join(sorted(scope.look_for)),
        "names": "\n".join(sorted(names[talk] for talk in scope.conversations)),
    }


VIEWS: Final = (
    *(see_bulletins, see_running, begin, tell, see_bulletin, see_touched),
    *(begin_change, change, end, see_touching, mark),
)
