# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct office-backup restore`: an office again, from a file and the recovery cards.

Two halves.  The first makes a desk of this device, in one step; the second lets it stand up at a
server, and may be cut and typed again as often as it takes.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import anew, moving, standing_up
from safeconduct.edges.desk.backup_file import Whole, check_whole
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine import doors
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.recovering import Opened, Use
from safeconduct.edges.desk.restoring import Restoring, Source, Who, restored_from, unpacked
from safeconduct.kernel.errors import CannotOpen, Refused
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import Busy
from safeconduct.programs.asking import (
    KEYS,
    StoreExists,
    ask,
    ask_new_passphrase,
    ask_passphrase_of,
    ask_yes,
)
from safeconduct.programs.recovery_acts import ask_use
from safeconduct.programs.texts import give
from safeconduct.programs.typing_cards import read_cards, tell_fault
from safeconduct.programs.wording import N_, say
from safeconduct.rooms.crew.backup import Trailer, open_trailer
from safeconduct.rooms.crew.recovery import root_of, sealing_of
from safeconduct.rooms.crew.shares import Share, combine

NOT_DONE: Final = 3
MOMENT: Final = 60
"""Seconds; a server that is busy for longer takes no more files today."""


def day_of(instant: int) -> str:
    """Return the day of an instant, in UTC."""
    return datetime.fromtimestamp(instant / 1000, tz=UTC).date().isoformat()


def open_with_cards(path: Path) -> tuple[Whole, Trailer, list[Share]] | None:
    """Return a backup that is whole and that the typed cards open; None, and why is said.

    Raises:
        NoSuchBackup, BackupDamaged: see there.
    """
    whole = check_whole(path)
    print(say("The file is whole.  Now the recovery cards; only as many as are needed."))
    shares = read_cards(enough=True)
    if not shares:
        print(say("No card was read.  Nothing was changed."))
        return None
    try:
        return whole, open_trailer(sealing_of(combine(shares)), whole.trailer), shares
    except Refused as fault:
        print(tell_fault(fault))
    except CannotOpen:
        print(say(_OTHER_CARDS))
    print(say("Nothing was changed."))
    return None


def restore(asked: argparse.Namespace) -> int:
    """Make this device the first desk, unless it is already, and let the office stand up."""
    home: Path = asked.home
    begun = (home / KEYS).exists()
    if not begun and home.exists() and any(home.iterdir()):
        raise StoreExists
    passphrase = ask_passphrase_of(home) if begun else ""
    opened = open_with_cards(asked.place)
    if opened is None:
        return NOT_DONE
    source = Source(*opened)
    if not begun:
        passphrase = _unpack(source, home, alone=asked.relay is not None) or ""
    return _stand_up(source, home, passphrase, asked.relay) if passphrase else NOT_DONE


def _unpack(source: Source, home: Path, *, alone: bool) -> str | None:
    """Make the desk; return its passphrase, or None when the person said no.

    Where the office's server lives, what it has is read before anybody is removed.
    """
    print(say(_FIRST))
    who = Who(
        ask(say("Your name, as colleagues will see it: ")), ask(say("What to call this device: "))
    )
    passphrase = ask_new_passphrase()
    print(say("Reading the backup.  With much in it this takes a while."), flush=True)
    with unpacked(source, who, home, passphrase) as restoring:
        _tell_what(restoring)
        asked_for = ask_use(restoring.journal) if alone else Use()
        if not ask_yes(say("Do this now?")):
            print(say("Nothing was kept."))
            return None
        restoring.begin(asked_for)
    print(say("This device is a desk of the office now, and a steward's."), flush=True)
    return passphrase


def _tell_what(restoring: Restoring) -> None:
    maker = restoring.maker.person
    print(say("{person} made it, on {day}.", person=maker, day=day_of(restoring.head.made)))
    print(say("What was written after that day is not in it."))
    if restoring.end.lacking:
        count = restoring.end.lacking
        print(say("Files that were nowhere to be had, and are not in it: {count}.", count=count))


def _stand_up(source: Source, home: Path, passphrase: str, url: str | None) -> int:
    """Go to a server, with all that is in the backup; what was done before is not done again."""
    desk = Desk.open(home, passphrase)
    try:
        if restored_from(desk.journal.store) != source.whole.digest:
            raise StoreExists
        opened = Opened(source.shares, combine(source.shares))
        journal = desk.journal
        if standing_up.is_there(journal):
            print(say("This was begun before.  It goes on where it stopped."), flush=True)
        elif url is None:
            standing_up.come_back(journal, _courier(desk), opened, lambda: ask_use(journal))
        else:
            code = ask(say("The founding code that the new server printed: "))
            way = anew.Way.over_http()
            anew.found_anew(journal, way, url.rstrip("/"), code, _progress)
    finally:
        desk.stop()
    return _bring(source, home, passphrase, moved=url is not None)


def _bring(source: Source, home: Path, passphrase: str, *, moved: bool) -> int:
    desk = Desk.open(home, passphrase)
    try:
        journal, courier = desk.journal, _courier(desk)
        if moved:
            moving.tell_by_cards(journal, root_of(combine(source.shares)))
        backup = source.whole, source.trailer
        doors.let_in(journal, courier, lambda: standing_up.bring(journal, courier, backup, _files))
        print(say(_DONE))
        text = moving.telling(journal) if moved else None
        if text:
            print(say(_FOR_COLLEAGUES))
            give(text, None)
    except Busy as busy:
        if busy.seconds <= MOMENT:
            raise
        print(say(_TOMORROW))
        return NOT_DONE
    finally:
        desk.stop()
    return 0


def _courier(desk: Desk) -> Courier:
    place = desk.journal.place
    return HttpCourier(Line(place.relay_url, desk.journal.office), place.capability)


def _progress(done: int, of: int) -> None:
    print(say("  {done} of {all} records", done=done, all=of), flush=True)


def _files(count: int) -> None:
    print(say("  files: {count}", count=count), flush=True)


_OTHER_CARDS: Final = N_(
    "These cards belong together, and they do not open this backup.  It is another office's, or "
    "the cards were made anew between the two: an older backup opens with the older cards alone."
)
_FIRST: Final = N_(
    "If a colleague's desk still stands, stop here with Ctrl and C: it has more than any backup.  "
    "A steward's desk makes a new server with `safeconduct move found`; any other becomes a "
    "steward's with `safeconduct recovery use`."
)
_DONE: Final = N_(
    "The office stands again.  Open this desk with:  safeconduct desk\n"
    "Whoever was in this room knows the cards now.  Make new ones today:  "
    "safeconduct recovery split\n"
    "Then make a new backup, and destroy this one."
)
_FOR_COLLEAGUES: Final = N_(
    "A colleague whose desk comes back types  safeconduct move follow  and this text.  Tell them "
    "by voice that it is yours.  `safeconduct move show` shows it again."
)
_TOMORROW: Final = N_(
    "The server takes no more files today; everything else is there, and the desk works.  Type "
    "the same command again tomorrow, until it says that the office stands again."
)
