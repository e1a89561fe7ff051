# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk in a process of its own that writes notes and says each once it is durable.

For tests that kill it: whatever was said must be there afterwards.
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.office import Desk
from tests.sim.courier import PASSPHRASE


def write_notes(folder: str, url: str, said: Connection) -> None:
    """Write numbered notes until killed, and sync all the while."""
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal = desk.journal
    desk.start(HttpCourier(Line(url, journal.office), journal.place.capability))
    said.send(-1)
    number = 0
    while True:
        (row, *_), _ = desk.inbox(show="all", start=0, most=1)
        text = f"{desk.now()}-{number}"
        desk.note(row.conversation, text)
        said.send(text)
        number += 1
