# SPDX-License-Identifier: AGPL-3.0-or-later
"""The nouns of a case file: case, part, note, request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.phrase import words_of
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.kernel.words import DeviceId

if TYPE_CHECKING:
    from safeconduct.kernel.words import CaseId, FactId, Instant, VaultId

Apart = Callable[[DeviceId, DeviceId], bool]
"""Whether two devices are of two people."""
NAME_WORDS: Final = 3
"""One more than a conversation's code name has, so that the two are never taken for each other."""


class Part(Enum):
    """What a case file consists of; each part has a vault of its own."""

    IDENTITY = "identity"
    CONTACT = "contact"
    JOURNEY = "journey"
    TESTIMONY = "testimony"
    LEGAL = "legal"
    HEALTH = "health"


def case_name(case: CaseId, language: str) -> str:
    """Return the name under which colleagues speak of a case, the same at every desk."""
    return " ".join(words_of(fingerprint("case-name", case), NAME_WORDS, language))


def plain_name(typed: str) -> str:
    """Return a case's name as it is compared: in small letters, with single spaces."""
    return " ".join(typed.casefold().split())


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote into a part."""

    fact: FactId
    written: Instant
    by: DeviceId
    text: str


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part of a case that can be read here."""

    part: Part
    vault: VaultId
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """As much of a case as can be read here; what cannot be read leaves no trace in it."""

    id: CaseId
    name: str
    opened: Instant
    by: DeviceId
    parts: tuple[OpenPart, ...]

    def part(self, part: Part) -> OpenPart | None:
        """Return a part, or None when it cannot be read here."""
        return next((one for one in self.parts if one.part is part), None)


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody said to a request, when and why; two may have answered at once."""

    at: Instant
    by: DeviceId
    given: bool
    word: str


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for the keys of a part of a case, by the name that a colleague told."""

    fact: FactId
    at: Instant
    by: DeviceId
    case: str
    part: Part
    reason: str
    answers: tuple[Answered, ...]

    @property
    def given(self) -> bool:
        """Whether somebody gave the keys."""
        return any(answer.given for answer in self.answers)
