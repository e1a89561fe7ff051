# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct recovery split` and `use`: new cards, and a new steward (spec/crew.md 8).

The order is the safety: new cards are written down and typed back before anything is written, so
whoever is interrupted before that has the old cards, and after it the new ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from safeconduct.edges.desk import recovering
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine import doors, drawing, post, removing, reopening
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.sync import Puller
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.recovering import Opened, Use
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.programs.asking import ask_maybe, ask_passphrase_of, ask_yes
from safeconduct.programs.cards import Pack
from safeconduct.programs.showing import show_cards
from safeconduct.programs.typing_cards import read_cards, tell_fault
from safeconduct.programs.wording import N_, say
from safeconduct.rooms.crew import Member
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.crew.recovery import root_of
from safeconduct.rooms.crew.shares import SECRET_BYTES, Scheme, combine

NOT_DONE: Final = 3


class SharesNotSaid(Refused):
    """Nobody wrote down how many cards the founding made."""

    code = "shares_not_said"


class Here(NamedTuple):
    """The desk of this device, its way to the relay, and whether that way has ended."""

    journal: Journal
    courier: Courier
    shut_out: bool = False


def split(home: Path, asked: Scheme | None) -> int:
    """Let new cards follow the ones that count."""
    with _office(home) as here:
        need_steward(here.journal.roster, here.journal.device)
        scheme = _scheme(here.journal, asked)
        print(
            say(
                "New recovery cards are made here.  Until the last step the old cards count, and "
                "you can stop with Ctrl and C.  First the old cards; only as many as are needed."
            )
        )
        opened = _typed(here.journal)
        return NOT_DONE if opened is None else _make_anew(here, opened, scheme)


def use(home: Path, asked: Scheme | None) -> int:
    """Make this device a steward, remove those that were taken, and make new cards."""
    with _office(home, cards=True) as here:
        scheme = _scheme(here.journal, asked)
        print(
            say(
                "The cards are used here: this device becomes a steward, and devices that were "
                "taken are removed.  All colleagues see that it was done.  Until you say yes at "
                "the end nothing is written, and you can stop with Ctrl and C."
            )
        )
        opened = _typed(here.journal)
        if opened is None:
            return NOT_DONE
        asked_for = ask_use(here.journal)
        if not ask_yes(say("Do this now?")):
            print(say("Nothing was written."))
            return NOT_DONE
        _come_in(here, opened)
        recovering.use(here.journal, here.courier, opened, asked_for)
        print(say("It is done: this device is a steward's.  All colleagues will see it on Today."))
        _send(here)
        print(
            say(
                "Whoever was in this room knows the cards now, so new ones follow.  If you stop "
                "here, make them soon:  safeconduct recovery split"
            )
        )
        return _make_anew(here, opened, scheme)


@contextmanager
def _office(home: Path, *, cards: bool = False) -> Iterator[Here]:
    """Open the desk, and read what the relay has; its door says the way in, if that is new.

    Where it says nothing, cards that will be typed may open the way.
    """
    desk = Desk.open(home, ask_passphrase_of(home))
    try:
        journal = desk.journal
        line = Line(journal.place.relay_url, journal.office)
        courier = HttpCourier(line, journal.place.capability)
        shut_out = False
        try:
            doors.let_in(journal, courier, lambda: _read(journal, courier))
        except UnknownCapability:
            if not cards:
                raise
            shut_out = True
        yield Here(journal, courier, shut_out)
    finally:
        desk.stop()


def _read(journal: Journal, courier: Courier) -> None:
    puller = Puller(journal, courier, journal.place.relay())
    try:
        puller.pull_log()
    finally:
        puller.close()


def _come_in(here: Here, opened: Opened) -> None:
    """Open access with the cards where it has ended or is somebody else's; read what is lacking."""
    if here.shut_out:
        print(say("The server does not let this device in any more.  The cards open the way anew."))
    elif not recovering.controls(here.journal, here.courier, opened):
        print(say("Nobody here holds the key to the server's access.  The cards make a new one."))
    else:
        return
    reopening.reopen(here.journal, here.courier, root_of(opened.secret))
    _read(here.journal, here.courier)


