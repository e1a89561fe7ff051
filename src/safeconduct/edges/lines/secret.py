# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line's one secret, and the keys that come of it (spec/lines.md 1).

What it is: 32 bytes in a file under a passphrase, from which everything else of a line follows, so
that nothing but this file must be kept.  What it is not: a key of the office.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Codec, Record, encode
from safeconduct.kernel.errors import CannotOpen, WrongPassphrase
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.lock import close_box, derive
from safeconduct.kernel.seal.stretch import Cost, stretch_passphrase
from safeconduct.kernel.seal.unlock import SealingKey, open_box
from safeconduct.kernel.words import Address

FILE: Final = "secret"
"""The file's name in the line's folder."""
SECRET_BYTES: Final = 32
SALT_BYTES: Final = 16
BOX_BYTES: Final = 32 + SECRET_BYTES + 16
FORMAT: Final = 1
MIB_MOST: Final = 512


class WrongLinePassphrase(WrongPassphrase):
    """The line does not open with this passphrase; no device and no steward is asked about."""

    code = "wrong_line_passphrase"


class SecretFile(Record, frozen=True):
    """What stands in the file: a salt, what one guess costs, and the box."""

    format: int
    salt: Bytes16
    mib: Annotated[int, msgspec.Meta(ge=8, le=MIB_MOST)]
    passes: Annotated[int, msgspec.Meta(ge=1, le=8)]
    lanes: Annotated[int, msgspec.Meta(ge=1, le=8)]
    box: Annotated[bytes, msgspec.Meta(min_length=BOX_BYTES, max_length=BOX_BYTES)]


SECRET_FILE: Final[Codec[SecretFile]] = Codec(SecretFile, "line_secret", version=FORMAT)


@dataclass(frozen=True, slots=True)
class LineKeys:
    """What one secret gives; each part is good for one use."""

    seal: SealingKey
    address: Address
    sign: SigningKey
    voice: bytes
    contact: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    code: bytes = field(repr=False)
    store: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> LineKeys:
        """Return the keys of a secret of 32 bytes."""

        def part(name: str) -> bytes:
            return derive(secret, "line-part", name.encode())[0]

        return cls(
            SealingKey.from_seed(part("seal")),
            Address(part("address")),
            SigningKey.from_seed(part("sign")),
            *(part(name) for name in ("voice", "contact", "handle", "code", "store")),
        )


def write_secret(secret: bytes, passphrase: str, rng: Rng, cost: Cost | None = None) -> bytes:
    """Return the file that keeps a secret under a passphrase."""
    cost = cost or Cost()
    salt = rng.bytes(SALT_BYTES)
    key = stretch_passphrase(_folded(passphrase), salt, cost)
    context = _context(salt, cost)
    box = close_box(key, "line-file", context, secret)
    return encode(SecretFile(FORMAT, salt, cost.mib, cost.passes, cost.lanes, box))


def parse_secret(data: bytes, passphrase: str) -> bytes:
    """Return the secret that a file keeps.

    Raises:
        WrongLinePassphrase: it does not open with this one.
        Malformed, NotCanonical, UnknownVersion: it is no such file.
    """
    kept = SECRET_FILE.decode(data)
    cost = Cost(kept.mib, kept.passes, kept.lanes)
    key = stretch_passphrase(_folded(passphrase), kept.salt, cost)
    try:
        return open_box(key, "line-file", _context(kept.salt, cost), kept.box)
    except CannotOpen:
        raise WrongLinePassphrase from None


def _folded(passphrase: str) -> str:
    return unicodedata.normalize("NFKC", passphrase)


def _context(salt: bytes, cost: Cost) -> bytes:
    numbers = (cost.mib, cost.passes, cost.lanes)
    return salt + b"".join(number.to_bytes(4, "big") for number in numbers)
