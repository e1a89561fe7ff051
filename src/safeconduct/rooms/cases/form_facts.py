# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of the forms that an office asks with, frozen and versioned (spec/forms.md 2).

They stand in the vault of the crew: what is asked is no secret of a case, and everybody who fills
a form in needs it.  What was answered stands in the parts of a case and never here.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes36, Record

FORM_ID_MOST: Final = 200
LABEL_MOST: Final = 2_000
NAME_MOST: Final = 300
CHOICES_MOST: Final = 300
LANGUAGES_MOST: Final = 30
ITEMS_MOST: Final = 300
UNUSED_MOST: Final = 20
VERSIONS_MOST: Final = 64

FormId = Annotated[str, msgspec.Meta(min_length=1, max_length=FORM_ID_MOST)]
Version = Annotated[str, msgspec.Meta(max_length=FORM_ID_MOST)]
Label = tuple[
    Annotated[str, msgspec.Meta(max_length=60)], Annotated[str, msgspec.Meta(max_length=LABEL_MOST)]
]
"""A language's tag, nothing where the form names none, and the words in it."""
Labels = Annotated[tuple[Label, ...], msgspec.Meta(max_length=LANGUAGES_MOST)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_MOST)]


class Choice(Record, frozen=True):
    """What may be chosen: its name in submissions, and its words."""

    name: Name
    labels: Labels


class Item(Record, frozen=True):
    """A question, a note or the heading of a group; `part` is empty for the latter two.

    `path` names it from the form's root, groups before it; `unused` are what the form says of it
    and this program does not do, each with its words.
    """

    path: Name
    type: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    part: Annotated[str, msgspec.Meta(max_length=32)]
    labels: Labels
    hints: Labels
    needed: Annotated[int, msgspec.Meta(ge=0, le=1)]
    choices: Annotated[tuple[Choice, ...], msgspec.Meta(max_length=CHOICES_MOST)]
    unused: Annotated[
        tuple[tuple[str, Annotated[str, msgspec.Meta(max_length=LABEL_MOST)]], ...],
        msgspec.Meta(max_length=UNUSED_MOST),
    ]


class FormBrought(Record, frozen=True):
    """A version of a form that this office asks with from here on."""

    form: FormId
    version: Version
    title: Labels
    language: Annotated[str, msgspec.Meta(max_length=60)]
    items: Annotated[tuple[Item, ...], msgspec.Meta(min_length=1, max_length=ITEMS_MOST)]


class FormEnded(Record, frozen=True):
    """These versions of a form are asked no more; what was answered stays."""

    form: FormId
    over: Annotated[tuple[Bytes36, ...], msgspec.Meta(min_length=1, max_length=VERSIONS_MOST)]


FormFact = FormBrought | FormEnded
