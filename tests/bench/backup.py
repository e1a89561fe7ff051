# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast a backup is sealed, checked and opened, and that it is never whole in memory.

    python tests/bench/backup.py 512

writes so many MiB of chunks of files into a folder of its own; the last line is JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.edges.desk.backup_file import (  # noqa: E402
    BackupWriter,
    check_whole,
    new_backup,
    read_pieces,
)
from safeconduct.edges.desk.wiring import SystemRng  # noqa: E402
from safeconduct.rooms.crew.backup import (  # noqa: E402
    End,
    Kind,
    Trailer,
    open_trailer,
    seal_trailer,
    write_end,
    write_piece,
)
from safeconduct.rooms.crew.recovery import sealing_of  # noqa: E402

CARDS: Final = sealing_of(b"c" * 32)
CHUNK: Final = os.urandom(1 << 20)


def write(folder: Path, mib: int) -> Path:
    """Seal so many MiB."""
    with new_backup(folder, SystemRng()) as (file, target):
        key = os.urandom(32)
        writer = BackupWriter(file, key)
        for _ in range(mib):
            writer.add(write_piece(Kind.CHUNK, CHUNK))
        writer.add(write_end(End(0, 0, 0, 0, 0)))
        size, _ = writer.end()
        writer.close(seal_trailer(CARDS.public, Trailer(1, bytes(16), key, size, b"")))
    return target


def main() -> None:
    """Measure each step once."""
    mib = int(sys.argv[1]) if len(sys.argv) > 1 else 512
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        path = write(Path(name), mib)
        written = time.perf_counter()
        whole = check_whole(path)
        checked = time.perf_counter()
        pieces = sum(1 for _ in read_pieces(whole, open_trailer(CARDS, whole.trailer)))
        opened = time.perf_counter()
        size = path.stat().st_size
    assert pieces == mib + 1
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    told = {
        "mib": mib,
        "file_mib": round(size / (1 << 20), 1),
        "seal_mib_s": round(mib / (written - began)),
        "check_mib_s": round(mib / (checked - written)),
        "open_mib_s": round(mib / (opened - checked)),
        "memory_grew_mib": round(grown / 1024, 1),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
