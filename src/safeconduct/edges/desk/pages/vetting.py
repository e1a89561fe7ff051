# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vetting one person: what was found out, which gate that opens, and what is kept until then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.pages.conversation import found
from safeconduct.edges.desk.scripted import checklist
from safeconduct.edges.desk.standings import is_steward
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import FACT_ID_BYTES, ConversationId, FactId
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.vetting import Gate
from safeconduct.rooms.hotline.vetting_decide import Answered
from safeconduct.rooms.hotline.vetting_facts import Holds

GATES: Final = {str(gate.value): gate for gate in Gate if gate is not Gate.NONE}
ANSWERS: Final[dict[str, Holds]] = {"yes": "yes", "no": "no", "open": "open"}


@get("/hotline/{name:str}/vetting", sync_to_thread=True)
def see_vetting(visit: Here, name: Named) -> Page:
    """Show what was found out, the gates, and what is guarded."""
    conversation = found(visit, name)
    for one in {conversation.id, *(part.id for part in conversation.parts)}:
        visit.desk.audit.opened(one)
    return visit.page("vetting.html", **_shown(visit, conversation))


@get("/hotline/{name:str}/vetted", sync_to_thread=True)
def see_vetted(visit: Here, name: Named) -> Page:
    """Show on the conversation's page how far it is vetted, again."""
    return visit.part("regions/vetted.html", **_shown(visit, found(visit, name)))


@post("/hotline/{name:str}/vetting/item", sync_to_thread=True)
def answer_item(visit: Here, name: Named) -> Page:
    """Say how an item of the checklist stands."""
    item, holds = visit.form.get("item"), ANSWERS.get(visit.form.get("holds"))
    read = checklist(visit.language)
    if holds is None or not read.has(item):
        raise NotFoundException
    said = Answered(item, holds, visit.form.get("item_note"), read.version)
    vetting = visit.desk.vetting
    return _do(visit, name, f"item-{item}", lambda talk: vetting.answer_item(talk, said))


@post("/hotline/{name:str}/vetting/open", sync_to_thread=True)
def open_gate(visit: Here, name: Named) -> Page:
    """Say that a gate is passed."""
    gate, reason = _gate(visit), visit.form.get("gate_reason")
    return _do(visit, name, "gate", lambda talk: visit.desk.vetting.open_gate(talk, gate, reason))


@post("/hotline/{name:str}/vetting/second", sync_to_thread=True)
def second_gate(visit: Here, name: Named) -> Page:
    """Say so as the second person."""
    opening, reason = _fact(visit, "opening"), visit.form.get("second_reason")
    vetting = visit.desk.vetting
    return _do(visit, name, "gate", lambda talk: vetting.second_gate(talk, opening, reason))


@post("/hotline/{name:str}/vetting/withdraw", sync_to_thread=True)
def close_gate(visit: Here, name: Named) -> Page:
    """Withdraw the gate; anybody may, at once."""
    reason = visit.form.get("withdraw_reason")
    return _do(visit, name, "gate", lambda talk: visit.desk.vetting.close_gate(talk, reason))


@post("/hotline/{name:str}/vetting/pin", sync_to_thread=True)
def pin(visit: Here, name: Named) -> Page:
    """Pin two passages that do not agree."""
    typed = [visit.form.get(one) for one in ("pin_first", "pin_second", "pin_note")]
    return _do(visit, name, "pin", lambda talk: visit.desk.vetting.pin(talk, *typed))


@post("/hotline/{name:str}/vetting/settle", sync_to_thread=True)
def settle(visit: Here, name: Named) -> Page:
    """Say how two passages go together."""
    pinned, reason = _fact(visit, "pinned"), visit.form.get("settle_reason")
    return _do(visit, name, "pin", lambda talk: visit.desk.vetting.settle(talk, pinned, reason))


@post("/hotline/{name:str}/vetting/guard", sync_to_thread=True)
def guard(visit: Here, name: Named) -> Page:
    """Write a guarded note."""
    gate = _gate(visit)
    typed = visit.form.get("guard_text"), visit.form.get("guard_words")
    return _do(visit, name, "guard", lambda talk: visit.desk.vetting.guard(talk, gate, *typed))


@post("/hotline/{name:str}/vetting/take-back", sync_to_thread=True)
def take_back(visit: Here, name: Named) -> Page:
    """Take back a guarded note that was written here."""
    note, reason = _fact(visit, "note"), visit.form.get("back_reason")
    return _do(visit, name, "guard", lambda talk: visit.desk.vetting.take_back(talk, note, reason))


@get("/guarded", sync_to_thread=True)
def see_words(visit: Here) -> Page:
    """Show the office's guarded words; on another's desk there is no such page."""
    return visit.page("guarded.html", **_words(visit))


@post("/guarded/set", sync_to_thread=True)
def set_words(visit: Here) -> Page:
    """Set the office's guarded words below a gate."""
    context, gate, typed = _words(visit), _gate(visit), visit.form.get("words")
    try:
        visit.desk.vetting.set_words(gate, typed)
    except Refused as error:
        more = context | {"typed": {gate: typed}}
        return visit.refused(visit.why(error), "guarded.html", into="guarded-refused", **more)
    return visit.onward("/guarded", visit.say("Saved."))


def _words(visit: Visit) -> dict[str, Any]:
    if not is_steward(visit.desk):
        raise NotFoundException
    return {"gates": tuple(GATES.values()), "standing": visit.desk.vetting.words(), "typed": {}}


def _shown(visit: Visit, conversation: Conversation) -> dict[str, Any]:
    return {
        "conversation": conversation,
        "vetting": conversation.vetting,
        "path": f"/hotline/{conversation.id.hex()}",
        "checklist": checklist(visit.language),
        "gates": tuple(GATES.values()),
        "may_second": visit.desk.vetting.may_second,
        "typed": {},
        "refused": "",
    }


def _gate(visit: Visit) -> Gate:
    gate = GATES.get(visit.form.get("gate"))
    if gate is None:
        raise NotFoundException
    return gate


def _fact(visit: Visit, name: str) -> FactId:
    return FactId(parse_id(visit.form.get(name), FACT_ID_BYTES))


def _do(visit: Visit, name: str, what: str, act: Callable[[ConversationId], None]) -> Page:
    conversation = found(visit, name)
    try:
        act(conversation.id)
    except Refused as error:
        more = _shown(visit, conversation) | {"refused": what, "typed": visit.form.fields}
        return visit.refused(visit.why(error), "vetting.html", into=f"{what}-refused", **more)
    return visit.onward(f"/hotline/{name}/vetting#{what}", visit.say("Saved."))


VIEWS: Final = (
    *(see_vetting, see_vetted, answer_item, open_gate, second_gate, close_gate),
    *(pin, settle, guard, take_back, see_words, set_words),
)
