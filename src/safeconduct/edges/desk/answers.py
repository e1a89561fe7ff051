# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a request to a visit, and from an error to a page that words it.

A form that did not come from one of our own pages stops here, before any view.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.status_codes import (
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_405_METHOD_NOT_ALLOWED,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from safeconduct.edges.desk.forms import Form, parse_form
from safeconduct.edges.desk.gate import LIVE, READING, STATIC
from safeconduct.edges.desk.visit import Ask, Locked, Page, Visit
from safeconduct.kernel.errors import Defect, Refused, SafeconductError, Unreachable, Untrusted

if TYPE_CHECKING:
    from litestar.types import ExceptionHandler


class ForeignForm(Refused):
    """A form without the token of this session, or no form at all."""

    code = "foreign_form"


async def come_in(request: Ask) -> None:
    """See whether a person asks; read what was posted and hold it to be ours.

    Raises:
        ForeignForm: it did not come from a page of this session.
    """
    if request.method not in READING:
        await _read_form(request)
    elif _by_itself(request):
        return
    if request.scope["state"].get("known"):
        request.app.state.front.hands.seen()


def _by_itself(request: Ask) -> bool:
    """Tell whether a page may ask this while nobody is there: news, and what belongs to a page."""
    path = request.scope["path"]
    return "hx-request" in request.headers or path == LIVE or path.startswith(STATIC)


async def _read_form(request: Ask) -> None:
    body = await request.body()
    try:
        form = await asyncio.to_thread(parse_form, body, request.headers.get("content-type", ""))
    except Untrusted as error:
        raise ForeignForm from error
    if not request.app.state.front.session.wrote(form.get("csrf")):
        raise ForeignForm
    request.scope["state"]["form"] = form


def visit_of(request: Ask) -> Visit:
    """Return what a view knows about a request."""
    form = request.scope["state"].get("form", Form())
    return Visit(front=request.app.state.front, request=request, form=form)


def on_web_error(request: Ask, error: Exception) -> Page:
    """Word what the web library refuses."""
    if isinstance(error, NotFoundException):
        return _problem(request, "nothing_here", HTTP_404_NOT_FOUND)
    if isinstance(error, MethodNotAllowedException):
        return _problem(request, "nothing_here", HTTP_405_METHOD_NOT_ALLOWED)
    if isinstance(error, RequestEntityTooLarge):
        return _problem(request, "too_much", HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    if isinstance(error, ClientException):
        return _problem(request, "nothing_here", HTTP_404_NOT_FOUND)
    return on_defect(request, error)


def on_refusal(request: Ask, error: Exception) -> Response[str]:
    """Word one of the four families."""
    visit = visit_of(request)
    if isinstance(error, Locked):
        return visit.onward("/unlock")
    if isinstance(error, ForeignForm):
        return _problem(request, "foreign_form", HTTP_403_FORBIDDEN)
    if isinstance(error, SafeconductError) and not isinstance(error, Defect):
        away = isinstance(error, Unreachable)
        status = HTTP_503_SERVICE_UNAVAILABLE if away else HTTP_422_UNPROCESSABLE_ENTITY
        return _problem(request, "refused", status, visit.why(error))
    return on_defect(request, error)


def on_defect(request: Ask, _error: Exception) -> Page:
    """Say that the desk itself is at fault; say nothing of what it was doing."""
    reason = visit_of(request).why(Defect())
    return _problem(request, "defect", HTTP_500_INTERNAL_SERVER_ERROR, reason)


def _problem(request: Ask, kind: str, status: int, reason: str = "") -> Page:
    visit = visit_of(request)
    if visit.partly:
        return visit.refused_here(reason or visit.why(Defect()), "notices", status)
    return visit.bare("problem.html", status, kind=kind, reason=reason)


HANDLERS: Final[Mapping[int | type[Exception], ExceptionHandler[Any]]] = {
    HTTPException: on_web_error,
    SafeconductError: on_refusal,
    Exception: on_defect,
}
