# SPDX-License-Identifier: AGPL-3.0-or-later
"""One mail: who wrote, words, files, and whether a machine wrote it.

Parsed by Python's own `email`, which decodes no picture and runs nothing.  Nothing that a mail can
be is a reason to lose it: what breaks the parser comes as a file, for somebody to look at with
care.
A machine's mail is taken like any other and never answered, or two machines would write to one
another for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses
from html import unescape
from typing import Final

from safeconduct.edges.lines.came import in_words
from safeconduct.edges.lines.channel import FileHere

TEXT_MOST: Final = 1 << 20
PARTS_MOST: Final = 200
NESTED_MOST: Final = 50
BOUNDARIES_MOST: Final = 2_000
HEADER_MOST: Final = 64 << 10
CONTENT_MOST: Final = 8 << 10
"""Of the headers that each part of a mail has, and that are all read."""
SENDERS_MOST: Final = 2_000
"""Of `From`: each sign more costs time for all before it."""
ADDRESS_MOST: Final = 240
SUBJECT_MOST: Final = 500
_BOUNDARY: Final = re.compile(rb"\n--")
_LISTS: Final = ("List-Id", "List-Unsubscribe", "List-Post", "X-Autoreply", "X-Autorespond")
_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_NOBODY: Final = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"^[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,190}$")
_LANGUAGE: Final = re.compile(r"^\s*([A-Za-z]{2})(?:-|,|;|\s|$)")
_SKIPPED: Final = frozenset({"script", "style", "head", "title", "template"})
_TAG: Final = re.compile(r"[!?]|(/?)([a-zA-Z][a-zA-Z0-9]*)")
_BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says."""

    sender: str
    """An address that can be written to, or empty."""
    by_machine: bool
    language: str
    text: str
    files: tuple[FileHere, ...]
    vouched: str = ""
    """What the topmost server says of who sent it (RFC 8601); empty where two are named."""


def read_mail(raw: bytes, size: int = 0, own: str = "") -> Mail:
    """Read a mail, or the beginning of one of that size; `own` is our own address."""
    cut = in_words("cut", str(size)) if size > len(raw) else ""
    try:
        mail = _read(raw, own)
    except Exception:  # noqa: BLE001  (what a broken mail raises has no end)
        whole = FileHere("mail.eml", "application/octet-stream", raw)
        mail = Mail("", by_machine=True, language="", text=in_words("unread"), files=(whole,))
    text = "\n".join(filter(None, (mail.text, cut)))
    return replace(mail, text=text)


def _read(raw: bytes, own: str) -> Mail:
    low = raw.lower()
    nested = low.count(b"multipart/") + low.count(b"message/rfc822")
    if nested > NESTED_MOST or len(_BOUNDARY.findall(raw)) > BOUNDARIES_MOST:
        raise ValueError
    parsed = message_from_bytes(raw, policy=_Bounded())
    assert isinstance(parsed, EmailMessage)
    sender = _sender(parsed)
    body = parsed.get_body(("plain", "html"))
    words = "" if body is None else _words(body)
    subject = " ".join(_header(parsed, "Subject").split())[:SUBJECT_MOST]
    return Mail(
        sender=sender,
        by_machine=not sender or sender.casefold() == own.casefold() or _by_machine(parsed, sender),
        language=_language(parsed),
        text="\n\n".join(filter(None, (subject, words))),
        files=tuple(_files(parsed, body)),
        vouched=_vouched(parsed),
    )


