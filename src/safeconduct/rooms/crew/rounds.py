# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rounds of admissions, grants, seconds and all that hangs on them (spec/crew.md 2, 6).

In each round counts whatever a steward signed by what counted before it, until nothing changes.
What counted once goes on counting, so each set of facts has one outcome in any order.
Fails closed: what is not proved waits for ever.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.crew.claims import Book, Claim, names, roles_of
from safeconduct.rooms.crew.cuts import Cuts, Life
from safeconduct.rooms.crew.events import (
    CommitAdopted,
    CrewFact,
    DeviceAdmitted,
    DeviceReadmitted,
    DoorsWritten,
    EpochOpened,
    RoleGranted,
    Seconded,
)
from safeconduct.rooms.crew.move_facts import RelayMoved, RelayRestored
from safeconduct.rooms.crew.tracing_facts import TracingOpened
from safeconduct.rooms.crew.vault_facts import VaultOpened
from safeconduct.rooms.crew.words import Member, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

RIGHTS: Final[tuple[type[CrewFact], ...]] = (DeviceAdmitted, RoleGranted, Seconded)
"""On these it hangs who is a steward."""
ROUNDS: Final = (
    *RIGHTS,
    *(EpochOpened, VaultOpened, DeviceReadmitted, CommitAdopted, DoorsWritten),
    *(RelayMoved, RelayRestored, TracingOpened),
)


