# SPDX-License-Identifier: AGPL-3.0-or-later
"""From when on nobody opens what is destroyed today (spec/crew.md 7)."""

from safeconduct.kernel.words import DAY, DeviceId, Instant
from safeconduct.rooms.crew.erasure import OwnKey, erasure
from tests.kit.clocks import NOON

ONE, TWO, THREE = (DeviceId(name * 16) for name in (b"1", b"2", b"3"))
NOW, CARDS = Instant(NOON), Instant(NOON - 90 * DAY)


def key(device: DeviceId, days: int, *unread: DeviceId) -> OwnKey:
    return OwnKey(device, Instant(NOW - days * DAY), unread)


def test_the_day_is_that_on_which_the_last_device_takes_its_next_key() -> None:
    found = erasure([key(ONE, 3), key(TWO, 20)], CARDS, NOW)
    assert found.date == NOW + 27 * DAY
    assert [one.device for one in found.keys] == [TWO, ONE]
    assert (found.asleep, found.waiting) == ((), ())
    assert erasure([key(ONE, 40)], CARDS, NOW).date == NOW


def test_there_is_no_day_while_nobody_opens_a_desk() -> None:
    found = erasure([key(ONE, 3, THREE), key(TWO, 46), OwnKey(THREE, NOW, None)], CARDS, NOW)
    assert found.date is None
    assert found.asleep == (TWO,)
    assert found.waiting == (THREE,)
    assert erasure([], CARDS, NOW).date is None
