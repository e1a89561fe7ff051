# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telegram Desktop's export in JSON: `result.json` of one chat or of all, and its media."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from datetime import datetime, tzinfo
from pathlib import PurePosixPath
from typing import Any, Final

from safeconduct.edges.desk.importing.found import (
    BEGINS_MOST,
    Found,
    FoundFile,
    NotReadable,
    TooMuch,
    fitting,
    line,
)
from safeconduct.edges.desk.importing.packed import Packed
from safeconduct.kernel.words import SECOND, Instant
from safeconduct.rooms.hotline.decide import ANSWER_FILE_MOST
from safeconduct.rooms.hotline.import_plan import Item, Left
from safeconduct.rooms.hotline.imported import item_id

JSON_MOST: Final = 256 << 20
NAME: Final = "result.json"
Told = Any
"""A value of JSON: a message may be of any shape."""
_FILES: Final = ("photo", "file")


class Telegram:
    """An export."""

    def __init__(self, packed: Packed, ours: Collection[str], zone: tzinfo | None) -> None:
        """Read what is packed; `ours` are names under which the office wrote."""
        self._packed: Final = packed
        self._ours: Final = {one.casefold() for one in ours}
        self._zone: Final = zone

    def read(self) -> Iterator[Found | Left]:
        """Yield its messages."""
        name = next(iter(self._packed.named(".json")), "")
        raw = self._packed.read(name, JSON_MOST)
        if raw is None:
            raise TooMuch
        try:
            told = json.loads(raw)
        except (ValueError, RecursionError):
            raise NotReadable from None
        own, chats = _chats(told)
        number = 0
        for chat in chats:
            for message in _list(chat, "messages"):
                number += 1
                try:
                    yield self._message(chat, message, number, own, PurePosixPath(name).parent)
                except Exception:  # noqa: BLE001  (a message may be of any shape)
                    yield Left(number, "damaged")

    def _message(
        self,
        chat: Told,
        message: Told,
        number: int,
        own: str,
        root: PurePosixPath,
    ) -> Found | Left:
        if message.get("type") != "message":
            return Left(number, "service")
        sender, sender_id = line(_said(message, "from")), _said(message, "from_id")
        files, missing = self._files(message, root)
        text, kept, remarks = fitting(_text(message), files)
        if not text and not kept:
            return Left(number, "file_elsewhere" if missing else "empty", sender)
        ours = sender_id == own if own else False
        ours = ours or sender.casefold() in self._ours
        talk, group = f"{_said(chat, 'id')}", _is_group(chat)
        happened = _when(message, self._zone)
        undated = ("undated",) if happened is None else ()
        names = _names(talk, message) if group else ()
        if group and ours and len(names) < 2:  # noqa: PLR2004  (its own, and whose it answers)
            return Left(number, "ours_to_all", sender)
        item = Item(
            id=item_id("telegram", talk, _said(message, "id")),
            source="telegram",
            where=number,
            who=f"{talk}/{sender_id if not ours else number}" if group else talk,
            sender=sender,
            happened=happened,
            begins=line(text, BEGINS_MOST),
            ours=ours,
            names=names if ours or not group else names[:1],
            remarks=(*remarks, *(("file_elsewhere",) if missing else ()), *undated),
        )
        return Found(item=item, text=text, files=kept)

    def _files(self, message: Told, root: PurePosixPath) -> tuple[list[FoundFile], bool]:
        found, missing = [], False
        for name in filter(None, (_said(message, one) for one in _FILES)):
            content = self._packed.read(str(root / name), ANSWER_FILE_MOST)
            if content is None:
                missing = True
            else:
                kind = _said(message, "mime_type") or "application/octet-stream"
                found.append(FoundFile(PurePosixPath(name).name, kind[:100], content))
        return found, missing


def _is_group(chat: Told) -> bool:
    kind = _said(chat, "type")
    return "group" in kind or "channel" in kind


def _chats(told: Told) -> tuple[str, list[Any]]:
    """Return under which id the office wrote, if the export says so, and the chats."""
    if not isinstance(told, dict):
        raise NotReadable
    if "messages" in told:
        return "", [told]
    chats = _list(told.get("chats") or {}, "list") + _list(told.get("left_chats") or {}, "list")
    if not chats:
        raise NotReadable
    user = _said(told.get("personal_information") or {}, "user_id")
    return f"user{user}" if user else "", [one for one in chats if isinstance(one, dict)]


def _list(of: Told, name: str) -> list[Any]:
    found = of.get(name) if isinstance(of, dict) else None
    return found if isinstance(found, list) else []


def _said(of: Told, name: str, otherwise: str = "") -> str:
    found = of.get(name) if isinstance(of, dict) else None
    return str(found) if isinstance(found, str | int) and found != "" else otherwise


def _text(message: Told) -> str:
    found = message.get("text")
    parts = found if isinstance(found, list) else [found]
    text = "".join(one if isinstance(one, str) else _said(one, "text") for one in parts)
    passed_on = line(_said(message, "forwarded_from"))
    return f"— {passed_on}:\n{text}" if passed_on else text


def _when(message: Told, zone: tzinfo | None) -> Instant | None:
    seconds = _said(message, "date_unixtime")
    if seconds.isascii() and seconds.isdigit() and len(seconds) < 12:  # noqa: PLR2004
        return Instant(int(seconds) * SECOND)
    try:
        moment = datetime.fromisoformat(_said(message, "date"))
        return Instant(int(moment.replace(tzinfo=moment.tzinfo or zone).timestamp()) * SECOND)
    except (ValueError, OverflowError, OSError):
        return None


def _names(talk: str, message: Told) -> tuple[bytes, ...]:
    """Return what names a message of a group, and which it answers."""
    said = (_said(message, "id"), _said(message, "reply_to_message_id"))
    return tuple(hashlib.sha256(f"{talk}/{one}".encode()).digest()[:16] for one in said if one)
