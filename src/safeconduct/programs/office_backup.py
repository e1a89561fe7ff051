# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct office-backup`: one sealed file with the whole office, and the way back from it.

Only the recovery cards open such a file; they are typed, and so is the founding code.  What becomes
of a file is in `edges/desk/backing_up`, `restoring` and `standing_up` (spec/backup.md).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import backing_up
from safeconduct.edges.desk.backup_file import Whole, check_whole, read_pieces
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine import doors
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.programs.asking import KEYS, add_home, ask_passphrase_of, ask_unseen
from safeconduct.programs.restore import NOT_DONE, day_of, open_with_cards, restore
from safeconduct.programs.wording import N_, say
from safeconduct.rooms.crew.backup import End, Head, Kind, parse_end, parse_head
from safeconduct.rooms.crew.backup_facts import DAYS, DAYS_MOST


def run(arguments: list[str]) -> int:
    """Do what was asked; return 0 when it is done."""
    parser = argparse.ArgumentParser(
        prog="safeconduct office-backup",
        description=say(_PURPOSE),
        epilog="\n".join(f"  {name:<9}{say(purpose)}" for name, (_, purpose) in _ACTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_home(parser)
    parser.add_argument("act", choices=_ACTS, metavar=say("ACT"))
    parser.add_argument(
        "place", type=Path, metavar=say("PLACE"), help=say("the folder (make), or the backup")
    )
    parser.add_argument(
        "--every",
        type=int,
        metavar=say("DAYS"),
        help=say("after so many days Today asks for the next one (make)"),
    )
    parser.add_argument(
        "--relay",
        metavar="URL",
        help=say("an empty server for the office; without it, its own, which still runs (restore)"),
    )
    asked = parser.parse_args(arguments)
    if asked.relay and asked.act != "restore":
        parser.error(say("--relay belongs to `restore`."))
    if asked.every is not None and (asked.act != "make" or not 1 <= asked.every <= DAYS_MOST):
        parser.error(say("--every belongs to `make`, and is 1 to {most} days.", most=DAYS_MOST))
    act, _ = _ACTS[asked.act]
    return act(asked)


def _make(asked: argparse.Namespace) -> int:
    desk = Desk.open(asked.home, ask_passphrase_of(asked.home))
    try:
        last = desk.backups.last()
        days = asked.every or (last.noted.days if last and last.noted else DAYS)
        courier = _come_in_step(desk)
        made = backing_up.back_up(desk.journal, courier, asked.place, days=days, told=_progress)
    finally:
        desk.stop()
    print(say("The backup is whole:"))
    print(f"  {made.path}")
    _tell_held(made.held)
    print(say(_WHERE_TO))
    return 0


def _come_in_step(desk: Desk) -> Courier | None:
    """Bring and read what there is; None when no server answers, and the desk is all there is."""
    journal = desk.journal
    line = Line(journal.place.relay_url, journal.office)
    courier = HttpCourier(line, journal.place.capability)
    try:
        doors.let_in(journal, courier, lambda: backing_up.come_in_step(journal, courier))
    except Unreachable:
        print(say(_WITHOUT_SERVER), flush=True)
        return None
    return courier


def _check(asked: argparse.Namespace) -> int:
    whole = check_whole(asked.place)
    print(say("The file is whole: nothing of it was lost on the way."))
    if not (asked.home / KEYS).exists():
        print(say("Whether your office made it, only a desk of the office or the cards can say."))
        return 0
    passphrase = ask_unseen(
        say("To see whether your office made it, type this desk's passphrase; else Enter alone: ")
    )
    return _hold_to_office(asked.home, passphrase, whole) if passphrase else 0


def _hold_to_office(home: Path, passphrase: str, whole: Whole) -> int:
    """Say whether a steward of the office noted this very file."""
    desk = Desk.open(home, passphrase)
    try:
        noted = desk.backups.find(whole.digest)
        if noted is None:
            print(say(_NOT_OURS))
            return NOT_DONE
        person = desk.roster().members[noted.by].person
        print(say("{person} made it, on {day}.", person=person, day=day_of(noted.at)))
    finally:
        desk.stop()
    return 0


def _open(asked: argparse.Namespace) -> int:
    """Open every byte with the cards, and keep nothing."""
    opened = open_with_cards(asked.place)
    if opened is None:
        return NOT_DONE
    whole, trailer, _ = opened
    head, end = list[Head](), list[End]()
    for kind, body in read_pieces(whole, trailer):
        if kind is Kind.HEAD:
            head.append(parse_head(body))
        elif kind is Kind.END:
            end.append(parse_end(body))
    print(say("These cards open this backup, all of it.  Nothing was written."))
    for first in head:
        print(say("It was made on {day}.", day=day_of(first.made)))
    for last in end:
        _tell_held(last)
    return 0


def _tell_held(held: End) -> None:
    frames = held.frames + held.unsent
    print(say("Records in it: {records}.  Files: {files}.", records=frames, files=held.files))
    if held.lacking:
        print(
            say(
                "Files that were nowhere to be had, and are not in it: {count}.", count=held.lacking
            )
        )


def _progress(done: int, of: int) -> None:
    if done == of or not done % _SAY_EVERY:
        print(say("  {done} of {all} records", done=done, all=of), flush=True)


_SAY_EVERY: Final = 50_000
_PURPOSE: Final = N_(
    "A backup of the whole office in one sealed file, for the day on which every laptop and the "
    "server are taken.  Nobody opens it without the recovery cards.  The desk must be closed "
    "meanwhile."
)
_WITHOUT_SERVER: Final = N_(
    "The server does not answer.  The backup is made of what this desk has: files that are only at "
    "the server are not in it, nor keys that only others hold."
)
_WHERE_TO: Final = N_(
    "Take it to another country, or to somebody who would not be arrested with you, and keep no "
    "recovery card beside it.  When the next one is there, destroy this one."
)
_NOT_OURS: Final = N_(
    "No steward's desk noted this backup, as far as this desk has read.  It may be another "
    "office's, or made by somebody who only knows how.  Do not restore it before you know."
)
_ACTS: Final[dict[str, tuple[Callable[[argparse.Namespace], int], str]]] = {
    "make": (_make, N_("make a backup in a folder, such as a stick (a steward)")),
    "check": (_check, N_("prove that a backup is whole, without opening it")),
    "open": (_open, N_("try out whether the recovery cards open it; keeps nothing")),
    "restore": (restore, N_("make a first desk and a server anew, from a backup and the cards")),
}
