# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who writes by a line, without a list of them (docs/spec/lines.md 2, docs/adr/0089)."""

import pytest

from safeconduct.edges.lines.handles import (
    CONTACT_MOST,
    ContactTooLong,
    code_of,
    parse_handle,
    voice_of,
    write_handle,
)
from safeconduct.edges.lines.post import OsRng
from safeconduct.edges.lines.secret import LineKeys
from safeconduct.kernel.errors import CannotOpen
from safeconduct.rooms.hotline.by_line import HANDLE_MOST, read_code

OURS, OTHERS = LineKeys.of(bytes(32)), LineKeys.of(bytes([1]) * 32)
CONTACT = b"+15550100"


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


def test_voice_and_code_follow_from_the_contact_and_the_line() -> None:
    assert voice_of(OURS, CONTACT) == voice_of(OURS, CONTACT)
    assert voice_of(OURS, CONTACT) not in {voice_of(OURS, b"+15550101"), voice_of(OTHERS, CONTACT)}
    code = code_of(OURS, CONTACT)
    assert read_code(code) == code
    assert code != code_of(OTHERS, CONTACT)