class Counted:
    """What counts so far, and who has which roles by it."""

    def __init__(self, book: Book, cuts: Cuts) -> None:
        """Begin with the founder."""
        founder = book.founder
        assert founder is not None
        self._book: Final = book
        self._cuts: Final = cuts
        self._founder: Final = founder
        self._admissions: dict[DeviceId, list[Claim]] = defaultdict(list)
        self._grants: dict[DeviceId, list[Claim]] = defaultdict(list)
        self._seconds: dict[FactId, list[Claim]] = defaultdict(list)
        self.members: dict[DeviceId, Member] = {founder.device.id: founder}
        self.stewards: set[DeviceId] = {founder.device.id}
        self.facts: dict[FactId, Claim] = {}

    # --- asking

    def roles(self, device: DeviceId) -> frozenset[Role]:
        """Return a device's roles; where grants differ and none replaces the others, the fewest."""
        return self._by(device, self._grants.get(device, ()))

    def _by(self, device: DeviceId, grants: Iterable[Claim]) -> frozenset[Role]:
        grants = tuple(grants)
        old = _replaced(grants)
        if live := [roles_of(claim) for claim in grants if claim.id not in old]:
            return frozenset.intersection(*live)
        return self._admitted_as(device)

    def turned(self) -> dict[FactId, bool]:
        """Return the grants that give the role steward or, False, take it from who had it."""
        found = {}
        for device, grants in self._grants.items():
            for claim in grants:
                replaced = _replaced((claim,))
                before = self._by(device, (one for one in grants if one.id in replaced))
                gives = Role.STEWARD in roles_of(claim)
                if gives != (Role.STEWARD in before):
                    found[claim.id] = gives
        return found

    def granted(self, device: DeviceId) -> tuple[FactId, ...]:
        """Return the grants of a device that count, replaced ones too."""
        return tuple(sorted(claim.id for claim in self._grants.get(device, ())))

    def stands(self, claim: Claim) -> bool:
        """Tell whether a claim's signer is a steward there, by what counted so far."""
        life, signer = self._cuts.life(claim), claim.signer
        if not signer:
            return True
        if life is Life.SECOND:
            return Role.STEWARD in self.roles(signer)
        return life is Life.FIRST and signer in self.stewards

    def backed(self, claim: Claim) -> bool:
        """Tell whether a claim has its two stewards, or is of the founder's time alone."""
        if not claim.signer:
            return True
        if claim.signer == self._founder.device.id and claim.place <= self._book.alone_until:
            return True
        return any(names(second, claim) for second in self._seconds.get(claim.id, ()))

    def seconders(self, claim: Claim) -> tuple[DeviceId, ...]:
        """Return who seconded a claim; an empty id is the root key."""
        seconds = self._seconds.get(claim.id, ())
        return tuple(sorted(second.signer for second in seconds if names(second, claim)))

    def takes_steward(self, claim: Claim) -> bool:
        """Tell whether a grant takes the role steward from a device whose chain has no cut.

        Nobody could say which of the facts that it signed as a steward still count.
        """
        assert isinstance(claim.fact, RoleGranted)
        device = DeviceId(claim.fact.device)
        loses = device in self.stewards and Role.STEWARD not in roles_of(claim)
        return loses and not self._cuts.gaps(device)

    def ready(self, claim: Claim) -> bool:
        """Tell whether a claim counts by what counted so far."""
        if not self.stands(claim) or not self._book.sound(claim):
            return False
        fact = claim.fact
        if isinstance(fact, DeviceAdmitted):
            return self._book.admitted(claim) is not None
        if isinstance(fact, RoleGranted):
            known = DeviceId(fact.device) in self.members
            return known and self.backed(claim) and not self.takes_steward(claim)
        return not isinstance(fact, DeviceReadmitted) or self.backed(claim)

    # --- taking

    def take(self, claims: Iterable[Claim]) -> None:
        """Let a round's claims count, all at once."""
        for claim in claims:
            fact = claim.fact
            if isinstance(fact, DeviceAdmitted):
                self._admit(claim, fact)
                continue
            self.facts[claim.id] = claim
            if isinstance(fact, Seconded):
                self._seconds[FactId(fact.fact)].append(claim)
            elif isinstance(fact, RoleGranted):
                self._grants[DeviceId(fact.device)].append(claim)
        self.stewards |= {device for device in self.members if Role.STEWARD in self.had(device)}

    def _admit(self, claim: Claim, fact: DeviceAdmitted) -> None:
        device = self._book.admitted(claim)
        assert device is not None
        self._admissions[device.id].append(claim)
        if device.id not in self.members:
            self.members[device.id] = Member(device, fact.person, frozenset(), claim.signer)
            self.facts[claim.id] = claim

    def _admitted_as(self, device: DeviceId) -> frozenset[Role]:
        """Return the roles of all admissions; whoever is admitted alone by one is no steward yet.

        A further admission takes nothing: one steward's device could else strip all others.
        """
        if device == self._founder.device.id:
            return self._founder.roles
        given = [
            roles_of(claim) - (frozenset() if self.backed(claim) else {Role.STEWARD})
            for claim in self._admissions.get(device, ())
        ]
        return frozenset[Role]().union(*given)

    def had(self, device: DeviceId) -> frozenset[Role]:
        """Return each role that a device has or had; what is in dispute gives none."""
        grants = self._grants.get(device, ())
        old = _replaced(grants)
        before = (roles_of(claim) for claim in grants if claim.id in old)
        return self.roles(device).union(self._admitted_as(device), *before)


def count(book: Book, cuts: Cuts, kinds: tuple[type[CrewFact], ...] = ROUNDS) -> Counted:
    """Return what counts while these removals hold.

    Grants that take the role steward come after all that gives it, and a second life after both.
    """
    state = Counted(book, cuts)
    waiting: list[list[Claim]] = [[], [], []]
    for claim in book.of(*kinds):
        life = cuts.life(claim)
        if life is Life.SECOND:
            waiting[2].append(claim)
        elif life is Life.FIRST:
            fewer = isinstance(claim.fact, RoleGranted) and Role.STEWARD not in roles_of(claim)
            waiting[fewer].append(claim)
    while True:
        for number, claims in enumerate(waiting):
            found = [claim for claim in claims if state.ready(claim)]
            if found:
                gone = set(found)
                waiting[number] = [claim for claim in claims if claim not in gone]
                state.take(found)
                break
        else:
            return state


def _replaced(grants: Iterable[Claim]) -> set[bytes]:
    found: set[bytes] = set()
    for claim in grants:
        assert isinstance(claim.fact, RoleGranted)
        found.update(claim.fact.replaces)
    return found
