# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telegram, a door: the Bot API by long polls (spec/lines.md 4 and 6).

Telegram reads all that passes here, so one fixed text goes, and no answer.
An update is confirmed to Telegram only once the line took it; groups are not listened to, since an
answer to one would be read by all in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import aiohttp
import msgspec

from safeconduct.edges.lines.came import in_words, together
from safeconduct.edges.lines.channel import (
    Arrived,
    Ask,
    CannotSend,
    Departing,
    FileHere,
    Kept,
    Line,
)
from safeconduct.edges.lines.kinds.sizes import BYTES_MOST, lost, too_large, within
from safeconduct.edges.lines.reading.telegram import (
    FILES,
    Answer,
    Incoming,
    Sent,
    Written,
    parse_updates,
)
from safeconduct.edges.lines.web import ANSWER_MOST, Http, body_of, calling
from safeconduct.kernel.errors import Malformed, Refused, Unreachable
from safeconduct.rooms.hotline.by_line import Kind

API: Final = "https://api.telegram.org"
ASKS: Final = (Ask("token", secret=True), Ask("base_url", unless=API, form="url"))
WAIT: Final = 50
"""Seconds that a poll waits for something to come."""
SLACK: Final = 20
BATCH: Final = 10
NEXT: Final = "telegram-next"
"""Under this name the line keeps which update comes next: a number, and nobody's."""
OK: Final = 200
NOT_OURS: Final = frozenset({401, 404})
"""No bot has this token."""
TRIES: Final = 5
"""A file that does not come so often is given up: what was written with it must not wait."""
FILE_SECONDS: Final = 300.0
GONE: Final = frozenset({400, 403})
"""Blocked by the person, or a chat that is no more."""


_Files = tuple[tuple[FileHere, ...], tuple[str, ...]]
"""What came, and the lines that name what did not."""


class _FilePath(msgspec.Struct):
    file_path: str = ""


class Telegram:
    """A bot's door."""

    kind: Kind = "telegram"

    def __init__(self, settings: Mapping[str, str], kept: Kept) -> None:
        self._base: Final = settings.get("base_url", "").rstrip("/") or API
        self._token: Final = settings.get("token", "")
        self._kept: Final = kept
        self._http: Final = Http(WAIT + SLACK)
        self._tried = (0, 0)

    async def run(self, line: Line) -> None:
        """Bring what comes, until cancelled.

        Raises:
            Unreachable: Telegram does not answer, or the relay did not take what came.
            Refused: no bot has this token.
        """
        following = int(self._kept.load(NEXT) or b"0")
        async with self._http.opened():
            while True:
                for one in await self._poll(following):
                    await self._take(one, line)
                    following = one.number + 1
                    self._kept.save(NEXT, b"%d" % following)
                    await self._delete(one)
                line.heard()

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send the one text.

        Raises:
            Unreachable: not now.
            CannotSend: the person blocked the bot, or the chat is gone.
        """
        chat = contact.decode("ascii", "replace")
        quiet = {"link_preview_options": {"is_disabled": True}}
        await self._call("sendMessage", {"chat_id": chat, "text": out.text, **quiet})

    async def _take(self, one: Incoming, line: Line) -> None:
        message = _private(one)
        if message is None:
            return
        files, left = await self._files_of(one.number, message)
        text = in_words("start") if message.text.startswith("/start") else message.text
        words, files = within(together(one.words, text, message.caption), files, left)
        language = message.author.language_code[:2].lower()
        contact = b"%d" % message.chat.id
        await line.take(Arrived(contact, words, files, language))

    async def _delete(self, one: Incoming) -> None:
        """Delete a message from the person's chat too; Telegram allows that for two days."""
        message = _private(one)
        if message is None:
            return
        with suppress(CannotSend, Unreachable):
            away = {"chat_id": message.chat.id, "message_id": message.message_id}
            await self._call("deleteMessage", away)

    async def _files_of(self, number: int, message: Written) -> _Files:
        number_before, times = self._tried
        times = times + 1 if number == number_before else 1
        self._tried = number, times
        try:
            return await self._files(message)
        except Unreachable:
            if times < TRIES:
                raise
            return (), (lost(""),)

    async def _files(self, message: Written) -> _Files:
        sent = [one for name in FILES if (one := getattr(message, name)) is not None]
        if message.photo:
            largest = max(message.photo, key=lambda one: one.file_size)
            largest.mime_type, largest.file_name = "image/jpeg", "photo.jpg"
            sent.append(largest)
        if message.animation is not None:  # Telegram sends it as a document too, for old clients.
            sent = [one for one in sent if one is not message.document]
        files, left = list[FileHere](), list[str]()
        for one in sent:
            content = await self._file(one)
            if content is None:
                left.append(too_large(one.file_name, one.file_size))
            else:
                files.append(FileHere(one.file_name or "file", one.mime_type, content))
        return tuple(files), tuple(left)

    async def _file(self, sent: Sent) -> bytes | None:
        """Fetch a file; None if Telegram does not hand it out to bots, or it is too large."""
        if sent.file_size > BYTES_MOST:
            return None
        try:
            found = await self._call("getFile", {"file_id": sent.file_id})
        except CannotSend:
            return None
        try:
            path = msgspec.json.decode(found, type=_FilePath).file_path
        except ValueError:
            return None
        with calling():
            where = f"{self._base}/file/bot{self._token}/{path}"
            patience = aiohttp.ClientTimeout(total=FILE_SECONDS)
            async with self._http.session.get(where, timeout=patience) as answer:
                return await body_of(answer, BYTES_MOST) if answer.ok else None

    async def _poll(self, following: int) -> tuple[Incoming, ...]:
        asked = {"offset": following, "timeout": WAIT, "limit": BATCH}
        wanted = {"allowed_updates": ["message", "edited_message"]}
        body, status = await self._post("getUpdates", {**asked, **wanted})
        if status in NOT_OURS:
            raise Refused
        if status != OK:
            raise Unreachable
        try:
            return parse_updates(body)
        except Malformed:
            raise Unreachable from None

    async def _call(self, method: str, asked: Mapping[str, Any]) -> msgspec.Raw:
        body, status = await self._post(method, asked)
        if status in GONE:
            raise CannotSend
        try:
            answer = msgspec.json.decode(body, type=Answer)
        except ValueError:
            raise Unreachable from None
        if not answer.ok:
            raise Unreachable
        return answer.result

    async def _post(self, method: str, asked: Mapping[str, Any]) -> tuple[bytes, int]:
        with calling():
            where = f"{self._base}/bot{self._token}/{method}"
            async with self._http.session.post(where, json=asked) as answer:
                return await body_of(answer, ANSWER_MOST) or b"", answer.status


def _private(one: Incoming) -> Written | None:
    """What was written to the bot alone: an answer to a group would be read by all in it."""
    message = one.message
    return message if message and message.chat.type in {"private", ""} else None


def channel(settings: Mapping[str, str], kept: Kept) -> Telegram:
    """Return the channel; it connects to nothing before `run`."""
    return Telegram(settings, kept)
