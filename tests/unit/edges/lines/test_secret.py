# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line's secret and what comes of it (docs/spec/lines.md 1)."""

import pytest

from safeconduct.edges.lines.post import OsRng
from safeconduct.edges.lines.secret import LineKeys, parse_secret, write_secret
from safeconduct.kernel.errors import Malformed, WrongPassphrase
from safeconduct.kernel.seal.lock import derive
from safeconduct.kernel.seal.stretch import Cost

SECRET = bytes(range(32))
QUICK = Cost(8, 1, 1)


def test_the_file_gives_the_secret_to_who_knows_the_passphrase_alone() -> None:
    file = write_secret(SECRET, "ﬁve herons", OsRng(), QUICK)
    assert parse_secret(file, "five herons") == SECRET
    assert SECRET not in file
    with pytest.raises(WrongPassphrase):
        parse_secret(file, "six herons")


def test_a_cost_that_would_stop_the_machine_is_refused() -> None:
    file = write_secret(SECRET, "five herons", OsRng(), QUICK)
    with pytest.raises(Malformed):
        parse_secret(file.replace(b"\x08\x01\x01", b"\xcd\xff\xff\x01\x01", 1), "five herons")


def test_each_part_is_the_one_that_the_spec_names_and_no_two_are_alike() -> None:
    keys = LineKeys.of(SECRET)
    parts = [keys.voice, keys.contact, keys.handle, keys.code, keys.store, keys.address]
    assert len(set(parts)) == len(parts)
    assert keys.voice == derive(SECRET, "line-part", b"voice")[0]
    assert keys.address == derive(SECRET, "line-part", b"address")[0]


def test_a_secret_shows_in_no_message_of_an_error() -> None:
    assert LineKeys.of(SECRET).contact.hex() not in repr(LineKeys.of(SECRET))
    assert repr(LineKeys.of(SECRET).store) not in repr(LineKeys.of(SECRET))
