# SPDX-License-Identifier: AGPL-3.0-or-later
"""SMS, a door: a Kannel gateway of ours on this machine (spec/lines.md 4 and 6).

The phone companies read and keep all that passes here, so one short text goes.
Kannel calls us for each message and hears "taken" only once the line has it; until then it calls
again (`http-request-retry`), and what comes twice so is known by its time and words, in memory.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec
from aiohttp import web

from safeconduct.edges.lines.came import in_words
from safeconduct.edges.lines.channel import Arrived, Ask, CannotSend, Departing, Kept, Line
from safeconduct.edges.lines.kinds.called import Called
from safeconduct.edges.lines.kinds.servers import port_of
from safeconduct.edges.lines.web import body_of, calling
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.rooms.hotline.by_line import Kind

PATH: Final = "/sms"
ASKS: Final = (
    Ask("number"),
    Ask("port", unless="8096", form="port"),
    Ask("called_by", secret=True),
    Ask("sendsms_url", unless="http://127.0.0.1:13013/cgi-bin/sendsms", form="url"),
    Ask("username"),
    Ask("password", secret=True),
    Ask("status_url", unless="http://127.0.0.1:13000/status.xml", form="url"),
    Ask("status_password", secret=True, unless="-"),
)
GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The letters of a text of 160 (3GPP TS 23.038, 6.2.1)."""
GSM_TWICE: Final = frozenset("^{}\\[~]|€")
"""These take the room of two (6.2.1.1)."""
GSM_ROOM: Final = (160, 153)
UCS_ROOM: Final = (70, 67)
"""Letters of a text that goes alone, and of each part where there are several."""
PARTS_MOST: Final = 3
"""Our texts are one part; with an onion address they are more, which is better than none."""
BODY_MOST: Final = 16 << 10
NUMBER_MOST: Final = 64
UNKNOWN: Final = "unknown"
TEXT: Final = "0"
BINARY: Final = "1"
UCS: Final = "2"
SEEN_MOST: Final = 4_096
LOOK_AGAIN: Final = 60.0
PATIENCE: Final = 30.0
ACCEPTED: Final = frozenset({200, 202})
NEVER: Final = 400
"""Kannel's word for a request that it will never take; 403 is a password that somebody mends."""
ONLINE: Final = re.compile(rb"<smsc>.*?<status>online\b", re.DOTALL)


class Came(msgspec.Struct, frozen=True):
    """One message as Kannel tells it."""

    number: str
    text: str
    time: str = ""
    key: str = ""


def parse_sms(query: bytes) -> Came:
    """Return what Kannel tells in the query of its call; who names no number stays unknown."""
    pairs = (part.partition(b"=") for part in query.replace(b"+", b" ").split(b"&"))
    told = {name.decode("latin-1"): unquote_to_bytes(value) for name, _, value in pairs}
    number = told.get("from", b"").decode("ascii", "ignore").strip()[:NUMBER_MOST]
    words = _words(told.get("text", b""), told.get("coding", b"").decode("latin-1"))
    plain = (told.get(name, b"").decode("utf-8", "replace") for name in ("time", "key"))
    return Came(number or UNKNOWN, words, *plain)


def _words(text: bytes, coding: str) -> str:
    if coding == BINARY:
        return in_words("binary", text.hex())
    return text.decode("utf-16-be" if coding == UCS else "utf-8", "replace")


def is_gsm(text: str) -> bool:
    """Tell whether a text needs no other letters than those of which 160 are a part."""
    return set(text) <= GSM | GSM_TWICE


def parts_of(text: str) -> int:
    """Return in how many parts a text goes; of several, each has room for fewer letters."""
    if is_gsm(text):
        return _parts(len(text) + sum(letter in GSM_TWICE for letter in text), GSM_ROOM)
    return _parts(len(text.encode("utf-16-be")) // 2, UCS_ROOM)


def _parts(letters: int, room: tuple[int, int]) -> int:
    alone, each = room
    return 1 if letters <= alone else -(-letters // each)


class Sms:
    """A number's door."""

    kind: Kind = "sms"

    def __init__(self, settings: Mapping[str, str]) -> None:
        ask = {ask.name: settings.get(ask.name, "") or ask.unless for ask in ASKS}
        self._ask: Final = ask
        self._called: Final = Called[Came](
            remembers=SEEN_MOST, body_most=BODY_MOST, seconds=PATIENCE
        )

    async def run(self, line: Line) -> None:
        """Bring what comes, until cancelled.

        Raises:
            Unreachable: another program has the port.
            Refused: there is no word to know Kannel by.
        BadServer: the port is none.
        """
        if not self._ask["called_by"]:
            raise Refused

        async def answered(request: web.Request) -> web.Response:
            return await self._answered(request, line)

        async def look() -> None:
            await self._look(line)

        port = port_of(self._ask["port"])
        await self._called.run([web.get(PATH, answered)], port, look, LOOK_AGAIN)

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send the one text.

        Raises:
            Unreachable: not now.
            CannotSend: the text is too long for its kind, or Kannel will never take it.
        """
        if contact == UNKNOWN.encode() or parts_of(out.text) > PARTS_MOST:
            raise CannotSend
        asked = {
            "username": self._ask["username"],
            "password": self._ask["password"],
            "from": self._ask["number"],
            "to": contact.decode("ascii", "replace"),
            "charset": "UTF-8",
            "coding": TEXT if is_gsm(out.text) else UCS,
            "text": out.text,
        }
        with calling():
            async with self._called.http.session.get(
                self._ask["sendsms_url"], params=asked
            ) as answer:
                await body_of(answer)
                status = answer.status
        if status not in ACCEPTED:
            raise CannotSend if status == NEVER else Unreachable

    async def _answered(self, request: web.Request, line: Line) -> web.Response:
        given = request.query.get("called_by", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._ask["called_by"].encode()):
            return web.Response(status=403)
        try:
            with self._called.gate.inside():
                await self._take(parse_sms(_query(request)), line)
        except Unreachable:
            return web.Response(status=503)
        line.heard()
        return web.Response()

    async def _take(self, came: Came, line: Line) -> None:
        async with self._called.turn:
            if not self._called.has(came):
                await line.take(Arrived(came.number.encode(), came.text))
                self._called.took(came)

    async def _look(self, line: Line) -> None:
        """Ask Kannel whether its way to the phone company is open."""
        asked = {"password": self._ask["status_password"]}
        with calling():
            async with self._called.http.session.get(
                self._ask["status_url"], params=asked
            ) as answer:
                if ONLINE.search(await body_of(answer) or b""):
                    line.heard()


def _query(request: web.Request) -> bytes:
    """The query as it came: what is no text in UTF-8 would be spoilt by reading it as such."""
    return request.raw_path.partition("?")[2].encode("utf-8", "surrogateescape")


def channel(settings: Mapping[str, str], kept: Kept) -> Sms:  # noqa: ARG001  (keeps nothing)
    """Return the channel; it connects to nothing before `run`."""
    return Sms(settings)
