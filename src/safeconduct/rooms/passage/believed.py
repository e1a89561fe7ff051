# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be relied on where words differ or are missing: the safer of what stands.

Two who wrote unseen both stand (spec/record.md 3); until somebody settles it the house is burned,
the beds are few, the road is watched and the border closed.  What nobody knows is believed to be
the worst, too (spec/network.md 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.index import says_off
from safeconduct.rooms.passage.kinds import (
    BORDER_CLOSED,
    COUNTRY,
    CROSSING,
    DEPARTURE,
    GREATEST,
    HOUSE,
    HOUSE_CLOSED,
    LEAST,
    LEG,
    NIGHTS,
    ROAD_CLOSED,
    field_named,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from safeconduct.kernel.sheets import SheetId
    from safeconduct.rooms.passage.fold import Network, Sheet

CLOSINGS: Final = (HOUSE_CLOSED, ROAD_CLOSED, BORDER_CLOSED)
"""Kinds of events that close what they name."""
_HANGS_ON: Final = {
    DEPARTURE: (("leg", (LEG,)),),
    LEG: (("from", ("town", "point")), ("to", ("town", "point"))),
    "point": (("town", ("town",)),),
    CROSSING: (("country", (COUNTRY,)),),
}
"""What is closed with what it names."""
_INWARD: Final = ("town", "point", LEG, DEPARTURE, COUNTRY, CROSSING, HOUSE)
"""Kinds that can be closed, each behind those that its sheets hang on."""
BURNED: Final = "burned"
_SHUT: Final = {HOUSE: (BURNED, "closed"), COUNTRY: ("closed",)}
_ALWAYS: Final = "9999-12-31"


def said(sheet: Sheet, name: str) -> tuple[str, ...]:
    """Return all that stands in a field, nothing included, oldest first."""
    return tuple(one.text for entered in sheet.entered(name) for one in entered.standing)


def choice(sheet: Sheet, name: str) -> str:
    """Return what is believed of a choice: the first in its order of what stands.

    Where nothing is said, or one of two says nothing, it is the first of all.
    """
    known = field_named(sheet.kind, name)
    choices = known.choices if known is not None else ()
    there = said(sheet, name) or ("",)
    return min((one or choices[0] for one in there), key=choices.index) if choices else ""


def number(sheet: Sheet, name: str) -> int | None:
    """Return what is believed of a whole number; None where nothing that stands says one.

    Less than nothing is nothing.
    """
    numbers = [max(0, int(one)) for one in said(sheet, name) if one]
    if not numbers or name not in LEAST | GREATEST:
        return None
    return min(numbers) if name in LEAST else max(numbers)


def holds_on(sheet: Sheet, day: str) -> bool:
    """Tell whether a sheet with a first and a last day holds on a day, `2017-04-03`.

    A year or a month begins on its first day and ends on its last; of several days the earliest
    begins it, and the latest, or the lack of one, ends it.
    """
    begins, ends = said(sheet, "begins"), said(sheet, "ends") or ("",)
    first = min(begins, default="")
    last = max(f"{one}-99-99"[:10] if one else _ALWAYS for one in ends)
    return first <= day <= last


def closed(network: Network, sheet: Sheet, day: str) -> bool:
    """Tell whether something is closed on a day, by what is said of it or of what it hangs on.

    What was taken off the record is closed with all that hangs on it.
    """
    if says_off(sheet) or choice(sheet, "state") in _SHUT.get(sheet.kind, ()):
        return True
    if any(holds_on(one, day) for one in closings(network, sheet)):
        return True
    hangs_on = _HANGS_ON.get(sheet.kind, ())
    named = (network.named(value, *of) for name, of in hangs_on for value in said(sheet, name))
    return any(one is not None and closed(network, one, day) for one in named)


def all_closed(network: Network, day: str) -> frozenset[tuple[str, SheetId]]:
    """Return the kind and id of all that is closed on a day: what `closed` says of each sheet.

    It goes through the network once, for whoever asks about all of it.
    """
    named: dict[str, list[Sheet]] = {}
    for one in network.sheets:
        named.setdefault(one.id.hex(), []).append(one)
    events = {
        (kind, value)
        for event in CLOSINGS
        for one in network.of_kind(event)
        if holds_on(one, day)
        for value in said(one, "closes")
        for kind in _closes(event)
    }
    shut: set[tuple[str, SheetId]] = set()
    for kind in _INWARD:
        for one in network.sheets:
            if one.kind == kind and (
                says_off(one)
                or choice(one, "state") in _SHUT.get(kind, ())
                or (kind, one.id.hex()) in events
                or any((on.kind, on.id) in shut for on in _hung_on(one, named))
            ):
                shut.add((kind, one.id))
    return frozenset(shut)


def _closes(event: str) -> tuple[str, ...]:
    known = field_named(event, "closes")
    return known.of if known is not None else ()


def _hung_on(sheet: Sheet, named: Mapping[str, list[Sheet]]) -> Iterator[Sheet]:
    """Yield what a sheet hangs on, as `Network.named` finds it."""
    for name, of in _HANGS_ON.get(sheet.kind, ()):
        for value in said(sheet, name):
            yield from [one for one in named.get(value, ()) if one.kind in of][:1]


def burned(network: Network, sheet: Sheet, day: str) -> bool:
    """Tell whether those who hunt know a house, by its state or by an event that holds on a day."""
    if choice(sheet, "state") == BURNED:
        return True
    events = (one for one in closings(network, sheet) if holds_on(one, day))
    return any(choice(one, "how") == BURNED for one in events)


def closings(network: Network, sheet: Sheet) -> Iterator[Sheet]:
    """Yield the events on the record that close a sheet, by one of the words that stand."""
    for kind in CLOSINGS:
        known = field_named(kind, "closes")
        if known is not None and sheet.kind in known.of:
            yield from network.that_name(kind, "closes", sheet)


def given_back(house: Sheet) -> str:
    """Return the day from which a house is ours no more: the earliest that may be meant."""
    days = (f"{one}-01-01"[: len(_ALWAYS)] for one in said(house, "until") if one)
    return min(days, default=_ALWAYS)


def beds(network: Network, house: Sheet, night: str) -> int:
    """Return the beds of a house in a night: none in one that is closed or given back.

    Else they are the fewest said.
    Of nights about which two differ, those that the house has in any other count too.
    """
    if closed(network, house, night) or night >= given_back(house):
        return 0
    some = [one for one in network.that_name(NIGHTS, "house", house) if holds_on(one, night)]
    told = [number(one, "beds") for one in some or (house,)]
    if any(_disputed(one) for one in some):
        told.append(number(house, "beds"))
    return min((one or 0 for one in told), default=0)


def _disputed(sheet: Sheet) -> bool:
    """Tell whether it is open on which house or nights something is said, or whether it stands."""
    return says_off(sheet) or any(
        len(said(sheet, name)) > 1 for name in ("house", "begins", "ends")
    )


__all__ = [
    "CLOSINGS",
    "all_closed",
    "beds",
    "burned",
    "choice",
    "closed",
    "closings",
    "given_back",
    "holds_on",
    "number",
    "said",
]
