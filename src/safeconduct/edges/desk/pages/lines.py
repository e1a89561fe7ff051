# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines: by which channels people may reach the office, and what each line says of itself."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.line_risks import risk_note
from safeconduct.edges.desk.pages.conversation import back, found
from safeconduct.edges.desk.pages.exports import handed_out
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused, Untrusted
from safeconduct.kernel.words import CONVERSATION_ID_BYTES, HASH_BYTES, ConversationId
from safeconduct.rooms.hotline.by_line import KINDS, RISKY

KEY_BYTES: Final = HASH_BYTES
LICENCE: Final = "line.licence"
"""How the file is called that a line takes (`safeconduct line admit`)."""


class NoCard(Refused):
    """What was pasted is no card of a line, or not whole."""

    code = "no_line_card"


@get("/lines", sync_to_thread=True)
def see_lines(visit: Here) -> Page:
    """Show the lines, what they said of themselves, and the form of a new one."""
    return visit.page("lines.html", **_shown(visit))


@post("/lines/admit", sync_to_thread=True)
def admit(visit: Here) -> Page:
    """Admit the line of a card, in place of another where one is named."""
    instead = parse_id(visit.form.get("instead"), KEY_BYTES)
    signed = visit.form.get("signed") == "1"
    try:
        _admit(visit, signed=signed, instead=instead or b"")
    except Refused as error:
        return _refused(visit, error, "admit")
    said = visit.say("Admitted. Now carry its licence to the line: save it below.")
    return visit.onward("/lines", said)


@post("/lines/withdraw", sync_to_thread=True)
def withdraw(visit: Here) -> Page:
    """Say that a line stands no more."""
    try:
        visit.desk.lines.withdraw(parse_id(visit.form.get("line"), KEY_BYTES))
    except Refused as error:
        return _refused(visit, error, "withdraw")
    said = visit.say("Taken back. What still comes by it is shown as of a line we do not know.")
    return visit.onward("/lines", said)


@post("/lines/licence", sync_to_thread=True)
def save_licence(visit: Here) -> Response[Any]:
    """Give the file that is carried to the line."""
    try:
        licence = visit.desk.lines.licence(parse_id(visit.form.get("line"), KEY_BYTES))
    except Refused as error:
        return _refused(visit, error, "withdraw")
    return handed_out(licence, LICENCE)


@post("/hotline/{name:str}/way", sync_to_thread=True)
def send_way(visit: Here, name: Named) -> Page:
    """Let the line say how to come to the page."""
    conversation = found(visit, name)
    text = visit.say("The line was told to send the way to our page, with the return code.")
    visit.desk.lines.send_way(conversation.id, text)
    return back(visit, name, visit.say("The line sends the way as soon as it has it."))


@post("/hotline/{name:str}/call-back", sync_to_thread=True)
def call_back(visit: Here, name: Named) -> Page:
    """Let the line call who asked for it."""
    conversation, ring = found(visit, name), visit.form.get("ring").strip().lower()
    text = visit.say("The line was told to call them back, our telephone first.")
    visit.desk.lines.call_back(conversation.id, ring, text)
    return back(visit, name, visit.say("Your telephone rings now. Say nothing until they speak."))


@post("/hotline/{name:str}/one-code", sync_to_thread=True)
def join_by_code(visit: Here, name: Named) -> Page:
    """Say that two conversations of one return code are one person's."""
    conversation = found(visit, name)
    other = parse_id(visit.form.get("other"), CONVERSATION_ID_BYTES)
    reason = visit.say("One of them said the return code that the other was told.")
    visit.desk.lines.join(conversation.id, ConversationId(other), reason)
    return back(visit, name, visit.say("Joined. Read above by which way answers go now."))


def _admit(visit: Visit, *, signed: bool, instead: bytes) -> None:
    try:
        visit.desk.lines.admit(visit.form.get("card"), signed=signed, instead=instead)
    except Untrusted as error:
        raise NoCard from error


def _shown(visit: Visit) -> dict[str, Any]:
    lines = visit.desk.lines.all()
    return {
        "lines": lines,
        "alarms": visit.desk.lines.alarms(),
        "risks": [risk_note(kind, visit.language) for kind in KINDS if kind in RISKY],
        "card": "",
        "refused": "",
    }


def _refused(visit: Visit, error: Refused, what: str) -> Page:
    context = _shown(visit) | {"refused": what, "card": visit.form.get("card")}
    return visit.refused(visit.why(error), "lines.html", into=f"{what}-refused", **context)


VIEWS: Final = (see_lines, admit, withdraw, save_licence, send_way, call_back, join_by_code)
