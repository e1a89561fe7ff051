# SPDX-License-Identifier: AGPL-3.0-or-later
"""What guides one answer: flags and their scripts, words to keep out of it, ready answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.pages.conversation import again, back, found, shown
from safeconduct.edges.desk.scripted import script
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import FACT_ID_BYTES, ConversationId, FactId
from safeconduct.rooms.hotline import canned_decide
from safeconduct.rooms.hotline.flags import Flag

NAMES: Final = {flag.value: flag for flag in Flag}


@get("/hotline/{name:str}/flags", sync_to_thread=True)
def see_flags(visit: Here, name: Named) -> Page:
    """Show what is flagged, again."""
    return visit.part("regions/flags.html", **shown(visit, found(visit, name)))


@get("/hotline/{name:str}/scripts", sync_to_thread=True)
def see_scripts(visit: Here, name: Named) -> Page:
    """Show how far the scripts are, again."""
    return visit.part("regions/scripts.html", **shown(visit, found(visit, name)))


@post("/hotline/{name:str}/flag", sync_to_thread=True)
def raise_flag(visit: Here, name: Named) -> Page:
    """Flag the conversation."""
    flag, reason = _flag(visit), visit.form.get("flag_reason")
    return _do(
        visit,
        name,
        "flag",
        lambda talk: visit.desk.guidance.raise_flag(talk, flag, reason),
        f"script-{flag.value}",
    )


@post("/hotline/{name:str}/flag/end", sync_to_thread=True)
def end_flag(visit: Here, name: Named) -> Page:
    """Say that a flag holds no longer."""
    flag, reason = _flag(visit), visit.form.get("flag_reason")
    return _do(visit, name, "flag", lambda talk: visit.desk.guidance.end_flag(talk, flag, reason))


@post("/hotline/{name:str}/step", sync_to_thread=True)
def tick(visit: Here, name: Named) -> Page:
    """Say that a step was done, or is to be done again."""
    flag, step = _flag(visit), visit.form.get("step")
    read = script(flag, visit.language)
    if not read.has(step):
        raise NotFoundException
    talk, done = found(visit, name).id, visit.form.get("done") == "1"
    try:
        visit.desk.guidance.tick(talk, flag, step, read.version, done=done)
    except Refused as error:
        context = shown(visit, found(visit, name)) | {"refused": "flag"}
        return visit.refused(visit.why(error), "conversation.html", into="step-refused", **context)
    if visit.partly:
        return visit.part("regions/scripts.html", **shown(visit, found(visit, name)))
    return visit.onward(f"/hotline/{name}#step-{flag.value}-{step}")


@post("/hotline/{name:str}/avoid", sync_to_thread=True)
def avoid(visit: Here, name: Named) -> Page:
    """Set the words that must not stand in answers."""
    typed = visit.form.get("avoid")
    return _do(visit, name, "avoid", lambda talk: visit.desk.guidance.avoid(talk, typed))


@post("/hotline/{name:str}/ready", sync_to_thread=True)
def put_ready(visit: Here, name: Named) -> Page:
    """Put a ready answer behind what is written; nothing is sent."""
    conversation = found(visit, name)
    version = FactId(parse_id(visit.form.get("ready"), FACT_ID_BYTES))
    try:
        chosen = canned_decide.find(visit.desk.vetting.offered(conversation), version)
    except Refused as error:
        context = shown(visit, conversation)
        context["typed"] |= {"answer": visit.form.get("text")}
        more = context | {"refused": "answer"}
        return visit.refused(visit.why(error), "conversation.html", into="answer-refused", **more)
    texts = (visit.form.get("text").rstrip(), chosen.text)
    visit.desk.keep_draft(conversation.id, "answer", "\n\n".join(filter(None, texts)))
    if visit.partly:
        return visit.part("regions/answer.html", done=False, **again(visit, name))
    return visit.onward(f"/hotline/{name}#answer-text")


def _flag(visit: Visit) -> Flag:
    flag = NAMES.get(visit.form.get("flag"))
    if flag is None:
        raise NotFoundException
    return flag


def _do(
    visit: Visit,
    name: str,
    what: str,
    act: Callable[[ConversationId], None],
    onto: str = "placing",
) -> Page:
    conversation = found(visit, name)
    try:
        act(conversation.id)
    except Refused as error:
        context = shown(visit, conversation)
        context["typed"] |= visit.form.fields
        more = context | {"refused": what}
        return visit.refused(visit.why(error), "conversation.html", into=f"{what}-refused", **more)
    return back(visit, f"{name}#{onto}", visit.say("Saved."))


VIEWS: Final = (see_flags, see_scripts, raise_flag, end_flag, tick, avoid, put_ready)
