# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who looked at a part of a case file and wrote into it, as desks reported, from the facts in it.

Read from the vault of that part alone: other parts of the case have no say in what is shown.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from safeconduct.edges.desk.audit_api import PART_READ, Reported
from safeconduct.edges.desk.engine import readings
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.words import DAY, CaseId, DeviceId, Instant, VaultId

WROTE: Final = "cases.NoteWritten"
"""What stands for everything that is written into a part, but for its keys."""
OPENED: Final = "cases.PartOpened"
LOOKED_MOST: Final = 2_000
"""As many facts are looked at, the newest: a year of five colleagues who look on every day."""
WHOLE: Final = (
    "(e.kind != 'cases.PairJudged' OR (SELECT count(*) FROM entries o "
    'WHERE o."commit" = e."commit" AND o.kind = \'cases.PairJudged\') > 1)'
)
"""Of what was said of a pair of cases nothing is shown where one half of it is held alone."""
_IN_PART: Final = (
    "SELECT c.hlc, c.device, e.kind, e.version, e.body FROM entries e "  # noqa: S608
    'JOIN commits c ON c.no = e."commit" '
    f"WHERE e.conversation = ? AND e.vault = ? AND c.state = {COUNTS} AND e.kind != ? "
    f"AND {WHOLE} "
    "ORDER BY e.no DESC LIMIT ?"
)


def reported(store: Store, case: CaseId, vault: VaultId) -> list[Reported]:
    """Return what desks reported of a part, newest first: each desk once a day and kind."""
    looked: set[tuple[int, bytes]] = set()
    wrote: Counter[tuple[int, bytes]] = Counter()
    last: dict[tuple[int, bytes], Instant] = {}
    rows = store.rows(_IN_PART, (case, vault, OPENED, LOOKED_MOST))
    for hlc, device, kind, version, body in rows:
        if kind == PART_READ:
            looked |= {(day, device) for day in readings.days_of(kind, version, body)}
            continue
        at = instant_of(hlc)
        wrote[at // DAY, device] += 1
        last[at // DAY, device] = max(at, last.get((at // DAY, device), at))
    found = [Reported(Instant(day * DAY), DeviceId(by), PART_READ, 1) for day, by in looked]
    found += [Reported(last[on], DeviceId(on[1]), WROTE, times) for on, times in wrote.items()]
    return sorted(found, key=lambda one: (-one.at, one.device, one.kind))
