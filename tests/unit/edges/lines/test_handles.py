# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who writes by a line, without a list of them (docs/spec/lines.md 2, docs/adr/0089)."""

import pytest

from safeconduct.edges.lines.channel import CLEAR
from safeconduct.edges.lines.handles import (
    CONTACT_MOST,
    ContactTooLong,
    code_of,
    parse_handle,
    voice_of,
    write_handle,
)
from safeconduct.edges.lines.post import OsRng, Told, letter_of
from safeconduct.edges.lines.secret import LineKeys
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import CannotOpen
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.hotline.by_line import HANDLE_MOST, Kind, Sender, parse_mark, read_code
from safeconduct.rooms.hotline.line_licence import LineLicence

OURS, OTHERS = LineKeys.of(bytes(32)), LineKeys.of(bytes([1]) * 32)
CONTACT = b"+15550100"


@pytest.mark.attack
def test_a_handle_gives_its_contact_to_the_line_that_made_it_alone() -> None:
    handle = write_handle(OURS, CONTACT, OsRng())
    assert parse_handle(OURS, handle) == CONTACT
    assert CONTACT not in handle
    with pytest.raises(CannotOpen):
        parse_handle(OTHERS, handle)


def test_handles_do_not_tell_that_two_are_of_one_contact_or_how_long_it_is() -> None:
    one, again = (write_handle(OURS, CONTACT, OsRng()) for _ in range(2))
    long = write_handle(OURS, b"a" * CONTACT_MOST, OsRng())
    assert one != again
    assert len(one) == len(long) <= HANDLE_MOST


def test_a_contact_that_no_handle_holds_is_refused() -> None:
    with pytest.raises(ContactTooLong):
        write_handle(OURS, b"a" * (CONTACT_MOST + 1), OsRng())


def test_a_changed_handle_opens_nothing() -> None:
    handle = bytearray(write_handle(OURS, CONTACT, OsRng()))
    handle[-1] ^= 1
    for spoilt in (bytes(handle), b"", bytes(16), bytes(HANDLE_MOST + 1)):
        with pytest.raises(CannotOpen):
            parse_handle(OURS, spoilt)


@pytest.mark.attack
def test_voice_and_code_follow_from_the_contact_and_the_line() -> None:
    assert voice_of(OURS, CONTACT) == voice_of(OURS, CONTACT)
    assert voice_of(OURS, CONTACT) not in {voice_of(OURS, b"+15550101"), voice_of(OTHERS, CONTACT)}
    code = code_of(OURS, CONTACT)
    assert read_code(code) == code
    assert code != code_of(OTHERS, CONTACT)


@pytest.mark.parametrize(
    ("kind", "contact", "said"),
    [
        ("mail", b"amina@else.example", ""),
        ("sms", CONTACT, ""),
        ("deltachat", CLEAR + b"amina@else.example", ""),
        ("matrix", CLEAR + b"!room:here.example\0@amina:here.example", ""),
        ("deltachat", b"a fingerprint", "40718293"),
        ("signal", b"00000000-0000-4000-8000-000000000001", "40718293"),
        ("phone", b"sixteen bytes...", "40718293"),
    ],
)
def test_what_anybody_can_write_in_her_name_says_no_code(
    kind: Kind, contact: bytes, said: str
) -> None:
    licence = LineLicence(1, bytes(16), kind, bytes(32), 0, ("http://[::1]",), bytes(1984), "")
    for told in (Told(contact, "4071 8293", "en"), Told(contact, "", "en", "40718293")):
        raw = encode(letter_of(OURS, licence, told, ()).extras)
        sender = Sender(voice_of(OURS, contact), OURS.address, OURS.seal.public.raw)
        mark = parse_mark(raw, OfficeId(licence.office), sender)
        assert mark is not None
        assert mark.said == said
