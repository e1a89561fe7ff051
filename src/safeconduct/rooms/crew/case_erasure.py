# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a case: who asked, which steward signed, until when it can be stopped (spec/erasure.md).

Pure.  Nothing that is destroyed comes back, so whatever is doubtful keeps a case: it takes two
people, a week in sight of everybody who reads it, and a place in the log, so that each desk finds
the same whatever its own clock says.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, CaseId, DeviceId, FactId, Instant
from safeconduct.rooms.crew.asking_facts import (
    OFFICE_DECIDED,
    PERSON_ASKED,
    CaseErased,
    ErasureAsked,
    ErasureStopped,
)
from safeconduct.rooms.crew.decide import CASE_OPENERS, NobodyToSecond, need_steward
from safeconduct.rooms.crew.events import Seconded, hash_of
from safeconduct.rooms.crew.exports import are_apart, of_others
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from safeconduct.rooms.crew.claims import Claim
    from safeconduct.rooms.crew.fold import Roster

LASTS: Final = 7 * DAY
"""For so long after it was asked for a steward can sign."""
WAITS: Final = 7 * DAY
"""So long after a steward signed a case goes; until then it can be stopped."""
WHYS: Final = (PERSON_ASKED, OFFICE_DECIDED)


class ErasureStage(Enum):
    """How far an erasure has come."""

    WAITS = "waits"
    """For a steward who is somebody else."""
    RUNS = "runs"
    """Signed: it goes on its day unless somebody stops it."""
    DUE = "due"
    STOPPED = "stopped"
    LAPSED = "lapsed"


class Said(NamedTuple):
    """A fact that is proved: where it stands in the log, and when it was written.

    `at` is never before the latest clock that stands before it; `place` is None of our own that the
    log does not hold yet.  `now` is what time it was there by the clocks of two people.
    """

    claim: Claim
    place: int | None
    at: Instant
    now: Instant


@dataclass(frozen=True, slots=True)
class ErasingCase:
    """An erasure that somebody asked for; `hash` is what others have to name.

    `due` is when it goes, None while nobody signed; `stopped` is who stopped it in time.
    """

    id: FactId
    case: CaseId
    by: DeviceId
    at: Instant
    why: str
    hash: bytes
    seconds: tuple[DeviceId, ...]
    due: Instant | None
    stopped: tuple[DeviceId, ...]
    erased: tuple[DeviceId, ...]
    """Whose desks said that they destroyed what they held."""

    def stage(self, now: Instant) -> ErasureStage:
        """Return how far it has come; a stop in time wins."""
        if self.stopped:
            return ErasureStage.STOPPED
        if self.due is not None:
            return ErasureStage.DUE if now >= self.due else ErasureStage.RUNS
        return ErasureStage.LAPSED if now - self.at >= LASTS else ErasureStage.WAITS


class ErasureAskedAlready(Refused):
    """Somebody asked for this already, and it waits or runs."""

    code = "erasure_asked_already"


class NoErasureWaits(Refused):
    """There is no such erasure, or it waits for nobody any more."""

    code = "no_erasure_waits"


class ErasureIsYours(Refused):
    """Nobody signs what they asked for themselves, from another device neither."""

    code = "erasure_is_yours"


class ErasesNoCase(Refused):
    """Case workers and stewards ask to erase a case."""

    code = "erases_no_case"


class NoReasonToErase(Refused):
    """An erasure says whether the person asked for it or the office decided."""

    code = "no_reason_to_erase"


def fold_erasures(roster: Roster, said: Iterable[Said]) -> tuple[ErasingCase, ...]:
    """Return what was asked for, newest first; claims are proved, and counted where seconds."""
    asked: list[tuple[Said, ErasureAsked]] = []
    naming: defaultdict[bytes, list[Said]] = defaultdict(list)
    for one in said:
        fact = one.claim.fact
        if isinstance(fact, ErasureAsked):
            asked.append((one, fact))
        elif isinstance(fact, Seconded | ErasureStopped | CaseErased):
            naming[fact.fact].append(one)
    found = [_erasing(roster, one, fact, naming[one.claim.id]) for one, fact in asked]
    return tuple(sorted(found, key=lambda one: (-one.at, one.id)))


