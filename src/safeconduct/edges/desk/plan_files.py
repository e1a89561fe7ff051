# SPDX-License-Identifier: AGPL-3.0-or-later
"""Operation, plan and round files on a disk: read up to a limit, written whole or not at all.

A plan is the most dangerous file that an office owns, though it holds only numbers: it is written
for its owner alone (mode 600).
"""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from safeconduct.host import sync_folder
from safeconduct.kernel.errors import Refused
from safeconduct.rooms.passage.operations.faults import FaultyFile
from safeconduct.rooms.passage.operations.long_plan_file import read_long_plan
from safeconduct.rooms.passage.operations.plan_file import read_plan

LARGEST: Final = 64 << 20
"""Bytes of JSON; an operation of 40,000 people has 24 MiB."""
GZIP: Final = b"\x1f\x8b"
SUFFIX: Final = ".gz"
Readers = tuple[Callable[[bytes], object], ...]
PLANS: Final[Readers] = (read_plan, read_long_plan)


@dataclass(eq=False)
class FileTooLarge(Refused):
    """A file is larger than any operation, or would be once it is unpacked."""

    code: ClassVar[str] = "file_too_large"


@dataclass(eq=False)
class DamagedFile(Refused):
    """A compressed file is not whole."""

    code: ClassVar[str] = "damaged_file"


@dataclass(eq=False)
class NoPlanThere(Refused):
    """What stands where the plan would go is no plan; it is not written over."""

    code: ClassVar[str] = "no_plan_there"


def read_file(path: Path) -> bytes:
    """Return what a file says, unpacked if it is compressed.

    Raises:
        FileTooLarge: above `LARGEST`; no more than that is unpacked.
        DamagedFile: it does not unpack.
        OSError: the system does not give it.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if data[:2] == GZIP and len(data) <= LARGEST:
        try:
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(LARGEST + 1)
        except (EOFError, OSError, zlib.error):
            raise DamagedFile from None
    if len(data) > LARGEST:
        raise FileTooLarge
    return data


class PlanFile:
    """Where a plan or a round goes; that it can is known before somebody waits for it."""

    def __init__(self, path: Path, readers: Readers = PLANS) -> None:
        """Make an unfinished file beside it; what one of the readers reads is written over.

        Raises:
            NoPlanThere: something else than a plan has that name.
            OSError: nothing can be written there.
        """
        self._path = path
        if path.exists() and not _is_plan(path, readers):
            raise NoPlanThere
        handle, name = tempfile.mkstemp(prefix=".plan-", suffix=".unfinished", dir=path.parent)
        # Mode 600, as mkstemp promises.  Open until it is written: by its name somebody could lead
        # the plan elsewhere meanwhile.
        self._file = os.fdopen(handle, "wb")
        self._unfinished = Path(name)

    def write(self, data: bytes) -> None:
        """Put the plan in its place, durably; a power cut leaves the old one or the new one."""
        if self._path.suffix == SUFFIX:
            data = gzip.compress(data, mtime=0)
        with self._file as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._unfinished.replace(self._path)
        sync_folder(self._path.parent)

    def clear(self) -> None:
        """Remove the plan that has the name: it would pass for one of today."""
        self._path.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Leave nothing unfinished behind."""
        self._file.close()
        self._unfinished.unlink(missing_ok=True)


def _is_plan(path: Path, readers: Readers) -> bool:
    """Tell whether a file is a plan, or empty: that much may be written over."""
    if not path.is_file():
        return False
    try:
        data = read_file(path)
        return not data or any(_reads(data, reader) for reader in readers)
    except (FileTooLarge, DamagedFile):
        return False


def _reads(data: bytes, reader: Callable[[bytes], object]) -> bool:
    try:
        reader(data)
    except FaultyFile:
        return False
    return True
