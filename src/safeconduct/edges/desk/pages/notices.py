# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people outside may read of a threat: written by one, approved by another, taken as text."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.status_codes import HTTP_200_OK

from safeconduct.edges.desk.bulletin_words import notice_text
from safeconduct.edges.desk.filenames import disposition
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.pages.bulletins import found
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.edges.desk.wording import Wording
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import FACT_ID_BYTES, FactId
from safeconduct.rooms.hotline.bulletin_decide import NoticeText
from safeconduct.rooms.hotline.bulletin_notice import Leaks
from safeconduct.rooms.hotline.bulletins import Bulletin, PublicNotice
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead


@get("/bulletins/{name:str}/notice", sync_to_thread=True)
def see_notice(visit: Here, name: Named) -> Page:
    """Show the notice that stands, and the form of a new one."""
    return visit.page("public_notice.html", **_shown(visit, found(visit, name).bulletin))


@post("/bulletins/{name:str}/notice/written", sync_to_thread=True)
def write(visit: Here, name: Named) -> Page:
    """Write what people outside may read."""
    bulletin = found(visit, name).bulletin
    try:
        visit.desk.bulletins.write_notice(bulletin, _text(visit))
    except Refused as error:
        return _refused(visit, bulletin, error, "write")
    said = visit.say("Saved. It may go out once a second person has approved it.")
    return visit.onward(f"/bulletins/{name}/notice", said)


@post("/bulletins/{name:str}/notice/approved", sync_to_thread=True)
def approve(visit: Here, name: Named) -> Page:
    """Say that a notice may go out."""
    bulletin = found(visit, name).bulletin
    looked = visit.form.get("looked") == "1"
    try:
        visit.desk.bulletins.approve(bulletin, _named(visit), looked=looked)
    except Refused as error:
        return _refused(visit, bulletin, error, "approve")
    said = visit.say("Approved. It may go out now.")
    return visit.onward(f"/bulletins/{name}/notice", said)


@post("/bulletins/{name:str}/notice/file", status_code=HTTP_200_OK, sync_to_thread=True)
def take(visit: Here, name: Named) -> Response[Any]:
    """Give an approved notice as a file of plain text."""
    bulletin = found(visit, name).bulletin
    try:
        notice = visit.desk.bulletins.let_out(bulletin, _named(visit))
    except Refused as error:
        return _refused(visit, bulletin, error, "file")
    headers = {"Content-Disposition": disposition("notice.txt"), "X-Download-Options": "noopen"}
    text = as_text(visit, notice).encode()
    return Response(text, media_type="application/octet-stream", headers=headers)


def as_text(visit: Visit, notice: PublicNotice) -> str:
    """Return a notice as people outside read it, in its own language and without a name."""
    words = Wording(notice.language, visit.front.zone)
    return notice_text(notice, words, visit.desk.now())


def _text(visit: Visit) -> NoticeText:
    form = visit.form
    language = form.get("language") if form.get("language") in LANGUAGES else visit.language
    typed = form.get("until")
    until = parse_moment(typed, visit.front.zone) if typed else None
    if typed and until is None:
        raise TimeNotAhead
    looked = form.get("looked") == "1"
    return NoticeText(language, form.get("do"), form.get("avoid"), until, looked)


def _named(visit: Visit) -> FactId:
    return FactId(parse_id(visit.form.get("notice"), FACT_ID_BYTES))


def _shown(visit: Visit, bulletin: Bulletin) -> dict[str, Any]:
    bulletins = visit.desk.bulletins
    standing = [
        {
            "notice": one,
            "text": as_text(visit, one),
            "leaks": bulletins.leaks(bulletin, f"{one.do}\n{one.avoid}"),
            "may_approve": bulletins.may_approve(one),
        }
        for one in bulletin.notices
        if one.language in LANGUAGES
    ]
    until = visit.words.field(bulletin.until) if bulletin.until is not None else ""
    return {
        "bulletin": bulletin,
        "path": f"/bulletins/{bulletin.id.hex()}",
        "standing": standing,
        "leaks": Leaks(),
        "typed": {"until": until, "language": visit.language},
        "refused": "",
    }


def _refused(visit: Visit, bulletin: Bulletin, error: Refused, what: str) -> Page:
    context = _shown(visit, bulletin) | {"refused": what}
    if what == "write":
        text = f"{visit.form.get('do')}\n{visit.form.get('avoid')}"
        context["leaks"] = visit.desk.bulletins.leaks(bulletin, text)
        context["typed"] = visit.form.fields
    return visit.refused(visit.why(error), "public_notice.html", into=f"{what}-refused", **context)


VIEWS: Final = (see_notice, write, approve, take)
