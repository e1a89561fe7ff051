# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `safeconduct collect` says has words for everything, in both languages."""

import pytest

from safeconduct.programs import collect_words
from safeconduct.rooms.passage.collecting.collect import Found
from safeconduct.rooms.passage.collecting.lacks import Lack, Left
from safeconduct.rooms.passage.collecting.round_rules import Worth


@pytest.mark.parametrize("tongue", ["en", "ru"])
def test_every_lack_and_every_round_has_words(monkeypatch: pytest.MonkeyPatch, tongue: str) -> None:
    monkeypatch.setenv("LANGUAGE", tongue)
    assert set(collect_words.LACKS) == set(Lack)
    lefts = [Left(31, True, tuple((lack, 47) for lack in Lack)), Left(31, False, ())]
    worth = Worth(71, 72, 73, 74, 75, 76, 77)
    rounds = [Found((), worth, 72, 77), Found((), worth, 0, 0)]
    assert rounds[0].proved
    assert not rounds[1].proved
    said = [*map(collect_words.left, lefts), *map(collect_words.standing, rounds)]
    said.append(collect_words.still_to_try([31, 32]))
    assert "31, 32" in said[-1]
    assert len(set(said)) == 5
    assert said[0].count("47") == 6
    for line in said:
        assert "{" not in line
        assert "31" in line or all(str(number) in line for number in (71, 73, 74, 75, 76))
