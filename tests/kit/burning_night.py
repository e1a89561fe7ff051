# SPDX-License-Identifier: AGPL-3.0-or-later
"""Random networks of an invented country, with words that were overwritten, taken off and moved."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as some

from safeconduct.kernel.words import COUNTER_BITS, CommitId, fact_id
from safeconduct.rooms.passage import Book, Network, SheetWritten, Told, fold_network
from safeconduct.rooms.passage.errand.slips import MadeSlip, SlipTold, fold_slips
from safeconduct.rooms.passage.kinds import book_of
from safeconduct.rooms.passage.slip_facts import SlipFact, SlipHanded, SlipMade
from tests.kit.errand_night import ADA, NOW, TODAY, id_of

Said = dict[str, str]
Row = tuple[str, str, Said]
"""A short name, a kind, and what one word says of its fields; `@name` names another sheet."""
MANY: Final = {
    "escort": 4, "vehicle": 2, "household": 6, "house": 7, "leg": 2, "party": 5, "reach": 2,
    "acquainted": 5, "journey": 6, "ride": 4, "stay": 6,
}  # fmt: skip
"""So many sheets of each kind."""
DAYS: Final = ("2026-10-02", "2026-11-30", TODAY, TODAY, "2026-12-02")
ENDS: Final = ("", "", "2026-12-02", "2026-12-05", TODAY)
_any = some.sampled_from


def names(kind: str, *, none: int = 0) -> some.SearchStrategy[str]:
    """Some sheet of a kind, or now and then none."""
    return _any([*(f"@{kind}{at}" for at in range(MANY[kind])), *[""] * none])


_FIELDS: Final[dict[str, dict[str, some.SearchStrategy[str]]]] = {
    "escort": {"lives_with": names("escort", none=9), "state": _any(["ready", "arrested"])},
    "vehicle": {"escort": names("escort", none=1)},
    "household": {"state": _any(["ready", "ready", "ready", "resting"])},
    "house": {
        "host": names("household", none=1),
        "town": _any(["@town0", "@town0", "@town1"]),
        "beds": _any(["3", "9", "0"]),
        "suits": _any(["any women", "any women", "any", "women family"]),
        "state": _any(["fit", "fit", "fit", "fit", "burned"]),
        "trust": _any(["low", "high"]),
    },
    "leg": {"from": _any(["@town0", "@point0"]), "to": _any(["@town1", "@point1"])},
    "party": {
        "size": _any(["1", "2", "4"]),
        "town": _any(["@town0"]),
        "need": _any(["any", "women"]),
    },
    "reach": {"party": names("party", none=9), "town": _any(["@town1", "@town0"])},
    "acquainted": {"party": names("party"), "other": names("party")},
    "journey": {
        "party": names("party"),
        "state": _any(["begun", "begun", "told", "proposed", "over", "called_off"]),
    },
    "ride": {
        "journey": names("journey"),
        "day": _any(DAYS),
        "escort": names("escort", none=1),
        "vehicle": names("vehicle", none=1),
        "leg": names("leg", none=1),
        "taken_off": _any(["", "", "", "wrong"]),
    },
    "stay": {
        "journey": names("journey"),
        "house": names("house"),
        "begins": _any(DAYS),
        "ends": _any(ENDS),
        "state": _any(["there", "there", "agreed", "held", "over"]),
        "taken_off": _any(["", "", "", "wrong"]),
    },
}


def _row(kind: str, at: some.SearchStrategy[int]) -> some.SearchStrategy[Row]:
    name = at.map(lambda one: f"{kind}{one}")
    return some.tuples(name, some.just(kind), some.fixed_dictionaries(_FIELDS[kind]))


ROWS: Final = some.tuples(
    *(_row(kind, some.just(at)) for kind in _FIELDS for at in range(MANY[kind]))
)
MORE: Final = some.lists(
    some.one_of(*(_row(kind, some.integers(0, many - 1)) for kind, many in MANY.items())),
    max_size=6,
)
FIRST: Final[list[Row]] = [
    *((f"town{at}", "town", {"name": f"Town {at}"}) for at in range(2)),
    *((f"point{at}", "point", {"town": f"@town{at}", "where": "Bench"}) for at in range(2)),
]
NETWORKS: Final = some.tuples(ROWS, MORE).map(lambda two: [*FIRST, *two[0], *two[1]])
SLIPS: Final = some.lists(
    some.tuples(names("escort"), names("party"), some.booleans(), _any(["page", "voice"])),
    max_size=4,
)


def told_of(rows: list[Row]) -> list[Told]:
    """The facts: each word of a sheet over all before it, so that the last one stands."""
    before: dict[str, list[bytes]] = {}
    found = []
    for at, (name, kind, said) in enumerate(rows):
        pairs = tuple(
            (field, id_of(text[1:]).hex() if text.startswith("@") else text)
            for field, text in said.items()
        )
        over = tuple(before.get(name, ()))
        fact = fact_id(CommitId((at + 1).to_bytes(32, "big")), 0)
        before.setdefault(name, []).append(fact)
        event = SheetWritten(id_of(name), kind, pairs, over)
        hlc = ((NOW - 10**8) << COUNTER_BITS) + at
        found.append(Told(fact, ADA, hlc, book_of(kind), event))
    return found


def network_of(rows: list[Row]) -> Network:
    """What they give at a desk that reads all books."""
    return fold_network(frozenset(Book), told_of(rows), "en")


def slips_of(said: list[tuple[str, str, bool, str]]) -> tuple[MadeSlip, ...]:
    """Slips for escorts: for whom, about whom, whether it was handed over, and by which way."""
    facts: list[SlipTold] = []
    for at, (who, party, handed, way) in enumerate(said):
        if who and party:
            commit = CommitId((at + 1).to_bytes(32, "little"))
            of = id_of("ride0"), "ride", id_of(who[1:]), "escort", id_of(party[1:]), ()
            made = SlipMade(*of, TODAY, way, NOW + 10**7, b"", bytes(32))
            after: list[SlipFact] = [SlipHanded(fact_id(commit, 0))] if handed else []
            for slot, event in enumerate([made, *after]):
                facts.append(
                    SlipTold(fact_id(commit, slot), commit, ADA, (NOW << 16) + at + slot, event)
                )
    return fold_slips(facts)


__all__ = ["MANY", "NETWORKS", "SLIPS", "Row", "network_of", "slips_of", "told_of"]
