# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key parcels as spec/crew.md says, case by case."""

import pytest

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.words import OfficeId, VaultId
from safeconduct.rooms.crew import Packer, TeamWrap, write_parcel
from safeconduct.rooms.crew.parcel import Parcel, parse_parcel
from tests.vectors import draw_crew, draw_parcels, make
from tests.vectors.case import Case
from tests.vectors.draw import FOLDER, seeded
from tests.vectors.run import differs, load


@pytest.mark.parametrize("case", load("crew.json"), ids=lambda case: case["name"])
def test_parcel_comes_out_as_the_case_says(case: Case) -> None:
    assert not differs(case)


def test_every_case_of_crew_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in load("crew.json")]
    assert len(names) == len(set(names))


def test_making_the_crew_vectors_again_changes_nothing() -> None:
    assert make.text("crew.json") == (FOLDER / "crew.json").read_text(encoding="utf-8")


def test_the_program_writes_a_mark_as_the_vectors_have_it() -> None:
    class Drawn:
        """The salt of the vectors, and then anything."""

        def bytes(self, count: int) -> bytes:
            return draw_crew.SALT if count == len(draw_crew.SALT) else seeded("any", count)

    keys = {VaultEpoch(VaultId(vault), epoch): key for vault, epoch, key in draw_crew.KEYS[::-1]}
    packer = Packer(OfficeId(draw_crew.OFFICE), draw_parcels.OFFICE_KEY, Drawn())
    wrap = TeamWrap(SharedKey(draw_crew.TEAM), keys)
    written = parse_parcel(write_parcel(packer, draw_crew.REASON, [], [wrap]), packer.office)
    laid = draw_parcels.Laid([], [], b"")
    place = laid.lay(draw_crew.TEAM, draw_parcels.FOR_TEAM)
    assert isinstance(written, Parcel)
    assert written.body.startswith(laid.body)
    for mark in ((draw_crew.TEAM, place), (packer.office_key, draw_parcels.two(0, 1))):
        assert draw_parcels.mark(*mark) in written.marks
