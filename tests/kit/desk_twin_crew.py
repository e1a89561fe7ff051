# SPDX-License-Identifier: AGPL-3.0-or-later
"""Removals at a desk in memory: the room's decisions, facts that are signed, the room's fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.removals_api import CouldRead, Talk, Writing
from safeconduct.kernel.words import CommitId, DeviceId, FactId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.crew import Role, Roster, Told, fold, removing, role_changes, taking_back
from safeconduct.rooms.crew.events import CrewFact, Cut
from safeconduct.rooms.crew.exposure import KeyHistory

if TYPE_CHECKING:
    from tests.kit.builders import Device, Office
    from tests.kit.desk_twin import TwinDesk


class TwinRemovals:
    """The founder's side; nothing of a twin lies in quarantine."""

    def __init__(self, desk: TwinDesk) -> None:
        """Begin before anybody was removed."""
        self._desk = desk
        self._crew: tuple[Office, list[Told]] | None = None

    def suspend(self, device: DeviceId, reason: str) -> None:
        """Take a device out."""
        self._write(lambda it, by: removing.suspend(it, by, self._cut(device), reason))

    def expel(self, device: DeviceId, reason: str) -> None:
        """Ask for it for good."""
        self._write(lambda it, by: removing.expel(it, by, self._cut(device), reason))

    def readmit(self, device: DeviceId) -> None:
        """Ask that it be brought back."""
        self._write(lambda it, by: removing.readmit(it, by, self._cut(device)))

    def change_roles(self, device: DeviceId, roles: frozenset[Role]) -> None:
        """Ask for other roles."""
        self._write(lambda it, by: role_changes.change_roles(it, by, device, roles))

    def second(self, fact: FactId) -> None:
        """Sign as the second."""
        self._write(lambda it, by: removing.second(it, by, fact))

    def take_back(self, fact: FactId) -> None:
        """Take back what was asked."""
        self._write(lambda it, by: taking_back.take_back(it, by, fact))

    def adopt(self, commit: CommitId) -> None:
        """Adopt; there is nothing."""
        self._write(lambda it, by: removing.adopt(it, by, commit, ()))

    def when(self, device: DeviceId, sequence: int) -> Instant:
        """Say that it was just now."""
        del device, sequence
        return self._desk.now()

    def quarantined(self, *, start: int, most: int) -> tuple[Sequence[Writing], int]:
        """Return nothing."""
        del start, most
        return (), 0

    def could_read(self, device: DeviceId) -> CouldRead:
        """Return what keys it had, and whom it dealt with."""
        _, told = self._office()
        vaults = KeyHistory(self._desk.roster(), told, self.when).could_read(device)
        listed, _ = self._desk.inbox(show="all", start=0, most=1_000)
        found = (self._desk.conversation(row.conversation) for row in listed)
        talks = [talk for talk in found if talk]
        mine = {
            talk.id
            for talk in talks
            if device in {claim.holder for claim in talk.claims}
            or device in {one.by for one in talk.answers}
            or device in {one.by for one in talk.notes}
        }
        rows = [Talk(one.id, one.code_name, self._desk.now()) for one in talks]
        handled = tuple(row for row in rows if row.conversation in mine)
        return CouldRead(vaults, handled, tuple(row for row in rows if row not in handled))

    def write(self, fact: CrewFact) -> None:
        """Write a roster fact at this desk."""
        self._write(lambda *_: fact)

    def told(self) -> list[Told]:
        """What was said of the crew."""
        return self._office()[1]

    def pass_on(self, device: DeviceId, to: DeviceId, note: str) -> int:
        """Pass it on."""
        held, _ = self._desk.inbox(show="mine", start=0, most=1_000, of=device)
        members = self._desk.roster().present()
        for row in held:
            talk = self._desk._conversation(row.conversation)
            self._desk._tell(row.conversation, hotline.pass_on(talk, device, to, note, members))
        return len(held)

    def _office(self) -> tuple[Office, list[Told]]:
        from tests.kit.rehearsal import rehearsal_office  # noqa: PLC0415  (it makes twins)

        self._crew = self._crew or rehearsal_office()
        return self._crew

    def _device(self, device: DeviceId) -> Device | None:
        return next((one for one in self._office()[0].devices if one.id == device), None)

    def _cut(self, device: DeviceId) -> Cut:
        found = self._device(device)
        commits = found.commits if found else []
        return Cut(device, len(commits), commits[-1].id if commits else bytes(32))

    def _write(self, decide: Callable[[Roster, DeviceId], CrewFact]) -> None:
        office, told = self._office()
        by = self._device(self._desk.device)
        assert by is not None
        told.append(office.write_crew(by, decide(self._desk.roster(), by.id)))
        self._desk._roster = fold(office.id, told, self._held)
        self._desk._changed()

    def _held(self, device: DeviceId, sequence: int, /) -> CommitId | None:
        found = self._device(device)
        commits = found.commits if found else []
        return commits[sequence - 1].id if 0 < sequence <= len(commits) else None
