# SPDX-License-Identifier: AGPL-3.0-or-later
"""Boxes under shared keys and sealing to public ones (spec/seal.md 4, 6)."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from safeconduct.kernel.errors import BadKey, CannotOpen, Malformed, UnknownVersion
from safeconduct.kernel.seal.lock import (
    SEALED_OVERHEAD,
    SealingPublicKey,
    SharedKey,
    close_box,
    derive,
    fingerprint,
    seal_to,
)
from safeconduct.kernel.seal.unlock import SealingKey, open_box, open_sealed
from tests.kit.clocks import SeededRng

RNG = SeededRng("boxes")
SHARED = RNG.bytes(32)
SECRET = SealingKey.from_seed(RNG.bytes(32))


def test_derive_is_one_block_of_hkdf_expand() -> None:
    info = b"safeconduct/entry/1\0context"
    block = HKDFExpand(hashes.SHA512(), 64, info).derive(SHARED)
    assert derive(SHARED, "entry", b"context") == (block[:32], block[32:])


def test_expand_is_that_of_rfc_5869() -> None:
    # Appendix A.1's method with SHA-512: T(1) = HMAC(PRK, info | 0x01).
    block = hmac.new(SHARED, b"safeconduct/blob/1\0\x01", hashlib.sha512).digest()
    assert b"".join(derive(SHARED, "blob", b"")) == block


@pytest.mark.parametrize("purpose", ["entry", "frame"])
def test_a_ready_key_gives_what_its_bytes_give(purpose: str) -> None:
    ready = SharedKey(SHARED)
    assert ready.raw == SHARED
    for context in (b"", b"one", b"two" * 100):
        told = derive(SHARED, purpose, context)  # type: ignore[arg-type]
        assert derive(ready, purpose, context) == told  # type: ignore[arg-type]
    assert ready.tag(b"told") == hmac.new(SHARED, b"told", hashlib.sha256).digest()
    box = close_box(ready, "entry", b"", b"text")
    assert box == close_box(SHARED, "entry", b"", b"text")
    assert open_box(ready, "entry", b"", box) == open_box(SHARED, "entry", b"", box) == b"text"


def test_a_box_opens_under_its_key_purpose_and_context_only() -> None:
    box = close_box(SHARED, "entry", b"here", b"text")
    with pytest.raises(CannotOpen):
        open_box(RNG.bytes(32), "entry", b"here", box)
    with pytest.raises(CannotOpen):
        open_box(SHARED, "slot", b"here", box)
    with pytest.raises(CannotOpen) as refused:
        open_box(SHARED, "entry", b"there", box)
    assert refused.value.purpose == "entry"


def test_a_box_with_the_right_commitment_and_another_text_stays_shut() -> None:
    commitment = derive(SHARED, "entry", b"")[1]
    forged = commitment + AESGCM(RNG.bytes(32)).encrypt(bytes(12), b"text", None)
    with pytest.raises(CannotOpen):
        open_box(SHARED, "entry", b"", forged)


def test_sealing_twice_gives_two_seals_that_open_to_the_same() -> None:
    one = seal_to(SECRET.public, "door", b"where", b"what")
    two = seal_to(SECRET.public, "door", b"where", b"what")
    assert one != two
    assert len(one) == SEALED_OVERHEAD + len(b"what")
    assert open_sealed(SECRET, "door", b"where", one) == b"what"
    assert open_sealed(SECRET, "door", b"where", two) == b"what"


def test_sealed_bytes_tell_newer_from_broken_from_not_ours() -> None:
    sealed = seal_to(SECRET.public, "door", b"", b"")
    with pytest.raises(UnknownVersion) as newer:
        open_sealed(SECRET, "door", b"", b"\x07" + sealed[1:])
    assert (newer.value.format, newer.value.version) == ("door", 7)
    with pytest.raises(Malformed):
        open_sealed(SECRET, "door", b"", sealed[:-1])
    with pytest.raises(CannotOpen):
        open_sealed(SealingKey.from_seed(RNG.bytes(32)), "door", b"", sealed)


def test_a_public_key_survives_its_bytes_and_no_other_length_does() -> None:
    raw = SECRET.public.raw
    assert SealingPublicKey.parse(raw).raw == raw
    for bad in (b"", raw[:-1], raw + b"\0"):
        with pytest.raises(BadKey):
            SealingPublicKey.parse(bad)


def test_a_lattice_key_that_is_not_reduced_is_refused() -> None:
    with pytest.raises(BadKey):
        SealingPublicKey.parse(b"\xff\xff\xff" + SECRET.public.raw[3:])


def test_fingerprints_of_two_purposes_differ() -> None:
    assert fingerprint("office", b"key") == hashlib.sha256(b"safeconduct/office/1\0key").digest()
    assert fingerprint("office", b"key") != fingerprint("compare", b"key")
