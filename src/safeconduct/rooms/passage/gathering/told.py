# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has met which party: by journeys that somebody was ever told of, and by slips that left.

Nobody forgets: that a journey was called off, an escort or a house exchanged, a ride or a party
taken off since takes nothing back.  So all that was ever written counts here, and not only what
stands (spec/planning.md 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.kinds import ESCORT, HOUSE, JOURNEY, RIDE, STAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.gathering.ground import Ground

_UNTOLD: Final = frozenset({"", "proposed", "called_off"})
"""States that say of themselves of nobody that they were told."""


def meetings(ground: Ground) -> set[tuple[str, str]]:
    """Return who, an escort or a host, has met or will meet which party; ids as fields have them.

    A journey that was only ever proposed lets nobody meet.
    """
    parties = {
        one.id.hex(): ever(one, "party")
        for one in ground.every(JOURNEY)
        if ever(one, "state") - _UNTOLD
    }
    found = {(learnt.hex(), party.hex()) for learnt, party in ground.settings.learnt}
    for who, journey in (*_drove(ground), *_hosted(ground)):
        found.update((who, party) for party in parties.get(journey, ()))
    return found


def ever(sheet: Sheet, name: str) -> frozenset[str]:
    """Return all that was ever written into a field, whether it stands or not."""
    return frozenset(one.text for entered in sheet.entered(name) for one in entered.written)


def _drove(ground: Ground) -> Iterator[tuple[str, str]]:
    """Yield escorts with journeys of which they were ever to go a ride."""
    for ride in ground.every(RIDE):
        for escort in ever(ride, "escort"):
            if ground.named(escort, ESCORT) is not None:
                yield from ((escort, journey) for journey in ever(ride, "journey"))


def _hosted(ground: Ground) -> Iterator[tuple[str, str]]:
    """Yield hosts with journeys for which their house was ever to have a bed."""
    for stay in ground.every(STAY):
        for value in ever(stay, "house"):
            house = ground.named(value, HOUSE)
            for host in ever(house, "host") - {""} if house is not None else ():
                yield from ((host, journey) for journey in ever(stay, "journey"))


__all__ = ["ever", "meetings"]
