# SPDX-License-Identifier: AGPL-3.0-or-later
"""Run every static check at once and show the words of those that failed.

Two at a time, longest first, because the whole of `make check` stays under 30 seconds.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

CHECKS = (
    ("mypy",),
    ("lint-imports", "--no-logo"),
    ("ruff", "check", "--quiet"),
    ("ruff", "format", "--check", "--quiet"),
    ("deptry", "src"),
    ("vulture",),
    ("codespell",),
    ("djlint", "src", "--lint", "--quiet"),
)


def main() -> int:
    """Return 0 if every check passed."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(run, CHECKS))
    return 0 if all(results) else 1


def run(check: tuple[str, ...]) -> bool:
    """Run one check, print its outcome, and its output if it failed."""
    started = time.monotonic()
    tool, *arguments = check
    done = subprocess.run(
        [str(BIN / tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    passed = done.returncode == 0
    verdict = "ok    " if passed else "FAILED"
    report = f"{verdict} {time.monotonic() - started:4.1f} s  {' '.join(check)}"
    print(report if passed else f"{report}\n{done.stdout}{done.stderr}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
