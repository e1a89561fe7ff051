# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command `safeconduct`: finds the program that was asked for and words its failures.

Programs are loaded when they are asked for, so that `safeconduct serve` never loads what opens
and `safeconduct portal` never loads what keeps.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

from safeconduct import __version__
from safeconduct.kernel.errors import Defect, SafeconductError
from safeconduct.programs.wording import say, settle_language, word, word_of_system

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Program = Callable[[list[str]], int]

STOPPED: Final = 130
FAILED: Final = 1
NAMES: Final = (
    "serve",
    "desk",
    "init",
    "invite",
    "join",
    "passphrase",
    "travel",
    "recovery",
    "move",
    "verify",
    "portal",
    "line",
    "backup",
    "office-backup",
    "code",
    "bring",
    "migrate",
    "plan",
    "why",
    "collect",
    "demo",
    "drill",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one program; return its exit code.  No failure shows a traceback."""
    settle_language()
    parser = argparse.ArgumentParser(prog="safeconduct", epilog=_overview())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--version", action="version", version=__version__, help=say("show the version")
    )
    parser.add_argument("program", choices=NAMES, metavar=say("PROGRAM"))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    try:
        return _program(asked.program)(asked.rest)
    except KeyboardInterrupt:
        return STOPPED
    except SafeconductError as error:
        print(word(error), file=sys.stderr)
    except OSError as error:
        print(word_of_system(error), file=sys.stderr)
    except Exception as error:  # noqa: BLE001  (its text may hold content; its kind does not)
        print(word(Defect()), f"[{type(error).__name__}]", file=sys.stderr)
    return FAILED


def _overview() -> str:
    purposes = {
        "serve": say("run the office's server: relay, public page and the way without scripts"),
        "desk": say("open this device's desk"),
        "init": say("found a new office on this device"),
        "invite": say("let a colleague's device join"),
        "join": say("join an office with an invite"),
        "passphrase": say("change this device's passphrase"),
        "travel": say("leave keys behind before a trip, and ask for them afterwards"),
        "recovery": say("try out recovery cards, use them, or make new ones"),
        "move": say("found the office anew when its server is gone, or follow it"),
        "verify": say("check everything that this device keeps"),
        "portal": say("name the public page by its digest, and write it as one file"),
        "line": say("let people reach the hotline by telephone or messenger"),
        "backup": say("copy a running relay to a file"),
        "office-backup": say("back up the whole office in one sealed file, or restore it"),
        "code": say("show a founding code for one more office on a server"),
        "bring": say("bring in a mailbox, a messenger’s export or a spreadsheet"),
        "migrate": say("bring stored files back to what an older version reads"),
        "plan": say("plan who goes when, by which way and to which bed"),
        "why": say("say why a plan does not move a party, and what would help most"),
        "collect": say("say which car collects whom, where and when, on one evening"),
        "demo": say("try everything out in a rehearsal office in an invented country"),
        "drill": say("seize a rehearsal office, and see what that would tell an enemy"),
    }
    lines = [f"  {name:<15}{purpose}" for name, purpose in purposes.items()]
    return "\n".join((say("Programs:"), *lines, "", say("Each one explains itself with --help.")))


def _program(name: str) -> Program:
    """Load a program by name, and nothing else."""
    for load in (_of_server, _of_line, _of_office, _of_files):
        if (program := load(name)) is not None:
            return program
    return _of_device(name)


def _of_server(name: str) -> Program | None:
    """Load what is run where the server's files are; None for another name."""
    match name:
        case "serve":
            from safeconduct.programs import serve  # noqa: PLC0415

            return serve.run
        case "portal":
            from safeconduct.programs import portal  # noqa: PLC0415

            return portal.run
        case "backup":
            from safeconduct.programs import backup  # noqa: PLC0415

            return backup.run
        case "code":
            from safeconduct.programs import code  # noqa: PLC0415

            return code.run
        case "migrate":
            from safeconduct.programs import migrate  # noqa: PLC0415

            return migrate.run
        case _:
            return None


def _of_line(name: str) -> Program | None:
    """Load what runs a line to the hotline; None for another name."""
    if name != "line":
        return None
    from safeconduct.programs import line  # noqa: PLC0415

    return line.run


def _of_office(name: str) -> Program | None:
    """Load what makes an office and lets people in; None for another name."""
    match name:
        case "init":
            from safeconduct.programs import init  # noqa: PLC0415

            return init.run
        case "invite":
            from safeconduct.programs import invite  # noqa: PLC0415

            return invite.run
        case "join":
            from safeconduct.programs import join  # noqa: PLC0415

            return join.run
        case "recovery":
            from safeconduct.programs import recovery  # noqa: PLC0415

            return recovery.run
        case "move":
            from safeconduct.programs import move  # noqa: PLC0415

            return move.run
        case _:
            return None


def _of_files(name: str) -> Program | None:
    """Load what reads files from elsewhere, or writes one for elsewhere; None for another name."""
    match name:
        case "bring":
            from safeconduct.programs import bring  # noqa: PLC0415

            return bring.run
        case "plan":
            from safeconduct.programs import plan  # noqa: PLC0415

            return plan.run
        case "why":
            from safeconduct.programs import why  # noqa: PLC0415

            return why.run
        case "collect":
            from safeconduct.programs import collect  # noqa: PLC0415

            return collect.run
        case "office-backup":
            from safeconduct.programs import office_backup  # noqa: PLC0415

            return office_backup.run
        case _:
            return None


def _of_device(name: str) -> Program:
    """Load what is run on a helper's device."""
    match name:
        case "desk":
            from safeconduct.programs import desk  # noqa: PLC0415

            return desk.run
        case "passphrase":
            from safeconduct.programs import passphrase  # noqa: PLC0415

            return passphrase.run
        case "travel":
            from safeconduct.programs import travel  # noqa: PLC0415

            return travel.run
        case "verify":
            from safeconduct.programs import verify  # noqa: PLC0415

            return verify.run
        case "drill":
            from safeconduct.programs import drill  # noqa: PLC0415

            return drill.run
        case _:
            from safeconduct.programs import demo  # noqa: PLC0415

            return demo.run
