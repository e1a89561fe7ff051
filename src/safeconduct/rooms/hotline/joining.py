# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations of one person, joined by helpers: which belong together, and which is answered.

A joining says of one conversation that an earlier one is the same person's, whose words are lost.
Facts may come in any order, and form chains, forks and rings: the same set gives the same groups
(spec/joining.md).  Only the conversation whose words are the newest is answered; which that is
depends on what helpers said and never on who wrote last, because somebody may have found the words
that were lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec

from safeconduct.kernel.canon import Bytes16, Record
from safeconduct.kernel.words import ConversationId, DeviceId, FactId, Instant
from safeconduct.rooms.hotline.heard import Heard


class ConversationsJoined(Record, frozen=True):
    """A helper says that `earlier` is the same person's, whose words are lost; why.

    `joined` is 0 where it is taken back; `replaces` names what its writer saw stand between these
    two conversations.
    """

    conversation: Bytes16
    earlier: Bytes16
    joined: Annotated[int, msgspec.Meta(ge=0, le=1)]
    reason: str
    replaces: tuple[bytes, ...]


Said = Heard[ConversationsJoined]


@dataclass(frozen=True, slots=True)
class Joining:
    """What stands between a conversation and an earlier one.

    Where one helper joined them and another took that back at once, they are apart until somebody
    joins them anew: `disputed`.
    """

    conversation: ConversationId
    earlier: ConversationId
    joined: bool
    reason: str
    by: DeviceId
    at: Instant
    facts: tuple[FactId, ...]
    disputed: bool = False


class Pair(NamedTuple):
    """Two conversations that are joined."""

    conversation: ConversationId
    earlier: ConversationId


def joinings(said: Iterable[Said]) -> tuple[Joining, ...]:
    """Return what stands between each two conversations, in their order."""
    pairs: dict[Pair, list[Said]] = {}
    for one in said:
        pair = Pair(ConversationId(one.event.conversation), ConversationId(one.event.earlier))
        if pair.conversation != pair.earlier:
            pairs.setdefault(pair, []).append(one)
    return tuple(
        _joining(pair, standing) for pair in sorted(pairs) if (standing := _standing(pairs[pair]))
    )


def _standing(said: Sequence[Said]) -> list[Said]:
    replaced = {fact for one in said for fact in one.event.replaces if fact != one.fact}
    standing = [one for one in said if one.fact not in replaced]
    return sorted(standing, key=lambda one: (one.at, one.fact))


def _joining(pair: Pair, standing: Sequence[Said]) -> Joining:
    apart = [one for one in standing if not one.event.joined]
    shown = apart[0] if apart else standing[0]
    return Joining(
        *pair,
        joined=not apart,
        reason=shown.event.reason,
        by=shown.device,
        at=shown.at,
        facts=tuple(sorted(one.fact for one in standing)),
        disputed=0 < len(apart) < len(standing),
    )


def group(
    start: ConversationId, pairs: Iterable[Pair], held: Collection[ConversationId]
) -> frozenset[ConversationId]:
    """Return all that are joined with one, itself too, by way of such that are held here."""
    beside: dict[ConversationId, set[ConversationId]] = {}
    for pair in pairs:
        if pair.conversation in held and pair.earlier in held:
            beside.setdefault(pair.conversation, set()).add(pair.earlier)
            beside.setdefault(pair.earlier, set()).add(pair.conversation)
    found, next_ones = {start}, [start]
    while next_ones:
        fresh = beside.get(next_ones.pop(), set()) - found
        found |= fresh
        next_ones += fresh
    return frozenset(found)


def answered(began: Mapping[ConversationId, Instant], pairs: Iterable[Pair]) -> ConversationId:
    """Return which of a group is answered: of those that no other replaced, the last that began.

    `began` says of each that has a box when its first message arrived; of all, where none has one.
    In a ring each replaced another, and the last that began is taken.
    """
    earlier = {pair.earlier for pair in pairs if pair.conversation in began}
    newest = began.keys() - earlier or began.keys()
    return max(newest, key=lambda one: (began[one], one))
