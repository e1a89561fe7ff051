# SPDX-License-Identifier: AGPL-3.0-or-later
"""Beds, legs, papers, risk: who goes when, by which way, to which bed, and on to which country.

What it is: the network of houses, roads and countries with what may be believed of it, and the
planning over it.
What it refuses to be: a list of people; of a party a plan knows a number alone.

    network = fold_network(books, told, "en")
    fact = write_sheet(network, "house", sheet, typed)
"""

from __future__ import annotations

from safeconduct.rooms.passage.decide import put_back, take_off, verify, write_sheet
from safeconduct.rooms.passage.events import (
    KINDS,
    VERSION,
    NetworkFact,
    PassageFact,
    SheetVerified,
    SheetWritten,
    kind_of,
    parse_fact,
    write_fact,
)
from safeconduct.rooms.passage.fold import Network, Sheet, Told, fold_network, standing
from safeconduct.rooms.passage.words import Book, Freshness, Verification

__all__ = [
    "KINDS",
    "VERSION",
    "Book",
    "Freshness",
    "Network",
    "NetworkFact",
    "PassageFact",
    "Sheet",
    "SheetVerified",
    "SheetWritten",
    "Told",
    "Verification",
    "fold_network",
    "kind_of",
    "parse_fact",
    "put_back",
    "standing",
    "take_off",
    "verify",
    "write_fact",
    "write_sheet",
]
