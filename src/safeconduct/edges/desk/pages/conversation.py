# SPDX-License-Identifier: AGPL-3.0-or-later
"""One conversation: read it, answer it, hold it, pass it on, write for colleagues."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.status_codes import HTTP_204_NO_CONTENT

from safeconduct.edges.desk.asking_again import AsksAgain, Question, question
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.guided_page import guided
from safeconduct.edges.desk.joined_page import joined
from safeconduct.edges.desk.line_page import by_line
from safeconduct.edges.desk.linked_page import cases_of
from safeconduct.edges.desk.placing import SPANS, placing
from safeconduct.edges.desk.render import digest
from safeconduct.edges.desk.retained import kept_of
from safeconduct.edges.desk.thread import HISTORY_MOST, last_words, same_box, thread_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import (
    CONVERSATION_ID_BYTES,
    DEVICE_ID_BYTES,
    MINUTE,
    ConversationId,
    DeviceId,
    Instant,
)
from safeconduct.rooms.hotline import Conversation

ANSWER_BODY_MOST: Final = 210 << 20
"""Eight of the largest files; larger bodies are not read to their end."""


DRAFTS: Final = {"answer": "answer", "note": "note", "hand-over": "hand_over"}
"""Forms, and the names under which what is begun in them is kept."""


class AnsweredMeanwhile(Refused):
    """A colleague answered while this answer was being written."""

    code = "answered_meanwhile"


class JoinedMeanwhile(Refused):
    """While this answer was being written somebody joined or parted conversations."""

    code = "joined_meanwhile"


@get("/hotline/{name:str}", sync_to_thread=True)
def read_conversation(visit: Here, name: Named) -> Page:
    """Show a conversation and the ways to go on with it."""
    conversation = found(visit, name)
    for one in {conversation.id, *(part.id for part in conversation.parts)}:
        visit.desk.audit.opened(one)
    return visit.page("conversation.html", **shown(visit, conversation))


@get("/hotline/{name:str}/thread", sync_to_thread=True)
def read_thread(visit: Here, name: Named) -> Page:
    """Show what was written, again."""
    return visit.part("regions/thread.html", **shown(visit, found(visit, name)))


@get("/hotline/{name:str}/hold", sync_to_thread=True)
def see_holders(visit: Here, name: Named) -> Page:
    """Show who holds it, again; and the question, while it is still the same."""
    conversation = found(visit, name)
    asked = visit.asked("asking") == _holding(conversation)
    return visit.part("regions/hold.html", **_with_question(visit, conversation, ask=asked))


@get("/hotline/{name:str}/before-answer", sync_to_thread=True)
def see_before_answer(visit: Here, name: Named) -> Page:
    """Show what to know before answering, again."""
    context = shown(visit, found(visit, name))
    return visit.part("regions/before_answer.html", changed=visit.partly, **context)


@get("/hotline/{name:str}/own-draft", sync_to_thread=True)
def see_own_draft(visit: Here, name: Named) -> Page:
    """Show, before it is handed over, that an answer is begun; again."""
    return visit.part("regions/own_draft.html", **shown(visit, found(visit, name)))


@post("/hotline/{name:str}/read", sync_to_thread=True)
def mark_read(visit: Here, name: Named) -> Page:
    """Record that this helper saw the messages."""
    conversation = found(visit, name)
    visit.desk.mark_read(conversation.id)
    if visit.partly:
        return visit.part("regions/thread.html", **again(visit, name))
    return back(visit, name)


@post("/hotline/{name:str}/claim", sync_to_thread=True)
def claim(visit: Here, name: Named) -> Page:
    """Hold the conversation; ask once before it is taken from a colleague who holds it now.

    Of a device that was removed nobody is told to ask: it may be in other hands.
    """
    conversation = found(visit, name)
    others = {held.holder for held in conversation.claims} - {visit.desk.device}
    if visit.people.gone(others) or visit.form.get("sure") == _holding(conversation):
        return _hold(visit, name, visit.desk.claim)
    context = _with_question(visit, conversation, ask=True)
    if visit.partly:
        return visit.part("regions/hold.html", **context)
    return visit.page("conversation.html", **context)


@post("/hotline/{name:str}/release", sync_to_thread=True)
def release(visit: Here, name: Named) -> Page:
    """Let the conversation go."""
    return _hold(visit, name, visit.desk.release)


@post("/hotline/{name:str}/hand-over", sync_to_thread=True)
def hand_over(visit: Here, name: Named) -> Page:
    """Pass the conversation to a colleague."""
    conversation = found(visit, name)
    try:
        visit.desk.hand_over(conversation.id, _device(visit), visit.form.get("text"))
    except Refused as error:
        return _refused(visit, name, error, "hand-over")
    if visit.partly:
        visit.tell_here(visit.say("Handed over."))
        return visit.part("regions/hand_over.html", done=True, **again(visit, name))
    return back(visit, name, visit.say("Handed over."))


@post("/hotline/{name:str}/note", sync_to_thread=True)
def write_note(visit: Here, name: Named) -> Page:
    """Write for colleagues."""
    conversation = found(visit, name)
    try:
        visit.desk.note(conversation.id, visit.form.get("text"))
    except Refused as error:
        return _refused(visit, name, error, "note")
    if visit.partly:
        return visit.part("regions/note.html", done=True, **again(visit, name))
    return back(visit, name, visit.say("The note is saved."))


@post("/hotline/{name:str}/answer", sync_to_thread=True, request_max_body_size=ANSWER_BODY_MOST)
def answer(visit: Here, name: Named) -> Page:
    """Write to the person."""
    conversation = found(visit, name)
    try:
        if not same_box(visit.form.get("seen"), conversation):
            raise JoinedMeanwhile
        if visit.form.get("seen") != last_words(conversation):
            raise AnsweredMeanwhile
        names = [file.name for file in visit.form.files]
        visit.desk.vetting.check(conversation, [visit.form.get("text"), *names])
        if (asks := _question(visit, conversation)) and visit.form.get("sure") != asks.key:
            raise AsksAgain
        said = visit.form.get("text"), visit.form.files
        visit.desk.answer(conversation.id, *said, next_contact=next_contact(visit))
    except Refused as error:
        return _refused(visit, name, error, "answer")
    if visit.partly:
        return visit.part("regions/answer.html", done=True, **again(visit, name))
    saved = visit.say("The answer is saved here. The line under it says when the server has it.")
    return back(visit, name, saved)


@post("/hotline/{name:str}/draft", sync_to_thread=True, status_code=HTTP_204_NO_CONTENT)
def keep_draft(visit: Here, name: Named) -> None:
    """Keep what is being written."""
    kind = _kind(visit, "kind")
    visit.desk.keep_draft(_named(visit, name), DRAFTS[kind], visit.form.get("text"))


@post("/hotline/{name:str}/draft/drop", sync_to_thread=True)
def drop_draft(visit: Here, name: Named) -> Page:
    """Throw away what was begun; the page that says so can bring it back."""
    conversation, kind = found(visit, name), _kind(visit, "drop")
    begun = visit.desk.drafts(_named(visit, name))._asdict()[DRAFTS[kind]]
    visit.desk.keep_draft(_named(visit, name), DRAFTS[kind], "")
    context = shown(visit, conversation)
    context["thrown"] |= {kind: visit.form.get("text") or begun}
    if visit.partly:
        return visit.part(f"regions/{DRAFTS[kind]}.html", **context)
    return visit.page("conversation.html", **context)


@post("/hotline/{name:str}/draft/undo", sync_to_thread=True)
def undo_drop(visit: Here, name: Named) -> Page:
    """Bring back what was thrown away, before what was begun since."""
    conversation, kind = found(visit, name), _kind(visit, "undo")
    texts = (visit.form.get("thrown"), visit.form.get("text"))
    visit.desk.keep_draft(conversation.id, DRAFTS[kind], "\n".join(filter(str.strip, texts)))
    if visit.partly:
        return visit.part(f"regions/{DRAFTS[kind]}.html", **shown(visit, conversation))
    return back(visit, name)


def found(visit: Visit, name: str) -> Conversation:
    """Return the conversation of this address, or the page that says that there is none."""
    raw = parse_id(name, CONVERSATION_ID_BYTES)
    conversation = visit.desk.conversation(ConversationId(raw)) if raw else None
    if conversation is None:
        raise NotFoundException
    return conversation


def shown(visit: Visit, conversation: Conversation) -> dict[str, Any]:
    """Return what the pages of a conversation show."""
    whole = visit.asked("all") == "1"
    thread = thread_of(conversation)
    begun = visit.desk.drafts(conversation.id)._asdict()
    drafts = {kind: begun[name] for kind, name in DRAFTS.items()}
    hidden = 0 if whole else max(0, len(thread) - HISTORY_MOST)
    return {
        "conversation": conversation,
        "thread": thread[hidden:],
        "hidden": hidden,
        "whole": whole,
        "path": f"/hotline/{conversation.id.hex()}",
        "seen": last_words(conversation),
        "handed": visit.desk.handed(conversation),
        "can_see": partial(visit.desk.audit.who_can_see, conversation.id),
        "typed": drafts | {"to": ""},
        "drafts": drafts,
        "thrown": dict.fromkeys(DRAFTS, ""),
        "refused": "",
        "asking": "",
        "done": False,
        "loads": visit.desk.overview.loads,
        "look_here": visit.desk.looks.waits_here(conversation),
        "look_own": visit.desk.looks.own(conversation),
        **placing(visit, conversation),
        **joined(visit, conversation),
        **by_line(visit, conversation),
        **cases_of(visit, conversation),
        **guided(visit, conversation),
        **kept_of(visit.desk, conversation),
    }


def again(visit: Visit, name: str) -> dict[str, Any]:
    """Return what they show after something was done."""
    context = shown(visit, found(visit, name))
    del context["done"]
    return context


def back(visit: Visit, name: str, notice: str = "") -> Page:
    """Send the browser back to the conversation."""
    return visit.onward(f"/hotline/{name}", notice)


def _holding(conversation: Conversation) -> str:
    """Name the claims that stand, so that a "yes" counts for what was asked alone."""
    return digest("".join(held.fact.hex() for held in conversation.claims))


def _with_question(visit: Visit, conversation: Conversation, *, ask: bool) -> dict[str, Any]:
    asking = _holding(conversation) if ask and conversation.claims else ""
    return shown(visit, conversation) | {"asking": asking}


def _hold(visit: Visit, name: str, do: Callable[[ConversationId], None]) -> Page:
    try:
        do(found(visit, name).id)
    except Refused as error:
        return _refused(visit, name, error, "hold")
    if visit.partly:
        return visit.part("regions/hold.html", **shown(visit, found(visit, name)))
    return back(visit, name)


def _refused(visit: Visit, name: str, error: Refused, what: str) -> Page:
    context = shown(visit, found(visit, name))
    context["typed"] |= {what: visit.form.get("text"), "to": visit.form.get("to")}
    if isinstance(error, AsksAgain):
        context["question"] = _question(visit, context["conversation"])
        context["typed"]["next_in"] = visit.form.get("next_in")
    reason = visit.why(error)
    if visit.form.files and not visit.partly:
        again_please = visit.say("Please choose the files again.")
        reason = f"{reason} {again_please}"
    return visit.refused(
        reason, "conversation.html", into=f"{what}-refused", **(context | {"refused": what})
    )


def _question(visit: Visit, conversation: Conversation) -> Question | None:
    """Return what to ask before the answer of this form leaves."""
    names = [file.name for file in visit.form.files]
    return question(conversation, visit.form.get("text"), names)


def next_contact(visit: Visit) -> Instant | None:
    """Return by when the next word is due as the answer says; None where it leaves that alone."""
    chosen = [span for span in SPANS if str(span) == visit.form.get("next_in")]
    return Instant(visit.desk.now() + chosen[0] * MINUTE) if chosen else None


def _named(visit: Visit, name: str) -> ConversationId:
    """Return the conversation of this address alone, also where it is joined: drafts stay apart."""
    found(visit, name)
    return ConversationId(parse_id(name, CONVERSATION_ID_BYTES))


def _kind(visit: Visit, name: str) -> str:
    kind = visit.form.get(name)
    if kind not in DRAFTS:
        raise NotFoundException
    return kind


def _device(visit: Visit) -> DeviceId:
    return DeviceId(parse_id(visit.form.get("to"), DEVICE_ID_BYTES))


VIEWS: Final = (
    *(read_conversation, read_thread, see_holders, see_before_answer, see_own_draft),
    *(mark_read, claim, release, hand_over, write_note, answer, keep_draft, drop_draft, undo_drop),
)
