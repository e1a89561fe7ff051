# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check who said something (spec/seal.md 3).  Nothing here returns a bool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.seal.keys import LONG_SIGNATURE_BYTES, SIGNATURE_BYTES
from safeconduct.kernel.seal.labels import SignPurpose, label, preimage

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import LongVerifyKey, VerifyKey


def verify(
    key: VerifyKey, purpose: SignPurpose, context: bytes, message: bytes, signature: bytes
) -> None:
    """Check an Ed25519 signature.

    Raises:
        BadSignature: it does not hold for this key, purpose, context and message.
    """
    if len(signature) != SIGNATURE_BYTES or not key.holds(
        signature, preimage(purpose, context, message)
    ):
        raise BadSignature(purpose)


def verify_long(
    key: LongVerifyKey, purpose: SignPurpose, context: bytes, message: bytes, signature: bytes
) -> None:
    """Check that Ed25519 and ML-DSA-65 both hold.

    Raises:
        BadSignature: a half does not hold for this key, purpose, context and message.
    """
    if len(signature) != LONG_SIGNATURE_BYTES or not key.holds(
        signature, preimage(purpose, context, message), label(purpose)
    ):
        raise BadSignature(purpose)
