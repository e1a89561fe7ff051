# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the conversations of a case: the same set gives the same state in any order.

A link counts in the vault of the part of contact alone.  It stands until somebody who saw it takes
it back; what two said unseen of each other stands (spec/plan.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.kernel.words import CaseId, ConversationId, FactId, instant_of
from safeconduct.rooms.cases.link_facts import ConversationLinked, ConversationUnlinked
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.kernel.words import DeviceId, Instant, VaultId
    from safeconduct.rooms.cases.fold import Told


@dataclass(frozen=True, slots=True)
class Link:
    """A conversation of a case, who said so last and when, and all facts that say so."""

    talk: ConversationId
    at: Instant
    by: DeviceId
    facts: tuple[FactId, ...]


def fold_links(
    case: CaseId, parts: Mapping[VaultId, Part], told: Iterable[Told]
) -> tuple[Link, ...]:
    """Return the conversations of a case, those first that were linked first."""
    facts = [
        one
        for one in sorted(told, key=lambda one: (one.hlc, one.fact))
        if parts.get(one.vault) is Part.CONTACT
    ]
    over: set[tuple[bytes, bytes]] = set()
    for one in facts:
        event = one.event
        if isinstance(event, ConversationUnlinked) and event.case == case:
            over |= {(event.talk, fact) for fact in event.over}
    found: dict[bytes, list[Told]] = {}
    for one in facts:
        event = one.event
        if not isinstance(event, ConversationLinked) or event.case != case:
            continue
        if (event.talk, one.fact) not in over:
            found.setdefault(event.talk, []).append(one)
    return tuple(_link(talk, some) for talk, some in found.items())


def _link(talk: bytes, some: list[Told]) -> Link:
    last = some[-1]
    facts = tuple(one.fact for one in some)
    return Link(ConversationId(talk), instant_of(last.hlc), last.device, facts)
