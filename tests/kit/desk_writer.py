# SPDX-License-Identifier: AGPL-3.0-or-later
"""Processes of a desk that write, and say each thing once it is durable.

For tests that kill it: whatever was said must be there afterwards.
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.seal.stretch import Cost
from tests.sim.courier import PASSPHRASE

CHEAP = Cost(8, 1, 1)


def write_notes(folder: str, url: str, said: Connection) -> None:
    """Write numbered notes until killed, begin an answer like each, and sync all the while."""
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal = desk.journal
    desk.start(HttpCourier(Line(url, journal.office), journal.place.capability))
    said.send(-1)
    number = 0
    while True:
        (row, *_), _ = desk.inbox(show="all", start=0, most=1)
        text = f"{desk.now()}-{number}"
        desk.note(row.conversation, text)
        desk.keep_draft(row.conversation, "answer", text)
        said.send(text)
        number += 1


def change_passphrases(path: str, first: str, said: Connection) -> None:
    """Change a passphrase to the next number until killed, beginning with `first`."""
    number = int(first)
    said.send(-1)
    while True:
        keyslots.change(Path(path), str(number), str(number + 1), SystemRng(), CHEAP)
        number += 1
        said.send(str(number))
