# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors' operations on vectors (spec/crew.md 5)."""

from collections.abc import Callable

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Address, OfficeId
from safeconduct.rooms.crew.doors import LETTER, Door, dummy_address, open_letter, read_letter
from tests.vectors.case import Given, Gives


def _door(case: Given) -> Door:
    return Door(OfficeId(case.raw("office")), Address(case.raw("address")))


def read(case: Given) -> Gives:
    letter = LETTER.decode(case.raw("data"))
    said = read_letter(letter, _door(case), LongVerifyKey.parse(case.raw("key")))
    return {"says": encode(said)}


def opened(case: Given) -> Gives:
    letter = open_letter(case.raw("item"), _door(case), SealingKey.from_seed(case.raw("seed")))
    return {"letter": b"" if letter is None else encode(letter)}


def dummy(case: Given) -> Gives:
    return {"address": dummy_address(case.raw("office_key"), case.number("number"))}


OPERATIONS: dict[str, Callable[[Given], Gives]] = {
    "read_door_letter": read,
    "open_door_letter": opened,
    "dummy_address": dummy,
}
