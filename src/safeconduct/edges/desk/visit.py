# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a view knows: the desk, who asks, and how to answer with a page, a part or a way on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from threading import Lock
from typing import Any, Final

from litestar import Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_204_NO_CONTENT,
    HTTP_303_SEE_OTHER,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from safeconduct.edges.desk.api import DeskApi
from safeconduct.edges.desk.forms import Form
from safeconduct.edges.desk.hands import Hands
from safeconduct.edges.desk.i18n import LANGUAGES, preferred, translations
from safeconduct.edges.desk.live import NOTICE, Live
from safeconduct.edges.desk.people import People
from safeconduct.edges.desk.render import render
from safeconduct.edges.desk.session import Patience, Session
from safeconduct.edges.desk.troubles import problem
from safeconduct.edges.desk.wording import Wording
from safeconduct.host import Swap
from safeconduct.kernel.errors import Refused, SafeconductError

Ask = Request[Any, Any, State]
Page = Response[str]
HTML: Final = "text/html; charset=utf-8"
START_DIGITS_MOST: Final = 7


class Locked(Refused):
    """The desk is not unlocked in this window."""

    code = "locked"


@dataclass(slots=True)
class Front:
    """The front of one desk process: its session, its open pages, and the engine once unlocked."""

    open_desk: Callable[[str], DeskApi]
    host: str
    session: Session
    patience: Patience
    lock: Callable[[], None]
    swap: Swap = Swap.UNKNOWN
    language: str = ""
    zone: tzinfo | None = None
    rehearsal: bool = False
    """Whether it belongs to a demo, whose terminal opens desks anew."""
    hands: Hands = field(default_factory=Hands)
    live: Live = field(default_factory=Live)
    unlocking: Lock = field(default_factory=Lock)
    desk: DeskApi | None = None


