# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening a case file, and giving one of its parts on (spec/crew.md 13)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.rooms.crew.acts import Act, Circle, Gifts, Telling
from safeconduct.rooms.crew.case_facts import CaseOpened, Place, vaults_of
from safeconduct.rooms.crew.decide import may_write
from safeconduct.rooms.crew.parcel import KEY_BYTES
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.crew.fold import Roster
    from safeconduct.rooms.crew.grants import Recipients

FIRST_EPOCH: Final = 1
OPENS: Final = "crew.CaseOpened"


class MayOpenNoCase(Refused):
    """Case files are opened by case workers and stewards."""

    code = "may_open_no_case"


class NoStewardReads(Refused):
    """Each part needs a steward's device: no other desk could change its key after a removal."""

    code = "no_steward_reads"


class TravelsLight(Refused):
    """A device that travels light is given no key: whoever takes it would have it, too."""

    code = "travels_light"


class NobodyChosen(Refused):
    """Nobody was chosen to give a part to."""

    code = "nobody_chosen"


class NotHere(Refused):
    """A device that was chosen does not belong to the office."""

    code = "not_a_member"


def need_home(travelling: Collection[DeviceId], devices: Collection[DeviceId]) -> None:
    """Hold what is given of cases to devices that do not travel light.

    Raises:
        TravelsLight: one of these devices does.
    """
    if not frozenset(devices).isdisjoint(travelling):
        raise TravelsLight


def check_opening(
    roster: Roster,
    by: DeviceId,
    readers: Sequence[Collection[DeviceId]],
    travelling: Collection[DeviceId] = (),
    through: Sequence[Collection[DeviceId]] | None = None,
) -> tuple[frozenset[DeviceId], ...]:
    """Return who is given each part by name: those who were chosen, and whoever opens the file.

    Who opens one on a trip has it on the trip; others that travel are given none.  `through` says
    who has each part by its teams: they are not given it twice.

    Raises:
        MayOpenNoCase, NotHere, TravelsLight, NoStewardReads: see there.
    """
    if not may_write(roster, by, OPENS):
        raise MayOpenNoCase
    teams = [frozenset(some) for some in through] if through else [frozenset()] * len(readers)
    parts = tuple(
        frozenset({*chosen, by}) - team for chosen, team in zip(readers, teams, strict=True)
    )
    for part, team in zip(parts, teams, strict=True):
        if not part <= roster.present():
            raise NotHere
        need_home(travelling, part - {by})
        if not any(Role.STEWARD in roster.roles(device) for device in part | team):
            raise NoStewardReads
    return parts


def open_case(circle: Circle, place: Place, readers: Sequence[Recipients], rng: Rng) -> Act:
    """Open a case file at this place, its vaults given to devices, to teams, and to recovery.

    The fact that opens it is the first of the act, and has to stand at the place that was said.

    Raises:
        KeyError: a device stands in no circle.
    """
    vaults = vaults_of(place, len(readers))
    gifts, keys = Gifts(replace(circle, cases=frozenset(vaults))), {}
    for vault, (devices, teams) in zip(vaults, readers, strict=True):
        where = VaultEpoch(vault, FIRST_EPOCH)
        keys[where] = key = rng.bytes(KEY_BYTES)
        gifts.to_devices(devices, where, key)
        for team, team_key in teams.items():
            gifts.to_team(team, team_key, where, key)
        gifts.to_recovery(where, key)
    parcel = gifts.parcel("opening", rng)
    opened = Telling(circle.crew, CaseOpened(len(readers), 1))
    return Act(parcel, (opened, *gifts.grants(parcel)), keys)
