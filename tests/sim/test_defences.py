# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each defence, taken out in turn, is missed by its own attack test and by no other."""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.kit.patching import Patch, attack_tests, patches, run_attacks
from tests.kit.reach import Place, Reached, can_notice, changed_places, record

AT_ONCE = 2
"""Tests with browsers run beside them."""
TRIED = os.environ.get("SAFECONDUCT_ATTACKS", "near")
"""What each defence is tried against: its own attack and what stands `near` it, in the same file;
`come`: all attacks that come to it; `every`: those too that are left out and would pass."""
Outcomes = dict[str, str]
# Whichever test comes first waits for the whole product, or for its turn among all the others.
pytestmark = pytest.mark.timeout(3600)


def places_of(patch: Patch) -> frozenset[Place] | None:
    """What of the product a patch changes."""
    with tempfile.TemporaryDirectory(prefix="places-") as name:
        return changed_places(patch.copy_changed(Path(name)))


@pytest.fixture(scope="module")
def places() -> dict[str, frozenset[Place] | None]:
    """What of the product each patch changes."""
    return {patch.name: places_of(patch) for patch in patches()}


@pytest.fixture(scope="module")
def attacks() -> list[str]:
    """Every attack test."""
    return attack_tests()


@pytest.fixture(scope="module")
def reached(
    tmp_path_factory: pytest.TempPathFactory,
    places: dict[str, frozenset[Place] | None],
    attacks: list[str],
) -> Reached:
    """To which of these each attack test comes; the whole product withstands them all."""
    watched = {place for some in places.values() for place in some or ()}
    found = record(attacks, watched, tmp_path_factory.mktemp("reached"), AT_ONCE)
    assert not {name for name, come_to in found.items() if come_to is None}
    return found


def run_without(patch: Patch, tests: list[str]) -> Outcomes:
    """What becomes of attack tests when a defence is taken out."""
    with tempfile.TemporaryDirectory(prefix="without-") as name:
        folder = Path(name)
        return run_attacks(patch.copy_without(folder), folder, tests)


def near(patch: Patch, attacks: list[str]) -> list[str]:
    """Return the attack tests that stand in one file with a defence's own."""
    file, _, _ = patch.attack.partition("::")
    return [test for test in attacks if test.startswith(f"{file}::")]


@pytest.fixture(scope="module")
def chosen(request: pytest.FixtureRequest, attacks: list[str]) -> dict[str, list[str]]:
    """The attack tests that each of the defences that were selected is tried against."""
    calls = [getattr(item, "callspec", None) for item in request.session.items]
    selected = {call.params["patch"].name for call in calls if call and "patch" in call.params}
    tried = [patch for patch in patches() if patch.name in selected]
    if TRIED == "near":
        return {patch.name: near(patch, attacks) for patch in tried}
    if TRIED == "every":
        return {patch.name: attacks for patch in tried}
    places: dict[str, frozenset[Place] | None] = request.getfixturevalue("places")
    reached: Reached = request.getfixturevalue("reached")
    return {patch.name: can_notice(places[patch.name], reached) for patch in tried}


@pytest.fixture(scope="module")
def without(chosen: dict[str, list[str]]) -> Iterator[dict[str, Future[Outcomes]]]:
    """What becomes of them without it; all are begun at once and run in turn."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield {
            patch.name: threads.submit(run_without, patch, chosen[patch.name])
            for patch in patches()
            if patch.name in chosen
        }
        threads.shutdown(cancel_futures=True)


def test_every_attack_belongs_to_one_defence(attacks: list[str]) -> None:
    assert attacks
    assert sorted(patch.attack for patch in patches()) == sorted(attacks)


@pytest.mark.slow
@pytest.mark.parametrize("patch", patches(), ids=lambda patch: patch.name)
def test_a_defence_that_is_taken_out_is_missed_by_its_attack_alone(
    patch: Patch, chosen: dict[str, list[str]], without: dict[str, Future[Outcomes]]
) -> None:
    outcomes = without[patch.name].result()
    assert sorted(outcomes) == sorted(chosen[patch.name])
    assert {name for name, outcome in outcomes.items() if outcome != "passed"} == {patch.attack}
