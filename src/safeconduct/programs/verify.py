# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct verify`: hold a store to what it claims, and say in words what was found."""

from __future__ import annotations

import argparse
from typing import Final

from safeconduct.edges.desk.check import Report, verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.programs.asking import add_home, ask_passphrase_of
from safeconduct.programs.office_words import show_office_words
from safeconduct.programs.wording import finding, say

UNSOUND: Final = 3


def run(arguments: list[str]) -> int:
    """Check this device's store; return 0 when everything holds."""
    parser = argparse.ArgumentParser(
        prog="safeconduct verify",
        description=say("Check everything that this device keeps.  Nothing is changed."),
    )
    add_home(parser)
    asked = parser.parse_args(arguments)
    passphrase = ask_passphrase_of(asked.home)
    desk = Desk.open(asked.home, passphrase)
    try:
        report = verify_store(desk.journal)
    finally:
        desk.stop()
    _tell(report)
    if (founded := desk.journal.roster.founded) is not None:
        show_office_words(desk.journal.office, founded.intake_signing_key)
    return UNSOUND if report.findings else 0


def _tell(report: Report) -> None:
    print(
        say(
            "Checked: {frames} sealed frames, {commits} commits, {entries} entries, "
            "{conversations} conversations.",
            frames=report.frames,
            commits=report.commits,
            entries=report.entries,
            conversations=report.conversations,
        )
    )
    if not report.findings:
        print(
            say("Every chain, signature and checkpoint holds, and every list is what it must be.")
        )
        return
    print(say("These things do not hold.  Keep this device as it is, and tell a steward by voice:"))
    for found in report.findings:
        print(f"  {finding(found.code)} ({found.count})")
