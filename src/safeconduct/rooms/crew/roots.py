# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which root key stands, and what counts of all that root keys signed (spec/crew.md 8).

A root key hands on to the next by a split, which names what of the key before it goes on counting.
Each split is judged by what counts if only that did, so that neither the order of facts nor cards
that were replaced decide.  Fails closed: of what is disputed nothing counts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.crew.card_facts import RecoverySplit, RecoveryUsed
from safeconduct.rooms.crew.claims import Claim
from safeconduct.rooms.crew.events import (
    DeviceAdmitted,
    DeviceExpelled,
    DeviceSuspended,
    OfficeFounded,
    RoleGranted,
    Seconded,
)
from safeconduct.rooms.crew.graph import Settled, settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.crew.claims import Book

USED_FOR: Final = (DeviceSuspended, DeviceExpelled, RoleGranted)
"""What cards do, once a use names it."""


@dataclass(frozen=True, slots=True)
class Cards:
    """The recovery cards that count: their root key and sealing key, how many, and their check.

    Of the cards of the founding nobody wrote down how many there are: the numbers are 0 then.
    While splits dispute the root, `rivals` are these, and the keys are empty: no root has power.
    """

    root_key: bytes = b""
    recovery_key: bytes = b""
    needed: int = 0
    cards: int = 0
    check: bytes = b""
    rivals: tuple[FactId, ...] = ()


NO_CARDS: Final = Cards()


class Rival(NamedTuple):
    """A split in dispute, and the stewards who seconded it by what all of its rivals name."""

    split: Claim
    seconds: tuple[DeviceId, ...]


class Rooted(NamedTuple):
    """What holds in the end, which cards count, and what counts of all that root keys signed.

    `rivals` has one of each split in dispute, however often it was written down.
    """

    settled: Settled
    cards: Cards
    signed: frozenset[Claim]
    rivals: tuple[Rival, ...] = ()


class Known(NamedTuple):
    """Every root key that some root key named, what those signed, and the devices that wrote it."""

    keys: frozenset[bytes]
    signed: frozenset[Claim]
    carriers: frozenset[DeviceId]


def settle_roots(book: Book) -> Rooted:
    """Return which root key stands, and what the office is by it."""
    cards, counted, before = _founding(book), frozenset[Claim](), set[bytes]()
    while True:
        before.add(cards.root_key)
        mine = book.signed_by(cards.root_key)
        heirs = _heirs(book, counted, mine, before)
        if not heirs:
            return _rooted(book, counted | _made(mine, None), cards)
        if len(heirs) > 1:
            common = frozenset.intersection(*(_kept(mine, heir) for heir in heirs))
            by = [(heir, _seconders(book, counted | common, heir)) for heir in heirs]
            backed = [heir for heir, seconders in by if len(seconders) > 1]
            if len(backed) != 1:
                cards = Cards(rivals=tuple(sorted(claim.id for heir in heirs for claim in heir)))
                rivals = tuple(Rival(heir[0], tuple(sorted(seconders))) for heir, seconders in by)
                return _rooted(book, counted | common, cards)._replace(rivals=rivals)
            heirs = backed
        (heir,) = heirs
        counted |= _kept(mine, heir) | frozenset(heir)
        cards = _cards(heir)


def known_roots(book: Book) -> Known:
    """Return the root keys that facts name, whether they count or not, and who wrote for them."""
    keys, signed = [_founding(book).root_key], set[Claim]()
    for key in keys:  # It grows.
        for claim in book.signed_by(key):
            signed.add(claim)
            if isinstance(claim.fact, RecoverySplit) and claim.fact.root_key not in keys:
                keys.append(claim.fact.root_key)
    carriers = frozenset(claim.told.device for claim in signed)
    return Known(frozenset(keys), frozenset(signed), carriers)


Heir = list[Claim]
"""One split, as often as it was written: to copy what the root key signed makes no second one."""


def _founding(book: Book) -> Cards:
    assert book.founding is not None
    fact = book.founding.fact
    assert isinstance(fact, OfficeFounded)
    return Cards(fact.root_key, fact.recovery_key)


def _cards(heir: Heir) -> Cards:
    fact = heir[0].fact
    assert isinstance(fact, RecoverySplit)
    return Cards(fact.root_key, fact.recovery_key, fact.needed, fact.cards, fact.check)


def _rooted(book: Book, signed: frozenset[Claim], cards: Cards) -> Rooted:
    book.rooted = signed
    return Rooted(settle(book), cards, signed)


def _heirs(
    book: Book, counted: frozenset[Claim], mine: Iterable[Claim], before: set[bytes]
) -> list[Heir]:
    """Return the splits that follow a root key and that a steward seconded."""
    alike: dict[bytes, Heir] = defaultdict(list)
    for claim in mine:
        if isinstance(claim.fact, RecoverySplit) and claim.fact.root_key not in before:
            alike[claim.signed.fact].append(claim)
    return [heir for heir in alike.values() if _seconders(book, counted | _kept(mine, heir), heir)]


def _seconders(book: Book, signed: frozenset[Claim], heir: Heir) -> frozenset[DeviceId]:
    """Return the stewards who seconded a split, by what counts if of root keys' facts these do."""
    counted = _rooted(book, signed, NO_CARDS).settled.counted
    return frozenset().union(*(counted.seconders(claim) for claim in heir))


def _kept(mine: Iterable[Claim], heir: Heir) -> frozenset[Claim]:
    fact = heir[0].fact
    assert isinstance(fact, RecoverySplit)
    return _made(mine, frozenset(fact.kept))


def _made(mine: Iterable[Claim], kept: frozenset[bytes] | None) -> frozenset[Claim]:
    """Return uses of a root key, what these name, and seconds by it: all, or those kept.

    An admission needs no use that names it: nobody could read who wrote that before it counts.
    """
    whole = [claim for claim in mine if kept is None or claim.id in kept]
    uses = [claim for claim in whole if isinstance(claim.fact, RecoveryUsed)]
    named = {fact for claim in uses for fact in _named(claim)}
    seconds = [claim for claim in whole if isinstance(claim.fact, Seconded | DeviceAdmitted)]
    used = [claim for claim in mine if isinstance(claim.fact, USED_FOR) and claim.id in named]
    return frozenset((*uses, *seconds, *used))


def _named(use: Claim) -> tuple[bytes, ...]:
    assert isinstance(use.fact, RecoveryUsed)
    return use.fact.made
