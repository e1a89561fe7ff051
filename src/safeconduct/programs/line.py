# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct line`: make a line to the hotline, let an office admit it, and run it.

`line new KIND FOLDER` draws its secret and shows the card that a steward's desk takes.
`line admit FOLDER LICENCE` takes what the desk made of it, once somebody compared eight words.
`line set FOLDER` asks again for what it was told of its channel.
`line KIND FOLDER` runs it until it is told to end.
The passphrase is asked for at each start and never given with the command; everything that could
tell who wrote stays sealed (docs/spec/lines.md).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.lines.channel import Channel, Inviting
from safeconduct.edges.lines.folder import LineStands, Making, new_line
from safeconduct.edges.lines.kinds import kind_of_line
from safeconduct.edges.lines.post import OsRng
from safeconduct.edges.lines.runner import NotThisLine, Runner
from safeconduct.edges.lines.secret import FILE
from safeconduct.edges.lines.store import alone
from safeconduct.kernel.words import OfficeId
from safeconduct.programs import line_settings
from safeconduct.programs.asking import ask_new_line_passphrase, ask_yes
from safeconduct.programs.line_folder import opened, parser_of
from safeconduct.programs.line_words import told
from safeconduct.programs.office_words import show_office_words
from safeconduct.programs.texts import NoSuchText
from safeconduct.programs.wording import say
from safeconduct.rooms.hotline.by_line import RISKY, Kind
from safeconduct.rooms.hotline.line_card import write_line_card
from safeconduct.rooms.hotline.line_licence import parse_licence

CARD: Final = "card.txt"
LICENCE_MOST: Final = 64 << 10
GROUPS_IN_ROW: Final = 12
SHOWN_AS: Final[dict[Kind, str]] = {"telegram": "Telegram", "whatsapp": "WhatsApp"}
NOT_COMPARED: Final = 1
SWAPPED: Final = 1
IN_FOLDERS: Final[frozenset[Kind]] = frozenset({"deltachat", "matrix", "signal"})
"""Of these a client keeps files in a folder in memory, which no program can lock there."""


def run(arguments: list[str]) -> int:
    """Do one of them.

    Raises:
        CannotStand: the line was told what Asterisk's settings cannot hold.
    """
    with line_settings.settings_in_words():
        return _one(arguments)


def _one(arguments: list[str]) -> int:
    match arguments:
        case ["new", *rest]:
            return _new(rest)
        case ["admit", *rest]:
            return _admit(rest)
        case ["set", *rest]:
            return line_settings.run(rest)
        case ["phone", "config" | "check" | "prompts", *_]:
            from safeconduct.programs import line_phone  # noqa: PLC0415

            return line_phone.run(arguments[1:])
        case ["phone", "duty", *rest]:
            from safeconduct.programs import line_duty  # noqa: PLC0415

            return line_duty.run(rest)
        case _:
            return _run(arguments)


def _new(arguments: list[str]) -> int:
    """Make a line, and show its card."""
    purpose = say("Make a line to the hotline.  It asks what it must know of the channel.")
    parser = parser_of("line new", purpose, kind=True)
    asked = parser.parse_args(arguments)
    kind: Kind = asked.kind
    # Before anything is asked for, which must not be typed for nothing.
    asked.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (asked.folder / FILE).exists():
        raise LineStands
    if kind in RISKY:
        _warn(kind)
    settings = line_settings.asked_settings(kind)
    making = Making(kind, ask_new_line_passphrase(), settings)
    line = new_line(asked.folder, making, OsRng())
    groups = write_line_card(line.card()).split("-")
    text = "\n".join("-".join(row) for row in _rows(groups))
    (asked.folder / CARD).write_text(text + "\n", encoding="ascii")
    print(say("The line is made.  This is its card:"))
    print()
    print(text)
    print()
    print(
        say(
            "It also lies in {path}.  Bring it to a steward by a way that nobody else reads: her "
            "desk takes it on the page “Telephone and messengers”, and makes a licence.  Bring "
            "that back, and type:\n"
            "  safeconduct line admit {folder} LICENCE",
            path=asked.folder / CARD,
            folder=asked.folder,
        )
    )
    return 0


