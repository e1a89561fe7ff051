# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line as a process of its own, so that its processor time is known apart.

Usage: python -m tests.bench.phone_line FOLDER, the folder of a line that the office of a benchmark
admitted.  It is what `safeconduct line` runs, without its questions.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from safeconduct.edges.lines.folder import open_line
from safeconduct.edges.lines.kinds import kind_of_line
from safeconduct.edges.lines.runner import Runner
from tests.lines.kit.at_work import PASSPHRASE


async def _run(folder: Path) -> None:
    line = open_line(folder, PASSPHRASE)
    channel = kind_of_line(line.kind).channel(line.store.settings(), line.store)
    await Runner(line.admitted(), channel, tell=print).run()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1])))
