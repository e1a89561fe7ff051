# SPDX-License-Identifier: AGPL-3.0-or-later
"""A letter of support, written down: one page that prints, without scripts or addresses.

Pure.  Nothing in it names a colleague, a code name or an id of ours (spec/relocation.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases.own_file_write import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from safeconduct.rooms.cases.letters import LetterDraft
    from safeconduct.rooms.cases.own_file_lines import Line

_STYLE: Final = (
    "@page{size:A4;margin:25mm}"
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 serif}"
    "p{white-space:pre-wrap;overflow-wrap:anywhere}"
    "dt{margin-top:.6rem;font-weight:bold}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".sign{margin-top:4rem;border-top:1px solid;width:16rem;padding-top:.3rem}"
    "@media print{body{max-width:none;margin:0;padding:0}}"
)


@dataclass(frozen=True, slots=True)
class LetterWords:
    """How a letter speaks: its heading, the words before its recipient, its day, and its lines."""

    title: str
    to: str
    day: str
    about: str
    label: Callable[[Line], str]
    value: Callable[[Line], str]


def write_letter(draft: LetterDraft, words: LetterWords) -> bytes:
    """Return the letter as a page of HTML that opens offline and prints on paper."""
    title = clean(words.title)
    return (
        f'<!doctype html>\n<html lang="{clean(draft.language)}">\n'
        '<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(_body(draft, words))
        + "\n</body>\n</html>\n"
    ).encode()


def _body(draft: LetterDraft, words: LetterWords) -> Iterator[str]:
    yield f"<p>{clean(words.day)}</p>"
    yield f'<p>{clean(words.to)} <span dir="auto">{clean(draft.recipient)}</span></p>'
    yield f"<h1>{clean(words.title)}</h1>"
    if draft.opening:
        yield f'<p dir="auto">{clean(draft.opening)}</p>'
    if draft.lines:
        yield f"<p>{clean(words.about)}</p>\n<dl>"
        for one in draft.lines:
            yield f"<dt>{clean(words.label(one))}</dt>"
            yield f'<dd dir="auto">{clean(words.value(one))}</dd>'
        yield "</dl>"
    if draft.closing:
        yield f'<p dir="auto">{clean(draft.closing)}</p>'
    yield f'<p class="sign" dir="auto">{clean(draft.signed)}</p>'
