# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mails: of an mbox file, one at a time in constant memory; each as text, files, and what it cites.

Parsed by Python's own `email`, which decodes no picture and runs nothing.  A mail that breaks it
is one line of the report.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from safeconduct.edges.desk.importing.found import (
    BEGINS_MOST,
    Found,
    FoundFile,
    NotReadable,
    fitting,
    line,
)
from safeconduct.edges.desk.importing.plain_text import decoded, of_html
from safeconduct.kernel.words import SECOND, Instant
from safeconduct.rooms.hotline.import_plan import Item, Left
from safeconduct.rooms.hotline.imported import item_id

MAIL_MOST: Final = 64 << 20
LINE_MOST: Final = 1 << 20
"""Bytes that are read at once, where a line has no end."""
PARTS_MOST: Final = 500
DEPTH_MOST: Final = 20
NESTED_MOST: Final = 200
"""Parts of parts in one mail."""
NAMES_MOST: Final = 50
"""Other mails that one may cite."""
HEADER_MOST: Final = 20_000
LINES_MOST: Final = 2_000_000
LOOKS_MOST: Final = 20_000_000
"""Lines of a mail, each as often as the parser looks at it: once for each part around it."""
BOUNDARIES_MOST: Final = 10_000
_BOUNDARY: Final = re.compile(rb"[\r\n]--")
_KINDS: Final = re.compile(
    rb"(?im)^content-(?:type|disposition)[ \t]*:[^\r\n]*(?:(?:\r\n?|\n)[ \t][^\r\n]*)*"
)
_BEGINS: Final = b"From "


class Mbox:
    """An mbox file."""

    def __init__(self, path: Path, ours: Collection[str]) -> None:
        """Read this file; `ours` are the office's own addresses."""
        self._path: Final = path
        self._ours: Final = {one.casefold() for one in ours}

    def read(self) -> Iterator[Found | Left]:
        """Yield its mails."""
        for number, raw in enumerate(split(self._path), 1):
            yield Left(number, "too_large") if raw is None else mail(raw, number, self._ours)


def split(path: Path) -> Iterator[bytes | None]:
    """Yield the mails of an mbox file, None for one that is too large to hold.

    Raises:
        NotReadable: it does not begin like one.
    """
    with path.open("rb") as file:
        first = file.readline(LINE_MOST)
        if not first.startswith(_BEGINS):
            raise NotReadable
        parts, size, blank, whole = [first], len(first), False, True
        while raw := file.readline(LINE_MOST):
            if blank and raw.startswith(_BEGINS):
                yield b"".join(parts) if whole else None
                parts, size, whole = [], 0, True
            size += len(raw)
            blank = raw in {b"\n", b"\r\n"}
            whole = whole and size <= MAIL_MOST
            if whole:
                parts.append(raw)
            else:
                parts.clear()
        yield b"".join(parts) if whole else None


def mail(raw: bytes, number: int, ours: Collection[str], *, sent: bool = False) -> Found | Left:
    """Return one mail, with or without the line that begins it in an mbox.

    `sent` tells that it lies where a mail server keeps what the office sent.
    """
    if _takes_too_long(raw):
        return Left(number, "nested")
    try:
        return _mail(raw, number, ours, sent=sent)
    except RecursionError:
        return Left(number, "nested")
    except Exception:  # noqa: BLE001  (what a broken mail raises has no end)
        return Left(number, "damaged")


def _takes_too_long(raw: bytes) -> bool:
    """Tell whether to parse a mail would take the square of its size, or of its depth."""
    low = raw.lower()
    nested = low.count(b"multipart/"), low.count(b"message/rfc822")
    lines = raw.count(b"\n") + raw.count(b"\r")
    if max(nested) > NESTED_MOST or lines > LINES_MOST or lines * (1 + nested[0]) > LOOKS_MOST:
        return True
    if nested[0] and len(_BOUNDARY.findall(raw)) > BOUNDARIES_MOST:
        return True
    return any(found.end() - found.start() > HEADER_MOST for found in _KINDS.finditer(raw))


def _mail(raw: bytes, number: int, ours: Collection[str], *, sent: bool) -> Found | Left:
    envelope, raw = _envelope(raw)
    parsed = message_from_bytes(raw)
    name, address = _sender(parsed)
    sender = line(f"{name} <{address}>" if name and address else address or name)
    if parsed.get_content_type() == "multipart/report":
        return Left(number, "bounce", sender)
    texts: list[str] = []
    files: list[FoundFile] = []
    _gather(parsed, texts, files, 0)
    subject = line(_header(parsed, "Subject"))
    text, kept, remarks = fitting("\n\n".join(filter(None, (subject, *texts))), files)
    if not text and not kept:
        return Left(number, "empty", sender)
    own = address.casefold() in ours
    came_in = own and not sent and "Received" in parsed
    happened, dated = _when(parsed, envelope)
    cited = _cited(parsed)
    item = Item(
        id=_identity(parsed, text, cited),
        source="mail",
        where=number,
        who=_whom(parsed, ours) if own else address.casefold() or f"?{name}",
        sender=sender,
        happened=happened,
        begins=line(text, BEGINS_MOST),
        ours=own,
        came_in=came_in,
        names=cited,
        remarks=(
            *remarks,
            *(("came_in",) if came_in else ()),
            *(() if dated else ("undated" if happened is None else "envelope",)),
        ),
    )
    return Found(item=item, text=text, files=kept)


def _envelope(raw: bytes) -> tuple[str, bytes]:
    """Part the line that begins a mail in an mbox from the mail."""
    if not raw.startswith(_BEGINS):
        return "", raw
    first, _, rest = raw.partition(b"\n")
    return first.decode("ascii", "replace"), rest


