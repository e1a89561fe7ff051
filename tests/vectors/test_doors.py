# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters in doors as spec/crew.md says, case by case."""

import pytest

from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.words import Address, OfficeId
from safeconduct.rooms.crew.doors import Door, dummies, seal_letter
from tests.vectors import draw_doors, make
from tests.vectors.case import Case
from tests.vectors.draw import FOLDER
from tests.vectors.run import differs, load


@pytest.mark.parametrize("case", load("doors.json"), ids=lambda case: case["name"])
def test_letter_comes_out_as_the_case_says(case: Case) -> None:
    assert not differs(case)


def test_every_case_of_doors_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in load("doors.json")]
    assert len(names) == len(set(names))


def test_making_the_door_vectors_again_changes_nothing() -> None:
    assert make.text("doors.json") == (FOLDER / "doors.json").read_text(encoding="utf-8")


def test_what_the_program_lays_into_a_door_has_one_length() -> None:
    door = Door(OfficeId(draw_doors.OFFICE), Address(draw_doors.ADDRESS))
    key = SealingPublicKey.parse(draw_doors.DEVICE.public)
    lengths = {len(seal_letter(bytes(size), door, key)) for size in (0, 1, 4_000, 16_383)}
    assert lengths == {1 + 1137 + draw_doors.ONE_LENGTH}


@pytest.mark.parametrize("doors", range(1, 70))
def test_dummies_make_the_number_of_doors_the_next_power_of_two(doors: int) -> None:
    total = doors + dummies(doors)
    assert total & (total - 1) == 0
    assert doors <= total < 2 * doors