class _Bounded(policy.EmailPolicy):
    """Python's own policy, that reads no header whose reading would take minutes."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name = sourcelines[0].partition(":")[0].strip().lower()
        most = CONTENT_MOST if name.startswith("content-") else HEADER_MOST
        most = SENDERS_MOST if name == "from" else most
        if sum(map(len, sourcelines)) > most:
            raise ValueError
        return super().header_source_parse(sourcelines)


def _vouched(parsed: EmailMessage) -> str:
    if sum(name.lower() == "from" for name in parsed.keys()) != 1:  # noqa: SIM118  (no mapping)
        return ""
    one = len(getaddresses([_header(parsed, "From")])) == 1
    return _header(parsed, "Authentication-Results") if one else ""


def _sender(parsed: EmailMessage) -> str:
    """Return who is written to: what `From` says, not where answers are asked to."""
    for _, address in getaddresses([_header(parsed, "From")]):
        if len(address.encode()) <= ADDRESS_MOST and _ADDRESS.match(address):
            return address
    return ""


def _by_machine(parsed: EmailMessage, sender: str) -> bool:
    if _header(parsed, "Auto-Submitted").strip().lower() not in {"", "no"}:
        return True
    if any(name in parsed for name in _LISTS):
        return True
    if _header(parsed, "Precedence").strip().lower() in _BULK:
        return True
    if _header(parsed, "Return-Path").strip() == "<>":
        return True
    return parsed.get_content_type() == "multipart/report" or bool(_NOBODY.match(sender))


def _language(parsed: EmailMessage) -> str:
    found = _LANGUAGE.match(_header(parsed, "Content-Language"))
    return found[1].lower() if found else ""


def _header(parsed: EmailMessage, name: str) -> str:
    try:
        return str(parsed.get(name, ""))
    except Exception:  # noqa: BLE001  (a broken header breaks no mail)
        return ""


def _files(parsed: EmailMessage, body: MIMEPart | None) -> Iterator[FileHere]:
    """Yield every part that is not the words."""
    for number, part in enumerate(_leaves(parsed, 0)):
        if number >= PARTS_MOST:
            return
        if part is body or (part.get_content_maintype() == "text" and not _is_file(part, body)):
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else part.as_bytes()
        yield FileHere(_name(part, number), part.get_content_type(), content)


def _leaves(part: MIMEPart, depth: int) -> Iterator[MIMEPart]:
    """Yield the parts that hold no others; a mail within a mail is one."""
    if depth > NESTED_MOST:
        raise ValueError
    if part.get_content_maintype() != "multipart" or not part.is_multipart():
        yield part
        return
    for one in part.iter_parts():
        yield from _leaves(one, depth + 1)


def _is_file(part: MIMEPart, body: MIMEPart | None) -> bool:
    """Tell a text file from the same words once more, as HTML."""
    if part.is_attachment() or part.get_filename():
        return True
    return body is not None and part.get_content_type() == body.get_content_type()


def _name(part: MIMEPart, number: int) -> str:
    try:
        name = str(part.get_filename() or "")
    except Exception:  # noqa: BLE001  (a broken header breaks no mail)
        name = ""
    plain = "".join(char for char in name if char.isprintable() and char not in '/\\"<>')
    return plain.strip(". ")[:120] or f"part-{number + 1}"


def _words(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    raw = payload[:TEXT_MOST] if isinstance(payload, bytes) else b""
    text = _decoded(raw, str(part.get_content_charset() or ""))
    return (_of_html(text) if part.get_content_type() == "text/html" else text).strip()


def _decoded(raw: bytes, charset: str) -> str:
    for one in ("utf-8", charset, "cp1251"):
        try:
            return raw.decode(one or "utf-8")
        except (UnicodeError, LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _of_html(page: str) -> str:
    """Return the words of a page, without what it draws, runs or hides in tags.

    Each sign is looked at once or twice: Python's own parser takes minutes for a page of a hundred
    kilobytes that never closes a tag, and the whole line waits for it.
    """
    words, skipped = list[str](), 0
    first, *tags = _without_remarks(page[: TEXT_MOST // 4]).split("<")
    words.append(first)
    for one in tags:
        told, end, text = one.partition(">")
        tag = _TAG.match(told)
        if not (end and tag):
            words += [] if skipped else [f"<{one}"]
            continue
        name = (tag[2] or "").lower()
        if name in _SKIPPED:
            skipped = max(0, skipped - 1) if tag[1] else skipped + 1
        elif name == "body":
            skipped = 0  # A head need not be closed.
        words.append("\n" if name in _BREAKS and not tag[1] else "")
        words += [] if skipped else [text]
    lines = (" ".join(line.split()) for line in unescape("".join(words)).splitlines())
    return "\n".join(line for line in lines if line)


def _without_remarks(page: str) -> str:
    first, *parts = page.split("<!--")
    cut = (part.partition("-->") for part in parts)
    return first + "".join(rest if end else said for said, end, rest in cut)
