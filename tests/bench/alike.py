# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long warnings of duplicates take among many cases; the last line is one JSON object.

`build_s`: the names of 2,000 invented people of 500 cases are put into the index; `save_ms`: one
of them is changed, half of them and the slowest; `pairs`: how many pairs are shown, of which
`planted` were written down twice, in another script and order, and `found` are those.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.kernel.names import romanise  # noqa: E402
from safeconduct.kernel.words import CaseId  # noqa: E402
from safeconduct.rooms.cases import SheetId  # noqa: E402
from safeconduct.rooms.cases.alike import AlikeNames, Named, Where  # noqa: E402
from tests.bench.names import population  # noqa: E402

PEOPLE: Final = 2_000
OF_CASE: Final = 4
TWICE: Final = 40
SAVES: Final = 200


def somebody(at: int, name: str, born: int) -> Named:
    """One of the people."""
    case = CaseId((at // OF_CASE).to_bytes(16, "big"))
    where = Where(case, SheetId(at.to_bytes(16, "big")))
    return Named(where, "person", "lantern", (name,), frozenset({born}))


def main() -> int:
    """Measure and say."""
    chance = random.Random(7)
    some = chance.sample(population(chance), PEOPLE)
    people = [
        somebody(at, f"{given} {surname}", chance.randint(1960, 2000))
        for at, (surname, given) in enumerate(some)
    ]
    for at in range(TWICE):
        surname, given = some[at]
        name = romanise(f"{surname} {given}", "german")
        people[-1 - at] = somebody(PEOPLE - 1 - at, name, *people[at].born)
    cases: dict[CaseId, list[Named]] = {}
    for one in people:
        cases.setdefault(one.at.case, []).append(one)
    index, before = AlikeNames(), time.process_time()
    for case, named in cases.items():
        index.put(case, named)
    build, saves = time.process_time() - before, []
    shown = {(one.one.at.sheet, one.other.at.sheet) for one in index.pairs()}
    planted = {(people[at].at.sheet, people[-1 - at].at.sheet) for at in range(TWICE)}
    for at in chance.sample(range(PEOPLE), SAVES):
        one = people[at]
        named = [two for two in cases[one.at.case] if two != one]
        index.put(one.at.case, named)
        before = time.process_time()
        index.put(one.at.case, [*named, one])
        saves.append(1_000 * (time.process_time() - before))
    found = {
        "people": PEOPLE,
        "build_s": round(build, 2),
        "save_ms": round(median(saves), 2),
        "save_most_ms": round(max(saves), 2),
        "pairs": len(shown),
        "planted": len(planted),
        "found": len(planted & shown),
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
