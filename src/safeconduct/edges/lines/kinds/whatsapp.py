# SPDX-License-Identifier: AGPL-3.0-or-later
"""WhatsApp, a door: the Cloud API's webhook, and one text back (spec/lines.md 4 and 6).

Meta's servers open all that passes here, so one fixed text goes, and no answer.
A call of theirs counts by its signature over the raw body alone, and hears "taken" only once the
line has every message in it; until then they call again, for days.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from aiohttp import web

from safeconduct.edges.lines.came import together
from safeconduct.edges.lines.channel import (
    Arrived,
    Ask,
    CannotSend,
    Departing,
    FileHere,
    Kept,
    Line,
)
from safeconduct.edges.lines.kinds.called import Called
from safeconduct.edges.lines.kinds.servers import port_of
from safeconduct.edges.lines.kinds.sizes import BYTES_MOST, lost, within
from safeconduct.edges.lines.reading.whatsapp import (
    Incoming,
    Media,
    Message,
    check_signature,
    media_of,
    parse_call,
)
from safeconduct.edges.lines.web import body_of, calling
from safeconduct.kernel.errors import BadSignature, Malformed, Refused, Unreachable
from safeconduct.rooms.hotline.by_line import Kind

API: Final = "https://graph.facebook.com/v24.0"
PATH: Final = "/whatsapp"
SIGNATURE: Final = "X-Hub-Signature-256"
ASKS: Final = (
    Ask("phone_number_id"),
    Ask("token", secret=True),
    Ask("app_secret", secret=True),
    Ask("verify_token", secret=True),
    Ask("port", unless="8095", form="port"),
    Ask("base_url", unless=API, form="url"),
)
BODY_MOST: Final = 3 << 20
"""Meta's own bound for a call."""
CHALLENGE_MOST: Final = 200
SEEN_MOST: Final = 10_000
"""So many ids of messages are remembered, in memory: who calls again brings nothing twice."""
LOOK_AGAIN: Final = 240.0
"""Seconds between two looks at whether the number is still ours."""
PATIENCE: Final = 60.0
TRIES: Final = 5
NOT_NOW: Final = frozenset({0, 1, 2, 3, 4, 10, 190, 80007, 130429, 131000, 131016, 131048, 131056})
"""Meta's codes for a token that ran out, too many calls, or a fault of theirs."""
OWN_FAULT: Final = frozenset({401, 403, 429})


class _Where(msgspec.Struct):
    url: str = ""
    file_size: int = 0


class _Fault(msgspec.Struct):
    code: int = 0


class _Said(msgspec.Struct):
    error: _Fault | None = None


