# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the forms that an office asks with; each is a kind of sheet (spec/forms.md 3).

A filled form is a sheet of the record whose kind and fields come from here instead of from
`sheets`: it has the same facts, merges, history and vaults.  A field is known by a hash of the
question's path, so that a fact about an answer does not carry the question.
Invariant: an answer counts only in the part that some version of the form names for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.rooms.cases.form_facts import FormBrought, FormEnded
from safeconduct.rooms.cases.sheets import Field, Form
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.kernel.words import DeviceId, FactId, Instant
    from safeconduct.rooms.cases.form_facts import Choice, FormFact, Item, Labels

FORMS: Final = {
    "text": Form.TEXT,
    "integer": Form.INTEGER,
    "decimal": Form.DECIMAL,
    "date": Form.DATE,
    "select_one": Form.ONE,
    "select_multiple": Form.MANY,
}
"""The types of questions that can be asked, and how an answer is written down."""
NOTE: Final = "note"
GROUP: Final = "group"
RISK: Final = "risk"
"""The part of a question that is asked when risk is judged (`office_instruments`)."""
_KIND: Final = "form-"
_WORDS: Final = "t"
"""Before fields that people read as they stand there; before all others stands `n`."""
_HASH_BYTES: Final = 8


def form_kind(form: str) -> str:
    """Return the kind of the sheets that a form gives."""
    return _KIND + fingerprint("form-kind", form.encode())[:_HASH_BYTES].hex()


def is_form(kind: str) -> bool:
    """Tell whether a kind of sheet comes from a form of some office."""
    return kind.startswith(_KIND)


def field_name(item: Item) -> str:
    """Return the field in which answers to a question stand."""
    before = _WORDS if item.type in {"text", "date"} else "n"
    return before + fingerprint("form-field", item.path.encode())[:_HASH_BYTES].hex()


def is_read(name: str) -> bool:
    """Tell whether a field of a form holds what people look for: words or dates."""
    return name.startswith(_WORDS)


class FormTold(NamedTuple):
    """A fact about forms: where it stands, who wrote it, when by their clock, what it says."""

    fact: FactId
    device: DeviceId
    at: Instant
    event: FormFact


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One version of a form, and who brought it when."""

    fact: FactId
    at: Instant
    by: DeviceId
    brought: FormBrought
    ended: bool

    @property
    def questions(self) -> tuple[Item, ...]:
        """What can be answered in it."""
        return tuple(one for one in self.brought.items if one.type in FORMS and _part(one))


@dataclass(frozen=True, slots=True)
class OfficeForm:
    """A form in its versions, oldest first."""

    id: str
    kind: str
    versions: tuple[FormVersion, ...]

    @property
    def newest(self) -> FormVersion:
        """The version that is filled in."""
        return next((one for one in reversed(self.versions) if not one.ended), self.versions[-1])

    @property
    def asked(self) -> bool:
        """Whether it is offered."""
        return not all(one.ended for one in self.versions)

    def version(self, name: str) -> FormVersion | None:
        """Return the version of a name."""
        found = (one for one in self.versions if one.brought.version == name)
        return next(found, None)

    def item(self, field: str) -> Item | None:
        """Return the question of a field, as the newest version that has it asks it."""
        versions = (self.newest, *reversed(self.versions))
        found = (one for of in versions for one in of.questions if field_name(one) == field)
        return next(found, None)

    def choice(self, field: str, name: str) -> Choice | None:
        """Return a choice of a question, as the newest version that has it names it."""
        found = (
            choice
            for of in (self.newest, *reversed(self.versions))
            for one in of.questions
            if field_name(one) == field
            for choice in one.choices
            if choice.name == name
        )
        return next(found, None)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What any version asks, the newest first; only what that one needs is needed."""
        found: dict[tuple[str, Part], Field] = {}
        for version in (self.newest, *reversed(self.versions)):
            for item in version.questions:
                field = _field(item, needed=bool(item.needed) and version is self.newest)
                at = field.name, field.part
                known = found.get(at)
                choices = dict.fromkeys((*(known.choices if known else ()), *field.choices))
                found[at] = replace(known or field, choices=tuple(choices))
        return tuple(found.values())

    @property
    def unneeding(self) -> tuple[Field, ...]:
        """The same, of which nothing is needed: what was filled in elsewhere comes as it is."""
        return tuple(replace(one, needed=False) for one in self.fields)


def fold_forms(told: Iterable[FormTold]) -> tuple[OfficeForm, ...]:
    """Return the forms of an office, by their ids; the same facts give the same in any order."""
    facts = sorted(told, key=lambda one: (one.at, one.fact))
    over = {fact for one in facts if isinstance(one.event, FormEnded) for fact in one.event.over}
    found: dict[str, list[FormVersion]] = {}
    for one in facts:
        if isinstance(one.event, FormBrought):
            said = one.fact, one.at, one.device, one.event
            found.setdefault(one.event.form, []).append(FormVersion(*said, one.fact in over))
    return tuple(OfficeForm(id, form_kind(id), tuple(found[id])) for id in sorted(found))  # noqa: A001


def said(labels: Labels, language: str, main: str) -> str:
    """Return a label in a language, or in the form's main one, or in whatever there is."""
    words = dict(labels)
    for tag in (language, main, ""):
        found = next((words[one] for one in words if _same(one, tag) and words[one]), "")
        if found:
            return found
    return next((text for text in words.values() if text), "")


def question(item: Item, language: str, main: str) -> str:
    """Return a question in words; one without words is called by its name."""
    return said(item.labels, language, main) or item.path.rpartition("/")[2]


def _same(one: str, other: str) -> bool:
    return one.casefold().partition("-")[0] == other.casefold().partition("-")[0]


def moved(before: OfficeForm | None, items: Sequence[Item]) -> dict[str, str]:
    """Return the questions that stood in another part until now, by path, with that part."""
    if before is None:
        return {}
    old = {one.path: one.part for one in before.newest.questions}
    return {one.path: old[one.path] for one in items if old.get(one.path, one.part) != one.part}


def _part(item: Item) -> Part | None:
    return next((one for one in Part if one.value == item.part), None)


def _field(item: Item, *, needed: bool) -> Field:
    part = _part(item)
    assert part is not None
    choices = tuple(one.name for one in item.choices)
    return Field(field_name(item), part, FORMS[item.type], choices, needed=needed)
