# SPDX-License-Identifier: AGPL-3.0-or-later
"""What devices tell of themselves: heartbeats, and heads signed long (spec/crew.md 1, 7 and 10)."""

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed, NotCanonical
from safeconduct.kernel.words import DAY, CommitId, DeviceId, Instant
from safeconduct.rooms.crew.events import SIGNED
from safeconduct.rooms.crew.watching import (
    GOING,
    ON_DUTY,
    Beat,
    HeadDiffers,
    Watch,
    check_head,
    parse_heartbeat,
    watch,
    write_head,
    write_heartbeat,
)
from tests.kit.builders import build_office

MIRA, BO = DeviceId(b"m" * 16), DeviceId(b"o" * 16)
NOW = Instant(1_795_143_240_000)
HEAD = (7, CommitId(b"c" * 32))


def beat(says: int = ON_DUTY, seen: int = 10, at: int = NOW) -> Beat:
    return Beat(MIRA, 3, says, seen, at << 16)


def seen(one: Beat, shown: int | None) -> Watch:
    return watch({MIRA: one}, {MIRA, BO}, shown, NOW)


def test_a_heartbeat_has_the_fields_of_the_spec() -> None:
    assert write_heartbeat(ON_DUTY) == encode([1])
    assert parse_heartbeat(encode([0])).on_duty == GOING


@pytest.mark.parametrize("fields", [[2], [-1], [True], [], [1, 0], 1])
def test_what_is_no_heartbeat_is_refused(fields: object) -> None:
    with pytest.raises(Malformed):
        parse_heartbeat(encode(fields))
    with pytest.raises(NotCanonical):
        parse_heartbeat(b"\x91\xcc\x01")


def test_who_saw_as_much_as_we_did_then_is_on_duty() -> None:
    assert seen(beat(seen=10), shown=10) == Watch((MIRA,), ())


def test_who_saw_less_than_we_did_then_fell_silent() -> None:
    assert seen(beat(seen=9), shown=10) == Watch((), (MIRA,))


def test_nobody_is_silent_for_a_desk_that_has_not_watched_so_long() -> None:
    assert seen(beat(seen=0), shown=None) == Watch((MIRA,), ())


def test_who_went_is_not_expected() -> None:
    assert seen(beat(GOING, seen=0), shown=10) == Watch((), ())


def test_who_does_not_stand_is_not_expected() -> None:
    assert watch({MIRA: beat(seen=0)}, {BO}, 10, NOW) == Watch((), ())


@pytest.mark.parametrize(("ago", "silent"), [(DAY, (MIRA,)), (DAY + 1, ()), (-2 * DAY, (MIRA,))])
def test_a_desk_is_expected_for_a_day_by_its_own_time(
    ago: int, silent: tuple[DeviceId, ...]
) -> None:
    assert seen(beat(seen=9, at=NOW - ago), shown=10).silent == silent


def test_a_signed_head_has_the_fields_of_the_spec() -> None:
    office = build_office()
    device = office.devices[0]
    body = write_head(office.id, device.id, device.signing, HEAD)
    signed = SIGNED.decode(body)
    assert (signed.fact, signed.signer) == (encode([7, HEAD[1]]), device.id)
    head = check_head(body, office.id, device.id, device.signing.public)
    assert (head.sequence, head.commit) == HEAD


def test_a_head_that_somebody_else_signed_differs() -> None:
    office = build_office()
    one, other = office.devices[:2]
    signed = SIGNED.decode(write_head(office.id, one.id, one.signing, HEAD))
    for body, device in (
        (encode(signed), other),
        (encode([signed.fact, other.id, signed.signature]), one),
        (encode([encode([8, HEAD[1]]), one.id, signed.signature]), one),
        (encode([signed.fact]), one),
        (write_head(office.id, one.id, one.signing, (7, CommitId(b"short"))), one),
    ):
        with pytest.raises(HeadDiffers):
            check_head(body, office.id, device.id, device.signing.public)
