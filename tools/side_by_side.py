# SPDX-License-Identifier: AGPL-3.0-or-later
"""Run every test in two rows beside each other: tests with a browser, and tests without one.

Neither row keeps two processors busy alone: browsers wait for pages and clocks, the others for
disks.  Two browsers never meet, since what a person waits for is measured in seconds there.
The words of a part are shown whole once it has ended.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEFENCES = "tests/sim/test_defences.py"
Part = tuple[str, ...]
ROWS: tuple[tuple[Part, ...], ...] = (
    (("tests/e2e/desk",), ("tests/e2e", "--ignore=tests/e2e/desk")),
    (
        ("tests", "--ignore=tests/e2e", "--ignore=tests/sim"),
        ("tests/sim", f"--ignore={DEFENCES}"),
        (DEFENCES,),
    ),
)


def main() -> int:
    """Return 0 if every part passed; further words go to each pytest."""
    with ThreadPoolExecutor(len(ROWS)) as threads:
        passed = list(threads.map(run_in_turn, ROWS))
    return 0 if all(passed) else 1


def run_in_turn(row: tuple[Part, ...]) -> bool:
    """Run the parts of a row, all of them, and tell whether each passed."""
    passed = [run(part) for part in row]
    return all(passed)


def run(part: Part) -> bool:
    """Run one part and print what it said."""
    started = time.monotonic()
    print(f"--- pytest {' '.join(part)} begins\n", end="", flush=True)
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "pytest", *part, *sys.argv[1:]]
        done = subprocess.run(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, check=False)
        said.seek(0)
        text = said.read().decode(errors="replace")
    print(f"--- pytest {' '.join(part)}, {time.monotonic() - started:.0f} s\n{text}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
