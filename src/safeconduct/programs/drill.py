# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct drill`: seize a rehearsal office on this machine, and say what was found.

It fails when more is told than the documents admit, or when the search is blind.
What it cannot do here it says; in the source, `make drill` does all of it.
"""

from __future__ import annotations

import argparse
import shutil
from contextlib import ExitStack
from pathlib import Path

from safeconduct import host
from safeconduct.programs.seizures.perform import perform
from safeconduct.programs.seizures.table import Row, as_markdown, as_text
from safeconduct.programs.wording import say

HELD = 0
TOLD_TOO_MUCH = 1


def run(arguments: list[str]) -> int:
    """Perform the drill and show its table."""
    parser = argparse.ArgumentParser(
        prog="safeconduct drill",
        description=say("Seize a rehearsal office, and see what that would tell an enemy."),
    )
    parser.add_argument("--markdown", type=Path, help=say("also write the table to a file"))
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        host.unwind_when_asked_to_end()
        folder, _ = host.private_folder("drill-")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        with ExitStack() as running:
            rows = perform(folder, running, _tell)
    return show(rows, asked.markdown)


def show(rows: list[Row], markdown: Path | None) -> int:
    """Show a table, and write it to a file if one is named; return the exit code."""
    print(*as_text(rows), sep="\n")
    if markdown is not None:
        markdown.write_text("\n".join([*as_markdown(rows), ""]), encoding="utf-8")
    left = sum(bool(row.needs) for row in rows)
    if left:
        print(say("\nSeizures that were not done here: {count}.", count=left))
    if not all(row.holds for row in rows):
        print(
            say("\nMore was found than is admitted, or the search was blind: see the lines with !")
        )
        return TOLD_TOO_MUCH
    print(say("\nNothing was found beyond what docs/attacks.md admits."))
    return HELD


def _tell(message: str) -> None:
    print(say(message), flush=True)
