# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server's onion services: where their keys lie, which addresses they have, what tor is told.

Two services, so that the way without scripts can be switched off alone.  tor makes their keys and
nobody else reads the secret halves; this module reads the public ones, because an address is
nothing but a public key (rend-spec-v3, section 6).  It starts nothing; `tor` does.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct import host
from safeconduct.kernel.errors import Refused, Untrusted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER: Final = "onion"
"""Within the server's folder."""
PAGE: Final = "page"
COUNTER: Final = "counter"
NAME: Final = "hostname"
PUBLIC: Final = "hs_ed25519_public_key"
SECRET: Final = "hs_ed25519_secret_key"  # noqa: S105  (a file's name)
SECRET_BYTES: Final = 96
KEY_HEAD: Final = b"== ed25519v1-public: type0 ==\0\0\0"
"""What tor writes before the 32 bytes of a public key."""
KEY_BYTES: Final = 32
VERSION: Final = b"\x03"
SALT: Final = b".onion checksum"
CHECKSUM_BYTES: Final = 2
PORT: Final = 80


class NoOnion(Refused):
    """No onion service was set up in this folder."""

    code = "no_onion"


class OnionDiffers(Untrusted):
    """The files of an onion service do not belong together, or one is missing."""

    code = "onion_differs"


@dataclass(frozen=True, slots=True)
class Onion:
    """Where Tor Browser meets the server."""

    page: str
    counter: str | None
    """None while the way without scripts is switched off."""


@dataclass(frozen=True, slots=True)
class OnionFolder:
    """The folder of tor's files; all in it is the server's account's alone."""

    folder: Path

    @property
    def torrc(self) -> Path:
        """What tor is told, written anew at each start."""
        return self.folder / "torrc"

    def addresses(self, *, counter: bool) -> Onion:
        """Return the addresses.

        Raises:
            NoOnion: there are none yet.
            OnionDiffers: an address is not that of the key beside it.
        """
        return Onion(self._address(PAGE), self._address(COUNTER) if counter else None)

    def make(self, targets: Mapping[str, tuple[str, int]], *, work: bool) -> None:
        """Make the folder and write what tor is told; keys that are there stay.

        Args:
            targets: where each service leads, by its name.
            work: whether this tor can ask work of its callers.
        """
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.folder.chmod(0o700)
        new = self.torrc.with_suffix(".new")
        new.write_text(self._told(targets, work=work), encoding="utf-8")
        new.chmod(0o600)
        new.replace(self.torrc)

    def keep(self, service: str) -> None:
        """Make a new service's key survive a power cut, before anybody is told its address."""
        where = self.folder / service
        for name in (SECRET, PUBLIC, NAME):
            handle = os.open(where / name, os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        for folder in (where, self.folder, self.folder.parent):
            host.sync_folder(folder)

    def _address(self, service: str) -> str:
        where = self.folder / service
        try:
            name = (where / NAME).read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError as error:
            raise NoOnion from error
        try:
            key = (where / PUBLIC).read_bytes()
            secret = (where / SECRET).stat().st_size
        except FileNotFoundError as error:
            raise OnionDiffers from error
        bare = key.removeprefix(KEY_HEAD)
        if len(bare) != KEY_BYTES or name != name_of(bare) or secret != SECRET_BYTES:
            raise OnionDiffers
        return f"http://{name}"

    def _told(self, targets: Mapping[str, tuple[str, int]], *, work: bool) -> str:
        """Return a configuration: no port is opened, and no file of what happens is kept."""
        lines = [
            f"DataDirectory {_quoted(self.folder / 'tor')}",
            "SocksPort 0",
            "ControlPort 0",
            "ClientOnly 1",
            "SafeLogging 1",
        ]
        for service, (name, port) in targets.items():
            shown = f"[{name}]" if ":" in name else name
            lines += [
                f"HiddenServiceDir {_quoted(self.folder / service)}",
                "HiddenServiceVersion 3",
                f"HiddenServicePort {PORT} {shown}:{port}",
            ]
            if work:
                lines.append("HiddenServicePoWDefensesEnabled 1")
        return "\n".join(lines) + "\n"


def name_of(key: bytes) -> str:
    """Return the onion name of a public key of 32 bytes: key, checksum and version in base32."""
    checksum = hashlib.sha3_256(SALT + key + VERSION).digest()[:CHECKSUM_BYTES]
    return base64.b32encode(key + checksum + VERSION).decode("ascii").lower() + ".onion"


def _quoted(path: Path) -> str:
    """Return a path as tor reads it, whatever letters are in it."""
    text = str(path.absolute()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
