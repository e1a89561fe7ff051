# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages say of removals: who removed which device and why; and what waits for a second.

Reads what `graph` settled and decides nothing (spec/crew.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.crew.claims import roles_of
from safeconduct.rooms.crew.events import (
    CrewFact,
    DeviceAdmitted,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    RoleGranted,
    hash_of,
)
from safeconduct.rooms.crew.take_backs import taken_back
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.crew.claims import Book, Claim
    from safeconduct.rooms.crew.graph import Settled
    from safeconduct.rooms.crew.roots import Rival


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
    """What one steward signed and a second one has not; `hash` is what a second has to name.

    `devices` are those that it is about.  Of new cards in dispute, which a root key signed, `by` is
    the device that wrote them down and `seconds` are the stewards who signed for them.
    """

    by: DeviceId
    sequence: int
    fact: CrewFact
    hash: bytes
    devices: tuple[DeviceId, ...] = ()
    seconds: tuple[DeviceId, ...] = ()


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
    """Return what a second steward could still make count, and who asked did not take back."""
    gone = taken_back(book, settled.cuts)
    waiting = (
        *_expulsions(settled),
        *_readmissions(book, settled),
        *_grants(book, settled),
        *_admissions(book, settled),
    )
    return {
        claim.id: Pending(
            by=claim.signer,
            sequence=claim.told.sequence,
            fact=claim.fact,
            hash=hash_of(claim.signed),
            devices=_concerned(book, claim),
        )
        for claim in waiting
        if claim.id not in gone and not settled.counted.backed(claim)
    }


def _concerned(book: Book, claim: Claim) -> tuple[DeviceId, ...]:
    fact = claim.fact
    if isinstance(fact, DeviceExpelled):
        return tuple(DeviceId(cut.device) for cut in fact.cuts)
    if isinstance(fact, DeviceAdmitted):
        admitted = book.admitted(claim)
        return (admitted.id,) if admitted else ()
    assert isinstance(fact, DeviceReadmitted | RoleGranted)
    return (DeviceId(fact.cut.device if isinstance(fact, DeviceReadmitted) else fact.device),)


def disputed_of(rivals: Iterable[Rival]) -> dict[FactId, Pending]:
    """Return the new cards in dispute, of which two stewards choose one (spec/crew.md 8)."""
    return {
        split.id: Pending(
            by=split.told.device,
            sequence=split.told.sequence,
            fact=split.fact,
            hash=hash_of(split.signed),
            seconds=seconds,
        )
        for split, seconds in rivals
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


def _grants(book: Book, settled: Settled) -> list[Claim]:
    """Return the grants that replace all that counts, of devices that they may change.

    The role steward is taken while its device is removed: of what it signed after it was brought
    back nothing would count any more.
    """
    found, state = [], settled.counted
    for claim in book.of(RoleGranted):
        fact = claim.fact
        assert isinstance(fact, RoleGranted)
        device = DeviceId(fact.device)
        if device not in state.members or not set(state.granted(device)) <= set(fact.replaces):
            continue
        loses = Role.STEWARD in state.roles(device) and Role.STEWARD not in roles_of(claim)
        fits = not loses or settled.cuts.left(device)
        if fits and state.stands(claim) and book.sound(claim):
            found.append(claim)
    return found


def _admissions(book: Book, settled: Settled) -> list[Claim]:
    """Return those that give the role steward to a device whose roles no grant has said since."""
    found, state = [], settled.counted
    for claim in book.of(DeviceAdmitted):
        counts = claim.id in state.facts and Role.STEWARD in roles_of(claim)
        if counts and not any(state.granted(one) for one in _concerned(book, claim)):
            found.append(claim)
    return found
