# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where those on the way were last heard of, and how long ago (spec/board.md 5).

Nobody is followed: what is known is the plan, and when somebody was heard.  A word that was wrong
or forced is no sign of where they are; it is told apart.  A check-in belongs to a party by its
code name alone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.rooms.passage.kinds import PARTY
from safeconduct.rooms.passage.watch.check_ins import dangers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.passage.board.board_rows import Ride, Rows, Trip
    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.watch.check_ins import CheckIn


class Contact(NamedTuple):
    """What check-ins say of a party."""

    heard: Instant | None = None
    """When the right word was heard last."""
    waits: CheckIn | None = None
    """The next that waits."""
    alarm: bool = False
    """Whether something is wrong with one of them."""


class OnTheWay(NamedTuple):
    """A party on the way: when and how it was heard of last, and where it is by the plan."""

    party: Sheet
    trip: Trip
    contact: Contact
    sure: Instant | None
    """When somebody last made sure of the party."""
    ride: Ride | None
    """The last one that began by the plan; None before the first."""

    @property
    def heard(self) -> Instant | None:
        """When something was heard of them last, on either way."""
        return max((one for one in (self.contact.heard, self.sure) if one), default=None)


def contacts(check_ins: Iterable[CheckIn], now: Instant) -> Mapping[str, Contact]:
    """Return what check-ins say, by code name without regard to capitals."""
    found: dict[str, Contact] = {}
    for one in check_ins:
        name = key_of(one.label)
        before = found.get(name, Contact())
        heard = max((at for at in (before.heard, one.answered) if at), default=None)
        waits = before.waits
        if one.waits and (waits is None or one.due < waits.due):
            waits = one
        found[name] = Contact(heard, waits, before.alarm or bool(dangers_of(one, now)))
    return found


def key_of(name: str) -> str:
    """Return a code name as it is compared."""
    return " ".join(name.casefold().split())


def on_the_way(
    network: Network, runs: Rows, known: Mapping[str, Contact], at: tuple[str, str], now: Instant
) -> tuple[OnTheWay, ...]:
    """Return who is on the way: alarms first, then of whom nothing was heard for longest.

    `at` is the day and time here.  What claims to have been heard in the future is not believed,
    nor what was heard under a code name that two parties have.
    """
    names = Counter(key_of(one.name) for one in network.of_kind(PARTY))
    found = [
        OnTheWay(
            *(party, trip, _contact(known, party, now, alone=names[key_of(party.name)] == 1)),
            max((one.at for one in network.made_sure(party) if one.at <= now), default=None),
            max((one for one in trip.rides if one.starts <= at), key=_starts, default=None),
        )
        for trip in runs.trips
        if trip.begun
        for party in trip.parties
    ]
    return tuple(sorted(found, key=_urgency))


def _contact(known: Mapping[str, Contact], party: Sheet, now: Instant, *, alone: bool) -> Contact:
    found = known.get(key_of(party.name), Contact())
    believed = alone and found.heard is not None and found.heard <= now
    return found if believed else found._replace(heard=None)


def _starts(ride: Ride) -> tuple[str, str]:
    return ride.starts


def _urgency(one: OnTheWay) -> tuple[bool, int, bytes]:
    return not one.contact.alarm, one.heard or 0, one.party.id


__all__ = ["Contact", "OnTheWay", "contacts", "key_of", "on_the_way"]
