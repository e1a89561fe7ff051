# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct move`: when the server is gone, came back from a backup, or is given up.

Run on a desk, which must be closed, and never on the server: only a desk may hold what opens.
The founding code is typed and not given as an option; the text that a steward hands over is typed
too, or in a file.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import anew, moving
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine import doors, page_key
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey
from safeconduct.programs.asking import add_home, ask, ask_passphrase_of, ask_yes
from safeconduct.programs.texts import give, keep_free, take
from safeconduct.programs.wording import N_, say
from safeconduct.rooms.crew.move_facts import RelayMoved
from safeconduct.rooms.crew.notices import Notice, parse_notice, write_notice

STOPPED: Final = 3
READ_A_TEXT: Final = ("follow", "check")


class NothingToTell(Refused):
    """The office's server is the one that it was founded at."""

    code = "nothing_to_tell"


def run(arguments: list[str]) -> int:
    """Do what was asked; return 0 when it is done."""
    parser = argparse.ArgumentParser(
        prog="safeconduct move",
        description=say(_PURPOSE),
        epilog="\n".join(f"  {name:<10}{say(purpose)}" for name, (_, purpose) in _ACTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_home(parser)
    parser.add_argument("act", choices=_ACTS, metavar=say("ACT"))
    parser.add_argument("--relay", metavar="URL", help=say("the new server's address (found)"))
    parser.add_argument(
        "--tell-old",
        action="store_true",
        help=say("leave word at the old server, which still runs and is trusted (found)"),
    )
    parser.add_argument("--page-url", metavar="URL", help=say("the page's new address (notice)"))
    parser.add_argument(
        "--text",
        type=Path,
        metavar=say("FILE"),
        help=say("read the text from this file (follow, check), or write it to a new one"),
    )
    asked = parser.parse_args(arguments)
    if (asked.act == "found") != bool(asked.relay):
        parser.error(say("--relay belongs to `found`, and `found` needs it."))
    if (asked.act == "notice") != bool(asked.page_url):
        parser.error(say("--page-url belongs to `notice`, and `notice` needs it."))
    if asked.act not in READ_A_TEXT:
        keep_free(asked.text)
    passphrase = ask_passphrase_of(asked.home)
    act, _ = _ACTS[asked.act]
    return act(asked, lambda: Desk.open(asked.home, passphrase))


def _found(asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    desk, url = open_desk(), asked.relay.rstrip("/")
    try:
        old = _courier(desk)
        there = desk.journal.place.relay_url == url
        if there or anew.begun(desk.journal, url):
            print(say("This was begun before.  It goes on where it stopped."))
        if there:
            anew.sign_again(desk.journal)
        else:
            anew.found_anew(desk.journal, anew.Way.over_http(), url, _code(desk), _progress)
    finally:
        desk.stop()
    desk = open_desk()
    try:
        _carry(desk)
        print(say("The office is at the new server, with all that this desk held."), flush=True)
        if asked.tell_old:
            moving.leave_word(desk.journal, old)
            print(
                say(
                    "The move is noted at the old server; desks that still reach it will ask their "
                    "people whether to go along."
                )
            )
        _tell(desk, asked.text)
    finally:
        desk.stop()
    return 0


def _code(desk: Desk) -> str:
    """Ask for the founding code, after a word on what a desk cannot bring with it."""
    if not page_key.seed_of(desk.journal):
        print(say(_NO_PAGE_KEY), flush=True)
    return ask(say("The founding code that the new server printed: "))


def _follow(asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    text = take(asked.text, say("Type or paste the steward's text, then an empty line:"))
    desk = open_desk()
    try:
        told = moving.read(desk.journal, text)
        if not _heard(desk, told):
            print(say("Nothing was changed."))
            return STOPPED
        lacking = moving.follow(desk.journal, told)
    finally:
        desk.stop()
    desk = open_desk()
    try:
        _carry(desk)
    finally:
        desk.stop()
    print(say("This desk is there.  What it held beyond was sent: {count} records.", count=lacking))
    return 0


def _heard(desk: Desk, told: moving.Told) -> bool:
    """Say what a text tells and who signed it; return whether somebody said so by voice."""
    url = told.fact.relay_url if isinstance(told.fact, RelayMoved) else ""
    if not told.by:
        print(say("Whoever holds the recovery cards restored the office from a backup, at:"))
        print(f"  {url}")
        return ask_yes(say("Did a colleague tell you so, by voice or face to face?"))
    by = desk.roster().members[told.by].person
    if url:
        line = say("{person} says that the office's server is now:", person=by)
        print(f"{line}\n  {url}")
    else:
        print(say("{person} says that the server came back from a backup.", person=by))
    return ask_yes(say("Did you hear so from {person}, by voice or face to face?", person=by))


def _restored(asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    print(say("Ask whoever runs the server: was it restored from a backup, by them, and when?"))
    if not ask_yes(say("Did they say so by voice, and do you answer for it?")):
        print(say("Nothing was changed."))
        return STOPPED
    desk = open_desk()
    try:
        journal, courier = desk.journal, _courier(desk)
        forgotten = doors.let_in(journal, courier, lambda: anew.restored(journal, courier))
    finally:
        desk.stop()
    desk = open_desk()
    try:
        _carry(desk)
        print(say("The server had forgotten {count} records.  It has them again.", count=forgotten))
        _tell(desk, asked.text)
    finally:
        desk.stop()
    return 0


def _show(asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    desk = open_desk()
    try:
        _tell(desk, asked.text)
    finally:
        desk.stop()
    return 0


def _notice(asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    desk = open_desk()
    try:
        seed = page_key.seed_of(desk.journal)
        if not seed:
            raise page_key.PageKeyNotHeld
        place, now = desk.journal.place, desk.now()
        notice = Notice(1, place.office, asked.page_url, place.relay_url, place.relay_key, now)
        text = write_notice(notice, LongSigningKey.from_seed(seed))
    finally:
        desk.stop()
    print(say("Publish this beside the page's new address, wherever people look for you:"))
    give(text, asked.text)
    return 0


def _check(asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    text = take(asked.text, say("Type or paste the notice, then an empty line:"))
    desk = open_desk()
    try:
        founded, office = desk.roster().founded, desk.journal.office
        assert founded is not None
        notice = parse_notice(text, office, LongVerifyKey.parse(founded.intake_signing_key))
    finally:
        desk.stop()
    print(say("This office signed it.  It says that the page is at:"))
    print(f"  {notice.portal_url}")
    return 0


def _courier(desk: Desk) -> Courier:
    place = desk.journal.place
    return HttpCourier(Line(place.relay_url, desk.journal.office), place.capability)


def _carry(desk: Desk) -> None:
    """Bring and read what there is; the desk's door says the way in, if that is new."""
    journal, courier = desk.journal, _courier(desk)
    doors.let_in(journal, courier, lambda: moving.carry(journal, courier))


def _progress(done: int, of: int) -> None:
    print(say("  {done} of {all} records", done=done, all=of), flush=True)


def _tell(desk: Desk, file: Path | None) -> None:
    text = moving.telling(desk.journal)
    if text is None:
        raise NothingToTell
    print(
        say("Give each colleague this text, by any way, and tell them by voice that it is yours.")
    )
    if file is None:
        print(say("They type on their desk, which must be closed:  safeconduct move follow"))
    else:
        print(say("They type on their desk, which must be closed:"))
        print(f"  safeconduct move follow --text {file.name}")
    give(text, file)


_NO_PAGE_KEY: Final = N_(
    "This desk does not hold the key that signs notices of the page's address, so the recovery "
    "cards will not bring it back from the new server.  If a steward whose desk holds it can do "
    "this, stop here (Ctrl+C) and let them.  If nobody can, go on: the office "
    "works without it, and such a steward can make new cards later, which bring it back."
)
_PURPOSE: Final = N_(
    "When the office's server is gone: found it anew from this desk, or follow where it went.  "
    "The desk must be closed meanwhile."
)
_ACTS: Final[dict[str, tuple[Callable[[argparse.Namespace, Callable[[], Desk]], int], str]]] = {
    "found": (_found, N_("found the office at an empty server, from this desk (a steward)")),
    "follow": (_follow, N_("go where a steward's text says that the office is")),
    "restored": (_restored, N_("say that the server came back from a backup (a steward)")),
    "show": (_show, N_("show the text for colleagues once more")),
    "notice": (_notice, N_("make a signed notice of the page's new address (a steward)")),
    "check": (_check, N_("hold such a notice to this office")),
}
