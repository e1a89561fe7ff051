# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates to pages: one environment for each language, everything escaped, nothing undefined."""

from __future__ import annotations

import hashlib
import re
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from safeconduct.edges.desk import aside_words
from safeconduct.edges.desk.filenames import can_run, shown_name
from safeconduct.edges.desk.i18n import LANGUAGES, translations
from safeconduct.edges.desk.troubles import trouble
from safeconduct.edges.desk.wording import Wording

TEMPLATES: Final = Path(__file__).parent / "templates"
HIT_BEGINS: Final = "\u2068"
HIT_ENDS: Final = "\u2069"
TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
HEADLINE_MOST: Final = 80
NO_TEXT: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202d\u202e]"
)
"""What HTML does not allow in text, and the two marks that force a direction on every letter.

No keyboard writes them; marks that Arabic and Hebrew need are left alone.
"""


@cache
def pages(language: str, zone: tzinfo | None = None) -> Environment:
    """Return the templates as one language speaks."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        undefined=StrictUndefined,
        autoescape=True,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        translations(language), newstyle=True
    )
    environment.globals.update(
        words=Wording(language, zone),
        languages=LANGUAGES,
        trouble=lambda found: trouble(found, language),
        why_aside=lambda code: aside_words.why_aside(code, language),
        what_aside=lambda kind: aside_words.what_aside(kind, language),
        vault=lambda kind: aside_words.vault(kind, language),
        can_run=can_run,
    )
    environment.filters.update(
        digest=digest, hits=mark_hits, file_name=shown_name, tag=language_tag, headline=headline
    )
    return environment


def render(language: str, zone: tzinfo | None, template: str, /, **context: Any) -> str:  # noqa: ANN401
    """Return a page or a part of one."""
    return pages(language, zone).get_template(template).render(**context)


def clean(value: object) -> object:
    """Return what an expression gave with everything that is no text made visible."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", value)
    return value


def digest(content: str) -> str:
    """Return a short name of a part's content, so that an unchanged part is not sent again."""
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def mark_hits(snippet: str) -> Markup:
    """Return a snippet with what was searched for marked; everything else escaped."""
    before, *marked = str(clean(snippet)).split(HIT_BEGINS)
    pieces = [escape(before)]
    for piece in marked:
        hit, _, after = piece.partition(HIT_ENDS)
        pieces.append(Markup("<mark>{}</mark>{}").format(hit, after))
    return Markup("").join(pieces)


def language_tag(code: str) -> str:
    """Return a stranger's language code if it is one; empty (unknown) otherwise."""
    return code if TAG.fullmatch(code) else ""


def headline(name: str) -> str:
    """Return a name for a title or a heading: short, nothing hidden or turned."""
    return shown_name(name)[:HEADLINE_MOST]
