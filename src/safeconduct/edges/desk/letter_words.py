# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a letter of support speaks in the desk's languages, and why none was made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from safeconduct.edges.desk import own_file_words, record_words
from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.edges.desk.wording import Wording
from safeconduct.rooms.cases.letter_write import LetterWords
from safeconduct.rooms.cases.sheets import Form

if TYPE_CHECKING:
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.cases.letters import LetterDraft
    from safeconduct.rooms.cases.own_file_lines import Line


def letter_words(draft: LetterDraft, now: Instant) -> LetterWords:
    """Return how a letter speaks in its language."""
    language, wording = draft.language, Wording(draft.language)
    _ = translations(language).gettext
    day = datetime.fromtimestamp(now / 1000, UTC).date().isoformat()
    return LetterWords(
        title=_("Letter of support"),
        to=_("To:"),
        day=wording.written_day(day),
        about=_("What we know of this person, and what we were allowed to say:"),
        label=lambda line: own_file_words.label(line, language),
        value=lambda line: _value(line, wording),
    )


def _value(line: Line, wording: Wording) -> str:
    """Return what a line says; days in words."""
    said = own_file_words.value(line, wording.language)
    form = record_words.form(line.section, line.field)
    return wording.written_day(said) if form == Form.DATE.value else said


def deeds(_: Translate) -> dict[str, str]:
    """Say what a device did, by the kind of fact."""
    return {"cases.LetterMade": _("made a letter of support for a person of a case")}


def refusals(_: Translate) -> dict[str, str]:
    """Return why no letter was made, by the refusal's code."""
    return {
        "wrong_letter": _(
            "Something does not fit; the fields are marked. Your own words have up to 4,000 "
            "characters each, and the line of who signs up to 200. Nothing was made, and what you "
            "typed is still here."
        ),
        "nothing_in_letter": _(
            "Nothing stands in this letter yet. Write a few words, or tick what it may say."
        ),
        "letter_changed": _(
            "The record was changed since this was shown. Look through what may stand in the "
            "letter again. Nothing was made."
        ),
    }