def _erasing(
    roster: Roster, asked: Said, fact: ErasureAsked, naming: Collection[Said]
) -> ErasingCase:
    hash_, by = hash_of(asked.claim.signed), asked.claim.signer
    seconds = [one for one in naming if _seconds(roster, one, asked, hash_)]
    counted = [one for one in seconds if one.place is not None and one.at - asked.at < LASTS]
    due = min((Instant(one.at + WAITS) for one in counted), default=None)
    stops = {
        one.claim.signer
        for one in naming
        if _stops(roster, one, by, hash_) and (one.place is None or due is None or one.now < due)
    }
    erased = {one.claim.signer for one in naming if isinstance(one.claim.fact, CaseErased)}
    signers = tuple(sorted({one.claim.signer for one in seconds}))
    ends = tuple(sorted(stops)), tuple(sorted(erased))
    told = by, asked.at, fact.why, hash_
    return ErasingCase(asked.claim.id, CaseId(fact.case), *told, signers, due, *ends)


def _seconds(roster: Roster, one: Said, asked: Said, hash_: bytes) -> bool:
    """Tell whether it is a steward's signature, and of somebody else than asked."""
    fact, signer = one.claim.fact, one.claim.signer
    if not isinstance(fact, Seconded) or fact.hash != hash_:
        return False
    return bool(of_others(roster, {signer} & roster.stewards, asked.claim.signer))


def _stops(roster: Roster, one: Said, asker: DeviceId, hash_: bytes) -> bool:
    """Tell whether somebody stopped it who may: who asked, or any steward."""
    fact, signer = one.claim.fact, one.claim.signer
    if not isinstance(fact, ErasureStopped) or fact.hash != hash_:
        return False
    return signer == asker or signer in roster.stewards


def ask_erasure(
    roster: Roster, by: DeviceId, case: CaseId, why: str, before: Iterable[ErasureStage]
) -> ErasureAsked:
    """Ask to erase a case; `before` is how far earlier questions about it have come.

    Raises:
        ErasesNoCase, NoReasonToErase, ErasureAskedAlready, NobodyToSecond: see there.
    """
    if not roster.roles(by) & CASE_OPENERS:
        raise ErasesNoCase
    if why not in WHYS:
        raise NoReasonToErase
    if any(one not in {ErasureStage.STOPPED, ErasureStage.LAPSED} for one in before):
        raise ErasureAskedAlready
    standing = (one for one in roster.present() if Role.STEWARD in roster.roles(one))
    if not any(are_apart(roster, one, by) for one in standing):
        raise NobodyToSecond
    return ErasureAsked(case, why)


def second_erasure(
    roster: Roster, by: DeviceId, erasing: ErasingCase | None, now: Instant
) -> Seconded:
    """Sign, as a steward who is somebody else.

    Raises:
        NotASteward, NoErasureWaits, ErasureIsYours: see there.
    """
    need_steward(roster, by)
    if erasing is None or erasing.stage(now) is not ErasureStage.WAITS or erasing.seconds:
        raise NoErasureWaits
    if not are_apart(roster, by, erasing.by):
        raise ErasureIsYours
    return Seconded(erasing.id, erasing.hash)


def stop_erasure(
    roster: Roster, by: DeviceId, erasing: ErasingCase | None, now: Instant
) -> ErasureStopped:
    """Stop it, as who asked or as a steward.

    Raises:
        NoErasureWaits, NotASteward: see there.
    """
    open_ = {ErasureStage.WAITS, ErasureStage.RUNS}
    if erasing is None or erasing.stage(now) not in open_:
        raise NoErasureWaits
    if erasing.by != by:
        need_steward(roster, by)
    return ErasureStopped(erasing.id, erasing.hash)


def droppable(
    parcels: Iterable[tuple[bytes, Collection[bytes]]], erased: Callable[[bytes], bool]
) -> tuple[bytes, ...]:
    """Return the parcels that hold keys of erased vaults and of no other.

    `parcels` are each fact's parcel with the vaults of which it says that keys are in it.
    """
    vaults: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for name, named in parcels:
        vaults[name].update(named)
    return tuple(sorted(name for name, of in vaults.items() if of and all(map(erased, of))))
