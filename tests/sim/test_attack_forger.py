# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody makes keys, signatures, boxes and letters that are almost right."""

from dataclasses import replace

import pytest

from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import (
    BadKey,
    BadSignature,
    CannotOpen,
    Malformed,
    NotCanonical,
)
from safeconduct.kernel.seal.keys import LongSigningKey, VerifyKey
from safeconduct.kernel.seal.lock import (
    CHUNK_BYTES,
    COMMITMENT_BYTES,
    BlobSealer,
    SealingPublicKey,
    close_box,
    plan_blob,
)
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.unlock import BlobOpener, SealingKey, open_box
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.kernel.words import Address, OfficeId
from safeconduct.rooms.hotline.letters import (
    Box,
    Certificate,
    Letter,
    Reply,
    open_letter,
    open_reply,
    parse_certificate,
    seal_letter,
    seal_reply,
    write_certificate,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile

pytestmark = pytest.mark.attack

FIELD = 2**255 - 19
OFFICE = OfficeId(b"office of tests.")
HERS = SealingKey.from_seed(b"h" * 32)
INTAKE = SealingKey.from_seed(b"i" * 32)
CERTIFICATE = Certificate(1, OFFICE, 1, INTAKE.public.raw, 0, 1)
CURVE_AT = 1184
"""Where the X25519 half of a sealing key begins."""


def with_point(u: int) -> bytes:
    """A sealing key whose X25519 half is this number."""
    return HERS.public.raw[:CURVE_AT] + u.to_bytes(32, "little")


def test_signing_key_of_small_order_is_refused() -> None:
    with pytest.raises(BadKey):
        VerifyKey.parse((1).to_bytes(32, "little"))


def test_sealing_key_of_small_order_is_refused() -> None:
    with pytest.raises(BadKey):
        SealingPublicKey.parse(with_point(0))


def test_sealing_key_written_a_second_way_is_refused() -> None:
    with pytest.raises(BadKey):
        SealingPublicKey.parse(with_point(FIELD + 9))


def test_long_signature_with_one_good_half_is_refused() -> None:
    good, other = LongSigningKey.from_seed(b"g" * 64), LongSigningKey.from_seed(b"o" * 64)
    first = sign_long(good, "roster", OFFICE, b"fact")[:64]
    second = sign_long(other, "roster", OFFICE, b"fact")[64:]
    with pytest.raises(BadSignature):
        verify_long(good.public, "roster", OFFICE, b"fact", first + second)


def test_box_with_the_commitment_of_another_key_does_not_open() -> None:
    mine = close_box(b"m" * 32, "entry", b"place", b"words")
    other = close_box(b"o" * 32, "entry", b"place", b"words")
    with pytest.raises(CannotOpen):
        open_box(b"m" * 32, "entry", b"place", other[:COMMITMENT_BYTES] + mine[COMMITMENT_BYTES:])


def test_file_that_was_cut_short_does_not_open() -> None:
    key = b"k" * 32
    first = BlobSealer(key, 2 * CHUNK_BYTES).seal(0, b"1" * CHUNK_BYTES)
    with pytest.raises(CannotOpen):
        BlobOpener(key, CHUNK_BYTES).open(0, first)


def test_number_written_a_second_way_is_refused() -> None:
    numbers: Codec[list[int]] = Codec(list[int], "numbers")
    assert numbers.decode(encode([1])) == [1]
    with pytest.raises(NotCanonical):
        numbers.decode(b"\x91\xcc\x01")


def test_intake_key_that_the_office_did_not_sign_is_refused() -> None:
    office, enemy = LongSigningKey.from_seed(b"f" * 64), LongSigningKey.from_seed(b"e" * 64)
    with pytest.raises(BadSignature):
        parse_certificate(write_certificate(CERTIFICATE, enemy), OFFICE, office.public)


def test_answer_of_somebody_who_never_read_her_does_not_open() -> None:
    hers = Box(OFFICE, Address(b"a" * 32), HERS.public, b"v" * 32)
    guessed = replace(hers, voice=b"g" * 32)
    item = seal_reply(Reply(1, "answer", 1, "go to the bridge", (), b"", {}), guessed)
    with pytest.raises(CannotOpen):
        open_reply(item, hers, HERS)


def test_letter_that_names_a_file_by_another_files_id_is_refused() -> None:
    file = SealedFile(plan_blob(b"1" * 32, 9).blob, b"2" * 32, "a.txt", 9, "text/plain")
    letter = Letter(1, b"v" * 32, b"a" * 32, HERS.public.raw, "en", "words", (file,), {})
    with pytest.raises(Malformed):
        open_letter(seal_letter(letter, CERTIFICATE), OFFICE, INTAKE)


def test_letters_of_different_lengths_are_of_one_length_to_who_watches() -> None:
    short, long = (
        Letter(1, b"v" * 32, b"a" * 32, HERS.public.raw, "en", text, (), {})
        for text in ("help", "help me, " * 100)
    )
    assert len(seal_letter(short, CERTIFICATE)) == len(seal_letter(long, CERTIFICATE))
