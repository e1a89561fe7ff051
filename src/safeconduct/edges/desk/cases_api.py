# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about case files, and about requests for their keys.

Whatever has no key here leaves no trace in any answer.  The engine behind it is `cases.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from safeconduct.edges.desk.audit_api import CanSee, Reported
    from safeconduct.kernel.words import CaseId, DeviceId, FactId, VaultId
    from safeconduct.rooms.cases import CaseFile, Part, Request


class Shown(NamedTuple):
    """A request as this desk shows it.

    `mine` tells that the person here asked, `holds` that this desk could give what is asked for,
    `answered` that the person here said something already, `travels` that who asked
    travels light and is given nothing meanwhile.
    """

    request: Request
    mine: bool
    holds: bool
    answered: bool
    travels: bool = False


class Chosen(NamedTuple):
    """Whom somebody chose for a part: devices by name, and teams."""

    devices: Collection[DeviceId] = ()
    teams: Collection[VaultId] = ()


class CasesApi(Protocol):
    """Case files, as pages see them."""

    def files(self, *, start: int, most: int) -> tuple[Sequence[CaseFile], int]:
        """Return the cases of which something can be read here, newest first, and how many."""
        ...

    def case(self, case: CaseId) -> CaseFile | None:
        """Return what can be read of a case; None when that is nothing, or there is none."""
        ...

    def may_open(self) -> bool:
        """Tell whether somebody here may open a case file."""
        ...

    def may_write(self) -> bool:
        """Tell whether somebody here may write into the parts that can be read."""
        ...

    def proposed(self) -> Mapping[Part, Collection[DeviceId]]:
        """Return the devices that are proposed for each part of a new case file."""
        ...

    def open(
        self,
        readers: Mapping[Part, Collection[DeviceId]],
        teams: Mapping[Part, Collection[VaultId]] = ...,
    ) -> CaseId:
        """Open a case file; keys go to these devices and teams, and to this one; durable then.

        Raises:
            Unreachable: keys go by the server, and it does not answer; nothing was opened.
            Refused: MayOpenNoCase, NotHere, TravelsLight, NoStewardReads, NoSuchTeam, TeamTravels.
        """
        ...

    def givable(self, case: CaseId, part: Part) -> Chosen:
        """Return whom a part that can be read here could be given to; raises NoSuchPart else."""
        ...

    def give(self, case: CaseId, part: Part, to: Chosen) -> None:
        """Give a part that can be read here to devices and teams, with history.

        Raises:
            Unreachable: keys go by the server, and it does not answer; nothing was given.
            Refused: NoSuchPart, NobodyChosen, NotHere, TravelsLight, NoSuchTeam, TeamTravels.
        """
        ...

    def note(self, case: CaseId, part: Part, text: str) -> None:
        """Write into a part; raises the room's refusals, and nothing is kept then."""
        ...

    def who_can_see(self, case: CaseId, part: Part) -> CanSee:
        """Return who holds keys of a part that can be read here; raises NoSuchPart otherwise."""
        ...

    def opened(self, file: CaseFile) -> None:
        """Remember that somebody here looked at these parts; colleagues are told later."""
        ...

    def reported(
        self, case: CaseId, part: Part, *, start: int, most: int
    ) -> tuple[Sequence[Reported], int]:
        """Return what desks reported of a part, newest first, and how many.

        Raises:
            NoSuchPart: there is no such part, or it cannot be read here.
        """
        ...

    def asked_for(self, case: CaseId, part: Part) -> Sequence[Request]:
        """Return the requests for the keys of a part that can be read here, newest first."""
        ...

    def requests(self) -> Sequence[Shown]:
        """Return the requests for keys that this desk shows, newest first.

        Those of the person here, those that this desk can answer, and at a steward's desk all; at
        one that travels light those alone that it can answer.
        """
        ...

    def to_answer(self) -> int:
        """Return how many requests wait for an answer that somebody here can give."""
        ...

    def ask(self, name: str, part: Part, reason: str) -> None:
        """Ask for the keys of a part; the same whether or not there is such a case."""
        ...

    def answer(self, request: FactId, *, give: bool, word: str) -> None:
        """Give the keys that somebody asked for, or say that they are not given.

        Raises:
            Unreachable: keys go by the server, and it does not answer; nothing was given.
            Refused: OwnRequest, AskedNoMore, NoSuchPart, SaidTooMuch, TravelsLight.
        """
        ...


__all__ = ["CasesApi", "Chosen", "Shown"]
