# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what is remembered to keys (spec/seal.md 8, spec/mailbox.md 2)."""

import hashlib
import hmac

import nacl.bindings
import pytest

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.padding import pad, padme, unpad
from safeconduct.kernel.seal.stretch import Cost, part, stretch_passphrase, stretch_phrase
from safeconduct.kernel.words import OfficeId

LIGHT = Cost(mib=1, passes=1, lanes=1)


def test_a_passphrase_is_what_libsodium_makes_of_it() -> None:
    salt = bytes(range(16))
    theirs = nacl.bindings.crypto_pwhash_alg(
        32,
        "пароль".encode(),
        salt,
        2,
        1 << 20,
        nacl.bindings.crypto_pwhash_ALG_ARGON2ID13,
    )
    assert stretch_passphrase("пароль", salt, Cost(mib=1, passes=2, lanes=1)) == theirs


def test_passphrases_and_salts_part() -> None:
    one = stretch_passphrase("one", bytes(16), LIGHT)
    assert one != stretch_passphrase("two", bytes(16), LIGHT)
    assert one != stretch_passphrase("one", bytes(15) + b"\1", LIGHT)
    assert Cost() == Cost(mib=256, passes=3, lanes=4)


def test_one_phrase_is_another_secret_at_another_office() -> None:
    one = stretch_phrase(b"en:word", OfficeId(bytes(16)))
    assert one != stretch_phrase(b"en:word", OfficeId(b"\1" + bytes(15)))


def test_a_part_is_the_first_bytes_of_a_labelled_hmac() -> None:
    told = b"safeconduct/mailbox-voice/1\0\x01"
    block = hmac.new(b"s" * 32, told, hashlib.sha512).digest()
    assert part(b"s" * 32, "mailbox-voice") == block[:32]
    assert part(b"s" * 32, "root", length=64) != block


@pytest.mark.parametrize("length", [0, 1, 2, 100, 1023, 1024, 9999, (1 << 30) + 1])
def test_padme_hides_all_but_a_few_bits(length: int) -> None:
    padded = padme(length)
    assert length <= padded <= length * 1.12 + 1
    assert padme(padded) == padded


def test_padding_is_taken_off_whatever_stands_before_it() -> None:
    for message in (b"", b"\0", b"\x80", b"\x80\0\0", b"text\0"):
        assert unpad(pad(message, 64)) == message
    for broken in (b"", b"\0\0", b"text", b"text\x80\1", b"\x80\0\1\0"):
        with pytest.raises(Malformed) as refused:
            unpad(broken)
        assert refused.value.format == "padding"
