# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody forces one passphrase out of a helper, and wants to know whether there is another.

He has copied the disk, opens what the passphrase opens, and knows of 39 other installs whether
they have a second one.  He measures files, sizes, times and bytes (tests/kit/installs.py), and
learns from them in three ways, each of which answers for the install that it has not seen.
Content is alike in both kinds: that the invented office says what it is, is no secret.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from safeconduct.edges.desk import two_files
from tests.kit.classifiers import best_sign, by_centre, by_neighbours, by_one_sign, right_answers
from tests.kit.installs import (
    Install,
    just_changed,
    just_set,
    measured,
    packed_with_second,
    packed_without_second,
    set_carelessly,
    that_destroyed,
    that_would_destroy,
    with_second,
    without_second,
)

INSTALLS = 20
"""Of each kind."""
MOST = 36
"""Right answers of 40 by chance.

Answers of one that is left out hang together, so that the bound for a coin (34, more once in a
million times) is too near: in two series of 300 tries with kinds drawn by lot the best of the three
ways was right 34 and 31 times.  What tells in every second install alone stays below it.
"""
pytestmark = pytest.mark.timeout(300)
WAYS = (by_one_sign, by_centre, by_neighbours)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files grow by smaller steps; every store here is smaller than one."""
    monkeypatch.setattr(two_files, "STEP", 1 << 20)


@dataclass(frozen=True, slots=True)
class Search:
    """How many installs each way to learn told rightly, and by what they differ most."""

    right: list[int]
    best: str


def search(folder: Path, installs: tuple[Install, Install]) -> Search:
    """Tell installs of two kinds apart in every way.

    They are measured once all are made, in an order drawn by lot: on a machine with much to do, the
    work of making one tells in the times that are taken right after it.
    """
    rng = random.Random(19)
    kinds = rng.sample((0, 1) * INSTALLS, 2 * INSTALLS)
    homes = [folder / str(number) for number in range(len(kinds))]
    said = [installs[kind](home, rng) for home, kind in zip(homes, kinds, strict=True)]
    drawn = rng.sample(range(len(kinds)), len(kinds))
    taken = {at: measured(homes[at], said[at]) for at in drawn}
    found = [taken[at] for at in range(len(kinds))]
    rows = [list(one.values()) for one in found]
    name = list(found[0])[best_sign(rows, kinds)[1]]
    values = [
        sorted(one[name] for one, of in zip(found, kinds, strict=True) if of == kind)
        for kind in (0, 1)
    ]
    return Search([right_answers(learn, rows, kinds) for learn in WAYS], f"{name}: {values}")


def test_nobody_tells_whether_a_desk_has_a_second_passphrase(tmp_path: Path) -> None:
    found = search(tmp_path, (without_second, with_second))
    assert max(found.right) <= MOST, found.best


def test_nobody_tells_it_at_once_after_passphrases_were_changed(tmp_path: Path) -> None:
    found = search(tmp_path, (just_changed, just_set))
    assert max(found.right) <= MOST, found.best


def test_nobody_tells_it_of_desks_that_were_packed_for_a_trip(tmp_path: Path) -> None:
    found = search(tmp_path, (packed_without_second, packed_with_second))
    assert max(found.right) <= MOST, found.best


def test_nobody_tells_of_one_that_would_destroy_what_the_other_opens(tmp_path: Path) -> None:
    found = search(tmp_path, (without_second, that_would_destroy))
    assert max(found.right) <= MOST, found.best


def test_nobody_tells_of_one_that_destroyed_what_the_other_opened(tmp_path: Path) -> None:
    found = search(tmp_path, (without_second, that_destroyed))
    assert max(found.right) <= MOST, found.best


def test_the_same_search_finds_a_second_store_that_was_put_there_without_care(
    tmp_path: Path,
) -> None:
    found = search(tmp_path, (just_changed, set_carelessly))
    assert min(found.right) > MOST, found.best
