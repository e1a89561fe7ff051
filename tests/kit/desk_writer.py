# SPDX-License-Identifier: AGPL-3.0-or-later
"""Processes of a desk that write, and say each thing once it is durable.

For tests that kill it: whatever was said must be there afterwards.
"""

from __future__ import annotations

import hashlib
import threading
import time
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine.destroying import Destroying
from safeconduct.edges.desk.engine.heartbeats import MINUTE, Heartbeats
from safeconduct.edges.desk.importing.sheets import load
from safeconduct.edges.desk.importing.sources import Asked, source_of
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.wiring import SystemClock, SystemRng
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.kernel.words import DAY, HOUR, ConversationId, Instant, instant_of
from safeconduct.rooms.cases import Part
from safeconduct.rooms.hotline.by_hand_decide import Typed
from tests.sim.courier import PASSPHRASE
from tests.sim.steps import Hand

CHEAP = Cost(8, 1, 1)
MONTH = 31 * DAY
BREATH = 0.01


def looked_at_with(note: str) -> ConversationId:
    """Return what was looked at when a note was written, each time something else."""
    return ConversationId(hashlib.sha256(note.encode()).digest()[:16])


def write_notes(folder: str, url: str, said: Connection) -> None:
    """Write numbered notes until killed, begin an answer like each, and sync all the while.

    With each a minute passes for heartbeats, and something was looked at: see `looked_at_with`.
    """
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal, minutes = desk.journal, count()
    beats = Heartbeats(journal, lambda: MINUTE * next(minutes))
    desk.start(HttpCourier(Line(url, journal.office), journal.place.capability))
    said.send(-1)
    number = 0
    while True:
        (row, *_), _ = desk.inbox(show="all", start=0, most=1)
        text = f"{desk.now()}-{number}"
        desk.note(row.conversation, text)
        desk.keep_draft(row.conversation, "answer", text)
        desk.audit.opened(looked_at_with(text))
        beats.look(online=True)
        said.send(text)
        number += 1


def open_cases(folder: str, url: str, said: Connection) -> None:
    """Open case files until killed, write into a part of each, look at it, and sync all the while.

    Says each case once it is open, with its note once that is kept, and once it was looked at; with
    each a quarter of an hour passes for heartbeats.
    """
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal, minutes = desk.journal, count()
    beats = Heartbeats(journal, lambda: MINUTE * next(minutes))
    desk.start(HttpCourier(Line(url, journal.office), journal.place.capability))
    said.send(-1)
    while True:
        case = desk.cases.open({})
        said.send(case.hex())
        desk.cases.note(case, Part.HEALTH, case.hex())
        said.send(f"{case.hex()} noted")
        if file := desk.cases.case(case):
            desk.cases.opened(file)
            said.send(f"{case.hex()} looked at")
        for _ in range(16):
            beats.look(online=True)


def make_teams(folder: str, url: str, said: Connection) -> None:
    """Make teams until killed, open a case for each, and name them anew, and sync all the while.

    Says each team with what it is called, and with the case that was given to it, once it is kept.
    """
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal = desk.journal
    desk.start(HttpCourier(Line(url, journal.office), journal.place.capability))
    said.send(-1)
    while True:
        name = journal.rng.bytes(8).hex()
        team = desk.teams.form(name, [])
        said.send((team, name, b""))
        case = desk.cases.open({}, {Part.HEALTH: [team]})
        desk.cases.give(case, Part.LEGAL, Chosen((), [team]))
        said.send((team, name, case))
        desk.teams.change(team, name[::-1], [desk.device])
        said.send((team, name[::-1], case))


class Months:
    """A clock that goes on by a month each time it is asked to."""

    def __init__(self, now: Instant) -> None:
        """Begin at an instant."""
        self.time = now

    def now(self) -> Instant:
        """Return where it stands."""
        return self.time


