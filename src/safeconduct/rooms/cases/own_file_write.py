# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's own file, written down: for people one page without scripts, for programs JSON.

Pure.  The page opens from a disk with no network: its style stands in it and it names no address.
Nothing in it says who of the office wrote what, but in which role (spec/own-file.md 4).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final

from safeconduct.rooms.cases.own_file_lines import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from safeconduct.kernel.words import DeviceId, Instant
    from safeconduct.rooms.cases.own_file_lines import Line
    from safeconduct.rooms.cases.words import Part

FORMAT: Final = "safeconduct-own-file"
VERSION: Final = 1
LAST_INSTANT: Final = 253_402_214_400_000
"""The last day of the year 9999: calendars end there."""
_NO_TEXT: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""What HTML may not hold, and what turns a line around (Unicode TR 9)."""
_STYLE: Final = (
    "body{max-width:42rem;margin:1rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}"
    "dt{margin-top:.8rem;font-weight:bold}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".facts{color:#555;font-size:.85rem}"
)


@dataclass(frozen=True, slots=True)
class OwnContent:
    """What goes into a file; `talks` are conversations as an export writes them."""

    language: str
    made: Instant
    lines: Sequence[Line]
    missing: Sequence[Part]
    left_out: bool
    """Whether something that can be read here stays out, as it may tell of others."""
    talks: Sequence[Mapping[str, Any]]
    role: Callable[[DeviceId], str]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """How a file speaks: its sentences, its headings, and what a line's words are in its language.

    `direction` is `ltr` or `rtl`; `label` and `value` take a line.
    """

    direction: str
    sentence: Mapping[str, str]
    heading: Callable[[str], str]
    label: Callable[[Line], str]
    value: Callable[[Line], str]
    part: Callable[[Part], str]
    role: Callable[[str], str]


def write_own_json(content: OwnContent) -> bytes:
    """Return the file for programs; everything in it is as the office keeps it."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "made": _time(content.made),
        "language": content.language,
        "parts_not_included": [one.value for one in content.missing],
        "lines_left_out": content.left_out,
        "lines": [
            {
                "part": one.part.value,
                "section": one.section,
                "field": one.asked or one.field,
                "text": one.shown or one.text,
                "written": _time(one.at),
                "by": content.role(one.by),
                "stands": one.stands,
            }
            for one in content.lines
        ],
        "conversations": list(content.talks),
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def write_own_page(content: OwnContent, words: OwnWords) -> bytes:
    """Return the file for people: HTML that opens offline and has no scripts."""
    say = words.sentence
    body = [
        f"<h1>{clean(say['title'])}</h1>",
        *(f"<p>{clean(say[name])}</p>" for name in ("what", "careful", "correct")),
        f'<p class="facts">{clean(say["made"])} {_day(content.made)}</p>',
        *_missing(content, words),
        *(piece for name in SECTIONS for piece in _section(name, content, words)),
        *_talks(content, words),
    ]
    head = (
        f'<!doctype html>\n<html lang="{clean(content.language)}" dir="{words.direction}">\n'
        '<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{clean(say['title'])}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    return (head + "\n".join(body) + "\n</body>\n</html>\n").encode()


def _missing(content: OwnContent, words: OwnWords) -> Iterator[str]:
    if content.missing:
        parts = "".join(f"<li>{clean(words.part(one))}</li>" for one in content.missing)
        yield f"<p>{clean(words.sentence['missing'])}</p>\n<ul>{parts}</ul>"
    if content.left_out:
        yield f"<p>{clean(words.sentence['left_out'])}</p>"


def _section(name: str, content: OwnContent, words: OwnWords) -> Iterator[str]:
    some = [one for one in content.lines if one.section == name]
    if not some:
        return
    yield f"<h2>{clean(words.heading(name))}</h2>\n<dl>"
    for one in some:
        who = clean(words.role(content.role(one.by)))
        was = "" if one.stands else f" · {clean(words.sentence['before'])}"
        yield f'<dt dir="auto">{clean(words.label(one))}</dt>'
        yield f'<dd><span dir="auto">{clean(words.value(one))}</span>'
        yield f'<br><span class="facts">{_day(one.at)} · {who}{was}</span></dd>'
    yield "</dl>"


def _talks(content: OwnContent, words: OwnWords) -> Iterator[str]:
    say = words.sentence
    if content.talks:
        yield f"<h2>{clean(say['talks'])}</h2>"
    for talk in content.talks:
        yield f"<h3>{clean(str(talk['code_name']))}</h3>\n<dl>"
        for at, whose, text in sorted(_said(talk)):
            yield f'<dt>{clean(say[whose])} <span class="facts">{clean(at)}</span></dt>'
            yield f'<dd dir="auto">{clean(text)}</dd>'
        yield "</dl>"


def _said(talk: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Return when what was said, and by whom, of a conversation as an export writes it."""
    kinds = (("messages", "arrived"), ("answers", "written"), ("notes", "written"))
    for kind, when in (*kinds, ("hand_overs", "at")):
        for one in talk.get(kind, ()):
            yield one[when], kind, one["text"]


def clean(text: str) -> str:
    """Return text as it may stand in a page: escaped, and without what turns a line around."""
    return escape(_NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text))


def _day(at: Instant) -> str:
    return f"<time>{_time(at)[:10]}</time>"


def _time(at: Instant) -> str:
    moment = datetime.fromtimestamp(max(0, min(at, LAST_INSTANT)) / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
