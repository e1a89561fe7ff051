# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answering the office's telephone at the desk, with the form of a contact beside the call.

The browser itself speaks with the telephone (`browser/telephone.js`); this desk gives the page a
way there and one policy that lets it take that, and keeps nothing of a call.
"""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from safeconduct.edges.desk.gate import CONNECTS
from safeconduct.edges.desk.pages import by_hand
from safeconduct.edges.desk.pages.duty import NoDutyFromHere
from safeconduct.edges.desk.telephone_api import Account
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import Refused

PATH: Final = "/telephone"
TEMPLATE: Final = "telephone.html"
FORM: Final = "regions/noted.html"


@get(PATH, sync_to_thread=True)
def see_telephone(visit: Here) -> Page:
    """Show the telephone, the form beside it, and where it is set."""
    return _page(visit)


@post(f"{PATH}/account", sync_to_thread=True, status_code=HTTP_200_OK)
def give_account(visit: Here) -> Response[dict[str, str]]:
    """Give our own page what it signs in with; it stands in no page's text."""
    account = visit.desk.telephone.account()
    if account is None:
        raise NotFoundException
    return Response(account._asdict() | {"way": visit.desk.telephone.way()})


@post(f"{PATH}/trouble", sync_to_thread=True, status_code=HTTP_200_OK)
def give_trouble(visit: Here) -> Response[dict[str, str]]:
    """Say to our own page why it did not reach the telephone: browsers tell pages nothing of it."""
    return Response({"trouble": visit.desk.telephone.trouble()})


@post(f"{PATH}/set", sync_to_thread=True)
def set_account(visit: Here) -> Page:
    """Say where this desk telephones, and as whom."""
    given = [visit.form.get(name) for name in ("address", "name", "password")]
    try:
        _need_answerer(visit)
        visit.desk.telephone.keep(*given)
    except Refused as error:
        typed = Account(given[0], given[1], "")
        return _refused(visit, visit.why(error), "set-refused", set=typed, refused="set")
    return visit.onward(PATH, visit.say("Saved."))


@post(f"{PATH}/forgotten", sync_to_thread=True)
def forget_account(visit: Here) -> Page:
    """Keep no telephone any more."""
    visit.desk.telephone.forget()
    return visit.onward(PATH, visit.say("Forgotten."))


@post(f"{PATH}/save", sync_to_thread=True, status_code=HTTP_200_OK)
def note_call(visit: Here) -> Page:
    """Note the contact; the page stays, and with it the call."""
    try:
        noted = by_hand.note(visit, None)
    except Refused as error:
        typed = dict(visit.form.fields)
        return _refused(visit, visit.why(error), "by-hand-refused", **_form(visit, typed))
    if not visit.partly:
        return visit.onward(PATH, visit.say("The contact is noted."))
    return visit.part(FORM, **(_form(visit) | {"noted": f"/hotline/{noted.hex()}"}))


@post(f"{PATH}/draft", sync_to_thread=True, status_code=HTTP_204_NO_CONTENT)
def keep_call(visit: Here) -> None:
    """Keep what is being typed."""
    by_hand.keep(visit, None)


@post(f"{PATH}/drop", sync_to_thread=True, status_code=HTTP_200_OK)
def drop_call(visit: Here) -> Page:
    """Throw away what was begun."""
    visit.desk.by_hand.keep_draft(None, b"", "")
    if not visit.partly:
        return visit.onward(PATH, visit.say("Thrown away."))
    return visit.part(FORM, **_form(visit))


def _page(visit: Visit, **more: Any) -> Page:  # noqa: ANN401
    shown = _shown(visit) | more
    return visit.page(TEMPLATE, **shown)


def _refused(visit: Visit, reason: str, into: str, **more: Any) -> Page:  # noqa: ANN401
    return visit.refused(reason, TEMPLATE, into=into, **(_shown(visit) | more))


def _shown(visit: Visit) -> dict[str, Any]:
    account = visit.desk.telephone.account()
    if account is not None:
        visit.request.scope["state"][CONNECTS] = visit.desk.telephone.way()
    return {
        "account": account is not None,
        "set": account or Account("", "", ""),
        "may": visit.desk.duty.may(),
        "refused": "",
        **_form(visit),
    }


def _form(visit: Visit, typed: dict[str, str] | None = None) -> dict[str, Any]:
    begun = by_hand.begun(visit, None) if typed is None else typed
    shown = by_hand.form_of(visit, None, begun or {"way": "call"})
    return shown | {"path": PATH, "beside": True, "noted": ""}


def _need_answerer(visit: Visit) -> None:
    if not visit.desk.duty.may():
        raise NoDutyFromHere


VIEWS: Final = (
    *(see_telephone, give_account, give_trouble, set_account, forget_account),
    *(note_call, keep_call, drop_call),
)
