# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking conversations out of the office: who asked, who signed, what takes two (spec/crew.md 14).

Pure.  What is said here binds a desk that nobody changed: whoever can read can copy.  No right
hangs on these facts, so they are folded apart from the roster; a take-back wins over a second,
since it undoes nothing that was done.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, ConversationId, DeviceId, FactId, Instant
from safeconduct.rooms.crew.asking_facts import (
    EXPORT_MOST,
    REASON_MOST,
    RECIPIENT_MOST,
    ExportAsked,
    TakenBack,
)
from safeconduct.rooms.crew.decide import (
    HELPERS,
    NobodyToSecond,
    need_steward,
    stewards,
)
from safeconduct.rooms.crew.events import Seconded, hash_of
from safeconduct.rooms.crew.removing import NothingToSecond, SecondIsAnother
from safeconduct.rooms.crew.taking_back import AskedByAnother, NothingToTakeBack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.crew.claims import Claim
    from safeconduct.rooms.crew.fold import Roster

ALONE_MOST: Final = 3
"""So many exports, each of one conversation that the asking device holds, take no second ..."""
ALONE_IN: Final = 7 * DAY
"""... within so many milliseconds; one more, or any other, takes a steward who is somebody else."""
LASTS: Final = 7 * DAY
"""For so long after it was asked for, by its own clock, an export can be signed and made."""


class Stage(Enum):
    """How far an export has come."""

    WAITS = "waits"
    SIGNED = "signed"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Asked:
    """An export that a device asked for; `hash` is what a second has to name."""

    id: FactId
    by: DeviceId
    at: Instant
    fact: ExportAsked
    hash: bytes
    seconds: tuple[DeviceId, ...]
    taken_back: bool

    @property
    def conversations(self) -> tuple[ConversationId, ...]:
        """Which conversations it is about."""
        return tuple(ConversationId(one) for one in self.fact.conversations)


class NeedsASecond(Refused):
    """This export takes a steward who is somebody else."""

    code = "needs_a_second"


class NotSignedYet(Refused):
    """Nobody has signed this export, or it was taken back, or it lapsed."""

    code = "not_signed_yet"


class NothingToExport(Refused):
    """There is no conversation in what was chosen."""

    code = "nothing_to_export"


class TooManyToExport(Refused):
    """An export has `EXPORT_MOST` conversations at most."""

    code = "too_many_to_export"


class SayWhyAndForWhom(Refused):
    """An export says why and for whom, in as many letters as fit."""

    code = "say_why_and_for_whom"


class NoExportFromHere(Refused):
    """This device belongs to no helper of the office any more."""

    code = "no_export_from_here"


def fold_exports(roster: Roster, claims: Iterable[tuple[Claim, Instant]]) -> dict[FactId, Asked]:
    """Return what was asked for; the claims are proved, and counted where they are seconds."""
    asked: list[tuple[Claim, ExportAsked, Instant]] = []
    naming: dict[bytes, list[Claim]] = defaultdict(list)
    for claim, at in claims:
        if isinstance(claim.fact, ExportAsked):
            asked.append((claim, claim.fact, at))
        elif isinstance(claim.fact, Seconded | TakenBack):
            naming[claim.fact.fact].append(claim)
    return {
        claim.id: Asked(
            id=claim.id,
            by=claim.signer,
            at=at,
            fact=fact,
            hash=hash_of(claim.signed),
            seconds=_seconds(roster, claim, naming[claim.id]),
            taken_back=any(_takes_back(one, claim) for one in naming[claim.id]),
        )
        for claim, fact, at in sorted(asked, key=lambda one: one[0].id)
    }


def _seconds(roster: Roster, asked: Claim, naming: Iterable[Claim]) -> tuple[DeviceId, ...]:
    """Return the stewards who signed, but for who asked, by whichever device."""
    signers = {one.signer for one in naming if isinstance(one.fact, Seconded) and _same(one, asked)}
    return tuple(sorted(of_others(roster, signers & roster.stewards, asked.signer)))


def _takes_back(claim: Claim, asked: Claim) -> bool:
    own = claim.signer == asked.signer
    return own and isinstance(claim.fact, TakenBack) and _same(claim, asked)


def _same(claim: Claim, asked: Claim) -> bool:
    fact = claim.fact
    return isinstance(fact, Seconded | TakenBack) and fact.hash == hash_of(asked.signed)


