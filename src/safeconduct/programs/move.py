# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct move`: when the server is gone, came back from a backup, or is given up.

Run on a desk, which must be closed, and never on the server: only a desk may hold what opens.
The text that a steward hands over, and the founding code, are typed and not given as options.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable
from typing import Final

from safeconduct.edges.desk import anew, moving
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine import doors
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey
from safeconduct.programs.asking import add_home, ask, ask_block, ask_passphrase_of, ask_yes
from safeconduct.programs.wording import N_, say
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.move_facts import RelayMoved
from safeconduct.rooms.crew.notices import Notice, parse_notice, write_notice

COLUMNS: Final = 66
"""Eleven groups of a text a line; a terminal takes no line of more than 4,095 characters."""
STOPPED: Final = 3


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
    asked = parser.parse_args(arguments)
    if (asked.act == "found") != bool(asked.relay):
        parser.error(say("--relay belongs to `found`, and `found` needs it."))
    if (asked.act == "notice") != bool(asked.page_url):
        parser.error(say("--page-url belongs to `notice`, and `notice` needs it."))
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
            code = ask(say("The founding code that the new server printed: "))
            anew.found_anew(desk.journal, anew.Way.over_http(), url, code, _progress)
    finally:
        desk.stop()
    desk = open_desk()
    try:
        _carry(desk)
        print(say("The office is at the new server, with all that this desk held."), flush=True)
        if asked.tell_old:
            moving.leave_word(desk.journal, old)
            print(say("The old server has word; desks that still reach it will follow."))
        _tell(desk)
    finally:
        desk.stop()
    return 0


def _follow(_asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    text = ask_block(say("Type or paste the steward's text, then an empty line:"))
    desk = open_desk()
    try:
        told = moving.read(desk.journal, text)
        by = desk.roster().members[told.by].person
        if isinstance(told.fact, RelayMoved):
            line = say("{person} says that the office's server is now:", person=by)
            print(f"{line}\n  {told.fact.relay_url}")
        else:
            print(say("{person} says that the server came back from a backup.", person=by))
        if not ask_yes(say("Did you hear so from {person}, by voice or face to face?", person=by)):
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


def _restored(_asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
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
        _tell(desk)
    finally:
        desk.stop()
    return 0


def _show(_asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    desk = open_desk()
    try:
        _tell(desk)
    finally:
        desk.stop()
    return 0


def _notice(asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    desk = open_desk()
    try:
        keys = [one for one in desk.journal.keychain.all() if one.kind == "intake-sign"]
        if not keys:
            raise NotASteward
        place, now = desk.journal.place, desk.now()
        notice = Notice(1, place.office, asked.page_url, place.relay_url, place.relay_key, now)
        text = write_notice(
            notice, LongSigningKey.from_seed(max((one.epoch, one.key) for one in keys)[1])
        )
    finally:
        desk.stop()
    print(say("Publish this beside the page's new address, wherever people look for you:"))
    _print_text(text)
    return 0


def _check(_asked: argparse.Namespace, open_desk: Callable[[], Desk]) -> int:
    text = ask_block(say("Type or paste the notice, then an empty line:"))
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


def _tell(desk: Desk) -> None:
    text = moving.telling(desk.journal)
    if text is None:
        raise NothingToTell
    print(
        say("Give each colleague this text, by any way, and tell them by voice that it is yours.")
    )
    print(say("They type on their desk, which must be closed:  safeconduct move follow"))
    _print_text(text)


def _print_text(text: str) -> None:
    lines = textwrap.wrap(text, COLUMNS, break_on_hyphens=True)
    print("\n" + "\n".join(lines) + "\n", flush=True)


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
