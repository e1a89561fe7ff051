# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key parcels as spec/crew.md says, case by case."""

import pytest

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.words import OfficeId, VaultId
from safeconduct.rooms.crew import TeamWrap, write_parcel
from tests.vectors import draw_crew, make
from tests.vectors.case import Case
from tests.vectors.draw import FOLDER
from tests.vectors.run import differs, load


@pytest.mark.parametrize("case", load("crew.json"), ids=lambda case: case["name"])
def test_parcel_comes_out_as_the_case_says(case: Case) -> None:
    assert not differs(case)


def test_every_case_of_crew_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in load("crew.json")]
    assert len(names) == len(set(names))


def test_making_the_crew_vectors_again_changes_nothing() -> None:
    assert make.text("crew.json") == (FOLDER / "crew.json").read_text(encoding="utf-8")


def test_the_program_writes_a_team_wrap_as_the_vectors_have_it() -> None:
    keys = {VaultEpoch(VaultId(vault), epoch): key for vault, epoch, key in draw_crew.KEYS[::-1]}
    wrap = TeamWrap(SharedKey(draw_crew.TEAM), draw_crew.SALT, keys)
    written = write_parcel(OfficeId(draw_crew.OFFICE), draw_crew.REASON, [], [wrap])
    drawn = draw_crew.under(draw_crew.TEAM, 0, draw_crew.GROUPS)
    assert written == draw_crew.parcel(drawn)
