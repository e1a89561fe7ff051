# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text out of bytes that lie about their charset, and out of HTML; both in linear time."""

from __future__ import annotations

import codecs
import html
import re
from itertools import pairwise
from typing import Final

HTML_MOST: Final = 1 << 20
_SKIPPED: Final = frozenset({"script", "style", "head", "title", "template"})
_LINES: Final = frozenset(
    {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol", "hr"}
)
_NAME: Final = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,15}")
_LOW: Final = ("ascii", "us-ascii", "latin-1", "iso8859-1", "iso-8859-1", "cp1252", "utf-8")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CYRILLIC: Final = range(0x410, 0x450)
MANY: Final = 0.5
MOST: Final = 0.9
_HIGH_BYTES: Final = (b"\0", b"\4", b"\6")
"""Those of Latin, Cyrillic and Arabic letters in pairs of bytes; text in one byte has none."""


def decoded(raw: bytes, declared: str = "") -> str:
    """Return the text of bytes: as their mark says, as UTF-8 if they are, else as declared.

    Bytes that are UTF-8 beyond ASCII are that hardly ever by chance, so it goes before a charset
    that is declared; what was declared as Western and is none is tried as Windows-1251.
    """
    return raw.decode(coding_of(raw, declared), "replace")


def coding_of(raw: bytes, declared: str = "") -> str:
    """Return the charset by which bytes are read; see `decoded`."""
    for mark, coding in _MARKS:
        if raw.startswith(mark):
            return coding
    if wide := _utf16(raw):
        return wide
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        coding = _known(declared)
        return coding if coding and coding not in _LOW else _single(raw)
    return "utf-8"


def _known(declared: str) -> str:
    try:
        found = codecs.lookup(declared.strip().strip("\"'"))
    except (LookupError, ValueError, UnicodeError):
        return ""
    # Some codecs make bytes of bytes, or unpack what is packed.
    return found.name if found._is_text_encoding else ""  # noqa: SLF001


def _utf16(raw: bytes) -> str:
    """Return which charset of pairs it is, where every second byte says that these are pairs."""
    some = raw[:2000]
    if len(some) < 4:  # noqa: PLR2004  (two letters)
        return ""
    for coding, of in (("utf-16-le", some[1::2]), ("utf-16-be", some[0::2])):
        if sum(map(of.count, _HIGH_BYTES)) > len(of) * MOST:
            return coding
    return ""


def _single(raw: bytes) -> str:
    """Return that of two charsets of one byte in which the high letters make words."""
    russian = raw[:40_000].decode("cp1251", "replace")
    high = [char for char in russian[:20_000] if ord(char) > 0x7F]  # noqa: PLR2004  (ASCII ends)
    letters = sum(ord(char) in _CYRILLIC or char in "ёЁ" for char in high)
    beside = sum(one in _CYRILLIC and two in _CYRILLIC for one, two in _pairs(russian[:20_000]))
    return "cp1251" if letters > len(high) * MANY and beside * 2 > letters else "cp1252"


def _pairs(text: str) -> pairwise[tuple[int, int]]:
    points = [ord(char) for char in text]
    return pairwise(points)


def of_html(markup: str) -> str:
    """Return the words of a page, without what it draws, runs or hides in tags."""
    markup = markup[:HTML_MOST]
    parts: list[str] = []
    at = 0
    while at < len(markup):
        start = markup.find("<", at)
        if start < 0:
            parts.append(markup[at:])
            break
        parts.append(markup[at:start])
        end = _tag(markup, start, parts)
        if end < 0:
            break
        at = end
    text = html.unescape("".join(parts)).replace("\xa0", " ")
    lines = (" ".join(one.split()) for one in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _tag(markup: str, start: int, parts: list[str]) -> int:
    """Return where the text goes on after a tag; -1 where nothing more follows."""
    if markup.startswith("<!--", start):
        end = markup.find("-->", start)
        return end if end < 0 else end + 3
    end = markup.find(">", start)
    if end < 0:
        return -1
    found = _NAME.match(markup, start + 1)
    name = found.group().lower() if found else ""
    if name.lstrip("/") in _LINES:
        parts.append("\n")
    if name in _SKIPPED:
        closing = re.compile(f"</{name}", re.IGNORECASE).search(markup, end)
        # A page that never ends what is not shown shows nothing more.
        return closing.start() if closing else -1
    return end + 1