class WhatsApp:
    """A business number's door."""

    kind: Kind = "whatsapp"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._id: Final = settings.get("phone_number_id", "")
        self._token: Final = settings.get("token", "")
        self._secret: Final = settings.get("app_secret", "")
        self._verify: Final = settings.get("verify_token", "")
        self._port: Final = settings.get("port", "") or "8095"
        self._base: Final = settings.get("base_url", "").rstrip("/") or API
        self._called: Final = Called[str](
            remembers=SEEN_MOST, body_most=BODY_MOST, seconds=PATIENCE
        )

    async def run(self, line: Line) -> None:
        """Bring what comes, until cancelled.

        Raises:
            Unreachable: another program has the port.
            Refused: there is no secret to know Meta by.
            BadServer: the port is none.
        """
        if not (self._secret and self._verify):
            raise Refused

        async def answered(request: web.Request) -> web.Response:
            return await self._answered(request, line)

        async def look() -> None:
            await self._look(line)

        routes = web.get(PATH, self._greeted), web.post(PATH, answered)
        await self._called.run(routes, port_of(self._port), look, LOOK_AGAIN)

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send the one text.

        Raises:
            Unreachable: not now.
            CannotSend: the person is not there, or wrote too long ago for Meta to let us answer.
        """
        whom = contact.decode("utf-8", "replace")
        to = {"to": whom} if whom.isdecimal() else {"recipient": whom}
        said = {"type": "text", "text": {"body": out.text, "preview_url": False}}
        asked: dict[str, Any] = {"messaging_product": "whatsapp", **to, **said}
        with calling():
            where = f"{self._base}/{self._id}/messages"
            async with self._called.http.session.post(
                where, json=asked, headers=self._by
            ) as answer:
                body, status = await body_of(answer) or b"", answer.status
        if status // 100 != 2:  # noqa: PLR2004  (any of those is a yes)
            raise CannotSend if _never(body, status) else Unreachable

    async def _look(self, line: Line) -> None:
        with calling():
            where = f"{self._base}/{self._id}?fields=id"
            async with self._called.http.session.get(where, headers=self._by) as answer:
                if answer.ok:
                    line.heard()

    async def _greeted(self, request: web.Request) -> web.Response:
        asked = request.query
        given = asked.get("hub.verify_token", "").encode()
        right = hmac.compare_digest(given, self._verify.encode())
        challenge = asked.get("hub.challenge", "")
        plain = challenge.isascii() and challenge.isalnum() and len(challenge) <= CHALLENGE_MOST
        if not (right and plain and asked.get("hub.mode") == "subscribe"):
            return web.Response(status=403)
        return web.Response(text=challenge)

    async def _answered(self, request: web.Request, line: Line) -> web.Response:
        try:
            with self._called.gate.inside():
                body = await request.read()
                check_signature(body, request.headers.get(SIGNATURE, ""), self._secret)
                for one in parse_call(body, self._id):
                    await self._take(one, line)
        except BadSignature:
            return web.Response(status=403)
        except Malformed:  # Meta signed it, and would call again for days.
            return web.Response(status=200)
        except Unreachable:
            return web.Response(status=503)
        line.heard()
        return web.Response(status=200)

    async def _take(self, one: Incoming, line: Line) -> None:
        message = one.message
        contact = (message.number or message.from_user_id).encode()
        async with self._called.turn:
            if self._called.has(message.id) or not contact:
                return
            files, left = await self._files(message)
            text = message.text.body if message.text else ""
            captions = [media.caption for media in media_of(message)]
            words, files = within(together(one.words, text, *captions), files, left)
            await line.take(Arrived(contact, words, files))
            self._called.took(message.id)

    async def _files(self, message: Message) -> tuple[tuple[FileHere, ...], tuple[str, ...]]:
        files, left = list[FileHere](), list[str]()
        for media in media_of(message):
            try:
                content = await self._file(media)
            except Unreachable:
                if self._called.failed(message.id) < TRIES:
                    raise
                content = None
            if content is None:
                left.append(lost(media.filename))
            else:
                files.append(FileHere(media.filename or "file", media.mime_type, content))
        return tuple(files), tuple(left)

    async def _file(self, media: Media) -> bytes | None:
        """Fetch a file; None where Meta has it no more, or it is too large."""
        if not (media.id.isascii() and media.id.isalnum()):
            return None
        http = self._called.http.session
        with calling():
            async with http.get(f"{self._base}/{media.id}", headers=self._by) as answer:
                body, found = await body_of(answer) or b"", answer.ok
            try:
                where = msgspec.json.decode(body, type=_Where)
            except ValueError:
                return None
            if not found or where.file_size > BYTES_MOST or not where.url:
                return None
            async with http.get(where.url, headers=self._by) as answer:
                return await body_of(answer, BYTES_MOST) if answer.ok else None

    @property
    def _by(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def _never(body: bytes, status: int) -> bool:
    """Tell whether a refusal is for good: what may be a fault of ours or theirs is tried again."""
    try:
        said = msgspec.json.decode(body, type=_Said)
    except ValueError:
        return False
    code = said.error.code if said.error else 0
    return status // 100 == 4 and status not in OWN_FAULT and code not in NOT_NOW  # noqa: PLR2004


def channel(settings: Mapping[str, str], kept: Kept) -> WhatsApp:  # noqa: ARG001  (keeps nothing)
    """Return the channel; it connects to nothing before `run`."""
    return WhatsApp(settings)