def take_own_keys(folder: str, url: str, said: Connection) -> None:
    """Make this device's key anew month after month until killed; say each one's public half.

    Nobody else is in the office, so each old half is destroyed as soon as the relay has the new.
    """
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal = desk.journal
    months = Months(max(journal.clock.now(), instant_of(journal.pen.hlc)))
    journal.clock = months  # type: ignore[misc]
    courier = HttpCourier(Line(url, journal.office), journal.place.capability)
    courier.now = months.now  # type: ignore[method-assign]
    hand = Hand(desk, courier)
    said.send(-1)
    while True:
        months.time = Instant(months.time + MONTH)
        hand.loops.turning.own.look()
        said.send(journal.secrets.sealing_key().public.raw)
        hand.sync()


def change_passphrases(path: str, first: str, said: Connection) -> None:
    """Change a passphrase to the next number until killed, beginning with `first`."""
    number = int(first)
    said.send(-1)
    while True:
        keyslots.change(Path(path), str(number), str(number + 1), SystemRng(), CHEAP)
        number += 1
        said.send(str(number))


def type_in_calls(folder: str, url: str, said: Connection) -> None:
    """Type calls in until killed, each kept as a draft first, and sync all the while.

    Says each draft once it is kept, and each call once it is noted; goes on first with what was
    begun before it was killed, as a helper does who finds the form so.
    """
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal = desk.journal
    desk.start(HttpCourier(Line(url, journal.office), journal.place.capability))
    said.send(-1)
    begun = desk.by_hand.draft(None)
    while True:
        text = begun or desk.by_hand.fresh().hex()
        begun, message = "", bytes.fromhex(text)
        desk.by_hand.keep_draft(None, message, text)
        said.send(("draft", text))
        typed = Typed(way="call", happened=desk.now(), text=text)
        desk.by_hand.note(None, message, typed, f"told {text}")
        said.send(("call", text))


def bring_in(folder: str, url: str, said: Connection) -> None:
    """Bring an old mailbox in until killed, and sync all the while; say how much is kept."""
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal = desk.journal
    desk.start(HttpCourier(Line(url, journal.office), journal.place.capability))
    desk.imports.look("box", source_of(Path(folder).parent / "box", Asked()))
    said.send(-1)

    def tell(written: int) -> bool:
        said.send(written)
        return True

    desk.imports.bring(tell)
    said.send("all")
    threading.Event().wait()


def bring_table(folder: str, url: str, said: Connection) -> None:
    """Bring an old table in until killed, and sync all the while; say when one case is there."""
    desk = Desk.open(Path(folder), PASSPHRASE)
    journal = desk.journal
    desk.start(HttpCourier(Line(url, journal.office), journal.place.capability))
    path, tables = Path(folder).parent / "list.csv", desk.cases.tables
    tables.begin_look(path.name, lambda: load(path))
    said.send(-1)
    first = threading.Thread(target=_say_the_first, args=(desk, said), daemon=True)
    first.start()
    report = tables.bring("Spring list", None, dict.fromkeys(Part, Chosen()), held=True)
    first.join()
    said.send(report.written)
    threading.Event().wait()


def _say_the_first(desk: Desk, said: Connection) -> None:
    while not desk.cases.files(start=0, most=1)[1]:
        time.sleep(BREATH)
    said.send("one")


def make_calls(folder: str, _: str, said: Connection) -> None:
    """Call phones, an hour apart by this desk's clock, until killed; say each call once made.

    The office has said where to call, and somebody waits in danger.
    """
    hours = Months(SystemClock().now())
    desk = Desk.open(Path(folder), PASSPHRASE, clock=hours)
    hours.time = max(hours.time, instant_of(desk.journal.pen.hlc))
    said.send(-1)
    while True:
        hours.time = Instant(hours.time + HOUR)
        if desk.duty.calls.look():
            last = desk.duty.calls.calling().last
            assert last is not None
            said.send(last.fact.hex())


class TimeAlone:
    """A relay that answers what time it is, and nothing else."""

    def __init__(self, clock: Months) -> None:
        """Tell this time."""
        self.now = clock.now


def destroy_what_is_due(folder: str, now: str, said: Connection) -> None:
    """Destroy what facts tell until killed; say each time that nothing was left."""
    clock = Months(Instant(int(now)))
    desk = Desk.open(Path(folder), PASSPHRASE, clock=clock)
    said.send(-1)
    while True:
        Destroying(desk.journal, TimeAlone(clock)).look()  # type: ignore[arg-type]
        said.send("done")
        time.sleep(BREATH)