def _admit(arguments: list[str]) -> int:
    """Take a licence, once somebody says that the office's words match."""
    purpose = say("Take the licence that a steward’s desk made for this line.")
    parser = parser_of("line admit", purpose)
    parser.add_argument("licence", type=Path, metavar="LICENCE", help=say("file of the licence"))
    asked = parser.parse_args(arguments)
    try:
        with asked.licence.open("rb") as file:
            data = file.read(LICENCE_MOST)
    except FileNotFoundError:
        raise NoSuchText from None
    licence = parse_licence(data)
    line = opened(asked.folder)
    line.read_of(data)
    show_office_words(OfficeId(licence.office), licence.intake_signing)
    print(say("Compare them by voice with a steward, or with those on the office’s page."))
    if not ask_yes(say("Are all eight the same?")):
        print(say("Nothing was changed.  Tell a steward: somebody may have changed the licence."))
        return NOT_COMPARED
    line.admit(data)
    (asked.folder / CARD).unlink(missing_ok=True)
    print(
        say(
            "The line is admitted.  It runs with:\n  safeconduct line {kind} {folder}",
            kind=line.kind,
            folder=asked.folder,
        )
    )
    return 0


def _run(arguments: list[str]) -> int:
    """Run a line until it is told to end."""
    purpose = say(
        "Run a line to the hotline.  Others: line new, line admit, line set; for a telephone "
        "line phone config, prompts, check, duty."
    )
    parser = parser_of("line", purpose, kind=True)
    asked = parser.parse_args(arguments)
    host.no_core_dumps()
    # What lies in folders in memory is taken away, however the line is asked to end.
    host.unwind_when_asked_to_end()
    line = opened(asked.folder)
    if line.kind != asked.kind:
        raise NotThisLine
    with alone(line.folder):
        admitted = line.admitted()
        if not _stays_in_memory(line.kind):
            return SWAPPED
        channel = kind_of_line(line.kind).channel(line.store.settings(), line.store)
        runner = Runner(admitted, channel, tell=_tell)
        print(say("The line runs.  Ctrl+C ends it."), flush=True)
        with suppress(KeyboardInterrupt):
            asyncio.run(_work(runner, channel))
    return 0


def _stays_in_memory(kind: Kind) -> bool:
    """Lock this process's memory; where some may still reach a disk unsealed, ask for a yes."""
    locked = host.keep_memory_out_of_swap()
    if locked and kind not in IN_FOLDERS:
        return True
    if host.swap() not in {host.Swap.UNSEALED, host.Swap.UNKNOWN}:
        return True
    print(
        say(
            "This machine swaps memory to a disk that is not sealed, or it cannot be seen whether "
            "it does.  What people write, and the keys of the channel’s client, can end up there "
            "and stay.  Turn swap off or encrypt it, then start the line again."
        )
    )
    return ask_yes(say("Run it all the same?"))


async def _work(runner: Runner, channel: Channel) -> None:
    """Run a line, and show the link by which people come to it where it has one."""
    showing = asyncio.create_task(_show_link(channel))
    try:
        await runner.run()
    finally:
        showing.cancel()


async def _show_link(channel: Channel) -> None:
    if isinstance(channel, Inviting):
        link = await channel.invite()
        print(say("People write to this line by the link {link}").format(link=link), flush=True)


def _rows(groups: Sequence[str]) -> Iterator[Sequence[str]]:
    """Give groups in rows that fit a terminal."""
    for start in range(0, len(groups), GROUPS_IN_ROW):
        yield groups[start : start + GROUPS_IN_ROW]


def _warn(kind: Kind) -> None:
    print(
        say(
            "{kind} reads or learns who writes to you, and hands it on when it is made to.  This "
            "line only opens a door to the office’s page.  A steward must sign a note of this risk "
            "at her desk before the office admits it.",
            kind=SHOWN_AS[kind],
        )
    )


def _tell(code: str) -> None:
    """Say a code of what failed, and what it asks for; never what somebody wrote."""
    print(told(code), file=sys.stderr, flush=True)
