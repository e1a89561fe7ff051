# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters of support that were made: to whom, never what they say or of which lines.

Fails closed: a letter counts in the part contact of its own case alone (spec/relocation.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import Instant, instant_of
from safeconduct.rooms.cases.consent import line_of
from safeconduct.rooms.cases.letter_facts import LetterMade
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.kernel.words import CaseId, DeviceId, FactId, VaultId
    from safeconduct.rooms.cases.fold import Told

LETTER_PART: Final = Part.CONTACT


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was made."""

    fact: FactId
    at: Instant
    by: DeviceId
    said: LetterMade


def fold_letters(
    case: CaseId, parts: Mapping[VaultId, Part], told: Iterable[Told]
) -> tuple[Letter, ...]:
    """Return the letters of a case, oldest first; nothing without the part contact."""
    facts = sorted(told, key=lambda one: (one.hlc, one.fact))
    return tuple(
        Letter(one.fact, instant_of(one.hlc), one.device, one.event)
        for one in facts
        if parts.get(one.vault) is LETTER_PART
        and isinstance(one.event, LetterMade)
        and one.event.case == case
        and line_of(one.event.recipient) == one.event.recipient
    )
