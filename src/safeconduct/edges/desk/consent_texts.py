# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's texts that are read to somebody before they allow that something is passed on.

They lie in `consent_texts`, one for each purpose and language, each whole: what is passed on, to
whom, what cannot be taken back, that no is a full answer, and how a yes ends.  Facts name a text
by language and version, so a text that changes gets a greater version (docs/adr/0053).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.kernel.languages import LANGUAGES as OF_PEOPLE
from safeconduct.rooms.cases.consent import Purpose

_HERE: Final = Path(__file__).parent / "consent_texts"
LANGUAGES: Final = ("en", "ru", "es", "fr")
"""Those in which every text comes; in another somebody translates aloud, and it is typed in."""
PARAGRAPHS: Final = ("what", "whom", "lasting", "no", "end")
"""In the order in which they are read."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One text as it is read out; `paragraphs` are those of `PARAGRAPHS`."""

    purpose: Purpose
    language: str
    version: int
    title: str
    paragraphs: tuple[str, ...]

    @property
    def checked(self) -> bool:
        """Whether somebody who grew up with the language has read it; if not, the page says so."""
        return OF_PEOPLE[self.language].read

    @property
    def whole(self) -> str:
        """What was read, as a fact keeps it."""
        return "\n\n".join((self.title, *self.paragraphs))


@cache
def consent_text(purpose: Purpose, language: str) -> ConsentText:
    """Return the text of a purpose in one of `LANGUAGES`."""
    lines = (_HERE / f"{purpose.value}.{language}.txt").read_text(encoding="utf-8").splitlines()
    told = dict(line.split(": ", 1) for line in lines)
    paragraphs = tuple(told[name] for name in PARAGRAPHS)
    return ConsentText(purpose, language, int(told["version"]), told["title"], paragraphs)
