# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each defence, taken out in turn, is missed by its own attack test and by no other."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.kit.patching import ROOT, Patch, attack_files, patches, run_attacks
from tests.kit.reach import reached, record

AT_ONCE = 3
"""One more than CI has cores: some attacks wait for a clock."""
Outcomes = dict[str, str]
Called = dict[str, frozenset[str] | None]
# Whichever test comes first waits for the whole product, or for its turn among all the others.
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What becomes of the attack tests against the product as it is."""
    return run_attacks(ROOT / "src", tmp_path_factory.mktemp("whole"), attack_files())


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> Called:
    """Which functions of the product the attack tests of each file call."""
    return record(attack_files(), tmp_path_factory.mktemp("called"), AT_ONCE)


def run_without(patch: Patch, called: Called) -> Outcomes:
    """What becomes of those that can notice that a defence is taken out."""
    with tempfile.TemporaryDirectory(prefix="without-") as name:
        folder = Path(name)
        source = patch.copy_without(folder)
        return run_attacks(source, folder, reached(source, called))


@pytest.fixture(scope="module")
def without(
    request: pytest.FixtureRequest, called: Called
) -> Iterator[dict[str, Future[Outcomes]]]:
    """The same for each defence that was selected; all are begun at once and run in turn."""
    calls = [getattr(item, "callspec", None) for item in request.session.items]
    chosen = {call.params["patch"] for call in calls if call and "patch" in call.params}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield {
            patch.name: threads.submit(run_without, patch, called)
            for patch in sorted(chosen, key=lambda patch: patch.name)
        }
        threads.shutdown(cancel_futures=True)


def test_the_whole_product_withstands_every_attack(whole: Outcomes) -> None:
    assert attack_files()
    assert not {name for name, outcome in whole.items() if outcome != "passed"}


def test_every_attack_belongs_to_one_defence(whole: Outcomes) -> None:
    assert sorted(patch.attack for patch in patches()) == sorted(whole)


@pytest.mark.slow
@pytest.mark.parametrize("patch", patches(), ids=lambda patch: patch.name)
def test_a_defence_that_is_taken_out_is_missed_by_its_attack_alone(
    patch: Patch, without: dict[str, Future[Outcomes]], whole: Outcomes
) -> None:
    outcomes = without[patch.name].result()
    files = {name.partition("::")[0] for name in outcomes}
    assert outcomes.keys() == {name for name in whole if name.partition("::")[0] in files}
    assert {name for name, outcome in outcomes.items() if outcome != "passed"} == {patch.attack}
