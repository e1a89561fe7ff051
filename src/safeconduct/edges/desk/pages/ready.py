# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ready answers: written by one, read by another, offered until a day, and then read again."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.scripted import DRAFTS, draft
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import FACT_ID_BYTES, FactId
from safeconduct.rooms.hotline import canned_decide
from safeconduct.rooms.hotline.canned_decide import Text
from safeconduct.rooms.hotline.vetting import Gate

SPANS: Final = (30, 90, 180)
"""Days for which a reading counts."""
GATES: Final = {str(gate.value): gate for gate in Gate}
SHIPPED: Final = {
    f"{name}.{language}": (name, language) for language in LANGUAGES for name in DRAFTS
}


@get("/ready", sync_to_thread=True)
def see_ready(visit: Here) -> Page:
    """Show every ready answer, and what it waits for."""
    return _page(visit)


@get("/ready/new", sync_to_thread=True)
def begin(visit: Here) -> Page:
    """Show the form of a new one, of a draft that is taken over, or of one that is written anew."""
    text, version = Text(visit.language, "", ""), ""
    if asked := visit.asked("draft"):
        if asked not in SHIPPED:
            raise NotFoundException
        text = draft(*SHIPPED[asked])
    elif visit.asked("from"):
        before = canned_decide.find(visit.desk.guidance.canned(), _version(visit.asked("from")))
        text, version = Text(before.language, before.title, before.text), before.version.hex()
    return visit.page("ready_new.html", text=text, version=version)


@post("/ready/write", sync_to_thread=True)
def write(visit: Here) -> Page:
    """Save it for a second reader."""
    typed = Text(visit.form.get("language"), visit.form.get("title"), visit.form.get("text"))
    version = visit.form.get("version")
    if typed.language not in LANGUAGES:
        raise NotFoundException
    try:
        visit.desk.guidance.write_canned(typed, _version(version) if version else None)
    except Refused as error:
        context = {"text": typed, "version": version}
        return visit.refused(visit.why(error), "ready_new.html", into="ready-refused", **context)
    return visit.onward("/ready", visit.say("Saved. It is offered once somebody else has read it."))


@post("/ready/read", sync_to_thread=True)
def read(visit: Here) -> Page:
    """Find one good as it stands, as somebody else than its writer."""
    days = [span for span in SPANS if str(span) == visit.form.get("days")]
    if not days:
        raise NotFoundException
    try:
        visit.desk.guidance.read_canned(_version(visit.form.get("version")), days[0])
    except Refused as error:
        return _page(visit, error)
    return visit.onward("/ready", visit.say("It is offered to helpers now."))


@post("/ready/gate", sync_to_thread=True)
def set_gate(visit: Here) -> Page:
    """Say which gate of vetting a person must have passed before one is offered."""
    gate = GATES.get(visit.form.get("gate"))
    if gate is None:
        raise NotFoundException
    try:
        visit.desk.guidance.gate_canned(_version(visit.form.get("version")), gate)
    except Refused as error:
        return _page(visit, error)
    return visit.onward("/ready", visit.say("Saved."))


@post("/ready/withdraw", sync_to_thread=True)
def withdraw(visit: Here) -> Page:
    """Say that one is used no more."""
    version, reason = _version(visit.form.get("version")), visit.form.get("reason")
    try:
        visit.desk.guidance.withdraw_canned(version, reason)
    except Refused as error:
        return _page(visit, error)
    return visit.onward("/ready", visit.say("Withdrawn. Nobody is offered it any more."))


def _page(visit: Visit, error: Refused | None = None) -> Page:
    guidance, now = visit.desk.guidance, visit.desk.now()
    context: dict[str, Any] = {
        "canned": [
            (one, one.state(now).value, guidance.may_read(one.by)) for one in guidance.canned()
        ],
        "drafts": [(name, draft(name, language)) for name, language in SHIPPED.values()],
        "spans": SPANS,
        "gates": tuple(Gate),
    }
    if error is None:
        return visit.page("ready.html", **context)
    return visit.refused(visit.why(error), "ready.html", into="ready-refused", **context)


def _version(typed: str) -> FactId:
    return FactId(parse_id(typed, FACT_ID_BYTES))


VIEWS: Final = (see_ready, begin, write, read, set_gate, withdraw)
