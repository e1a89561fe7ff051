# SPDX-License-Identifier: AGPL-3.0-or-later
"""Say something that others can check (spec/seal.md 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.seal.labels import SignPurpose, label, preimage

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey


def sign(key: SigningKey, purpose: SignPurpose, context: bytes, message: bytes) -> bytes:
    """Return a 64-byte Ed25519 signature for one purpose and context."""
    return key.sign_preimage(preimage(purpose, context, message))


def sign_long(key: LongSigningKey, purpose: SignPurpose, context: bytes, message: bytes) -> bytes:
    """Return a 3373-byte signature, Ed25519 then ML-DSA-65, for what must hold for decades."""
    return key.sign_preimage(preimage(purpose, context, message), label(purpose))
