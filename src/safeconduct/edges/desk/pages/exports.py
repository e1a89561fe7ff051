# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking conversations out of the office as a file: asking, signing, and making it.

A file leaves as a download, to the place that the person chooses; it is reported before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.status_codes import HTTP_200_OK

from safeconduct.edges.desk.exports_api import Export
from safeconduct.edges.desk.filenames import disposition
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.pages.conversation import found
from safeconduct.edges.desk.standings import is_steward
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.phrase import read_phrase
from safeconduct.kernel.words import (
    CONVERSATION_ID_BYTES,
    FACT_ID_BYTES,
    ConversationId,
    FactId,
)
from safeconduct.rooms.crew import takes_two
from safeconduct.rooms.crew.exports import Stage
from safeconduct.rooms.crew.removing import NothingToSecond
from safeconduct.rooms.crew.taking_back import NothingToTakeBack
from safeconduct.rooms.hotline import Conversation

SCOPES: Final = ("mine", "all")


@get("/exports", sync_to_thread=True)
def see_exports(visit: Here) -> Page:
    """Show what was asked for, and ask."""
    return visit.page("exports.html", **_shown(visit))


@get("/hotline/{name:str}/export", sync_to_thread=True)
def take_one(visit: Here, name: Named) -> Page:
    """Make the file of one conversation, or ask for it where that takes two."""
    talk = found(visit, name)
    if visit.desk.exports.alone(talk.id):
        return visit.page("export.html", **_of_one(visit, talk))
    return visit.page("exports.html", **_shown(visit, talk))


@post("/exports/asked", sync_to_thread=True)
def ask(visit: Here) -> Page:
    """Ask a steward who is somebody else."""
    typed = {name: visit.form.get(name) for name in ("reason", "recipient")}
    try:
        visit.desk.exports.ask(_chosen(visit), **typed)
    except Refused as error:
        talk = _one(visit)
        context = _shown(visit, talk)
        context["typed"] |= typed
        if visit.form.get("scope") in SCOPES:
            context["typed"]["scope"] = visit.form.get("scope")
        return visit.refused(visit.why(error), "exports.html", into="export-refused", **context)
    if _is_only_steward(visit):
        said = visit.say(
            "You are the only steward, so nobody else signs. You can make the file within a week."
        )
    else:
        said = visit.say("Asked. A steward who is somebody else sees it on Today and signs.")
    return visit.onward("/exports", said)


@post("/exports/seconded", sync_to_thread=True)
def second(visit: Here) -> Page:
    """Sign as the second."""
    said = visit.say("Signed. The colleague who asked can make the file.")
    return _done(visit, visit.desk.exports.second, said)


@post("/exports/taken-back", sync_to_thread=True)
def take_back(visit: Here) -> Page:
    """Want it no more."""
    said = visit.say("Taken back. No file can be made any more.")
    return _done(visit, visit.desk.exports.take_back, said)


@get("/exports/{name:str}", sync_to_thread=True)
def see_signed(visit: Here, name: Named) -> Page:
    """Show how the file of what was signed for is made."""
    return visit.page("export.html", **_of_signed(visit, _signed(visit, name)))


@post("/exports/{name:str}/made", status_code=HTTP_200_OK, sync_to_thread=True)
def make(visit: Here, name: Named) -> Response[Any]:
    """Give the file of what was signed for."""
    export = _signed(visit, name)
    made = partial(visit.desk.exports.make, export.fact)
    return _given(visit, made, lambda: _of_signed(visit, export))


@post("/hotline/{name:str}/exported", status_code=HTTP_200_OK, sync_to_thread=True)
def make_one(visit: Here, name: Named) -> Response[Any]:
    """Give the file of one conversation."""
    talk = found(visit, name)
    made = partial(visit.desk.exports.make_alone, talk.id)
    return _given(visit, made, lambda: _of_one(visit, talk))


