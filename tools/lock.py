# SPDX-License-Identifier: AGPL-3.0-or-later
"""Renew the pinned lists: every version and hash, for every system, and no index address.

`tools/lock.py --upgrade` takes the newest versions that pyproject.toml allows.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMPILE = (
    *("-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"),
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--custom-compile-command", "make lock"),
)


def main(arguments: list[str]) -> None:
    """Compile what runs, what runs with lines, then what develops within it, then npm's list."""
    run(*COMPILE, *arguments, "--output-file", "requirements/run.txt")
    lines = ("--extra", "lines", "--constraint", "requirements/run.txt")
    run(*COMPILE, *arguments, *lines, "--output-file", "requirements/lines.txt")
    dev = ("--extra", "lines", "--group", "dev", "--constraint", "requirements/lines.txt")
    run(*COMPILE, *arguments, *dev, "--output-file", "requirements/dev.txt")
    run("tools/node.py", "npm", "install", "--package-lock-only", "--loglevel=error")


def run(*arguments: str) -> None:
    """Run this environment's Python at the root of the tree."""
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
