# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a line keeps on this machine: sealed files, one for each name (spec/lines.md 6).

Each is sealed with the line's key `store` and bound to its name; a change is durable before it is
told of, and what the file held before is overwritten.  Folders of a client live in memory alone,
and what is saved of one is one sealed file.
Invariant: nothing that a channel keeps lies on a disk unsealed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

import apsw
import msgspec

from safeconduct import host
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Defect, Malformed, Refused
from safeconduct.kernel.seal.lock import close_box
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.unlock import open_box

NONCE_BYTES: Final = 16
LEAST: Final = 256
NAMED_DIGITS: Final = 16
PREFIX: Final = "kept-"
SETTINGS: Final = "settings"
GUARD: Final = "in-use"
NEW: Final = ".new"
"""How a file ends that is being written, and takes the place of another when it is whole."""
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class NoMemoryFolder(Refused):
    """This machine has no folder that lives in memory, and a client's files go nowhere else."""

    code = "no_memory_folder"


class LineInUse(Refused):
    """Another process runs this line: an answer would go twice, and files would be lost."""

    code = "line_in_use"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other process from running the line of a folder.

    What a line that was killed had written halfway is taken away: nothing counts on it.

    Raises:
        LineInUse: another one runs it.
    """
    guard = apsw.Connection(str(folder / GUARD))
    try:
        guard.execute("BEGIN EXCLUSIVE")
    except apsw.BusyError as error:
        raise LineInUse from error
    else:
        for halfway in folder.glob(f"{PREFIX}*{NEW}"):
            host.put_away(halfway)
        yield
    finally:
        guard.close()


class KeptFile(Record, frozen=True):
    """A file of a client's folder, by its path from there."""

    path: Annotated[str, msgspec.Meta(min_length=1)]
    content: bytes


FILES: Final[Codec[tuple[KeptFile, ...]]] = Codec(tuple[KeptFile, ...], "kept_folder")
_SETTINGS: Final[Codec[dict[str, str]]] = Codec(dict[str, str], "line_settings")


class SealedStore:
    """The sealed files of one line; what `channel.Kept` asks for."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Keep them in a folder, under a key of 32 bytes."""
        self._folder: Final = folder
        self._key: Final = key

    def load(self, name: str) -> bytes | None:
        """Return what was kept under a name, or None.

        Raises:
            CannotOpen, Malformed: the file was changed, or is another line's.
        """
        try:
            raw = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        nonce, box = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return unpad(open_box(self._key, "line-file", _context(name, nonce), box))

    def save(self, name: str, content: bytes) -> None:
        """Keep bytes under a name, in place of what was there; durable when this returns."""
        path = self._path(name)
        nonce = secrets.token_bytes(NONCE_BYTES)
        box = close_box(self._key, "line-file", _context(name, nonce), pad(content, LEAST))
        new = path.with_name(path.name + NEW)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(nonce + box)
            file.flush()
            os.fsync(file.fileno())
        host.put_in_place(new, path)

    @contextmanager
    def folder(self, name: str) -> Iterator[MemoryFolder]:
        """Give a folder in memory that holds what a client keeps for itself, as last kept.

        Raises:
            NoMemoryFolder: this machine has none.
            CannotOpen, Malformed: what was kept was changed, or is another line's.
        """
        memory = host.memory_folder()
        if memory is None:
            raise NoMemoryFolder
        # The name is this line's own, so that what a killed one left is found and removed.
        tag = hashlib.sha256(self._key + name.encode()).hexdigest()[:16]
        path = memory / f"line-{tag}"
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(mode=0o700)
        try:
            unpack(self.load(name) or encode(()), path)
            yield MemoryFolder(self, name, path)
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin so and under which something is kept, in their order."""
        found = [path.name.removeprefix(PREFIX) for path in self._folder.glob(f"{PREFIX}*")]
        return sorted(name for name in found if name.startswith(prefix) and _NAME.fullmatch(name))

    def drop(self, name: str) -> None:
        """Keep nothing under a name any more, and overwrite it; durable when this returns."""
        path = self._path(name)
        with suppress(FileNotFoundError):
            host.put_away(path)

    def hidden(self, name: bytes) -> str:
        """Return a name under which to keep something of somebody; it tells nobody else whose."""
        return hmac.digest(self._key, b"name\0" + name, "sha256").hex()[:NAMED_DIGITS]

    def settings(self) -> Mapping[str, str]:
        """Return what this line was told when it was made.

        Raises:
            CannotOpen, Malformed: the file was changed, or is another line's.
        """
        kept = self.load(SETTINGS)
        return {} if kept is None else _SETTINGS.decode(kept)

    def tell(self, settings: Mapping[str, str]) -> None:
        """Keep what this line must know of its channel."""
        self.save(SETTINGS, encode(dict(settings)))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise Defect
        return self._folder / f"{PREFIX}{name}"


class MemoryFolder:
    """A folder in memory, and how it is kept; what `channel.KeptFolder` asks for."""

    def __init__(self, store: SealedStore, name: str, path: Path) -> None:
        """Be the folder of a name at a path."""
        self._store: Final = store
        self._name: Final = name
        self.path = path

    def keep(self) -> None:
        """Seal what stands in the folder now; durable when this returns."""
        self._store.save(self._name, pack(self.path))


def pack(folder: Path) -> bytes:
    """Return all regular files of a folder as one archive."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return encode(
        tuple(KeptFile(path.relative_to(folder).as_posix(), path.read_bytes()) for path in found)
    )


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of an archive into a folder.

    Raises:
        Malformed, NotCanonical: it is none, or names a place outside.
    """
    for file in FILES.decode(archive):
        parts = PurePosixPath(file.path).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise Malformed("kept_folder")
        path = folder.joinpath(*parts)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(0o600)


def _context(name: str, nonce: bytes) -> bytes:
    return b"store\0" + name.encode() + b"\0" + nonce
