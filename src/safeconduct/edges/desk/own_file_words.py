# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a person's own file speaks, in her language; and how the pages that make it do.

Its sentences and headings lie in `own_file_texts`, in each language in which people are spoken to.
Fields of the record have names in the desk's languages alone; elsewhere they stand in English.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import money_words, record_words, risk_words, stage_words
from safeconduct.edges.desk.i18n import LANGUAGES as OF_DESK
from safeconduct.edges.desk.i18n import Translate, direction, translations
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.rooms.cases.own_file import OwnStage
from safeconduct.rooms.cases.own_file_lines import (
    BLOCK,
    CONSENT,
    FORM,
    LETTER,
    NOTE,
    REFERRAL,
    RISK,
    STAGE,
    Line,
)
from safeconduct.rooms.cases.own_file_write import OwnWords
from safeconduct.rooms.cases.risk import BANDS
from safeconduct.rooms.cases.sheets import COST, SHEETS, Form

_OF_COST: Final = (COST, "words")
"""What colleagues said of a cost, which is no field of its sheet."""
_HERE: Final = Path(__file__).parent / "own_file_texts"


@cache
def own_file_texts(language: str) -> dict[str, str]:
    """Return the sentences and headings of a file in one of the languages of people."""
    lines = (_HERE / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def own_file_language(language: str) -> str:
    """Return the language in which a file speaks: what was chosen, or the sources'."""
    return language if language in LANGUAGES else next(iter(LANGUAGES))


def own_words(language: str) -> OwnWords:
    """Return how a file in one of these languages speaks."""
    texts = own_file_texts(language)
    return OwnWords(
        direction=direction(language),
        sentence=texts,
        heading=lambda section: texts[f"heading/{section}"],
        label=lambda line: _label(line, language),
        value=lambda line: _value(line, language),
        part=lambda part: texts[f"part/{part.value}"],
        role=lambda role: texts.get(f"role/{role}", texts["role/"]),
    )


def _label(line: Line, language: str) -> str:
    texts, ours = own_file_texts(language), language if language in OF_DESK else "en"
    if line.section in {STAGE, BLOCK}:
        return stage_words.stage(line.field, ours)
    if line.asked:
        return line.asked
    if line.section in {RISK, CONSENT, REFERRAL, LETTER} or (line.section, line.field) == _OF_COST:
        return texts[f"{line.section}/{line.field}"]
    if line.section == NOTE:
        return texts[f"part/{line.field}"]
    told = money_words.told_fields(translations(ours).gettext) if line.section == COST else {}
    if line.field in told:
        return told[line.field]
    return record_words.field(line.section, line.field, ours)


def _value(line: Line, language: str) -> str:
    texts, ours = own_file_texts(language), language if language in OF_DESK else "en"
    if line.section == RISK and line.field == "band":
        return texts[f"risk/{line.text}"]
    fields = SHEETS.get(line.section, ())
    if any(one.name == line.field and one.form is Form.ONE for one in fields):
        return record_words.choice(line.section, line.field, line.text, ours)
    return line.shown or line.text


def section(name: str, language: str) -> str:
    """Name what a line is of, on the page that asks about it."""
    _ = translations(language).gettext
    if name in SHEETS:
        return record_words.kind(name, language)
    return {
        STAGE: _("Stages"),
        BLOCK: _("Blocked"),
        RISK: _("Risk"),
        CONSENT: _("Consent"),
        FORM: _("Forms of the office"),
        REFERRAL: _("Referrals"),
        LETTER: _("Letters of support"),
        NOTE: _("Notes"),
    }[name]


def label(line: Line, language: str) -> str:
    """Name a line on the page that asks about it."""
    _ = translations(language).gettext
    if line.section == RISK:
        return {
            "band": _("How high"),
            "words": _("Why, in words"),
            "changes": _("What would change it"),
        }[line.field]
    if line.section == CONSENT:
        return {
            "yes": _("Said yes to"),
            "no": _("Said no to"),
            "withdrawn": _("Took back"),
            "limits": _("Limits"),
        }[line.field]
    return _label(line, language)


def value(line: Line, language: str) -> str:
    """Say what stands in a line on the page that asks about it."""
    if line.section == RISK and line.field == "band":
        return risk_words.band(BANDS[line.text], language)
    return _value(line, language)


def stage(one: OwnStage, language: str) -> str:
    """Say how far a file has come."""
    _ = translations(language).gettext
    return {
        OwnStage.WAITS: _("It waits for a steward who is somebody else."),
        OwnStage.SIGNED: _("Signed. Whoever asked can make the file."),
        OwnStage.TAKEN_BACK: _("Taken back."),
        OwnStage.LAPSED: _("The week is over; ask anew if it is still wanted."),
    }[one]


def refusals(_: Translate) -> dict[str, str]:
    """Return why an own file was not asked for, signed or made, by the refusal's code."""
    return {
        "own_file_of_nobody": _(
            "Choose whose file it is. Only people who stand on the record of this case can have "
            "one."
        ),
        "nothing_in_own_file": _("Nothing is ticked. Tick at least one line, then ask."),
        "too_much_in_own_file": _(
            "This is more than one file holds. Untick some, ask, and ask for a second file with "
            "the rest."
        ),
        "nobody_signs_own_file": _(
            "This takes two, and no other steward reads the part Contact of this case. Give that "
            "part to another steward first. Nothing was asked."
        ),
        "no_own_file_waits": _(
            "This waits for nobody any more: it was signed, taken back, or its week is over."
        ),
        "own_file_is_yours": _("You asked for this yourself. Another steward has to sign."),
        "own_file_not_signed": _(
            "This file cannot be made: nobody has signed it, it was taken back, its week is over, "
            "or somebody else asked for it. Nothing was made."
        ),
    }
