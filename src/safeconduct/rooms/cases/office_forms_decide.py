# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a steward does with the forms of an office: a draft to a fact, or a refusal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.sheets import FIELDS_MOST
from safeconduct.rooms.cases.form_facts import (
    FORM_ID_MOST,
    VERSIONS_MOST,
    FormBrought,
    FormEnded,
    Item,
)
from safeconduct.rooms.cases.office_forms import FORMS, RISK, OfficeForm
from safeconduct.rooms.cases.office_instruments import can_be_item
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.rooms.cases.xlsform import Draft

FORM_BYTES: Final = 512 << 10
"""Of the fact that a form is; texts in many languages add up."""
PARTS: Final = frozenset(one.value for one in Part)
ONE_FACT: Final = FIELDS_MOST - 4
"""So many questions of a form may stand in one part: their answers are one fact."""


class NoFormId(Refused):
    """A form has an id of 1 to 200 characters, by which submissions name it."""

    code = "no_form_id"


@dataclass(eq=False)
class PartsMissing(Refused):
    """These questions stand in no part yet; nothing was kept."""

    code = "form_parts_missing"
    names: tuple[str, ...]


@dataclass(eq=False)
class PartFull(Refused):
    """More questions of a form stand in one part than a fact about it holds."""

    code = "form_part_full"
    most: int


class VersionThere(Refused):
    """The office has this version of this form; another one needs another version."""

    code = "form_version_there"


class FormTooLong(Refused):
    """A form, or the number of its versions, is more than one fact or one office takes."""

    code = "form_too_long"


class NoSuchForm(Refused):
    """The office asks with no such form, or not any more."""

    code = "no_such_form"


def bring_form(
    draft: Draft,
    form: str,
    version: str,
    parts: Mapping[str, str],
    before: OfficeForm | None,
) -> FormBrought:
    """Return the fact that a form is asked from here on.

    `parts` are by the questions' paths; one that can be asked when risk is judged may have `RISK`.

    Raises:
        NoFormId, PartsMissing, PartFull, VersionThere, FormTooLong: see there.
    """
    form, version = " ".join(form.split()), " ".join(version.split())
    if not form or max(len(form), len(version)) > FORM_ID_MOST:
        raise NoFormId
    items = tuple(_placed(one, parts) for one in draft.items)
    missing = tuple(one.path for one in items if one.type in FORMS and not one.part)
    if missing:
        raise PartsMissing(missing)
    if max(Counter(one.part for one in items if one.part).values()) > ONE_FACT:
        raise PartFull(ONE_FACT)
    if before is not None:
        if before.version(version) is not None:
            raise VersionThere
        if len(before.versions) >= VERSIONS_MOST:
            raise FormTooLong
    fact = FormBrought(form, version, draft.title, draft.language, items)
    if len(encode(fact)) > FORM_BYTES:
        raise FormTooLong
    return fact


def _placed(item: Item, parts: Mapping[str, str]) -> Item:
    part = parts.get(item.path, "")
    known = part in PARTS or (part == RISK and can_be_item(item))
    kept = (item.path, item.type, part if known else "", item.labels, item.hints, item.needed)
    return Item(*kept, item.choices, item.unused)


def end_form(form: OfficeForm | None) -> FormEnded:
    """Return the fact that a form is asked no more, in no version.

    Raises:
        NoSuchForm: see there.
    """
    if form is None or not form.asked:
        raise NoSuchForm
    over = tuple(one.fact for one in form.versions if not one.ended)
    return FormEnded(form.id, over[:VERSIONS_MOST])
