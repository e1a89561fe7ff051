# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record of a case in words: kinds of sheets, their fields, what may be chosen, refusals."""

from __future__ import annotations

from functools import partial

from safeconduct.edges.desk import abroad_words, money_words, plan_words
from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.edges.desk.sheet_naming import Naming
from safeconduct.rooms.cases import Sheet
from safeconduct.rooms.cases.sheets import ABROAD, ITEM, PERSON, PURSUER, SHEETS, Form


def naming(language: str) -> Naming:
    """Return how a language names the sheets of a case."""
    return Naming(
        one=partial(one, language=language),
        field=partial(field, language=language),
        form=form,
        choices=choices,
        choice=partial(choice, language=language),
        names=names,
        label=partial(label, language=language),
    )


def kind(name: str, language: str) -> str:
    """Name a kind of sheet, as a heading over several."""
    _ = translations(language).gettext
    return {
        "person": _("People"),
        "pursuer": _("Pursuers"),
        "tie": _("Family and ties"),
        "document": _("Documents"),
        "place": _("Places to avoid"),
        **plan_words.kinds(_),
        **money_words.kinds(_),
        **abroad_words.kinds(_),
    }[name]


def adding(name: str, language: str) -> str:
    """Say what a new sheet of a kind is."""
    _ = translations(language).gettext
    return {
        "person": _("Add a person"),
        "pursuer": _("Add a pursuer"),
        "tie": _("Add a tie"),
        "document": _("Add a document"),
        "place": _("Add a place to avoid"),
        **plan_words.adding(_),
        **money_words.adding(_),
        **abroad_words.adding(_),
    }[name]


def one(name: str, language: str) -> str:
    """Name one sheet of a kind."""
    _ = translations(language).gettext
    return {
        "person": _("Person"),
        "pursuer": _("Pursuer"),
        "tie": _("Tie"),
        "document": _("Document"),
        "place": _("Place to avoid"),
        **plan_words.ones(_),
        **money_words.ones(_),
        **abroad_words.ones(_),
    }[name]


def label(sheet: Sheet, language: str) -> str:
    """Name a sheet where another names it: people by code name and what they are called.

    The rest is named by what it says.
    """
    if sheet.kind in {PERSON, PURSUER}:
        called = f" ({sheet.called})" if sheet.called else ""
        return f"{one(sheet.kind, language)} {sheet.name}{called}"
    if sheet.kind == ITEM:
        named = abroad_words.thing(sheet.text("what"), language)
        return sheet.text("note") or named if sheet.text("what") == "other" else named
    said = sheet.text("what") or (sheet.text("country") if sheet.kind in ABROAD else "")
    return said or one(sheet.kind, language)


def form(of: str, name: str) -> str:
    """Return in which form a field's value is; a reason for taking a sheet off is a text."""
    found = (one.form.value for one in SHEETS[of] if one.name == name)
    return next(found, Form.TEXT.value)


def field(of: str, name: str, language: str) -> str:
    """Name a field of a kind of sheet."""
    _ = translations(language).gettext
    own = {
        "person.name": _("Name, as they use it"),
        "person.from": _("Where from: region, never an address"),
        "person.reach": _("How and when to reach them safely"),
        "pursuer.name": _("What they are called"),
        "pursuer.reach": _("Where they live or have people"),
        "pursuer.relation": _("Who they are to that person"),
        "tie.relation": _("is, to the other"),
        "tie.note": _("More about it"),
        "document.of": _("Whose"),
        "document.note": _("More about it"),
        **plan_words.fields(_),
        **money_words.fields(_),
        **abroad_words.fields(_),
    }
    return own.get(f"{of}.{name}") or _fields(_)[name]


def _fields(_: Translate) -> dict[str, str]:
    return {
        "stands": _("Place in this case"),
        "papers_name": _("Name, as in their papers"),
        "other_names": _("Other names and spellings"),
        "born": _("Born"),
        "citizenship": _("Citizenship"),
        "gender": _("Gender, in their own words, only if it is needed"),
        "languages": _("Languages"),
        "skills": _("Work and skills"),
        "depends": _("Who depends on them, and on whom they depend"),
        "standing": _("Legal situation"),
        "health": _("Illness, injuries, medicine"),
        "needs": _("What they need because of it"),
        "hunts": _("Whom they hunt"),
        "resources": _("What they have: money, weapons, office, people"),
        "knows": _("What they know"),
        "seen": _("Last heard of looking for them"),
        "report": _("Missing-person report or search notice"),
        "one": _("Who"),
        "other": _("The other"),
        "paper": _("What it is"),
        "state": _("Where it stands"),
        "expires": _("Valid until"),
        "number": _("Number"),
        "name_in": _("Name in it"),
        "where": _("Where"),
        "why": _("Why"),
        "until": _("Until"),
        "taken_off": _("Taken off the record, because"),
    }


def choices(of: str, name: str) -> tuple[str, ...]:
    """Return what may be chosen in a field; nothing where it is no choice."""
    return next((one.choices for one in SHEETS[of] if one.name == name), ())


def names(of: str, name: str) -> tuple[str, ...]:
    """Return the kinds of sheets that a field may name."""
    return next((one.of for one in SHEETS[of] if one.name == name), ())


def choice(of: str, name: str, value: str, language: str) -> str:
    """Name what was chosen in a field."""
    _ = translations(language).gettext
    own = {
        "person.stands.parent": _("parent of who asks"),
        "person.stands.child": _("child"),
        "person.stands.sibling": _("brother or sister"),
        "document.state.lost": _("lost"),
        "document.paper.other": _("another paper"),
        **plan_words.choices(_),
        **money_words.choices(_),
        **abroad_words.choices(_),
    }
    return own.get(f"{of}.{name}.{value}") or _choices(_)[value]


def _choices(_: Translate) -> dict[str, str]:
    return {
        "asks": _("asks for help"),
        "partner": _("partner"),
        "child": _("child"),
        "parent": _("parent"),
        "sibling": _("brother or sister"),
        "relative": _("relative"),
        "friend": _("friend"),
        "community": _("from their community"),
        "security": _("police, army or security service"),
        "other": _("other"),
        "none": _("none filed"),
        "missing": _("reported as missing"),
        "wanted": _("wanted"),
        "unknown": _("not known"),
        **_papers(_),
    }


def _papers(_: Translate) -> dict[str, str]:
    return {
        "passport": _("passport for abroad"),
        "identity_card": _("identity card or passport for inside the country"),
        "visa": _("visa"),
        "travel": _("travel document"),
        "birth": _("birth certificate"),
        "residence": _("residence permit"),
        "medical": _("medical paper"),
        "court": _("paper of a court or of the police"),
        "held": _("they have it"),
        "with_us": _("we keep it"),
        "taken": _("taken from them"),
        "lost": _("lost"),
        "applied": _("applied for"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not written into a record, by the refusal's code."""
    return {
        "record_says_so": _("The record says this already. Change something first, then save."),
        "wrong_fields": _(
            "Something could not be read. Dates are 2017, 04.2017 or 3.04.2017, times 07:40, money "
            "12.50 EUR, counts digits alone; a line has up to 300 characters and a text up to "
            "4,000. The fields are marked; nothing was saved, and what you typed is still here."
        ),
        "no_reason_to_take_off": _(
            "Write why it is taken off the record. It stays readable with that reason."
        ),
    }
