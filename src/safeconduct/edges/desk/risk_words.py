# SPDX-License-Identifier: AGPL-3.0-or-later
"""Risk in words: bands, answers, on whose word they stand, what is to be done, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.edges.desk.instrument_texts import InstrumentText, instrument_text
from safeconduct.rooms.cases.instruments import INSTRUMENTS
from safeconduct.rooms.cases.office_forms import field_name, question
from safeconduct.rooms.cases.office_forms import said as said_in
from safeconduct.rooms.cases.office_instruments import find_instrument, is_item
from safeconduct.rooms.cases.risk import Band, Said, Standing
from safeconduct.rooms.cases.risk_due import Why

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.cases.office_forms import OfficeForm
    from safeconduct.rooms.cases.office_instruments import OfficeInstrument


def band(one: Band, language: str) -> str:
    """Name a band."""
    _ = translations(language).gettext
    return {
        Band.HIGH: _("high risk"),
        Band.MEDIUM: _("medium risk"),
        Band.STANDARD: _("standard risk"),
    }[one]


def said(one: Said, language: str) -> str:
    """Say what is known of an item."""
    _ = translations(language).gettext
    return {
        Said.YES: _("yes"),
        Said.NO: _("no"),
        Said.UNKNOWN: _("not known"),
    }[one]


def standing(one: Standing, language: str) -> str:
    """Say on whose word a band stands."""
    _ = translations(language).gettext
    return {
        Standing.OF_ONE: _("of one person; waits for a second"),
        Standing.OF_TWO: _("two people agree"),
        Standing.DISPUTED: _("disputed: the two differ, and the higher counts"),
    }[one]


def why(one: Why, language: str) -> str:
    """Say why something is to be done about a risk."""
    _ = translations(language).gettext
    return {
        Why.NOBODY: _("nobody was assessed yet"),
        Why.SECOND: _("waits for a second person"),
        Why.DISPUTED: _("people differ: speak together, then assess anew"),
        Why.DAY: _("the day to assess it anew has come"),
        Why.SEEN: _("a pursuer was heard of"),
        Why.LOST: _("contact was lost"),
        Why.BULLETIN: _("a warning touches this case"),
    }[one]


def instrument(
    forms: Iterable[OfficeForm], name: str, version: int, language: str
) -> InstrumentText | None:
    """Return the words of an instrument, of the office's forms too; None where nobody knows it."""
    if (name, version) in INSTRUMENTS:
        return instrument_text(name, version, language)
    found = find_instrument(forms, name, version)
    return _of_office(found, language) if found else None


def _of_office(one: OfficeInstrument, language: str) -> InstrumentText:
    _ = translations(language).gettext
    brought, main = one.version.brought, one.version.brought.language
    version = brought.version or "–"
    headings = {item.path: said_in(item.labels, language, main) for item in brought.items}
    hints = {item.path: said_in(item.hints, language, main) for item in brought.items}
    return InstrumentText(
        said_in(brought.title, language, main) or one.form.id,
        _("This office’s own questions, version %(version)s.") % {"version": version},
        _("Nobody has tested what they tell of a danger: they remind, and measure nothing."),
        {path: headings.get(path) or _("Questions") for path, _items in one.instrument.groups},
        {
            field_name(item): " ".join([question(item, language, main), hints[item.path]]).strip()
            for item in brought.items
            if is_item(item)
        },
    )


def refusals(_: Translate) -> dict[str, str]:
    """Return why an assessment was not kept, by the refusal's code."""
    return {
        "assessment_lacks": _(
            "Something is missing or does not fit. All of it is said here and marked below. "
            "Nothing was saved, and what you typed is still here."
        ),
        "nobody_to_assess": _(
            "Choose whom this is about. If they are not on the record of this case yet, write "
            "them into it first."
        ),
        "nothing_weighs": _(
            "Mark at least one item that this band rests on, and answer each marked one with yes "
            "or no."
        ),
        "no_band": _("Choose high, medium or standard. No form can do that for you."),
        "no_risk_words": _(
            "Something is not written yet: which items weigh and why, or what would change it. "
            "Whoever says another band than a colleague writes why."
        ),
        "risk_words_too_long": _(
            "A text has up to 4,000 characters here. Shorten it, or write the rest as a note."
        ),
        "no_day_to_reassess": _(
            "Choose the day on which it is assessed anew, from tomorrow to half a year from now."
        ),
        "no_assessment_waits": _(
            "This assessment waits for nobody any more: a colleague was the second, or somebody "
            "assessed anew. Read what stands now."
        ),
        "same_assessor": _("You assessed this yourself. Somebody else has to be the second."),
    }
