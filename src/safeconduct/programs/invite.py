# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct invite`: let a colleague's device join, after five words were compared."""

from __future__ import annotations

import argparse
import time
from typing import Final

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.office import Desk
from safeconduct.programs.asking import add_home, ask, ask_passphrase_of, ask_yes
from safeconduct.programs.wording import say
from safeconduct.rooms import crew
from safeconduct.rooms.crew import Role

LOOK_SECONDS: Final = 1.0
ROLES: Final = tuple(role.value for role in Role if role is not Role.LINE)


def run(arguments: list[str]) -> int:
    """Show an invite, wait for the other side, compare, admit."""
    parser = argparse.ArgumentParser(
        prog="safeconduct invite",
        description=say("Let a colleague's device join.  The desk must be closed meanwhile."),
    )
    add_home(parser)
    parser.add_argument(
        "--role",
        action="append",
        choices=ROLES,
        help=say("what the newcomer does; may be repeated"),
    )
    asked = parser.parse_args(arguments)
    passphrase = ask_passphrase_of(asked.home)
    roles = frozenset(Role(role) for role in asked.role or [Role.OPERATOR])
    desk = Desk.open(asked.home, passphrase)
    try:
        crew.check_inviter(desk.roster(), desk.device, roles)
        return _invite(desk, roles)
    finally:
        desk.stop()


def _invite(desk: Desk, roles: frozenset[Role]) -> int:
    place = desk.journal.place
    line = Line(place.relay_url, desk.journal.office)
    courier = HttpCourier(line, place.capability)
    desk.start(courier)
    inviter = Inviter(desk.journal, courier, HttpMeeting(line))
    while True:
        print(say("Give this invite to your colleague, by any way; it holds for one hour:"))
        print(f"\n{inviter.invite()}\n", flush=True)
        words = _wait(inviter)
        print(say("Compare these five words with your colleague, by eye or by voice:"))
        print(f"  {' '.join(words)}", flush=True)
        if ask_yes(say("Are they the same on both sides?")):
            break
        print(say("Then somebody may stand between you.  This invite is over."))
        inviter.refuse()
    name = ask(say("What colleagues call the newcomer: "))
    by_two = Role.STEWARD in roles and crew.takes_two(desk.roster())
    inviter.admit(name, roles)
    print(say("{device} belongs to the office now.", device=inviter.device_name))
    if by_two:
        print(
            say(
                "It becomes a steward's device when another steward signs for it on Today.  "
                "Until then it has only its other roles, if you gave any."
            )
        )
    return 0


def _wait(inviter: Inviter) -> tuple[str, ...]:
    """Wait until the other side is there; raises InviteVoid after an hour."""
    while True:
        words = inviter.look()
        if words:
            return words
        time.sleep(LOOK_SECONDS)