class Visit:
    """One request.

    No dataclass: the web library would look into it and try to build it anew.
    """

    __slots__ = ("form", "front", "request")

    def __init__(self, *, front: Front, request: Ask, form: Form) -> None:
        """Keep what a view may know."""
        self.front = front
        self.request = request
        self.form = form

    @property
    def desk(self) -> DeskApi:
        """The engine.

        Raises:
            Locked: nobody has unlocked it, or this is not the window that did.
        """
        if self.front.desk is None or not self.known:
            raise Locked
        return self.front.desk

    @property
    def known(self) -> bool:
        """Whether the request came with this session's cookie."""
        return bool(self.request.scope["state"].get("known"))

    @property
    def unlocked(self) -> bool:
        """Whether this window may see anything."""
        return self.known and self.front.desk is not None

    @property
    def watched(self) -> bool:
        """Whether the locked page goes on to say something; a demo has nobody to."""
        return self.phones or (self.front.session.waits and not self.front.rehearsal)

    @property
    def phones(self) -> bool:
        """Whether phones would be called from here while this desk is locked."""
        front = self.front
        if front.desk is None or front.rehearsal:
            return False
        return front.session.calls and front.desk.duty.calls.hands_over

    @property
    def language(self) -> str:
        """The language of the answer: as chosen here, or as asked by the browser."""
        chosen = self.front.session.language or self.front.language
        if chosen in LANGUAGES:
            return chosen
        return preferred(self.request.headers.get("accept-language", ""))

    @property
    def words(self) -> Wording:
        """How the answer speaks."""
        return Wording(self.language, self.front.zone)

    @property
    def partly(self) -> bool:
        """Whether a script asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def people(self) -> People:
        """The office's people."""
        return People(self.desk.roster(), self.desk.device, self.language)

    def say(self, text: str) -> str:
        """Return a sentence in the language of the answer."""
        return translations(self.language).gettext(text)

    def why(self, error: SafeconductError) -> str:
        """Say why something was not done."""
        return problem(error, self.language)

    def asked(self, name: str) -> str:
        """Return a parameter of the address; empty when it is missing."""
        return str(self.request.query_params.get(name, ""))

    def start(self) -> int:
        """Return at which row a list is to begin; 0 where the address says none that could be."""
        asked = self.asked("start")
        fits = asked.isascii() and asked.isdigit() and len(asked) <= START_DIGITS_MOST
        return int(asked) if fits else 0

    def page(self, template: str, /, status: int = HTTP_200_OK, **context: Any) -> Page:  # noqa: ANN401
        """Answer with a whole page; how we stand with the server is on each."""
        told = self.front.session.told()
        content = self._render(template, told=told, **(self.standing() | context))
        return self._answer(content, status)

    def standing(self) -> dict[str, Any]:
        """Return what the head of every page shows; nothing while the desk is locked."""
        if not self.unlocked:
            return {}
        _, waiting = self.desk.inbox(show="waiting", start=0, most=0)
        _, silent = self.desk.inbox(show="silent", start=0, most=0)
        wrong = self.desk.check_ins.wrong()
        counts = {"waiting_total": waiting, "silent_total": silent, "check_in_alarms": wrong}
        return {"status": self.desk.status(), "asked_total": self.desk.cases.to_answer(), **counts}

    def part(self, template: str, /, **context: Any) -> Page:  # noqa: ANN401
        """Answer with a part of a page, or with nothing if the page shows the same already."""
        content = self._render(template, **({"told": []} | context))
        seen = self.asked("seen")
        if seen and f"seen={seen}" in content:
            return self._answer("", HTTP_204_NO_CONTENT)
        return self._answer(content, HTTP_200_OK)

    def bare(self, template: str, /, status: int, **context: Any) -> Page:  # noqa: ANN401
        """Answer without asking the engine for anything: it may be what went wrong."""
        return self._answer(self._render(template, bare=True, told=[], **context), status)

    def refused(self, reason: str, template: str, /, into: str, **context: Any) -> Page:  # noqa: ANN401
        """Say why nothing was done, leaving what was typed where it is."""
        if not self.partly:
            return self.page(template, HTTP_422_UNPROCESSABLE_ENTITY, reason=reason, **context)
        return self.refused_here(reason, into, HTTP_422_UNPROCESSABLE_ENTITY, **context)

    def refused_here(self, reason: str, into: str, status: int, **context: Any) -> Page:  # noqa: ANN401
        """Say it within a page that stays as it is."""
        context = {"seen": "", **context, "reason": reason, "told": []}
        answer = self._answer(self._render("regions/refusal.html", bare=True, **context), status)
        answer.headers.update({"HX-Retarget": f"#{into}", "HX-Reswap": "innerHTML"})
        return answer

    def onward(self, path: str, notice: str = "") -> Page:
        """Send the browser on after something was done."""
        if notice:
            self.front.session.tell(notice)
        if self.partly:
            # A script would follow a redirect by itself and put the page into a part of this one.
            answer = self._answer("", HTTP_204_NO_CONTENT)
            answer.headers["HX-Redirect"] = path
            return answer
        answer = self._answer("", HTTP_303_SEE_OTHER)
        answer.headers["Location"] = path
        return answer

    def tell_here(self, notice: str) -> Page:
        """Say something on the page that stays open."""
        self.front.session.tell(notice)
        self.front.live.tell(NOTICE)
        return self._answer("", HTTP_204_NO_CONTENT)

    def _render(self, template: str, /, *, bare: bool = False, **context: Any) -> str:  # noqa: ANN401
        ours: dict[str, Any] = {
            "csrf": self.front.session.form_token if self.known else "",
            "keys_on": self.front.session.keys,
            "rehearsal": self.front.rehearsal,
            "unlocked": self.unlocked and not bare,
            "watched": self.watched,
            "phones": self.phones,
            "reason": "",
        }
        if ours["unlocked"]:
            ours |= {"people": self.people, "now": self.desk.now()}
        return render(self.language, self.front.zone, template, **(ours | context))

    def _answer(self, content: str, status: int) -> Page:
        return Response(content, status_code=status, media_type=HTML)


Here = NamedDependency[Visit]
"""A visit as views ask for it."""

Named = FromPath[str]
"""A piece of the address."""
