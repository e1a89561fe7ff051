# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each defence, taken out in turn, is missed by its own attack test and by no other."""

from pathlib import Path

import pytest

from tests.kit.patching import ROOT, Patch, attack_files, patches, run_attacks


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What becomes of the attack tests against the product as it is."""
    return run_attacks(ROOT / "src", tmp_path_factory.mktemp("whole"))


def test_the_whole_product_withstands_every_attack(whole: dict[str, str]) -> None:
    assert attack_files()
    assert set(whole.values()) == {"passed"}, whole


def test_every_attack_belongs_to_one_defence(whole: dict[str, str]) -> None:
    named = [patch.attack for patch in patches()]
    assert sorted(named) == sorted(whole)


@pytest.mark.slow
@pytest.mark.parametrize("patch", patches(), ids=lambda patch: patch.name)
def test_a_defence_that_is_taken_out_is_missed_by_its_attack_alone(
    patch: Patch, tmp_path: Path, whole: dict[str, str]
) -> None:
    outcomes = run_attacks(patch.copy_without(tmp_path), tmp_path)
    assert {name for name, outcome in outcomes.items() if outcome != "passed"} == {patch.attack}
    assert outcomes.keys() == whole.keys()
