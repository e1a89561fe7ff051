# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person told beside her messages, line by line, in the language of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.kernel.words import Instant
from safeconduct.rooms.hotline.first_contact import (
    PART_HOURS,
    PARTS_OF_DAY,
    FirstContact,
    hour_there,
    timely,
)

CAREFUL: Final = {("danger_today", "yes"), ("safe_to_read", "no")}
"""Answers that a helper must not pass over."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: what was asked, what was answered, and whether the words are the person's own."""

    asked: str
    answer: str
    own: bool = False
    careful: bool = False


def told_lines(contact: FirstContact, now: Instant, language: str) -> list[Line]:
    """Return what was answered, in the order of the questions."""
    _ = translations(language).gettext
    chosen = [
        Line(asked, _choices(_)[name][value], careful=(name, value) in CAREFUL)
        for name, asked in _chosen(_).items()
        if (value := getattr(contact, name))
    ]
    own = [
        Line(asked, getattr(contact, name), own=True)
        for name, asked in _own(_).items()
        if getattr(contact, name)
    ]
    hours = [Line(_("Hours when an answer is safe"), said) for said in _hours(contact, now, _)]
    return [*chosen, *own, *hours]


def before_answering(contact: FirstContact, now: Instant, language: str) -> str:
    """Say that it is none of the hours named, or that nobody can tell; empty when all is well."""
    _ = translations(language).gettext
    named = _named(contact)
    match timely(contact, now):
        case "outside":
            said = _(
                "By the person’s clock it is about {hour}:00, and an answer is safe at {hours}. "
                "You can answer all the same: think first of who may look at the phone now."
            )
            return said.format(hour=hour_there(contact, now), hours=named)
        case "unknown":
            said = _(
                "The person asked for answers at {hours} and did not say what their clock shows. "
                "Find out what time it is there before you answer."
            )
            return said.format(hours=named)
        case _:
            return ""


def _hours(contact: FirstContact, now: Instant, _: Translate) -> list[str]:
    hour = hour_there(contact, now)
    clock = "" if hour is None else _("the clock there shows about {hour}:00").format(hour=hour)
    said = ", ".join(filter(None, (_named(contact), clock)))
    return [said] if said else []


def _named(contact: FirstContact) -> str:
    starts = [PARTS_OF_DAY.index(part) * PART_HOURS for part in contact.answer_hours]
    return ", ".join(f"{start}–{start + PART_HOURS}" for start in starts)


def _chosen(_: Translate) -> dict[str, str]:
    return {
        "danger_today": _("In danger on the day of writing"),
        "safe_to_read": _("Safe to read, when it was written"),
        "for_whom": _("It is about"),
    }


def _choices(_: Translate) -> dict[str, dict[str, str]]:
    yes_no = {"yes": _("yes"), "no": _("no")}
    whom = {
        "self": _("the one who writes"),
        "taken": _("somebody who was taken"),
        "other": _("somebody else"),
    }
    return {"danger_today": yes_no, "safe_to_read": yes_no, "for_whom": whom}


def _own(_: Translate) -> dict[str, str]:
    return {
        "from_whom": _("Danger from"),
        "region": _("Region"),
        "answer_how": _("How to answer, if not here"),
        "answer_when": _("When to answer"),
        "if_silent": _("If they fall silent"),
        "not_alone_word": _("Word for “I am not alone”"),
        "return_code": _("Return code that they were told"),
    }
