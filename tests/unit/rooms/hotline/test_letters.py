# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters both ways as this program writes them; the ways to fail stand in the vectors."""

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadKey, CannotOpen, Malformed
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.lock import blob_id
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Address, OfficeId
from safeconduct.rooms.hotline.letters import (
    ITEM_MOST,
    Box,
    Certificate,
    Letter,
    Reply,
    item_epoch,
    open_letter,
    open_reply,
    parse_certificate,
    seal_letter,
    seal_reply,
    write_certificate,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.kit.clocks import NOON, SeededRng

RNG = SeededRng("letters")
OFFICE = OfficeId(RNG.bytes(16))
SIGNER = LongSigningKey.from_seed(RNG.bytes(64))
INTAKE = SealingKey.from_seed(RNG.bytes(32))
HER = SealingKey.from_seed(RNG.bytes(32))
VOICE, ADDRESS, FILE_KEY = RNG.bytes(32), Address(RNG.bytes(32)), RNG.bytes(32)
FILE = SealedFile(blob_id(FILE_KEY), FILE_KEY, "фото.jpg", 5, "image/jpeg")
CERTIFICATE = Certificate(1, OFFICE, 9, INTAKE.public.raw, NOON, NOON + 1)
LETTER = Letter(1, VOICE, ADDRESS, HER.public.raw, "ru", "Помогите.", (FILE,), {"later": [1]})
BOX = Box(OFFICE, ADDRESS, HER.public, VOICE)


def test_a_certificate_is_read_by_who_knows_the_offices_key() -> None:
    written = write_certificate(CERTIFICATE, SIGNER)
    assert parse_certificate(written, OFFICE, SIGNER.public) == CERTIFICATE


def test_a_letter_is_opened_by_the_key_of_its_epoch_only() -> None:
    item = seal_letter(LETTER, CERTIFICATE)
    assert item_epoch(item, OFFICE) == 9
    assert open_letter(item, OFFICE, INTAKE) == LETTER
    with pytest.raises(CannotOpen):
        open_letter(item, OFFICE, HER)


def test_short_letters_have_one_length() -> None:
    other = Letter(1, VOICE, ADDRESS, HER.public.raw, "en", "x" * 1000, (), {})
    assert len(seal_letter(LETTER, CERTIFICATE)) == len(seal_letter(other, CERTIFICATE))


def test_an_item_larger_than_any_is_refused() -> None:
    item = seal_letter(LETTER, CERTIFICATE)
    with pytest.raises(Malformed):
        item_epoch(item.ljust(ITEM_MOST + 1, b"\0"), OFFICE)


def test_a_letter_is_not_sealed_to_a_weak_key() -> None:
    weak = Certificate(1, OFFICE, 9, INTAKE.public.raw[:1184] + bytes(32), NOON, NOON + 1)
    with pytest.raises(BadKey):
        seal_letter(LETTER, weak)


def test_an_answer_is_read_in_its_own_box_only() -> None:
    reply = Reply(1, "answer", NOON, "Ждите.", (FILE,), b"", {})
    item = seal_reply(reply, BOX)
    assert open_reply(item, BOX, HER) == reply
    for box in (
        Box(OfficeId(bytes(16)), ADDRESS, HER.public, VOICE),
        Box(OFFICE, Address(bytes(32)), HER.public, VOICE),
        Box(OFFICE, ADDRESS, HER.public, bytes(32)),
    ):
        with pytest.raises(CannotOpen):
            open_reply(item, box, HER)


def test_a_have_names_a_whole_message() -> None:
    have = Reply(1, "have", NOON, "", (), b"m" * 32, {})
    assert open_reply(seal_reply(have, BOX), BOX, HER) == have
    for about in (b"m", b"m" * 31, b"m" * 33):
        with pytest.raises(Malformed):
            open_reply(seal_reply(Reply(1, "have", NOON, "", (), about, {}), BOX), BOX, HER)


def test_an_answers_file_has_the_id_of_its_key() -> None:
    other = SealedFile(b"b" * 32, FILE_KEY, "фото.jpg", 5, "image/jpeg")
    with pytest.raises(Malformed):
        open_reply(seal_reply(Reply(1, "answer", NOON, "", (other,), b"", {}), BOX), BOX, HER)


def test_extras_of_a_newer_program_are_kept() -> None:
    extras = {"a": [1, None, True, "x", b"y"], "b": {"c": -5}}
    letter = Letter(1, VOICE, ADDRESS, HER.public.raw, "ru", "", (), extras)
    assert open_letter(seal_letter(letter, CERTIFICATE), OFFICE, INTAKE).extras == extras
    assert encode(extras) == encode(dict(reversed(extras.items())))
