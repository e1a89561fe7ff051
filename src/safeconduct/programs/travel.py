# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct travel`: leave keys behind before a trip, and ask for them when it is over.

The desk must be closed.  What is left behind comes back by a steward's hand alone.  `back` says the
same on a desk that left nothing, so that nobody learns from it whether something is missing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine import doors, travelling
from safeconduct.edges.desk.engine.loops import Loops
from safeconduct.edges.desk.engine.travelling import Choice
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import VaultId
from safeconduct.programs.asking import add_home, ask_maybe, ask_passphrase_of, ask_yes
from safeconduct.programs.wording import N_, say, word
from safeconduct.rooms.cases import Part

STOPPED: Final = 3
OpenDesk = Callable[[], Desk]


def run(arguments: list[str]) -> int:
    """Do what was asked; return 0 when it is done."""
    parser = argparse.ArgumentParser(
        prog="safeconduct travel",
        description=say(_PURPOSE),
        epilog="\n".join(f"  {name:<6}{say(purpose)}" for name, (_, purpose) in _ACTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_home(parser)
    parser.add_argument("act", choices=_ACTS, metavar="|".join(_ACTS))
    asked = parser.parse_args(arguments)
    passphrase = ask_passphrase_of(asked.home)
    act, _ = _ACTS[asked.act]
    return act(lambda: Desk.open(asked.home, passphrase))


def _pack(open_desk: OpenDesk) -> int:
    desk = open_desk()
    try:
        _carry(desk)
        there = travelling.choices(desk.journal)
        if there:
            travelling.check(desk.journal)
        carried = _choose(there, _parts(desk)) if there else []
        if len(carried) == len(there):
            print(say("Then there is nothing to leave behind.  Nothing was changed."))
            return STOPPED
        travelling.check(desk.journal, carried)
        print("\n" + say(_WARNING) + "\n")
        if not ask_yes(say("Leave it behind now?")):
            print(say("Nothing was changed."))
            return STOPPED
        travelling.begin(desk.journal, carried)
        told = _carry(desk)
    finally:
        desk.stop()
    open_desk().stop()  # Opening packs it.
    print(say("Done.  This device holds no more than what you chose to take along."))
    print(say(_TOLD if told else _NOT_TOLD))
    print("\n" + say(_REMAINS))
    return 0


def _parts(desk: Desk) -> dict[VaultId, str]:
    """Name the parts of case files that can be read here."""
    files, _ = desk.cases.files(start=0, most=sys.maxsize)
    return {
        one.vault: say("case file {name}: {part}", name=file.name, part=say(_PARTS[one.part]))
        for file in files
        for one in file.parts
    }


def _choose(there: Sequence[Choice], parts: Mapping[VaultId, str]) -> list[VaultId]:
    """Ask which to take along, until every number is one of the list; none at all is usual."""
    print(say("What this device holds:"))
    for number, choice in enumerate(there, 1):
        name = parts.get(choice.vault) or say(_KINDS.get(choice.kind, _KINDS["team"]))
        print(f"  {number}. {name}{say(_ALONE) if choice.alone else ''}")
    numbers = {str(number): choice.vault for number, choice in enumerate(there, 1)}
    while True:
        typed = ask_maybe(say(_NUMBERS)).split()
        if numbers.keys() >= {*typed}:
            return [numbers[one] for one in dict.fromkeys(typed)]
        print(say("Type numbers of this list, with spaces between them."))


def _back(open_desk: OpenDesk) -> int:
    desk = open_desk()
    try:
        travelling.ask(desk.journal)
        told = _carry(desk)
    finally:
        desk.stop()
    print(say(_ASKED if told else _NOT_ASKED))
    return 0


def _carry(desk: Desk) -> bool:
    """Send and take what can be; tell whether the server has everything of this desk."""
    journal = desk.journal
    line = Line(journal.place.relay_url, journal.office)
    loops = Loops(journal, HttpCourier(line, journal.place.capability))

    def step() -> None:
        loops.pull_all()
        loops.send_all()

    try:
        doors.let_in(journal, loops.courier, step)
    except SafeconductError as error:
        print(word(error))
    finally:
        loops.puller.close()
    return not desk.status().unsent


_KINDS: Final = {
    "": N_("what people write to the office, and what it answers"),
    "houses": N_("houses"),
    "roads": N_("roads"),
    "abroad": N_("contacts abroad"),
    "journeys": N_("journeys"),
    "stewards": N_("what stewards share"),
    "team": N_("records of a team"),
    "case": N_("a part of a case file"),
}
_PARTS: Final = {
    Part.IDENTITY: N_("identity"),
    Part.CONTACT: N_("contact"),
    Part.JOURNEY: N_("journey"),
    Part.TESTIMONY: N_("testimony"),
    Part.LEGAL: N_("legal"),
    Part.HEALTH: N_("health"),
}
_ALONE: Final = N_(" (no other steward reads it)")
_NUMBERS: Final = N_("Numbers of what to take along, or just Enter to take nothing: ")
_WARNING: Final = N_(
    "What you leave behind is gone from this device for good: its keys, conversations, search, and "
    "what you had begun to write and not sent.  You cannot bring it back yourself, and that is the "
    "point: nobody can make you.  Before you go, agree on a word with a steward, by voice, that "
    "says that you are safe; they will ask for it.\n"
    "What this cannot do: it does not hide that you work with this office, who else does, or that "
    "this program is here.  It does not reach copies of this disk, backups, or what a flash disk "
    "keeps of deleted files: whoever has the passphrase could open those.  Whoever reads the "
    "office's records of keys with a tool, and not on a page, sees that this device travels light; "
    "so does whoever took a colleague's desk.  And you still know what you know."
)
_TOLD: Final = N_("The office knows, and gives this device no keys until it is back.")
_NOT_TOLD: Final = N_(
    "The office does not know yet: it hears of it when this desk next reaches the server.  If keys "
    "are renewed before that, this device may have to join anew."
)
_REMAINS: Final = N_(
    "Turn the device off before you go: memory forgets only then.  When you are back:  "
    "safeconduct travel back"
)
_ASKED: Final = N_(
    "The office was asked.  If this device left anything behind, every steward sees on Today that "
    "it asks.  Call one of them, by voice: without them nothing comes.  It comes by itself while "
    "the desk is open."
)
_NOT_ASKED: Final = N_(
    "The server does not have your question yet.  Open the desk where it reaches the server: it "
    "goes out by itself.  Then call a steward, by voice."
)
_PURPOSE: Final = N_(
    "Before a border, a checkpoint or a meeting: leave on this device only what the trip needs.  "
    "Afterwards ask for the rest.  The desk must be closed meanwhile."
)
_ACTS: Final[dict[str, tuple[Callable[[OpenDesk], int], str]]] = {
    "pack": (_pack, N_("choose what goes along, and leave everything else behind")),
    "back": (_back, N_("ask the office to give back what was left behind")),
}
