# SPDX-License-Identifier: AGPL-3.0-or-later
"""One helper's desk in `tests/bench/surge.py`: a process that takes what comes, and tells when.

Arguments: its folder, the relay's address, the file that it writes at the end.  Each line of its
input is the hex of a conversation that the helper there marks hostile, the last one how many
messages and marks there are.  Then it waits until it has them, lets what is left be weighed, writes
what it saw, and leaves; it does so too when nothing has come for long.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.edges.desk.courier import HttpCourier, Line  # noqa: E402
from safeconduct.edges.desk.office import Desk  # noqa: E402
from safeconduct.edges.desk.store_facts import WEIGHED_TO  # noqa: E402
from safeconduct.edges.desk.store_log import NUMBER  # noqa: E402
from safeconduct.kernel.words import ConversationId, OfficeId  # noqa: E402
from safeconduct.rooms import hotline  # noqa: E402
from safeconduct.rooms.hotline.events import MessageReceived  # noqa: E402
from tests.sim.courier import PASSPHRASE  # noqa: E402

LOOK_SECONDS: Final = 0.1
TODAY_SECONDS: Final = 3.0
SETTLE_SECONDS: Final = 180.0
QUIET_SECONDS: Final = 2.0
STUCK_SECONDS: Final = 30.0
"""What has not come meanwhile is lost."""
ALL: Final = 1 << 30
NEW: Final = (
    "SELECT no, body FROM entries INDEXED BY entries_received WHERE no > ? "
    "AND kind = 'hotline.MessageReceived' AND conversation IS NOT NULL ORDER BY no"
)
LAST: Final = (
    "SELECT max(no) FROM entries INDEXED BY entries_received "
    "WHERE kind = 'hotline.MessageReceived' AND conversation IS NOT NULL"
)
MARKS: Final = (
    "SELECT count(*) FROM entries WHERE kind = 'hotline.HostileMarked' AND conversation IS NOT NULL"
)


class Watched:
    """What a desk saw, and when."""

    def __init__(self, desk: Desk) -> None:
        """Begin with nothing seen."""
        self.desk = desk
        self.seen: dict[str, float] = {}
        self.todays: list[float] = []
        self.records = self._last = 0
        self._today_at = 0.0
        self.marked: list[str] = []

    def look(self) -> None:
        """Note what is new, and look at Today now and then, as its page does."""
        rows = self.desk.journal.store.rows(NEW, (self._last,))
        now = time.time()
        for no, body in rows:
            event = hotline.parse_fact("hotline.MessageReceived", 1, body)
            assert isinstance(event, MessageReceived)
            self._last, self.records = no, self.records + 1
            self.seen.setdefault(event.message.hex(), now)
        if now - self._today_at > TODAY_SECONDS:
            began = time.perf_counter()
            self.desk.today()
            self.todays.append(time.perf_counter() - began)
            self._today_at = now

    def mark(self, wanted: list[str]) -> None:
        """Mark these conversations hostile, each once it is here."""
        for line in list(wanted):
            talk = ConversationId(bytes.fromhex(line))
            if self.desk.conversation(talk) is not None:
                self.desk.triage.mark_hostile(talk, hostile=True)
                wanted.remove(line)
                self.marked.append(line)

    def settled(self) -> bool:
        """Whether all that came is weighed, and no row is due."""
        store = self.desk.journal.store
        weighed = (store.setting(WEIGHED_TO, NUMBER) or 0) > (store.value(LAST) or 0)
        return weighed and not store.value("SELECT count(*) FROM kinds_due")

    def has(self, messages: int, marks: int) -> bool:
        """Whether so many messages and marks are here."""
        return len(self.seen) >= messages and self.desk.journal.store.value(MARKS) >= marks

    def settle(self, messages: int, marks: int, wanted: list[str]) -> None:
        """Wait until all is here and weighed, and nothing more comes."""
        end, quiet = time.monotonic() + SETTLE_SECONDS, time.monotonic()
        enough = STUCK_SECONDS
        while time.monotonic() < end and time.monotonic() - quiet < enough:
            before = self.records
            self.look()
            self.mark(wanted)
            if self.records != before or wanted or not self.settled():
                quiet = time.monotonic()
            enough = QUIET_SECONDS if self.has(messages, marks) else STUCK_SECONDS
            time.sleep(LOOK_SECONDS)

    def told(self) -> dict[str, Any]:
        """Return everything that it saw, and its whole queue."""
        page = self.desk.inbox
        rows, total = page(show="waiting", start=0, most=ALL)
        behind, more = page(show="behind", start=0, most=ALL)  # They stand below who is shown.
        hostile, _ = page(show="hostile", start=0, most=ALL)
        times = sorted(self.todays)
        return {
            "seen": self.seen,
            "records": self.records,
            "today_p95_ms": round(times[int(len(times) * 0.95)] * 1_000, 1),
            "total": total + more,
            "queue": [row.conversation.hex() for row in (*rows, *behind)],
            "hostile": [row.conversation.hex() for row in hostile],
            "marked": self.marked,
            "cpu_s": round(time.process_time(), 1),
            "troubles": [one.code for one in self.desk.status().troubles],
        }


def main(folder: str, url: str, out: str) -> None:
    """Open the desk, watch it until the input ends, and write what it saw."""
    desk = Desk.open(Path(folder), PASSPHRASE)
    place = desk.journal.place
    desk.start(HttpCourier(Line(url, OfficeId(place.office)), place.capability))
    watched, over = Watched(desk), threading.Event()
    lines, wanted = list[str](), list[int]()

    def listen() -> None:
        for line in sys.stdin:
            if " " in line:
                wanted.extend(map(int, line.split()))
            else:
                lines.append(line.strip())
        over.set()

    threading.Thread(target=listen, daemon=True).start()
    print("ready", flush=True)
    while not over.wait(LOOK_SECONDS):
        watched.look()
        watched.mark(lines)
    messages, marks = wanted
    watched.settle(messages, marks, lines)
    Path(out).write_text(json.dumps(watched.told()), encoding="utf-8")
    desk.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
