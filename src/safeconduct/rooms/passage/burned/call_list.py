# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom to call when somebody is burned, in which order, and about whom.

A party is reached through whoever has it tonight: the host it sleeps at, or the escort it rides
with; never through who is burned.  Where nobody is left it is reached as was agreed with it
(spec/burned.md 5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from safeconduct.rooms.passage.burned.tracks import hosts_of
from safeconduct.rooms.passage.kinds import ESCORT, HOUSE, HOUSEHOLD, PARTY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.rooms.passage.burned.drills import Whom
    from safeconduct.rooms.passage.burned.ledger import Ledger
    from safeconduct.rooms.passage.burned.revealed import Rank, Revealed
    from safeconduct.rooms.passage.burned.tracks import Key
    from safeconduct.rooms.passage.fold import Network, Sheet


class Call(NamedTuple):
    """One call: whom, how grave the gravest thing is that it is about, and about whom."""

    key: Key
    sheet: Sheet | None
    rank: Rank
    about: tuple[Key, ...]
    """Parties that are reached by it."""
    reach: str
    """How and when to reach them safely, as it stands; nothing where nobody said."""

    @property
    def whom(self) -> Whom:
        """What names the call in facts."""
        return self.key[0], bytes.fromhex(self.key[1])


def call_list(network: Network, ledger: Ledger) -> tuple[Call, ...]:
    """Return the calls in the order in which they are made."""
    about: dict[Key, dict[Key, None]] = {}
    ranks: dict[Key, Rank] = {}
    for line in ledger.lines:
        for key in _through(network, ledger, line):
            ranks.setdefault(key, line.rank)
            parties = about.setdefault(key, {})
            if line.key[0] == PARTY and key != line.key:
                parties[line.key] = None
    return tuple(
        Call(key, sheet := network.named(key[1], key[0]), rank, tuple(about[key]), _reach(sheet))
        for key, rank in ranks.items()
    )


def _through(network: Network, ledger: Ledger, line: Revealed) -> list[Key]:
    """Return who is called about one line: nobody who is burned, and nobody about a road."""
    kind, name = line.key
    if kind in {ESCORT, HOUSEHOLD}:
        return [line.key]
    if kind == HOUSE:
        return _hosts(network, ledger, name)
    if kind != PARTY:
        return []
    found = list(dict.fromkeys(_with(network, ledger, bytes.fromhex(name))))
    return found or [line.key]


def _with(network: Network, ledger: Ledger, party: bytes) -> Iterator[Key]:
    """Yield who has a party tonight: hosts, then escorts of its rides of the day."""
    runs = ledger.runs
    for stay in runs.stays:
        if stay.party is not None and stay.party.id == party and stay.on(ledger.day):
            yield from _hosts(network, ledger, stay.house)
    for trip in runs.of_party.get(party, ()):
        for ride in trip.rides:
            if ride.escort is not None and ride.day == ledger.day:
                key = ESCORT, ride.escort.id.hex()
                if key not in ledger.knower.group:
                    yield key


def _hosts(network: Network, ledger: Ledger, house: str) -> list[Key]:
    keys = [(HOUSEHOLD, host) for host, keeps in hosts_of(network, house).items() if keeps]
    return [key for key in keys if key not in ledger.knower.group]


def _reach(sheet: Sheet | None) -> str:
    return sheet.text("reach") if sheet is not None else ""


__all__ = ["Call", "call_list"]
