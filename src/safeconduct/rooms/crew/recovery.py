# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery secret: what it gives, and how it is told from another (spec/crew.md 8).

The secret is the root of the office.  Whoever calls draws it, keeps it for one act, and drops it.
"""

from __future__ import annotations

import hmac
from typing import Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.stretch import part
from safeconduct.kernel.seal.unlock import SealingKey

CHECK_BYTES: Final = 16


class OtherSecret(Refused):
    """The shares belong together, but what they make is another office's, or an older one."""

    code = "other_secret"


def root_of(secret: bytes) -> LongSigningKey:
    """Return the root key of the office with this recovery secret."""
    return LongSigningKey.from_seed(part(secret, "root", length=64))


def sealing_of(secret: bytes) -> SealingKey:
    """Return the key that opens what is sealed for recovery."""
    return SealingKey.from_seed(part(secret, "recovery"))


def key_check(secret: bytes) -> bytes:
    """Return the 16 bytes that tell this secret from others, and nothing about it."""
    return hmac.digest(secret, label("recovery-check"), "sha256")[:CHECK_BYTES]


def hold_to_check(secret: bytes, check: bytes) -> None:
    """Check a secret against its key check, or against the first bytes of it.

    Raises:
        OtherSecret: it is another secret.
        ValueError: there is nothing to hold it to.
    """
    if not check:
        raise ValueError("an empty key check")
    if not hmac.compare_digest(key_check(secret)[: len(check)], check):
        raise OtherSecret


def hold_to_root(secret: bytes, root_key: bytes) -> None:
    """Check a secret against the public root key of an office; raises OtherSecret."""
    if root_of(secret).public.raw != root_key:
        raise OtherSecret
