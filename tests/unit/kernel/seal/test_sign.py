# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signatures, with PyNaCl (libsodium) as a second opinion on Ed25519 (spec/seal.md 2, 3)."""

import nacl.bindings
import nacl.exceptions
import nacl.signing
import pytest

from safeconduct.kernel.errors import BadKey, BadSignature
from safeconduct.kernel.seal.keys import (
    LONG_SIGNATURE_BYTES,
    LongSigningKey,
    LongVerifyKey,
    SigningKey,
    VerifyKey,
)
from safeconduct.kernel.seal.labels import preimage
from safeconduct.kernel.seal.sign import sign, sign_long
from safeconduct.kernel.seal.verify import verify, verify_long
from tests.kit.clocks import SeededRng
from tests.vectors.draw_signed import BAD_KEYS

KEY = SigningKey.from_seed(SeededRng("signer").bytes(32))
LONG = LongSigningKey.from_seed(SeededRng("long signer").bytes(64))

# RFC 8032 7.1, tests 1 to 3.
RFC_8032 = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_rfc_8032_holds(seed: str, public: str, message: str, signature: str) -> None:
    key = SigningKey.from_seed(bytes.fromhex(seed))
    assert key.public.raw.hex() == public
    assert key.sign_preimage(bytes.fromhex(message)).hex() == signature


def test_libsodium_accepts_what_we_sign_and_we_accept_what_it_signs() -> None:
    theirs = nacl.signing.SigningKey(SeededRng("signer").bytes(32))
    told = preimage("card", b"context", b"message")
    theirs.verify_key.verify(told, sign(KEY, "card", b"context", b"message"))
    verify(KEY.public, "card", b"context", b"message", theirs.sign(told).signature)


@pytest.mark.parametrize("name", BAD_KEYS)
def test_a_bad_key_is_refused_here_and_by_libsodium(name: str) -> None:
    raw = BAD_KEYS[name].to_bytes(32, "little")
    with pytest.raises(BadKey):
        VerifyKey.parse(raw)
    assert not nacl.bindings.crypto_core_ed25519_is_valid_point(raw)


def test_the_strict_check_agrees_with_libsodium_on_many_points() -> None:
    rng = SeededRng("points")
    agreed = {True: 0, False: 0}
    for _ in range(300):
        raw = rng.bytes(32)
        try:
            VerifyKey.parse(raw)
            ours = True
        except BadKey:
            ours = False
        if ours:
            # libsodium also wants the prime subgroup; a key outside it is on the curve all the
            # same, and no small-order one, so only this direction is equal.
            agreed[True] += 1
        else:
            agreed[False] += 1
            assert not nacl.bindings.crypto_core_ed25519_is_valid_point(raw)
    assert min(agreed.values()) > 50


def test_a_key_from_a_seed_is_accepted_by_both() -> None:
    rng = SeededRng("seeds")
    for _ in range(50):
        raw = SigningKey.from_seed(rng.bytes(32)).public.raw
        assert VerifyKey.parse(raw).raw == raw
        assert nacl.bindings.crypto_core_ed25519_is_valid_point(raw)


def test_a_signature_for_one_purpose_holds_for_no_other() -> None:
    signature = sign(KEY, "commit", b"", b"message")
    with pytest.raises(BadSignature) as refused:
        verify(KEY.public, "receipt", b"", b"message", signature)
    assert refused.value.purpose == "receipt"
    assert str(refused.value) == "bad_signature"


def test_context_and_message_cannot_lend_each_other_bytes() -> None:
    assert preimage("card", b"ab", b"c") != preimage("card", b"a", b"bc")


def test_a_long_signature_needs_both_halves() -> None:
    signature = sign_long(LONG, "roster", b"office", b"message")
    assert len(signature) == LONG_SIGNATURE_BYTES
    verify_long(LONG.public, "roster", b"office", b"message", signature)
    other = sign_long(LONG, "roster", b"office", b"other")
    for mixed in (signature[:64] + other[64:], other[:64] + signature[64:], signature[:-1], b""):
        with pytest.raises(BadSignature):
            verify_long(LONG.public, "roster", b"office", b"message", mixed)


def test_a_long_key_of_any_other_length_is_refused() -> None:
    for raw in (b"", LONG.public.raw[:-1], LONG.public.raw + b"\0"):
        with pytest.raises(BadKey):
            LongVerifyKey.parse(raw)
    assert LongVerifyKey.parse(LONG.public.raw).raw == LONG.public.raw


def test_ml_dsa_half_is_bound_to_its_purpose_by_its_own_context() -> None:
    signature = sign_long(LONG, "roster", b"", b"m")
    told = preimage("roster", b"", b"m")
    assert LONG.public.holds(signature, told, b"safeconduct/roster/1")
    assert not LONG.public.holds(signature, told, b"safeconduct/card/1")