def _header(parsed: Message[str, str], name: str) -> str:
    """Return a header's text, whatever it is encoded as."""
    try:
        value: Any = parsed.get(name, "")
        return "".join(
            decoded(part, coding or "") if isinstance(part, bytes) else part
            for part, coding in decode_header(_raw(value))
        )
    except Exception:  # noqa: BLE001  (as a broken header breaks no mail)
        return ""


def _raw(value: object) -> str:
    """Return a header as text: bytes beyond ASCII come out as what they were."""
    text = str(value)[:HEADER_MOST]
    if any("\udc80" <= char <= "\udcff" for char in text):
        return decoded(text.encode("ascii", "surrogateescape"))
    return decoded(text.encode("utf-8", "surrogateescape"))


def _sender(parsed: Message[str, str]) -> tuple[str, str]:
    named = getaddresses([_header(parsed, "From") or _header(parsed, "Sender")])
    name, address = named[0] if named else ("", "")
    return line(name), line(address)


def _whom(parsed: Message[str, str], ours: Collection[str]) -> str:
    """Return to whom the office wrote: the first address that is not its own."""
    named = getaddresses([_header(parsed, name) for name in ("To", "Cc", "Bcc")])
    others = [one.casefold() for _, one in named if one and one.casefold() not in ours]
    return others[0] if others else "?"


def _when(parsed: Message[str, str], envelope: str) -> tuple[Instant | None, bool]:
    """Return when it was sent, and whether it says so itself; else the mailbox's own word."""
    found = _instant(_header(parsed, "Date"))
    if found is not None:
        return found, True
    received = _header(parsed, "Received").rpartition(";")[2]
    if (found := _instant(received)) is not None:
        return found, False
    try:
        moment = datetime.strptime(" ".join(envelope.split()[-5:]), "%a %b %d %H:%M:%S %Y").replace(
            tzinfo=UTC
        )
        return _of(moment), False
    except ValueError:
        return None, False


def _instant(text: str) -> Instant | None:
    try:
        moment = parsedate_to_datetime(text)
        return _of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _of(moment: datetime) -> Instant | None:
    seconds = int(moment.timestamp())
    return Instant(seconds * SECOND) if seconds > 0 else None


def _cited(parsed: Message[str, str]) -> tuple[bytes, ...]:
    """Return what names it and what it cites, as digests."""
    said = " ".join(_header(parsed, one) for one in ("Message-ID", "In-Reply-To", "References"))
    words = dict.fromkeys(one for one in said.replace(",", " ").split() if "@" in one)
    return tuple(_digest(one) for one in list(words)[:NAMES_MOST])


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.strip("<>").encode("utf-8", "replace")).digest()[:16]


def _identity(parsed: Message[str, str], text: str, cited: tuple[bytes, ...]) -> bytes:
    """Return what it is known by when it comes again, by another way or in a longer file."""
    name = _header(parsed, "Message-ID").strip()
    if name and cited:
        return item_id("mail", "id", name, text)
    said = (_header(parsed, one) for one in ("From", "Date", "Subject"))
    return item_id("mail", "said", *said, text)


def _gather(part: Message[str, str], texts: list[str], files: list[FoundFile], depth: int) -> None:
    """Take the texts and files of a part, and of what is in it."""
    if depth > DEPTH_MOST:
        raise RecursionError
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        _gather_best(part, texts, files, depth)
    elif part.is_multipart():
        if kind == "message/rfc822":
            _head(part, texts)
        for one in _parts(part):
            _gather(one, texts, files, depth + 1)
    elif len(files) + len(texts) < PARTS_MOST:
        _take(part, kind, texts, files)


def _parts(part: Message[str, str]) -> list[Message[str, str]]:
    found = part.get_payload()
    return [one for one in found if isinstance(one, Message)] if isinstance(found, list) else []


def _gather_best(
    part: Message[str, str], texts: list[str], files: list[FoundFile], depth: int
) -> None:
    """Of several tellings of the same take the plain one, or what there is."""
    among = _parts(part)
    plain = [one for one in among if one.get_content_type() == "text/plain"]
    before = len(texts)
    for one in plain[:1]:
        _gather(one, texts, files, depth + 1)
    if len(texts) > before:
        among = [one for one in among if one.get_content_maintype() != "text"]
    for one in [other for other in among if other not in plain]:
        inner: list[str] = []
        _gather(one, inner, files, depth + 1)
        if len(texts) == before:
            texts += inner


def _head(part: Message[str, str], texts: list[str]) -> None:
    """Say of a mail that was passed on whose it was."""
    for inner in _parts(part)[:1]:
        said = [f"{one}: {line(_header(inner, one))}" for one in ("From", "Date", "Subject")]
        texts.append("— " + "\n".join(said))


def _take(part: Message[str, str], kind: str, texts: list[str], files: list[FoundFile]) -> None:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    name = _name(part)
    shown = not name and part.get_content_disposition() != "attachment"
    if shown and kind in {"text/plain", "text/html"}:
        text = decoded(raw, str(part.get_param("charset", "") or ""))
        texts.append((of_html(text) if kind == "text/html" else text).strip())
    elif raw:
        files.append(FoundFile(name or "file", kind, raw))


def _name(part: Message[str, str]) -> str:
    try:
        found = part.get_filename() or ""
    except Exception:  # noqa: BLE001  (as a broken name breaks no mail)
        return "file"
    holder: Message[str, str] = Message()
    holder["name"] = found.replace("\n", " ").replace("\r", " ")
    return _header(holder, "name")
