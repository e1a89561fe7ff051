# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open a form that ODK Collect, KoboCollect or Enketo filled in and sealed (spec/forms.md 5).

Source: https://getodk.github.io/xforms-spec/encryption.  Each submission has an AES key of its
own, wrapped for the office's RSA key; its files are sealed one after the other, the media first.
What their signature proves: that no file was changed or swapped since.  What it does not: who
wrote it, since anybody who has the blank form can seal to its key.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from safeconduct.kernel.errors import BadKey, CannotOpen, Malformed
from safeconduct.kernel.seal import _odk

FORMAT: Final = "odk submission"
KEY_BYTES: Final = 32
BLOCK: Final = 16
SEALED: Final = ".enc"


class OdkKey:
    """The private half of the key for which an office's forms are sealed; never kept."""

    __slots__ = ("secret",)

    def __init__(self, pem: bytes) -> None:
        """Read a key in PEM.

        Raises:
            BadKey: it is none, is locked by a passphrase, or is no RSA key of 2,048 to 8,192 bits.
        """
        try:
            self.secret: Final = _odk.RsaSecret(pem)
        except ValueError:
            raise BadKey from None


@dataclass(frozen=True, slots=True)
class OdkManifest:
    """What stands open beside a sealed submission."""

    form: str
    version: str | None
    key: str
    instance: str
    media: tuple[str, ...]
    xml: str
    signature: str


@dataclass(frozen=True, slots=True)
class OdkOpened:
    """The submission itself, and the names of its media that were there or missing.

    `checked`: every file was there and is as it was signed.
    """

    xml: bytes
    media: tuple[str, ...]
    missing: tuple[str, ...]
    checked: bool


def open_submission(key: OdkKey, manifest: OdkManifest, files: Mapping[str, bytes]) -> OdkOpened:
    """Return what a submission says; files are by the names in its manifest.

    Raises:
        CannotOpen: it is sealed for another key.
        Malformed: it is none, its form is missing, or something in it was changed.
    """
    secret = key.secret.open(_decoded(manifest.key))
    if secret is None:
        raise CannotOpen(FORMAT)
    if len(secret) != KEY_BYTES:
        raise Malformed(FORMAT)
    seed = bytearray(_odk.md5(manifest.instance.encode() + secret))
    lines = [manifest.form, *([manifest.version] if manifest.version is not None else [])]
    lines += [manifest.key, manifest.instance]
    opened: dict[str, bytes] = {}
    for at, name in enumerate((*manifest.media, manifest.xml)):
        seed[at % BLOCK] = (seed[at % BLOCK] + 1) % 256
        if name in files:
            content = _unpadded(_odk.open_cfb(secret, bytes(seed), files[name]))
            opened[name] = content
            lines.append(f"{_bare(name)}::{_odk.md5(content).hex()}")
    if manifest.xml not in opened:
        raise Malformed(FORMAT)
    missing = tuple(_bare(one) for one in manifest.media if one not in opened)
    if not missing:
        _check(key, manifest, lines)
    there = tuple(_bare(one) for one in manifest.media if one in opened)
    return OdkOpened(opened[manifest.xml], there, missing, checked=not missing)


def _check(key: OdkKey, manifest: OdkManifest, lines: list[str]) -> None:
    """Hold the files to what was signed."""
    signed = key.secret.open(_decoded(manifest.signature))
    ours = _odk.md5("".join(f"{one}\n" for one in lines).encode())
    if signed is None or not hmac.compare_digest(signed, ours):
        raise Malformed(FORMAT)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(FORMAT) from None


def _bare(name: str) -> str:
    return name.removesuffix(SEALED)


def _unpadded(content: bytes) -> bytes:
    """Take the padding of PKCS #5 off, which their CFB has too."""
    length = content[-1] if content else 0
    if not 1 <= length <= BLOCK or content[-length:] != bytes([length]) * length:
        raise Malformed(FORMAT)
    return content[:-length]
