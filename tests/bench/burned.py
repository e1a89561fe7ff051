# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a press of Burned waits for; the last line is one JSON object, processor milliseconds.

The office of the board's benchmark with a host for each house, an escort for each ride and parties
who know each other: the ledger, what is proposed for the night and the calls are worked out for a
full house and for an escort.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.kernel.words import Instant  # noqa: E402
from safeconduct.rooms.passage import Network  # noqa: E402
from safeconduct.rooms.passage.board.tonight import Tonight, tonight  # noqa: E402
from safeconduct.rooms.passage.burned.call_list import call_list  # noqa: E402
from safeconduct.rooms.passage.burned.knower import Kind, Knower, knower_of  # noqa: E402
from safeconduct.rooms.passage.burned.ledger import ledger  # noqa: E402
from safeconduct.rooms.passage.burned.tonights_moves import moves  # noqa: E402
from tests.bench.board import office, timed  # noqa: E402
from tests.kit.board_facts import Facts  # noqa: E402

TODAY: Final = date(2026, 11, 20)
NOW: Final = Instant(20_777 * 86_400_000)
TIMES: Final = 3


def peopled(facts: Facts, chance: Random) -> Network:
    """The same with hosts, escorts and parties that know each other."""
    bare = facts.network()
    hosts = [facts.sheet("household", name="Host", state="ready").hex() for _ in range(600)]
    escorts = [facts.sheet("escort", name="Escort", state="ready").hex() for _ in range(60)]
    parties = [one.id.hex() for one in bare.of_kind("party")]
    towns = [one.id.hex() for one in bare.of_kind("town")]
    for house in bare.of_kind("house"):
        facts.also("house", house.id, host=chance.choice(hosts), town=chance.choice(towns))
    for ride in bare.of_kind("ride"):
        facts.also("ride", ride.id, escort=chance.choice(escorts))
    for _ in range(300):
        one, other = chance.sample(parties, 2)
        facts.sheet("acquainted", party=one, other=other)
    return facts.network()


def press(network: Network, there: Tonight, knower: Knower) -> int:
    """Work out all that a press shows; return how many moves it proposes."""
    found = ledger(network, knower, (), TODAY.isoformat())
    call_list(network, found)
    return len(moves(network, found, there, NOW))


def main() -> int:
    """Measure and say."""
    chance = Random(7)
    facts = office(lambda after: (TODAY + timedelta(days=after)).isoformat(), chance)
    network = peopled(facts, chance)
    there = tonight(network, TODAY.isoformat())
    fullest = max(there.lines, key=lambda one: one.people)
    assert fullest.house is not None
    escort = network.of_kind("escort")[0].id
    knowers = {
        "house": knower_of(network, Kind.HOUSE, fullest.house.id),
        "escort": knower_of(network, Kind.ESCORT, escort),
    }
    said: dict[str, float] = {"facts": len(facts.told)}
    for name, knower in knowers.items():
        said[f"{name}_moves"] = press(network, there, knower)
        said[name] = timed(lambda knower=knower: press(network, there, knower), TIMES)  # type: ignore[misc]
    print(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