def stage(roster: Roster, asked: Asked, now: Instant) -> Stage:
    """Return how far an export has come; a take-back wins, and so does time."""
    if asked.taken_back:
        return Stage.TAKEN_BACK
    if asked.by not in roster.present() or now - asked.at >= LASTS:
        return Stage.LAPSED
    return Stage.SIGNED if asked.seconds or _alone(roster, asked.by) else Stage.WAITS


def of_others(roster: Roster, devices: Iterable[DeviceId], device: DeviceId) -> frozenset[DeviceId]:
    """Return those of some devices that are of somebody else than a device, by the roster's names.

    Whoever admits a device names its person, so this binds people who name devices honestly.
    """
    person = _person(roster, device)
    return frozenset(one for one in devices if _person(roster, one) != person)


def are_apart(roster: Roster, one: DeviceId, other: DeviceId) -> bool:
    """Tell whether two devices are of two people, both of whom the roster names."""
    known = one in roster.members and other in roster.members
    return known and bool(of_others(roster, [one], other))


def _person(roster: Roster, device: DeviceId) -> str | None:
    member = roster.members.get(device)
    return member.person if member else None


def _alone(roster: Roster, device: DeviceId) -> bool:
    """Tell whether a device is of the one steward of an office that never had two."""
    return device in stewards(roster) and not of_others(roster, roster.stewards, device)


def ask(
    roster: Roster,
    by: DeviceId,
    conversations: Iterable[ConversationId],
    *,
    reason: str,
    recipient: str,
) -> ExportAsked:
    """Ask to take conversations along.

    Raises:
        NoExportFromHere, NothingToExport, TooManyToExport, SayWhyAndForWhom, NobodyToSecond: see
        there.
    """
    need_helper(roster, by)
    chosen = tuple(sorted(set(conversations)))
    if not chosen:
        raise NothingToExport
    if len(chosen) > EXPORT_MOST:
        raise TooManyToExport
    reason, recipient = reason.strip(), recipient.strip()
    fits = 0 < len(reason) <= REASON_MOST and 0 < len(recipient) <= RECIPIENT_MOST
    if not fits:
        raise SayWhyAndForWhom
    if not _alone(roster, by) and not of_others(roster, stewards(roster), by):
        raise NobodyToSecond
    return ExportAsked(chosen, reason, recipient)


def need_helper(roster: Roster, by: DeviceId) -> None:
    """Hold an act to helpers whose device stands.

    Raises:
        NoExportFromHere: see there.
    """
    if not roster.roles(by) & HELPERS:
        raise NoExportFromHere


def second(roster: Roster, by: DeviceId, asked: Asked | None, now: Instant) -> Seconded:
    """Sign, as a steward, what somebody else asked for.

    Raises:
        NotASteward, NothingToSecond, SecondIsAnother: see there.
    """
    need_steward(roster, by)
    if asked is None or stage(roster, asked, now) is not Stage.WAITS:
        raise NothingToSecond
    if not of_others(roster, {by}, asked.by):
        raise SecondIsAnother
    return Seconded(asked.id, asked.hash)


def take_back(roster: Roster, by: DeviceId, asked: Asked | None, now: Instant) -> TakenBack:
    """Want it no more; also after a second signed.

    Raises:
        NothingToTakeBack, AskedByAnother: see there.
    """
    if asked is None or stage(roster, asked, now) not in {Stage.WAITS, Stage.SIGNED}:
        raise NothingToTakeBack
    if asked.by != by:
        raise AskedByAnother
    return TakenBack(asked.id, asked.hash)


def make(roster: Roster, by: DeviceId, asked: Asked | None, now: Instant) -> Asked:
    """Return the export that the asking device may make now.

    Raises:
        NotSignedYet: see there; a colleague's export is none of this device's.
    """
    if asked is None or asked.by != by or stage(roster, asked, now) is not Stage.SIGNED:
        raise NotSignedYet
    return asked


def make_alone(roster: Roster, by: DeviceId, *, held: bool, made: int) -> None:
    """Allow one conversation at once, to who holds it and made few such exports lately.

    Raises:
        NoExportFromHere, NeedsASecond: see there.
    """
    need_helper(roster, by)
    if not held or made >= ALONE_MOST:
        raise NeedsASecond
