# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a case's record consists of: kinds of sheets, their fields, and the part of each field.

This is data.  A field stands in the vault of its part, so that a sheet is as much as a reader's
keys open: a coordinator learns where a pursuer has reach, and not what he is called (spec/record.md
1).  What this program does not know of a sheet it passes over and keeps.
"""

from __future__ import annotations

from typing import Final

from safeconduct.kernel import sheets
from safeconduct.kernel.sheets import (
    LINE_MOST,
    SHEET_BYTES,
    TAKEN_OFF,
    TEXT_MOST,
    Form,
    is_date,
    plain_value,
)
from safeconduct.rooms.cases.words import Part

Field = sheets.Field[Part]
Kinds = sheets.Kinds[Part]
"""Kinds of sheets with their fields: those below, or what an office asks in forms of its own."""


def _one(name: str, part: Part, *choices: str) -> Field:
    return Field(name, part, Form.ONE, choices)


def _sheet(name: str, part: Part, *of: str) -> Field:
    return Field(name, part, Form.SHEET, of=of)


_I, _C, _J, _L, _H = Part.IDENTITY, Part.CONTACT, Part.JOURNEY, Part.LEGAL, Part.HEALTH

PERSON: Final = "person"
PURSUER: Final = "pursuer"
TIE: Final = "tie"
DOCUMENT: Final = "document"
PLACE: Final = "place"
GOAL: Final = "goal"
TASK: Final = "task"
SERVICE: Final = "service"
REVIEW: Final = "review"
COST: Final = "cost"
OPTION: Final = "option"
RELOCATION: Final = "relocation"
ITEM: Final = "item"
AFTER: Final = "after"
PLAN: Final = (GOAL, TASK, SERVICE, REVIEW)
"""What stands on the page of the plan (spec/plan.md), and not among people and papers."""
ABROAD: Final = (OPTION, RELOCATION, ITEM, AFTER)
"""What stands on the page of going abroad (spec/relocation.md)."""
APART: Final = (*PLAN, COST, *ABROAD)
"""What stands on a page of its own; that of costs is money's (spec/money.md)."""
THINGS: Final = (
    *("passport", "visa", "exit", "child_papers", "parent_consent", "medical", "medicine"),
    *("interpreter", "appointment", "ticket", "money", "letter", "meets", "housing", "lawyer"),
    "other",
)
"""What a checklist is made of; what is none of these is `other`, with words."""
PURPOSES: Final = (
    *("shelter", "travel", "documents", "medical", "legal", "food", "phone", "cash", "other"),
)
"""For what money is spent; `cash` is money in hand."""
SHEETS: Final[Kinds] = {
    PERSON: (
        _one("stands", _J, "asks", "partner", "child", "parent", "sibling", "relative", "friend"),
        Field("name", _I),
        Field("papers_name", _I),
        Field("other_names", _I, Form.TEXT),
        Field("born", _I, Form.DATE),
        Field("citizenship", _I),
        Field("from", _I),
        Field("gender", _I),
        Field("languages", _C),
        Field("reach", _C, Form.TEXT),
        Field("skills", _J),
        Field("depends", _J, Form.TEXT),
        Field("standing", _L, Form.TEXT),
        Field("health", _H, Form.TEXT),
        Field("needs", _H, Form.TEXT),
    ),
    PURSUER: (
        Field("name", _I),
        _sheet("hunts", _I, PERSON),
        _one(
            *("relation", _I),
            *("parent", "sibling", "partner", "relative", "community", "security", "other"),
        ),
        Field("reach", _J, Form.TEXT),
        Field("resources", _J, Form.TEXT),
        Field("knows", _J, Form.TEXT),
        Field("seen", _J, Form.DATE),
        _one("report", _J, "none", "missing", "wanted", "unknown"),
    ),
    TIE: (
        _sheet("one", _I, PERSON, PURSUER),
        _one(
            *("relation", _I),
            *("partner", "parent", "child", "sibling", "relative", "friend", "other"),
        ),
        _sheet("other", _I, PERSON, PURSUER),
        Field("note", _I),
    ),
    DOCUMENT: (
        _sheet("of", _J, PERSON),
        _one(
            *("paper", _J),
            *("passport", "identity_card", "visa", "travel", "birth", "residence", "medical"),
            *("court", "other"),
        ),
        _one("state", _J, "held", "with_us", "taken", "lost", "applied"),
        Field("expires", _J, Form.DATE),
        Field("number", _I),
        Field("name_in", _I),
        Field("note", _J),
    ),
    PLACE: (
        Field("where", _J),
        Field("why", _J, Form.TEXT),
        Field("until", _J, Form.DATE),
    ),
    GOAL: (
        Field("what", _J, needed=True),
        Field("why", _J, Form.TEXT),
        _one("state", _J, "open", "reached", "dropped"),
        Field("came", _J, Form.TEXT),
    ),
    TASK: (
        Field("what", _J, needed=True),
        _sheet("goal", _J, GOAL),
        Field("owner", _J, Form.MEMBER),
        Field("due", _J, Form.DATE),
        _one("state", _J, "open", "done", "dropped"),
        Field("came", _J, Form.TEXT),
    ),
    SERVICE: (
        Field(
            *("service", _J, Form.ONE),
            choices=(
                *("shelter", "medical", "psychological", "legal", "documents", "money", "food"),
                *("phone", "transport", "other"),
            ),
            needed=True,
        ),
        Field("what", _J, Form.TEXT),
        _sheet("for", _J, PERSON),
        Field("from", _J),
        _one("state", _J, "asked", "agreed", "given", "refused"),
        Field("came", _J, Form.TEXT),
    ),
    REVIEW: (
        Field("day", _J, Form.DATE, needed=True),
        Field("reached", _J, Form.TEXT, needed=True),
        Field("danger", _J, Form.TEXT, needed=True),
        Field("feedback", _J, Form.TEXT, needed=True),
        Field("told", _J, Form.TEXT, needed=True),
        Field("after", _C, Form.TEXT),
    ),
    COST: (
        Field("purpose", _J, Form.ONE, choices=PURPOSES, needed=True),
        Field("amount", _J, Form.AMOUNT, needed=True),
        Field("what", _J, needed=True),
        Field("day", _J, Form.DATE, needed=True),
        _one("state", _J, "planned", "asked", "paid", "dropped"),
        Field("grant", _J, Form.GRANT),
        Field("rate", _J, Form.RATE),
        Field("rate_day", _J, Form.DATE),
        Field("rate_source", _J),
        Field("receipt", _J),
        Field("no_receipt", _J),
        Field("urgent", _J, Form.TEXT),
    ),
    OPTION: (
        _sheet("for", _J, PERSON),
        Field("country", _J, needed=True),
        Field("route", _J, Form.TEXT),
        Field("offered", _J, Form.DATE),
        Field("by", _J, Form.MEMBER),
        _one("answer", _J, "waits", "accepted", "declined"),
        Field("note", _J, Form.TEXT),
    ),
    RELOCATION: (
        Field("of", _J, Form.SHEET, of=(PERSON,), needed=True),
        Field("country", _J, needed=True),
        _sheet("option", _J, OPTION),
        _one("stage", _J, "preparing", "ready", "travelling", "arrived", "stopped"),
        Field("route", _J, Form.TEXT),
        Field("travels", _J, Form.DATE),
        Field("arrives", _J, Form.DATE),
        _one("children", _J, "yes", "no"),
        Field("owner", _J, Form.MEMBER),
    ),
    ITEM: (
        Field("of", _J, Form.SHEET, of=(RELOCATION,), needed=True),
        Field("what", _J, Form.ONE, choices=THINGS, needed=True),
        _one("state", _J, "missing", "asked", "ready", "not_needed"),
        _sheet("for", _J, PERSON),
        Field("owner", _J, Form.MEMBER),
        Field("due", _J, Form.DATE),
        Field("day", _J, Form.DATE),
        Field("at", _J, Form.TIME),
        Field("where", _J),
        Field("who", _J),
        Field("language", _J),
        Field("expires", _J, Form.DATE),
        Field("amount", _J, Form.AMOUNT),
        Field("enough", _J, Form.INTEGER),
        Field("note", _J, Form.TEXT),
        Field("number", _I),
        Field("reach", _C, Form.TEXT),
        Field("claim", _L, Form.TEXT),
        Field("medicine", _H, Form.TEXT),
    ),
    AFTER: (
        Field("of", _J, Form.SHEET, of=(RELOCATION,), needed=True),
        Field("day", _J, Form.DATE, needed=True),
        _one("how", _J, "spoke", "wrote", "through", "silent"),
        _one("danger", _J, "found", "threatened", "diaspora", "none"),
        Field("words", _J, Form.TEXT),
        Field("next", _J, Form.DATE),
        Field("reach", _C, Form.TEXT),
        _one("status", _L, "none", "asked", "granted", "refused", "left", "returned"),
        Field("health", _H, Form.TEXT),
    ),
}
"""In the order in which pages show them."""


def parts_of(kind: str, kinds: Kinds = SHEETS) -> tuple[Part, ...]:
    """Return the parts in which a kind of sheet has fields, in their order."""
    return sheets.parts_of(kind, kinds)


def field_of(kind: str, name: str, part: Part, kinds: Kinds = SHEETS) -> Field | None:
    """Return what is known of a field in a part; None where it does not belong."""
    return sheets.field_of(kind, name, part, kinds)


__all__ = [
    "ABROAD",
    "AFTER",
    "APART",
    "COST",
    "DOCUMENT",
    "GOAL",
    "ITEM",
    "LINE_MOST",
    "OPTION",
    "PERSON",
    "PLACE",
    "PLAN",
    "PURPOSES",
    "PURSUER",
    "RELOCATION",
    "REVIEW",
    "SERVICE",
    "SHEETS",
    "SHEET_BYTES",
    "TAKEN_OFF",
    "TASK",
    "TEXT_MOST",
    "THINGS",
    "TIE",
    "Field",
    "Form",
    "Kinds",
    "field_of",
    "is_date",
    "parts_of",
    "plain_value",
]
