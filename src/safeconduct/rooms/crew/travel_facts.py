# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about a device that travels light, in the form of roster facts (spec/crew.md 12).

Who may sign one is not decided here.
"""

from __future__ import annotations

from typing import Final

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Count32, Record


class TravelBegun(Record, frozen=True):
    """A device leaves vaults behind; `number` is that of the sealing key it takes for the trip."""

    number: Count32
    vaults: tuple[Bytes16, ...]


class ReturnAsked(Record, frozen=True):
    """A device asks for what it left behind; `number` is that of its newest sealing key."""

    number: Count32


class TravelEnded(Record, frozen=True):
    """A steward gives back what a device left on these trips, in the parcel of this hash.

    Each trip is the fact id of its `TravelBegun`: none can be ended before it began.
    """

    device: Bytes16
    trips: tuple[Bytes36, ...]
    parcel: Bytes32


TravelFact = TravelBegun | ReturnAsked | TravelEnded
TRAVEL_FACTS: Final[dict[str, type[TravelFact]]] = {
    "crew.TravelBegun": TravelBegun,
    "crew.ReturnAsked": ReturnAsked,
    "crew.TravelEnded": TravelEnded,
}
