# SPDX-License-Identifier: AGPL-3.0-or-later
"""Run every test in two rows beside each other: tests with a browser, and tests without one.

Neither row keeps two processors busy alone: browsers wait for pages and clocks, the others for
disks.  Two browsers never meet, since what a person waits for is measured in seconds there; and
the others, which no clock hurries, give way to them.  A row that has ended helps with what is left.
The words of a part are shown whole once it has ended.

`tools/side_by_side.py lines` runs the tests of telephone and messengers instead, which need their
real parts, in three rows: the telephone's, the messengers', and the rest.

A test that failed while another row ran is tried once more when nothing does, unless it acts as an
enemy without a browser.  Where it passes then it is called unsteady, by name, in the last lines: a
fault to be mended, of the test or of what it tests, and no reason to hold back what everything else
allows.  More than `UNSTEADY_MOST` of a part are no accident (docs/adr/0065).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEFENCES = "tests/sim/test_defences.py"
UNSTEADY_MOST = 5
GIVES_WAY = 10
Part = tuple[str, ...]
WITH_BROWSERS = "tests/e2e"
BROWSERS: tuple[Part, ...] = (
    (f"{WITH_BROWSERS}/desk",),
    (WITH_BROWSERS, f"--ignore={WITH_BROWSERS}/desk"),
)
NO_ENEMY: Part = ("-m", "not attack")
OTHERS: tuple[Part, ...] = (
    ("tests/sim", f"--ignore={DEFENCES}"),
    ("tests/unit",),
    (
        *("tests", "--ignore=tests/e2e", "--ignore=tests/lines", "--ignore=tests/sim"),
        "--ignore=tests/unit",
    ),
    (DEFENCES,),
)
LINES = "tests/lines"
TELEPHONE = ("test_asterisk*.py", "test_operator*.py", "test_phone*.py", "test_softphone*.py")
MESSENGERS = tuple(
    f"test_{kind}*.py"
    for kind in ("deltachat", "kinds", "mail", "matrix", "signal", "sms", "telegram", "whatsapp")
)


def main() -> int:
    """Return 0 if every part passed; further words go to each pytest."""
    if sys.argv[1:2] == ["lines"]:
        return lines(tuple(sys.argv[2:]))
    with (
        tempfile.TemporaryDirectory(prefix="rows-") as name,
        ThreadPoolExecutor(1) as threads,
    ):
        folder, more = Path(name), tuple(sys.argv[1:])
        left = deque(OTHERS)
        other = threads.submit(run_in_turn, taken(left.popleft), folder, more)
        late = run_in_turn(BROWSERS, folder, more)
        failed = run_in_turn(taken(left.pop), folder, more) + other.result()
        steady = [passes_alone(part, folder, more) for part in late]
        steady += [passes_alone(part, folder, (*more, *NO_ENEMY)) for part in failed]
    return 0 if all(steady) else 1


def lines(more: Part) -> int:
    """Run the tests of lines in their rows; return 0 if every part passed."""
    with tempfile.TemporaryDirectory(prefix="rows-") as name, ThreadPoolExecutor() as threads:
        folder = Path(name)
        rows = [threads.submit(run_in_turn, (part,), folder, more) for part in rows_of_lines()]
        failed = [part for row in rows for part in row.result()]
        steady = [passes_alone(part, folder, (*more, *NO_ENEMY)) for part in failed]
    return 0 if all(steady) else 1


def rows_of_lines(folder: Path = ROOT / LINES) -> list[Part]:
    """Return the files of each row: telephone, messengers, and what is neither."""
    rows = [
        sorted({path.name for pattern in patterns for path in folder.glob(pattern)})
        for patterns in (TELEPHONE, MESSENGERS)
    ]
    known = {name for row in rows for name in row}
    rows.append(sorted({path.name for path in folder.glob("test_*.py")} - known))
    return [tuple(f"{LINES}/{name}" for name in row) for row in rows if row]


def taken(take: Callable[[], Part]) -> Iterator[Part]:
    """Take part after part until none is left."""
    with suppress(IndexError):
        while True:
            yield take()


def run_in_turn(row: Iterable[Part], folder: Path, more: Part) -> list[Part]:
    """Run the parts of a row, all of them, and return those that failed."""
    return [part for part in row if not run((*part, *more), kept_of(part, folder))]


def passes_alone(part: Part, folder: Path, more: Part) -> bool:
    """Try again what failed in a part, if it is little, and tell whether all of it passes now."""
    kept = kept_of(part, folder)
    failed = names_in(kept)
    if not 0 < len(failed) <= UNSTEADY_MOST:
        return False
    passed = run((*part, *more, "--last-failed", "--last-failed-no-failures=none"), kept)
    passed = passed and not names_in(kept)
    if passed:
        print("UNSTEADY, passed when tried alone; mend before the next issue:")
        print("\n".join(failed), flush=True)
    return passed


def kept_of(part: Part, folder: Path) -> Path:
    """Return where pytest keeps what it remembers of a part."""
    return folder / part[0].replace("/", "-").strip("-")


def names_in(kept: Path) -> list[str]:
    """Return the names of the tests that failed in a part's last run."""
    told = kept / "v" / "cache" / "lastfailed"
    return sorted(json.loads(told.read_text(encoding="utf-8"))) if told.exists() else []


def run(part: Part, kept: Path) -> bool:
    """Run one part, without haste if it has no browser, and print what it said."""
    started = time.monotonic()
    print(f"--- pytest {' '.join(part)} begins\n", end="", flush=True)
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "pytest", f"--override-ini=cache_dir={kept}", *part]
        done = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        if not part[0].startswith(WITH_BROWSERS):
            os.setpriority(os.PRIO_PROCESS, done.pid, GIVES_WAY)
        done.wait()
        said.seek(0)
        text = said.read().decode(errors="replace")
    print(f"--- pytest {' '.join(part)}, {time.monotonic() - started:.0f} s\n{text}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
