# SPDX-License-Identifier: AGPL-3.0-or-later
"""The headers that every answer from the desk's address carries, whoever gives it."""

from __future__ import annotations

import re
from typing import Final

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_SOUND: Final = re.compile(r"/hotline/[0-9a-f]{32}(/|$)")
"""Pages of a conversation play voice messages; no other page plays anything."""
HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", POLICY.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), clipboard-read=()"),
    # `no-referrer` would make browsers send `Origin: null` with our own forms.
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-dns-prefetch-control", b"off"),
    (b"x-frame-options", b"DENY"),
)


def headers_of(path: str, connects: str = "") -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of an answer from an address.

    `connects`: the way to the office's telephone, on the one page that speaks with it.
    """
    if connects:
        return tuple((name, _with_telephone(name, value, connects)) for name, value in HEADERS)
    return _WITH_SOUND if _SOUND.match(path) else HEADERS


def _with_telephone(name: bytes, value: bytes, connects: str) -> bytes:
    if name == b"content-security-policy":
        return value.replace(b"connect-src 'self'", b"connect-src 'self' " + connects.encode())
    return value.replace(b"microphone=()", b"microphone=(self)")


_WITH_SOUND: Final = tuple(
    (name, value + b"; media-src 'self'" if name == b"content-security-policy" else value)
    for name, value in HEADERS
)
