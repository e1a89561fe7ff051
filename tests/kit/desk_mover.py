# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process that moves an office to a new server; for the test that kills it."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from safeconduct.edges.desk import anew, moving
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.office import Desk
from tests.kit.relay import SetClock
from tests.sim.courier import PASSPHRASE

THERE = "there"


def move(folder: str, where: str, said: Connection) -> None:
    """Do what `move found` does, and say when all is there; `where` is address and code."""
    url, code = where.split()
    said.send(-1)
    desk = opened(folder)
    if desk.journal.place.relay_url != url:
        anew.found_anew(desk.journal, anew.Way.over_http(), url, code)
        desk.stop()
        desk = opened(folder)
    journal = desk.journal
    moving.carry(journal, HttpCourier(Line(url, journal.office), journal.place.capability))
    desk.stop()
    said.send(THERE)


def opened(folder: str) -> Desk:
    """Open the desk at the rehearsal's time."""
    return Desk.open(Path(folder), PASSPHRASE, clock=SetClock())