def _scheme(journal: Journal, asked: Scheme | None) -> Scheme:
    cards = journal.roster.cards
    if asked is None and not cards.needed:
        raise SharesNotSaid
    return asked or Scheme(cards.needed, cards.cards)


def _typed(journal: Journal) -> Opened | None:
    """Return what the cards open that the person types; None when they open nothing."""
    shares = read_cards(enough=True)
    if not shares:
        print(say("No card was read.  Nothing was changed."))
        return None
    try:
        return recovering.open_cards(journal, shares)
    except Refused as fault:
        print(tell_fault(fault))
        print(say("Nothing was changed."))
        return None


def _make_anew(here: Here, opened: Opened, scheme: Scheme) -> int:
    """Show new cards, have them typed back, and only then let them count."""
    fresh, language = SystemRng().bytes(SECRET_BYTES), _language(here.journal)
    show_cards(Pack.of(fresh, scheme, datetime.now(tz=UTC).date(), language))
    print(
        say(
            "Now type the new cards back, from the paper: {needed} of them.  Only then do they "
            "count.",
            needed=scheme.needed,
        )
    )
    if not _typed_back(fresh):
        print(say("The old cards still count.  Burn the new ones, and begin again."))
        return NOT_DONE
    recovering.let_follow(here.journal, here.courier, opened, fresh, scheme)
    print(say("It is done: the new cards count, and the old ones open nothing new.  Burn those."))
    _send(here)
    return 0


def _typed_back(fresh: bytes) -> bool:
    while shares := read_cards(enough=True):
        try:
            if combine(shares) == fresh:
                return True
        except Refused as fault:
            print(tell_fault(fault))
        print(say("These are not the new cards.  Type them again; Enter alone gives up."))
    return False


def ask_use(journal: Journal) -> Use:
    """Ask which devices were taken, and which become stewards' too; nobody has to be."""
    others = _others(journal)
    taken = _choose(
        others, say("Numbers of the devices that were taken or lost; Enter alone for none: ")
    )
    left = [member for member in others if member not in taken]
    stewards = left and _choose(
        left, say("Numbers of the devices that become stewards' too; Enter alone for none: ")
    )
    for members, told in (
        (taken, N_("It will be removed: {device}, of {person}.")),
        (stewards, N_("It becomes a steward's: {device}, of {person}.")),
    ):
        for member in members:
            print(say(told, device=member.device.name, person=member.person))
    return Use(*([member.device.id for member in members] for members in (taken, stewards)))


def _choose(members: list[Member], question: str) -> list[Member]:
    """Ask for numbers of a list until they are some."""
    for number, member in enumerate(members, start=1):
        print(f"  {number}. {member.person}: {member.device.name}")
    while True:
        numbers = ask_maybe(question).replace(",", " ").split()
        if all(number.isdecimal() and 1 <= int(number) <= len(members) for number in numbers):
            return [members[place] for place in sorted({int(number) - 1 for number in numbers})]
        print(say("These are not numbers of the list."))


def _others(journal: Journal) -> list[Member]:
    roster = journal.roster
    others = roster.present() - {journal.device}
    return sorted(
        (roster.members[device] for device in others),
        key=lambda member: (member.person, member.device.name),
    )


def _send(here: Here) -> None:
    """Bring what was written to the relay; a desk does it later when it does not answer now."""
    try:
        while post.push(here.journal, here.courier):
            pass
        if drawing.under_way(here.journal):
            removing.follow_up(here.journal, here.courier)
    except Unreachable:
        print(
            say("The server does not answer now.  It is kept, and goes out when you open the desk.")
        )


def _language(journal: Journal) -> str:
    founded = journal.roster.founded
    return founded.language if founded else "en"
