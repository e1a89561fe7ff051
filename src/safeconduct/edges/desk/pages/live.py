# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps an open page true: the stream of changes, the head of the page, the notices."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.response import Stream

from safeconduct.edges.desk.gate import LIVE
from safeconduct.edges.desk.visit import Here, Named, Page

STATIC: Final = Path(__file__).parents[1] / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FILES: Final = {
    path.name: (path.read_bytes(), TYPES[path.suffix])
    for path in STATIC.iterdir()
    if path.suffix in TYPES
}
"""Read once: a name from a request is looked up here and never becomes a path."""


@get("/static/{name:str}", sync_to_thread=False)
def static(name: Named) -> Response[bytes]:
    """Give a style or a script of ours."""
    if name not in FILES:
        raise NotFoundException
    content, kind = FILES[name]
    return Response(content, media_type=kind)


@get(LIVE, sync_to_thread=False)
def follow(visit: Here) -> Response[Any]:
    """Tell this page of every change."""
    visit.desk  # noqa: B018  (refuses while locked)
    return Stream(visit.front.live.events, media_type="text/event-stream")


@get("/head", sync_to_thread=True)
def see_head(visit: Here) -> Page:
    """Show who waits and how we stand with the server, again."""
    visit.desk  # noqa: B018
    return visit.part("regions/head.html", at=visit.asked("at"), **visit.standing())


@get("/notices", sync_to_thread=True)
def see_notices(visit: Here) -> Page:
    """Show what has to be said."""
    visit.desk  # noqa: B018
    return visit.part("regions/notices.html", told=visit.front.session.told())


VIEWS: Final = (static, follow, see_head, see_notices)
