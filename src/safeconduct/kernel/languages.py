# SPDX-License-Identifier: AGPL-3.0-or-later
"""The languages in which a person in need can be spoken to: one row each, and nothing else needed.

Not the languages of the desk, which helpers read: those are fewer (docs/adr/0037-languages.md).
How another is added stands in docs/guide/translating.md.
The invariant: a code is that of a catalogue `locale/CODE/LC_MESSAGES/portal.po`, and `words` that
of a frozen list (`kernel/phrase`); what a mailbox's words are made into names the list, and never
the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["LANGUAGES", "READ_BY_NATIVES", "Language"]


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the person's side."""

    name: str
    """In itself and its own script, as its button says it."""
    words: str
    """The list from which mailboxes' words are drawn; another's where it has none of its own."""
    direction: Literal["ltr", "rtl"] = "ltr"
    read: bool = False
    """Whether somebody who grew up with it has read the translation; if not, pages say so."""

    @property
    def runs_against_words(self) -> bool:
        """Whether its lines run the other way than the words drawn for it."""
        return self.direction != LANGUAGES[self.words].direction


LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(
    {
        "en": Language("English", words="en", read=True),
        "ru": Language("Русский", words="ru", read=True),
        "ar": Language("العربية", words="en", direction="rtl"),
        "es": Language("Español", words="en"),
        "fr": Language("Français", words="en"),
    }
)
"""By code, the sources' language first."""

READ_BY_NATIVES: Final = tuple(code for code, language in LANGUAGES.items() if language.read)
"""What a page offers unless its office asks for more."""
