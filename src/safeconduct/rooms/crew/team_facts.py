# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about teams, in the form of roster facts (spec/crew.md 16).

Who belongs to a team is said by stewards in the vault of the crew, where everybody reads it; what a
team was given is told by grants.  Which of these facts count is said in `teams`.
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes36, Record
from safeconduct.rooms.crew.vault_facts import KeysGranted
from safeconduct.rooms.crew.words import Name

MEMBERS_MOST: Final = 256


class TeamFormed(Record, frozen=True):
    """A team is from now on called so and made of these devices, in place of earlier facts.

    `keepers` are those of them that may change it, if they are stewards.
    """

    team: Bytes16
    name: Name
    members: Annotated[tuple[Bytes16, ...], Meta(min_length=1, max_length=MEMBERS_MOST)]
    keepers: tuple[Bytes16, ...]
    replaces: tuple[Bytes36, ...]

    def __post_init__(self) -> None:
        """Refuse devices that do not stand in order, each once, and keepers that are no members."""
        for devices in (self.members, self.keepers):
            if list(devices) != sorted(set(devices)):
                raise ValueError
        if not {*self.keepers} <= {*self.members}:
            raise ValueError


class KeysRenewed(KeysGranted, frozen=True):
    """Parts of cases that hang on teams have new keys; the parcel gives them, as a grant does."""


TeamFact = TeamFormed | KeysRenewed
TEAM_FACTS: Final[dict[str, type[TeamFact]]] = {
    "crew.TeamFormed": TeamFormed,
    "crew.KeysRenewed": KeysRenewed,
}