def _shown(visit: Visit, talk: Conversation | None = None) -> dict[str, Any]:
    counts = {show: visit.desk.inbox(show=show, start=0, most=0)[1] for show in SCOPES}
    only = _is_only_steward(visit)
    held = talk is not None and visit.desk.device in {claim.holder for claim in talk.claims}
    return {
        "one": talk,
        "counts": counts,
        "asked": visit.desk.exports.asked(),
        "typed": {"reason": "", "recipient": "", "scope": talk.id.hex() if talk else "mine"},
        "only": only,
        "used_up": held and not only and not visit.people.out(),
    }


def _is_only_steward(visit: Visit) -> bool:
    """Tell whether what is asked for here counts without a second (`exports.stage`)."""
    return is_steward(visit.desk) and not takes_two(visit.desk.roster())


def _of_one(visit: Visit, talk: Conversation) -> dict[str, Any]:
    way = f"/hotline/{talk.id.hex()}"
    drawn = visit.desk.exports.words(visit.language)
    return {"one": talk, "way": way, "action": f"{way}/exported", "drawn": drawn}


def _of_signed(visit: Visit, export: Export) -> dict[str, Any]:
    return {
        "one": None,
        "export": export,
        "way": "/exports",
        "action": f"/exports/{export.fact.hex()}/made",
        "drawn": visit.desk.exports.words(visit.language),
    }


def _signed(visit: Visit, name: str) -> Export:
    fact = parse_id(name, FACT_ID_BYTES)
    for export in visit.desk.exports.asked():
        if export.fact == fact and export.mine and export.stage is Stage.SIGNED:
            return export
    raise NotFoundException


def _one(visit: Visit) -> Conversation | None:
    raw = parse_id(visit.form.get("scope"), CONVERSATION_ID_BYTES)
    return visit.desk.conversation(ConversationId(raw)) if raw else None


def _chosen(visit: Visit) -> list[ConversationId]:
    scope = visit.form.get("scope")
    if scope not in SCOPES:
        talk = _one(visit)
        return [talk.id] if talk else []
    _, total = visit.desk.inbox(show=scope, start=0, most=0)
    rows, _ = visit.desk.inbox(show=scope, start=0, most=total)
    return [row.conversation for row in rows]


def words_of(visit: Visit) -> str:
    """Return the words that seal the file; nothing where it is to lie open.

    Raises:
        UnknownWord, WrongCount: they are not those that the page drew.
    """
    if visit.form.get("how") == "open":
        return ""
    return " ".join(read_phrase(visit.form.get("words")).words)


def _done(visit: Visit, do: Callable[[FactId], None], said: str) -> Page:
    try:
        do(FactId(parse_id(visit.form.get("fact"), FACT_ID_BYTES)))
    except (NothingToSecond, NothingToTakeBack) as error:
        said = visit.why(error)
    return visit.onward("/exports", said)


def _given(
    visit: Visit, made: Callable[[str], bytes], shown: Callable[[], dict[str, Any]]
) -> Response[Any]:
    """Give the file that these words seal, or the page `shown` with why there is none."""
    try:
        words = words_of(visit)
        content = made(words)
    except Refused as error:
        if visit.form.get("script") == "1":
            return visit.tell_here(visit.why(error))
        return visit.refused(visit.why(error), "export.html", into="export-refused", **shown())
    return _download(visit, content, words)


def _download(visit: Visit, content: bytes, words: str) -> Response[Any]:
    """Return the file under a name that says nothing of us."""
    return handed_out(content, f"export-{day_of(visit)}.json{'.age' if words else ''}")


def day_of(visit: Visit) -> str:
    """Return the day in UTC, as names of files say it."""
    return datetime.fromtimestamp(visit.desk.now() / 1000, UTC).strftime("%Y-%m-%d")


def handed_out(content: bytes, name: str) -> Response[Any]:
    """Return a file as a download; whether it may leave was asked before."""
    headers = {"Content-Disposition": disposition(name), "X-Download-Options": "noopen"}
    return Response(content, media_type="application/octet-stream", headers=headers)


VIEWS: Final = (see_exports, take_one, ask, second, take_back, see_signed, make, make_one)
