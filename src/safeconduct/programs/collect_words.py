# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `safeconduct collect` says: of whoever is left and what would help, and of a round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safeconduct.programs.wording import N_, say
from safeconduct.rooms.passage.collecting.collect import Found
from safeconduct.rooms.passage.collecting.lacks import Lack, Left

LACKS: Final[Mapping[Lack, str]] = {
    Lack.LATER: N_("to be collected up to {amount} minutes later"),
    Lack.EARLIER: N_("to be at the meeting point {amount} minutes earlier"),
    Lack.RIDE: N_("to ride for {amount} minutes longer"),
    Lack.WAIT: N_("to wait outside for {amount} minutes longer"),
    Lack.HOURS: N_("its cars out for {amount} minutes longer"),
    Lack.SEATS: N_("{amount} more seats in each of its cars"),
    Lack.CAR: N_("one more car, with a driver who knows nobody yet"),
    Lack.DRIVER: N_("drivers who may still be told of it and have met nobody of its network"),
    Lack.POINT: N_("a meeting point beside its first where nobody else is met"),
}


def still_to_try(parties: list[int]) -> str:
    """Return who is left, before it is known what would change that."""
    return say(
        "Parties left: {parties}.  What would help each of them is being tried now.  Ctrl-C ends "
        "that, and the round stays.",
        parties=", ".join(map(str, parties)),
    )


def left(one: Left) -> str:
    """Return that a party is left, and what would change it."""
    if one.beside:
        return say(
            "Party {party} can be collected beside all the others: run it again with --work 100.",
            party=one.party,
        )
    if not one.alone:
        said = N_("Party {party} is not collected: no way was found even if it were the only one.")
    else:
        said = N_("Party {party} is not collected: the others are in the way.")
    if one.helps:
        then = N_("One of these would be enough: {lacks}.")
    else:
        then = N_("No single thing that was tried would be enough.")
    lacks = "; ".join(say(LACKS[lack], amount=amount) for lack, amount in one.helps)
    return f"{say(said, party=one.party)} {say(then, lacks=lacks)}"


def standing(found: Found) -> str:
    """Return what a round is worth, and whether there may be a better one."""
    worth = found.worth
    said = say(
        "Not collected: {left} people. Outside: {waits} minutes over all people. In cars: {rides} "
        "minutes. Driven: {drives} minutes, cars: {cars}.",
        left=worth.left,
        waits=worth.waits,
        rides=worth.rides,
        drives=worth.drives,
        cars=worth.cars,
    )
    if found.proved:
        return f"{said} {say('No round is better.')}"
    return f"{said} {say('There may be a better one: run it again with --work 100.')}"
