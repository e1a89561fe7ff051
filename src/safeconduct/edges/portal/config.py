# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an office decides about its page; one that could not work is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from safeconduct.kernel.errors import Defect
from safeconduct.kernel.languages import LANGUAGES, READ_BY_NATIVES
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.words import OFFICE_ID_BYTES, OfficeId

EMPTY_PAGE: Final = "about:blank"
_HOST_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
_LARGEST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class PortalConfig:
    """What an office decides about its page."""

    office: OfficeId
    intake_signing: bytes
    """The Ed25519 half of the office's intake-signing key, 32 bytes: what pages pin."""
    language: str = "en"
    """For browsers that ask for none of ours."""
    languages: tuple[str, ...] = READ_BY_NATIVES
    """Which the page offers, in the order of their buttons (docs/adr/0037-languages.md)."""
    counter_url: str | None = None
    exit_url: str = EMPTY_PAGE
    """Where leaving leads (docs/adr/0006-quick-exit.md)."""
    addresses: tuple[str, ...] = ()
    """Origins at which the page as one file meets the relay, in this order; none: no such page."""

    def __post_init__(self) -> None:
        """Refuse a page that could not work."""
        VerifyKey.parse(self.intake_signing)
        if len(self.office) != OFFICE_ID_BYTES or self.language not in self.languages:
            raise Defect
        if len({*self.languages} & {*LANGUAGES}) < len(self.languages):
            raise Defect
        if self.counter_url is not None and not _is_web(self.counter_url):
            raise Defect
        if self.exit_url != EMPTY_PAGE and not _is_web(self.exit_url):
            raise Defect
        if len(set(self.addresses)) < len(self.addresses):
            raise Defect
        if not all(is_origin(address) for address in self.addresses):
            raise Defect


def is_origin(text: str) -> bool:
    """Tell whether a text is an address that one file can send to: scheme, host and port alone.

    It stands in the file's policy as it is, so that nothing may hide in it.
    """
    scheme, _, place = text.partition("://")
    host, colon, port = place.partition(":")
    if scheme not in {"http", "https"} or not host or not set(host) <= _HOST_LETTERS:
        return False
    return not colon or (port.isdecimal() and port.isascii() and 0 < int(port) <= _LARGEST_PORT)


def _is_web(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
