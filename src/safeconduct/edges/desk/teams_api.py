# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about teams.  The engine behind it is `teams.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from safeconduct.kernel.words import DeviceId, VaultId
    from safeconduct.rooms.crew import Team


class TeamsApi(Protocol):
    """Teams, as pages see them."""

    def all(self) -> Sequence[Team]:
        """Return the teams by name, but for those whose key this desk left behind for a trip."""
        ...

    def usable(self) -> Sequence[Team]:
        """Return the teams to which something can be given here: whose key is held.

        Without those of which a colleague carries the key on a trip.
        """
        ...

    def may_form(self) -> bool:
        """Tell whether somebody here may make teams and change them."""
        ...

    def addable(self, team: VaultId | None) -> Collection[DeviceId]:
        """Return the devices that could be brought into a team from here, or into a new one."""
        ...

    def form(self, name: str, members: Collection[DeviceId]) -> VaultId:
        """Make a team of these devices and this one; durable on return.

        Raises:
            Unreachable: keys go by the server, and it does not answer; nothing was made.
            Refused: as `rooms.crew.form_team`, and CardsDisputed.
        """
        ...

    def change(self, team: VaultId, name: str, members: Collection[DeviceId]) -> None:
        """Say what a team is called and who belongs to it; its keys follow by themselves.

        Raises:
            Refused: as `rooms.crew.form_team`, and NoSuchTeam; nothing was written.
        """
        ...


__all__ = ["TeamsApi"]
