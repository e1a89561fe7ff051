# SPDX-License-Identifier: AGPL-3.0-or-later
"""Old tables in words: where a column goes, what becomes of a row, and why."""

from __future__ import annotations

from safeconduct.edges.desk import case_words, record_words
from safeconduct.edges.desk.i18n import LANGUAGES, Translate, translations
from safeconduct.rooms.cases.table import NOTE, NUMBERS, TARGETS, Target


def groups(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return where a column can go: by headings, each as it is kept and as it is called."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, to in TARGETS.items():
        found.setdefault(_slot(to, language), []).append((name, _field(to, language)))
    return list(found.items())


def target(name: str, language: str) -> str:
    """Name where a column goes."""
    to = TARGETS.get(name)
    return f"{_slot(to, language)}: {_field(to, language)}" if to else name


def called(to: Target, value: str) -> tuple[str, ...]:
    """Return what a choice of a field is called in each of our languages."""
    return tuple(record_words.choice(to.kind, to.name, value, one) for one in LANGUAGES)


def _slot(to: Target, language: str) -> str:
    _ = translations(language).gettext
    if to.kind == NOTE:
        return _("A note in the part")
    called = record_words.one(to.kind, language)
    return f"{called} {to.number}" if NUMBERS[to.kind] > 1 else called


def _field(to: Target, language: str) -> str:
    if to.kind == NOTE:
        return case_words.part(to.part, language)
    return record_words.field(to.kind, to.name, language)


def fate(name: str, language: str) -> str:
    """Say what becomes of a row."""
    _ = translations(language).gettext
    return {
        "new": _("a new case"),
        "updates": _("changes its case"),
        "same": _("is here already, nothing to change"),
        "held": _("waits: may be in the record already"),
        "refused": _("not brought in"),
        "waits": _("not written yet"),
    }[name]


def remark(name: str, language: str) -> str:
    """Say what is to be known of a row, or why it is not brought in."""
    _ = translations(language).gettext
    return {**_refusing(_), **_telling(_)}[name]


def _refusing(_: Translate) -> dict[str, str]:
    return {
        "no_key": _("nothing stands in the column that tells rows apart"),
        "says_nothing": _("says nothing of anybody"),
        "too_long": _("is too long even for a note: shorten it in the table"),
        "no_value": _(
            "a formula without its result: open the table in its program, save it, and look again"
        ),
        "error": _("an error of the program that made the table: put it right there"),
        "cell_cut": _("longer than this reads: shorten it in the table"),
        "order": _("could be two days: choose at its column whether the day or the month is first"),
        "system": _("a number instead of a date: choose at its column from which year it counts"),
        "short_year": _("a year of two digits: write it with four"),
        "no_date": _("no date that can be read"),
        "no_choice": _("choose at its column what this means"),
        "two_cases": _("was brought into two cases, unseen by each other: see below"),
        "two_sheets": _("stands twice in its case: take one off the record first"),
        "sheet_unread": _("cannot be read here"),
        "taken_off": _("was taken off the record by somebody: put it back there first"),
        "other_name": _(
            "names somebody else than its case: change it there by hand, or mend the number"
        ),
        "twice": _("says the same as this row, which is taken:"),
        "key_twice": _("is not told apart from this row, and says something else:"),
    }


def _telling(_: Translate) -> dict[str, str]:
    return {
        "formula": _("a formula: the result that was saved with it is taken"),
        "merged": _("a merged cell: what stands in it is taken for each of its rows"),
        "across": _("empty: a merged cell beside it covers it"),
        "odd_letters": _("has letters that could not be read"),
        "time_left": _("the time of day is left out"),
        "long": _("too long for its field: the whole of it is in a note"),
        "noted": _("is none of the choices: it is in a note"),
        "left": _("stays as somebody wrote it here:"),
        "emptied": _("is empty in the table now, and stays as it was:"),
        "no_key_to_part": _("cannot be written here, this desk has no key to the part:"),
        "alike_row": _("may be the same person as this row:"),
        "alike_case": _("may be somebody of this case:"),
    }


def wrong(name: str, language: str) -> str:
    """Say why no row can be read yet."""
    _ = translations(language).gettext
    return {
        "no_key_column": _(
            "Choose the column that tells rows apart, for example a number: by it the next file "
            "changes these cases instead of doubling them."
        ),
        "no_column": _("Say of at least one column where it goes."),
        "column_twice": _(
            "Two columns go to one field that holds a single value. Choose one of them; the other "
            "can be a note."
        ),
    }[name]


def refusals(_: Translate) -> dict[str, str]:
    """Return why a table was not brought in, by the refusal's code."""
    return {
        "may_bring_no_table": _(
            "Each row can open a case file. Case files are opened by case workers and stewards: "
            "ask one of them to bring the table in."
        ),
        "no_table": _(
            "This is no table that can be read, or it is damaged. Save it as XLSX, ODS or CSV and "
            "look at it again. Nothing was written."
        ),
        "table_unnamed": _(
            "Give the table a name of up to 100 characters. The next file is found by it."
        ),
        "map_wrong": _("First say what each column is; see below what is missing."),
        "row_came": _("A colleague brought in the same row a moment ago. Look at the file again."),
    }
