# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about consent, frozen and versioned (spec/consent.md 2); they stand in the contact part.

Days count days of UTC since 1970.  What an answer is about is a person of the record, a purpose,
what for where the purpose is `other`, and a recipient in words.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count32, Record

CHOICE_MOST: Final = 32
LINE_MOST: Final = 200
"""Characters of a recipient, of who spoke for somebody, and of what `other` means."""
TEXT_MOST: Final = 4_000
LIMITS_MOST: Final = 1_000
TAG_LEAST, TAG_MOST = 2, 35
OVER_MOST: Final = 256
VERSION_MOST: Final = 9_999
Choice = Annotated[str, msgspec.Meta(min_length=1, max_length=CHOICE_MOST)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=LINE_MOST)]
MaybeLine = Annotated[str, msgspec.Meta(max_length=LINE_MOST)]
Words = Annotated[str, msgspec.Meta(max_length=LIMITS_MOST)]


class ConsentGiven(Record, frozen=True):
    """A person said that something of them may be passed on, after a text was read to them.

    `version` is that of the office's text, 0 where it was typed; `over` are the noes to the same
    that the author saw, and over which it was given anew.
    """

    case: Bytes16
    consent: Bytes16
    person: Bytes16
    purpose: Choice
    other: MaybeLine
    recipient: Line
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MOST)]
    language: Annotated[str, msgspec.Meta(min_length=TAG_LEAST, max_length=TAG_MOST)]
    version: Annotated[int, msgspec.Meta(ge=0, le=VERSION_MOST)]
    how: Choice
    through: MaybeLine
    given: Count32
    until: Count32
    limits: Words
    over: Annotated[tuple[Bytes36, ...], msgspec.Meta(max_length=OVER_MOST)]


class ConsentRefused(Record, frozen=True):
    """A person said no; kept so that nobody asks them again in a week."""

    case: Bytes16
    person: Bytes16
    purpose: Choice
    other: MaybeLine
    recipient: Line
    day: Count32


class ConsentWithdrawn(Record, frozen=True):
    """A person took a consent back, and with it every one to the same whose author did not know."""

    case: Bytes16
    consent: Bytes16
    reason: Words


ConsentFact = ConsentGiven | ConsentRefused | ConsentWithdrawn
