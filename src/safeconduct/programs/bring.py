# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct bring`: bring in what an office had before, without a page.

The desk must be closed.  It does what the page does (spec/import.md): without `--write` it says
what would become of each item and writes nothing; stopped in between, it goes on where it stood.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import import_words
from safeconduct.edges.desk.importing.found import Source
from safeconduct.edges.desk.importing.imap import PORT, Account, Mailbox, UnknownCertificate
from safeconduct.edges.desk.importing.imports import Imports, Report
from safeconduct.edges.desk.importing.sheets import Sheets
from safeconduct.edges.desk.importing.sources import Asked, source_of
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import SECOND
from safeconduct.programs.asking import add_home, ask, ask_maybe, ask_passphrase_of
from safeconduct.programs.wording import language, say

NOT_ALL: Final = 3


def run(arguments: list[str]) -> int:
    """Look, or look and write; returns 0 when all of it is kept."""
    asked = _parser().parse_args(arguments)
    if (asked.path is None) == (asked.mailbox is None):
        print(say("Name either a file or a mailbox."), file=sys.stderr)
        return NOT_ALL
    desk = Desk.open(asked.home, ask_passphrase_of(asked.home))
    try:
        imports = desk.imports
        try:
            report = imports.look(*_source(imports, asked))
        except UnknownCertificate as error:
            print(say("Fingerprint of the server’s certificate:"), error.fingerprint)
            raise
        _tell(report, imports)
        if not asked.write:
            print(say("Nothing is written yet.  Run it again with --write to bring it in."))
            return 0
        report = imports.bring(_progress)
        print(say("{count} are kept.", count=str(report.written)))
        print(say(_REMAINS))
        return 0 if report.done else NOT_ALL
    finally:
        desk.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safeconduct bring", description=say(_PURPOSE))
    add_home(parser)
    parser.add_argument("path", nargs="?", type=Path, help=say("the file or folder"))
    parser.add_argument("--mailbox", metavar="HOST", help=say("a mail server, read by IMAP"))
    parser.add_argument("--port", type=int, default=PORT, help=say("its port"))
    parser.add_argument(
        "--fingerprint", default="", help=say("of its certificate, as you were told by voice")
    )
    parser.add_argument("--write", action="store_true", help=say("bring it in"))
    return parser


def _source(imports: Imports, asked: argparse.Namespace) -> tuple[str, Source]:
    """Return what is read, and its name; whose it is no list of processes shows."""
    ours = [one.strip() for one in ask_maybe(say(_OURS)).split(",") if one.strip()]
    if asked.mailbox:
        user = ask(say("Name of the account: "))
        password = getpass.getpass(say("Password of the mailbox: "))
        where = {"host": asked.mailbox, "port": asked.port, "fingerprint": asked.fingerprint}
        return user, Mailbox(Account(user=user, password=password, **where), ours)
    source = source_of(asked.path, Asked(tuple(ours)))
    if isinstance(source, Sheets):
        source = Sheets(source.tables, imports.columns(source), None)
    return asked.path.name, source


def _tell(report: Report, imports: Imports) -> None:
    """Say what becomes of each item, and who was not answered."""
    spoken = language()
    for one in report.lines:
        at = datetime.fromtimestamp(one.happened / SECOND, UTC) if one.happened else None
        when = at.strftime("%Y-%m-%d %H:%M") if at else "-"
        remarks = "; ".join(import_words.remark(name, spoken) for name in one.remarks)
        said = (str(one.where), import_words.fate(one.fate, spoken), when, one.sender, remarks)
        print("  ".join(filter(None, said)))
    for name, count in report.counts.items():
        print(f"{import_words.fate(name, spoken)}: {count}")
    for talk in report.pressing:
        name = imports.code_name(talk)
        print(say("In danger within the last week, not answered: {name}", name=name))
    print(say("Not answered, by this file: {count}", count=str(len(report.waiting))))


def _progress(written: int) -> bool:
    print(f"\r{written}", end="", file=sys.stderr, flush=True)
    return True


_PURPOSE: Final = (
    "Bring in a mailbox (mbox or IMAP), an export of Telegram (JSON) or WhatsApp, or a "
    "spreadsheet, as conversations.  Close the desk first.  Without --write it only says what "
    "would become of each item."
)
_OURS: Final = "Addresses and names of your own, with commas between, or nothing: "
_REMAINS: Final = (
    "The file stays where it is, and lies open there.  Once all of it is looked through and at the "
    "server, destroy it where it lies, in the program that made it, and in backups."
)
