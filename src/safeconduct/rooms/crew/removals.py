# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages say of removals: who removed which device and why, and what waits for a second.

Reads what `graph` settled and decides nothing (spec/crew.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.crew.events import (
    CrewFact,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    hash_of,
)

if TYPE_CHECKING:
    from safeconduct.rooms.crew.claims import Book, Claim
    from safeconduct.rooms.crew.graph import Settled


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal that holds: the devices that it removes still, by whom, why, and who seconded it.

    `writer` is the device in whose chain its commit stands, at `sequence`; an empty id as `by` or
    among the seconds is the root key.
    """

    by: DeviceId
    writer: DeviceId
    sequence: int
    devices: tuple[DeviceId, ...]
    reason: str
    expels: bool
    seconds: tuple[DeviceId, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """What one steward signed and a second one has not; `hash` is what a second has to name."""

    by: DeviceId
    sequence: int
    fact: CrewFact
    hash: bytes


def removals_of(settled: Settled) -> dict[FactId, Removal]:
    """Return every removal that holds and is not lifted."""
    found: dict[FactId, list[DeviceId]] = {}
    claims: dict[FactId, Claim] = {}
    for device in settled.cuts.devices():
        for arc in settled.cuts.left(device):
            claims[arc.removal.id] = arc.removal
            found.setdefault(arc.removal.id, []).append(device)
    return {one: _removal(claims[one], found[one], settled) for one in sorted(found)}


def _removal(claim: Claim, devices: list[DeviceId], settled: Settled) -> Removal:
    fact = claim.fact
    assert isinstance(fact, DeviceSuspended | DeviceExpelled)
    return Removal(
        by=claim.signer,
        writer=claim.told.device,
        sequence=claim.told.sequence,
        devices=tuple(sorted(set(devices))),
        reason=fact.reason,
        expels=isinstance(fact, DeviceExpelled),
        seconds=settled.counted.seconders(claim),
    )


def pending_of(book: Book, settled: Settled) -> dict[FactId, Pending]:
    """Return what a second steward could still make count."""
    return {
        claim.id: Pending(claim.signer, claim.told.sequence, claim.fact, hash_of(claim.signed))
        for claim in (*_expulsions(settled), *_readmissions(book, settled))
        if not settled.counted.backed(claim)
    }


def _expulsions(settled: Settled) -> list[Claim]:
    """Return the expulsions that hold, but for those of rings, which no second makes more of."""
    return [
        arc.removal
        for device in settled.cuts.devices()
        for arc in settled.cuts.left(device)
        if isinstance(arc.removal.fact, DeviceExpelled) and arc not in settled.rings
    ]


def _readmissions(book: Book, settled: Settled) -> list[Claim]:
    """Return those that would bring their device back: they lift all that removes it."""
    found = []
    for claim in book.of(DeviceReadmitted):
        fact = claim.fact
        assert isinstance(fact, DeviceReadmitted)
        left = {arc.removal.id for arc in settled.cuts.left(DeviceId(fact.cut.device))}
        lifts = left and left <= set(fact.lifts)
        if lifts and settled.counted.stands(claim) and book.sound(claim):
            found.append(claim)
    return found
