# SPDX-License-Identifier: AGPL-3.0-or-later
"""Offices with several stewards, who remove, grant and second: the real facts, signed."""

from collections.abc import Mapping
from types import MappingProxyType

from safeconduct.kernel.journal import Fact
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.words import CommitId, DeviceId
from safeconduct.rooms.crew import DeviceAdmitted, Role, Roster, Told, fold
from safeconduct.rooms.crew.asking_facts import TakenBack
from safeconduct.rooms.crew.card_facts import RecoverySplit, RecoveryUsed
from safeconduct.rooms.crew.events import (
    SIGNED,
    CommitAdopted,
    Cut,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    RoleGranted,
    Seconded,
    hash_of,
)
from safeconduct.rooms.crew.recovery import key_check, root_of, sealing_of
from tests.kit.builders import Device, Office, build_office, founding_fact

STEWARD = (Role.OPERATOR.value, Role.STEWARD.value)
OPERATOR = (Role.OPERATOR.value,)


class Crew:
    """An office whose founder admits the others, stewards first; `told` is all that was said.

    The second steward seconds all further ones.
    """

    def __init__(
        self,
        stewards: int,
        others: int = 0,
        seed: str = "crew",
        *,
        persons: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        """Found it, with so many stewards and operators; `persons` names whom a device is of."""
        self.office: Office = build_office(devices=stewards + others, seed=seed)
        self.devices: list[Device] = self.office.devices
        founder, *rest = self.devices
        self.told: list[Told] = [
            self.office.write_crew(founder, founding_fact(self.office), root=True)
        ]
        for number, device in enumerate(rest, 1):
            roles = STEWARD if number < stewards else OPERATOR
            told = self.admit(founder, device, roles, person=persons.get(number, ""))
            if 1 < number < stewards:
                self.second(rest[0], told)

    def admit(
        self,
        by: Device,
        device: Device,
        roles: tuple[str, ...],
        *,
        person: str = "",
        root: bool | LongSigningKey = False,
    ) -> Told:
        """Admit a device, of a person who is called like it if nobody is named."""
        fact = DeviceAdmitted(device.known.card, person or device.name, roles)
        return self._tell(by, fact, root=root)

    def suspend(self, by: Device, *cuts: Cut) -> Told:
        """Suspend devices."""
        return self._tell(by, DeviceSuspended(cuts, "lost"))

    def expel(self, by: Device, *cuts: Cut, root: bool | LongSigningKey = False) -> Told:
        """Expel devices."""
        return self._tell(by, DeviceExpelled(cuts, "taken"), root=root)

    def readmit(self, by: Device, cut: Cut, *removals: Told) -> Told:
        """Bring a device back."""
        return self._tell(by, DeviceReadmitted(cut, tuple(told.id for told in removals)))

    def grant(
        self,
        by: Device,
        to: Device,
        roles: tuple[str, ...],
        *replaces: Told,
        root: bool | LongSigningKey = False,
    ) -> Told:
        """Give a device its roles."""
        granted = RoleGranted(to.id, roles, tuple(told.id for told in replaces))
        return self._tell(by, granted, root=root)

    def second(self, by: Device, told: Told, *, root: bool | LongSigningKey = False) -> Told:
        """Sign what another signed."""
        return self._tell(by, Seconded(told.id, hash_of(SIGNED.decode(told.body))), root=root)

    def take_back(self, by: Device, told: Told) -> Told:
        """Take back what was asked for, by oneself or by another."""
        return self._tell(by, TakenBack(told.id, hash_of(SIGNED.decode(told.body))))

    def adopt(self, by: Device, commit: CommitId, *entries: int) -> Told:
        """Let entries of a commit count."""
        return self._tell(by, CommitAdopted(commit, entries))

    def use(
        self, by: Device, *made: Told, root: bool | LongSigningKey = True, epoch: int = 1
    ) -> Told:
        """Say what was done with the cards."""
        return self._tell(by, RecoveryUsed(epoch, tuple(told.id for told in made)), root=root)

    def split(
        self, by: Device, secret: bytes, *kept: Told, root: bool | LongSigningKey = True
    ) -> Told:
        """Let a new secret, 32 bytes, follow the root; a device writes it down."""
        fact = RecoverySplit(
            root_of(secret).public.raw,
            sealing_of(secret).public.raw,
            needed=2,
            cards=3,
            check=key_check(secret),
            kept=tuple(sorted(told.id for told in kept)),
        )
        return self._tell(by, fact, root=root)

    def works(self, device: Device, commits: int = 1) -> None:
        """Let a device write something else."""
        for _ in range(commits):
            self.office.write(device, Fact(self.office.hotline, "hotline.Later", 1, b"\xc0"))

    def _tell(self, by: Device, fact: object, *, root: bool | LongSigningKey = False) -> Told:
        told = self.office.write_crew(by, fact, root=root)  # type: ignore[arg-type]
        self.told.append(told)
        return told

    def cut(self, device: Device, sequence: int | None = None) -> Cut:
        """The cut after a device's newest commit, or after an older one."""
        at = len(device.commits) if sequence is None else sequence
        return Cut(device.id, at, device.commits[at - 1].id if at else bytes(32))

    def held(self, device: DeviceId, sequence: int, /) -> CommitId | None:
        """What the chain of a device holds."""
        for one in self.devices:
            if one.id == device and 0 < sequence <= len(one.commits):
                return one.commits[sequence - 1].id
        return None

    def roster(self) -> Roster:
        """The roster of everything that was said."""
        return fold(self.office.id, self.told, self.held)
