# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the office's relay is by what stewards signed, and the texts that say so."""

from __future__ import annotations

import hmac

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature, Malformed
from safeconduct.kernel.groups import parse_groups, write_groups
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.words import FactId, OfficeId, fact_id
from safeconduct.rooms.crew.events import Signed, parse_fact
from safeconduct.rooms.crew.move_facts import RelayMoved, capability, live, onward, standing
from safeconduct.rooms.crew.moves import OfAnotherOffice, parse_telling, write_telling
from safeconduct.rooms.crew.notices import Notice, parse_notice, write_notice
from tests.kit.crews import Crew

OFFICE = OfficeId(b"o" * 16)
KEY = LongSigningKey.from_seed(b"i" * 64)


def relay_key(number: int) -> bytes:
    """The key of one of some relays."""
    return LongSigningKey.from_seed(bytes([number]) * 64).public.raw


FOUNDED = relay_key(200)


def fact(number: int) -> FactId:
    """The id of a fact."""
    return fact_id(bytes([number]) * 32, 0)


def move(number: int, *replaces: int) -> dict[FactId, RelayMoved]:
    """A move to the relay with this number."""
    key, old = relay_key(number), tuple(fact(one) for one in replaces)
    return {fact(number): RelayMoved("http://x", key, 2, 1, bytes(16), 0, bytes(32), old)}


def at(moves: dict[FactId, RelayMoved]) -> int:
    """At which relay the office is; 0 for that of its founding."""
    found = standing(moves)
    return found[0][0] if found else 0


def test_office_is_where_the_last_move_of_a_row_says() -> None:
    assert at({}) == 0
    assert at(move(1)) == 1
    assert at(move(3, 2) | move(1) | move(2, 1)) == 3


def test_of_two_moves_that_follow_one_relay_the_older_relay_stands() -> None:
    parted = move(1) | move(2, 1) | move(3, 1)
    assert at(parted) == 1
    assert set(live(parted)) == {fact(2), fact(3)}
    assert at(move(1) | move(2)) == 0


def test_move_that_replaces_both_settles_it() -> None:
    assert at(move(1) | move(2, 1) | move(3, 1) | move(4, 2, 3)) == 4
    assert at(move(1) | move(2) | move(3, 1, 2) | move(4, 3)) == 4


def test_desk_is_led_onward_from_relays_that_were_left_alone() -> None:
    moves = move(1) | move(2, 1)
    for here in (FOUNDED, relay_key(1)):
        found = onward(moves, FOUNDED, here)
        assert found is not None
        assert found[0] == fact(2)
    assert onward(moves, FOUNDED, relay_key(2)) is None
    assert onward(moves, FOUNDED, relay_key(9)) is None
    assert onward({}, FOUNDED, FOUNDED) is None


def test_capability_follows_from_office_key_and_salt_alone() -> None:
    key = capability(b"k" * 32, bytes(16))
    spelled = b"safeconduct/capability/1" + b"\0" + bytes(16)
    assert key == hmac.digest(b"k" * 32, spelled, "sha256")
    assert key == capability(b"k" * 32, bytes(16))
    assert len({key, capability(b"j" * 32, bytes(16)), capability(b"k" * 32, b"s" * 16)}) == 3


def test_text_survives_lines_and_case_and_no_missing_part() -> None:
    text = write_groups(b"whatever it is")
    assert parse_groups(text.lower().replace("-", "\n"), "telling") == b"whatever it is"
    for spoilt in (text[:-3], text[6:], "", "0189"):
        with pytest.raises(Malformed):
            parse_groups(spoilt, "telling")


def test_telling_is_this_offices_and_about_a_relay() -> None:
    roster = Crew(1, 0).roster()
    with pytest.raises(OfAnotherOffice):
        parse_telling(write_telling(OFFICE, "crew.RelayMoved", b""), roster)
    with pytest.raises(Malformed):
        parse_telling(write_telling(roster.office, "crew.DeviceAdmitted", b""), roster)
    with pytest.raises(Malformed):
        parse_telling(write_telling(roster.office, "crew.RelayMoved", b""), roster)


def test_notice_says_where_the_page_is_and_who_says_so() -> None:
    notice = Notice(1, OFFICE, "https://page", "https://relay", b"k" * 1984, 7)
    text = write_notice(notice, KEY)
    assert parse_notice(text, OFFICE, KEY.public) == notice
    with pytest.raises(OfAnotherOffice):
        parse_notice(text, OfficeId(b"p" * 16), KEY.public)
    with pytest.raises(BadSignature):
        parse_notice(text, OFFICE, LongSigningKey.from_seed(b"j" * 64).public)


def test_move_to_a_relay_whose_key_is_none_is_no_move() -> None:
    (good,) = move(1).values()
    bad = encode(good).replace(good.relay_key, bytes(1984))
    assert parse_fact("crew.RelayMoved", Signed(encode(good), b"", b"")) == good
    with pytest.raises(Malformed):
        parse_fact("crew.RelayMoved", Signed(bad, b"", b""))
