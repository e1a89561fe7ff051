# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters of support: what may stand in one, what was chosen, and which were made.

A letter holds the lines of a person's record that its author ticked, and the author's own words;
nothing is ticked beforehand, and nothing of other people can be (spec/relocation.md 5).  Whether
the person consented is asked at the gate (`edges/desk/handoffs`), each time anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.cases.consent import Purpose, line_of
from safeconduct.rooms.cases.letter_facts import LetterMade
from safeconduct.rooms.cases.own_file_lines import Kept, Line, lines_of
from safeconduct.rooms.cases.sheets import DOCUMENT, PERSON, RELOCATION, SERVICE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases.consent import Consent
    from safeconduct.rooms.cases.record import SheetId

PURPOSES: Final = frozenset({Purpose.REFERRAL, Purpose.AUTHORITIES, Purpose.OTHER})
"""For what a consent has to be given, so that a letter goes to its recipient."""
SECTIONS: Final = (PERSON, DOCUMENT, RELOCATION, SERVICE)
"""Of what lines may stand in a letter."""
LINES_MOST: Final = 100
WORDS_MOST: Final = 4_000


@dataclass(eq=False)
class WrongLetter(Refused):
    """These fields of the form hold what a letter cannot; nothing was made."""

    code = "wrong_letter"
    names: tuple[str, ...]


class NothingInLetter(Refused):
    """Neither a word nor a line stands in it."""

    code = "nothing_in_letter"


class LetterChanged(Refused):
    """What would stand in it is not any more what was shown."""

    code = "letter_changed"


class TypedLetter(NamedTuple):
    """What stands in the form of a letter; `lines` are the keys of what was ticked."""

    language: str
    opening: str
    closing: str
    signed: str
    lines: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """What a letter says, and to whom; nothing is kept yet."""

    recipient: str
    language: str
    opening: str
    lines: tuple[Line, ...]
    closing: str
    signed: str


def letter_lines(kept: Kept, person: SheetId) -> tuple[Line, ...]:
    """Return the lines that may stand in a letter: hers by where they stand, as they are now."""
    every = lines_of(kept, person)
    return tuple(one for one in every if one.section in SECTIONS and one.hers and one.stands)


def draft_letter(
    lines: Sequence[Line], recipient: str, typed: TypedLetter, languages: Collection[str]
) -> LetterDraft:
    """Return what a letter says, out of the lines that may stand in it.

    Raises:
        WrongLetter, LetterChanged, NothingInLetter: see there.
    """
    opening, closing, signed = typed.opening.strip(), typed.closing.strip(), line_of(typed.signed)
    wrong = [
        *([] if typed.language in languages else ["language"]),
        *([] if len(opening) <= WORDS_MOST else ["opening"]),
        *([] if len(closing) <= WORDS_MOST else ["closing"]),
        *([] if signed or not typed.signed.strip() else ["signed"]),
        *([] if len(typed.lines) <= LINES_MOST else ["lines"]),
    ]
    if wrong:
        raise WrongLetter(tuple(wrong))
    chosen = tuple(one for one in lines if one.key in typed.lines)
    if len({one.key for one in chosen}) < len(typed.lines):
        raise LetterChanged
    if not chosen and not opening and not closing:
        raise NothingInLetter
    return LetterDraft(recipient, typed.language, opening, chosen, closing, signed)


def made_of(
    case: CaseId, consent: Consent, draft: LetterDraft, digest: bytes, *, sealed: bool
) -> LetterMade:
    """Return the fact that says of a letter that it was made."""
    return LetterMade(
        case=case,
        person=consent.asking.person,
        consent=consent.id,
        recipient=draft.recipient,
        language=draft.language,
        digest=digest,
        sealed=int(sealed),
    )


def may_be_for(consent: Consent) -> bool:
    """Tell whether a letter may be written under a consent, while it holds."""
    return consent.asking.purpose in PURPOSES
