# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the board costs with much in it; the last line is one JSON object, processor milliseconds.

800 houses and 400 journeys that run, with three rides and three stays each, beside 1,200 journeys
of twenty months that are over.  `fold`: the network is folded anew, as when a desk is opened;
`fold_on`: a house came; `tonight`: what is so tonight is worked out, once for each fold; the pages:
median of requests in one process, with whatever every page of a desk costs, which `other` shows.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from litestar.testing import TestClient

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.edges.desk.wording import Wording  # noqa: E402
from safeconduct.kernel.sheets import SheetId  # noqa: E402
from safeconduct.rooms.passage import Book, Network, fold_network  # noqa: E402
from safeconduct.rooms.passage.board.tonight import Tonight, tonight  # noqa: E402
from tests.kit.board_facts import Facts  # noqa: E402
from tests.kit.rehearsal import rehearsal_desk  # noqa: E402
from tests.unit.edges.desk.pages.window import ORIGIN, Seconds, Window  # noqa: E402

HOUSES: Final = 800
RUN: Final = 400
OVER: Final = 1_200
LEGS: Final = 2_000
TIMES: Final = 11
PATHS: Final = {
    "board": "/ways/board",
    "days": "/ways/board/days",
    "days_of_houses": "/ways/board/days?show=houses",
    "today": "/today",
    "other": "/crew",
}


def office(day: Callable[[int], str], chance: Random) -> Facts:
    """What such an office wrote."""
    facts = Facts()
    towns = [facts.sheet("town", name=f"Town {n}").hex() for n in range(60)]
    legs = [
        facts.sheet("leg", mode="train", minutes="90", exposure="low", **pair(towns, chance)).hex()
        for _ in range(LEGS)
    ]
    houses = [
        facts.house(
            beds=str(chance.randint(1, 8)),
            suits=chance.choice(["any", "women", "family"]),
            state=chance.choice(["fit"] * 9 + ["burned"]),
        )
        for _ in range(HOUSES)
    ]
    for house in chance.sample(houses, 100):
        said = {"begins": day(-9), "ends": day(9), "beds": "2"}
        facts.sheet("nights", house=house.hex(), **said)
    for number in range(RUN + OVER):
        over = number >= RUN
        first = -600 + number // 3 if over else chance.randint(-9, 3)
        state = "over" if over else chance.choice(["begun", "told", "bought"])
        party = facts.party(deadline=day(first + 9), town=chance.choice(towns))
        journey = facts.journey(party, state=state)
        for leg in range(3):
            go(facts, journey, houses, (day(first + 3 * leg), day(first + 3 * leg + 3)), chance)
            at_time = f"{chance.randint(5, 22):02}:40"
            facts.ride(journey, day=day(first + 3 * leg), at=at_time, leg=chance.choice(legs))
    return facts


def pair(towns: list[str], chance: Random) -> dict[str, str]:
    """Where a leg begins and ends."""
    begins, ends = chance.sample(towns, 2)
    return {"from": begins, "to": ends}


def go(
    facts: Facts, journey: SheetId, houses: list[SheetId], days: tuple[str, str], chance: Random
) -> None:
    """A stay in some house."""
    state = chance.choice(["there", "held", "agreed"])
    facts.stay(journey, chance.choice(houses), begins=days[0], ends=days[1], state=state)


def timed(act: Callable[[], object], times: int = TIMES) -> float:
    """Half of the times take less than this, in milliseconds of the processor."""
    took = []
    for _ in range(times):
        before = time.process_time()
        act()
        took.append(1_000 * (time.process_time() - before))
    return round(median(took), 1)


def main() -> int:
    """Measure and say."""
    desk, talks = rehearsal_desk()
    window = Window(desk, talks, Seconds(), zone=UTC)
    today = Wording("en", UTC).today(desk.now())
    facts = office(lambda after: (today + timedelta(days=after)).isoformat(), Random(7))
    before: Network = facts.network()
    facts.house()
    network: Network = facts.network()
    there: Tonight = tonight(network, today.isoformat())
    # As the desk's own `Ways` does: folded once, and worked out once, until something comes.
    desk.ways.network = lambda: network  # type: ignore[method-assign]
    desk.ways.tonight = lambda day: there  # type: ignore[method-assign]  # noqa: ARG005
    desk.ways.office.readers = {book: {desk.device} for book in Book}
    found: dict[str, float] = {
        "facts": len(facts.told),
        "red": there.red,
        "fold": timed(facts.network, 5),
        "fold_on": timed(lambda: fold_network(frozenset(Book), facts.told, "en", before)),
        "tonight": timed(lambda: tonight(network, today.isoformat())),
    }
    with TestClient(window.app, base_url=ORIGIN) as client:
        window.use(client)
        window.unlock()
        for name, path in PATHS.items():
            client.get(path)
            found[name] = timed(lambda path=path: client.get(path).raise_for_status())  # type: ignore[misc]
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
