# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that an enemy could seize is searched for what people wrote; nothing is found.

The same search is run first against a build that does not seal, where it must find every marker.
It reads other processes' memory, so it runs as root; where it may not read, it fails.
"""

import pytest

from safeconduct.programs.seizures.markers import Markers, Seized
from tests.kit.patching import ROOT
from tests.kit.seizure import seize, unsealed_build

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACES = {
    "server's memory",
    "server's files",
    "logs",
    "temporary folders",
    "desk's files",
    "profile of chromium",
    "profile of firefox",
    "profile of chromium, killed",
    "profile of firefox, killed",
}
EMPTY = {"logs", "temporary folders"}
"""Where a server and a desk that seal leave next to nothing."""
LEAST = 10_000
"""Bytes: where less was looked at, the search looked past what it was there for."""


@pytest.fixture(scope="module")
def unsealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Markers, Seized]:
    """What is found in an office that seals nothing."""
    folder = tmp_path_factory.mktemp("unsealed")
    return seize(unsealed_build(tmp_path_factory.mktemp("build")), folder)


def test_search_finds_every_marker_in_a_build_that_does_not_seal(
    unsealed: tuple[Markers, Seized],
) -> None:
    markers, seized = unsealed
    assert markers.all <= seized.markers
    assert {place for place, finds in seized.finds.items() if finds} >= PLACES


def test_nothing_that_is_seized_holds_a_marker(
    unsealed: tuple[Markers, Seized], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert unsealed[1].markers  # The search is able to find.
    # A short name: below it stand sockets, whose paths have no room for the name of a test.
    _, seized = seize(ROOT / "src", tmp_path_factory.mktemp("sealed"))
    print(*seized.notes, sep="\n")
    # Both profiles were there, in use, while they were searched.
    assert {place for place, count in seized.looked_at.items() if count > LEAST} >= PLACES - EMPTY
    assert not seized.told()
