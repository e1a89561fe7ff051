# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `safeconduct why` says has words for everything, in both languages."""

from functools import cache

import pytest

from safeconduct.programs import why_words
from safeconduct.rooms.passage.operations.rules import Broken
from safeconduct.rooms.passage.why.audit import Alone, Barred, Chance, Why, why_not
from safeconduct.rooms.passage.why.forced import Forced, force
from safeconduct.rooms.passage.why.helpful import Help
from safeconduct.rooms.passage.why.in_force import in_force
from safeconduct.rooms.passage.why.more import Kind, More
from safeconduct.rooms.passage.why.obstacles import Mark, Obstacle
from tests.kit.dispatcher import by_hand
from tests.kit.operations import invent

OPERATION = invent(40, seed=11)
RUN = next(way for way, run in enumerate(OPERATION.ways.run) if run is not None)
CHANCE = Chance(RUN, 0, 9, 1, 2)
WHY = Why(5, 7, None, 90, 0, hard=False, chance=None, later=9, barred=(), alone=(), together=())
tongues = pytest.mark.parametrize("tongue", ["en", "ru"])


@cache
def forced() -> Forced:
    """An answer of the room."""
    now = in_force(OPERATION, by_hand(OPERATION))
    for party, by in enumerate(OPERATION.parties.deadline):
        why = why_not(now, party, by)
        if not why.free and not why.hard and (found := force(now, party, by)):
            return found
    raise AssertionError


def test_every_obstacle_and_every_kind_has_words() -> None:
    assert set(why_words.OWN) == set(Obstacle) - {Obstacle.DRIVING}
    assert set(why_words.OWN) | set(why_words.TAKEN) == set(Obstacle)
    assert set(why_words.WOULD_DO) == set(Obstacle)
    assert set(why_words.MORE) == set(Kind)


@tongues
def test_what_bars_a_party_is_said_with_its_figures(
    monkeypatch: pytest.MonkeyPatch, tongue: str
) -> None:
    monkeypatch.setenv("LANGUAGE", tongue)
    barred = tuple(
        Barred(one, 31 * (one in why_words.OWN), 47 * (one in why_words.TAKEN)) for one in Obstacle
    )
    alone = tuple(Alone(one, one in why_words.TAKEN, CHANCE, (71, 83)) for one in Obstacle)
    together = tuple(Mark(one, taken=one in why_words.TAKEN) for one in Obstacle)
    for told in (
        WHY._replace(barred=barred, alone=alone),
        WHY._replace(together=together, hard=True, later=None, planned=12),
        WHY._replace(free=3, chance=CHANCE),
    ):
        said = list(why_words.why(OPERATION, told))
        assert "{" not in "".join(said)
        assert "90" in said[1]
    lines = list(why_words.why(OPERATION, WHY._replace(barred=barred, alone=alone)))
    assert sum(line.startswith("     31") for line in lines) == len(why_words.OWN)
    assert sum(line.startswith("     47") for line in lines) == len(why_words.TAKEN)
    assert sum("71, 83" in line for line in lines) == len(why_words.TAKEN)


@tongues
def test_who_pays_and_what_helps_is_said(monkeypatch: pytest.MonkeyPatch, tongue: str) -> None:
    monkeypatch.setenv("LANGUAGE", tongue)
    found = forced()._replace(pay=(3,), gain=(4,))
    said = "\n".join(why_words.forced(OPERATION, found))
    assert {str(found.before.weighted_misses), str(found.after.weighted_misses)} <= set(
        said.replace(",", " ").replace(".", " ").split()
    )
    helps = [Help(More(kind, 6, 2), 17, (3, 4), ()) for kind in Kind]
    lines = [*why_words.helps(helps), *why_words.helps([]), why_words.not_forced()]
    assert sum("17" in line and "3, 4" in line for line in lines) == len(Kind)
    lines += [why_words.broken(Broken("seats", "runs", 8, found=5, limit=4))]
    assert lines[-1].startswith("runs[8]: ")
    assert "{" not in "\n".join((said, *lines))
