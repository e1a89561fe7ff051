# SPDX-License-Identifier: AGPL-3.0-or-later
"""A relay that turns times of arrival round has a desk weigh a few times as much and no more."""

from safeconduct.edges.desk.engine.weighing import AT_ONCE, COSTLY_FROM, RESTS, Pace
from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.likeness import Likeness, Seen

MANY = 8_000


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.now = 0.0

    def __call__(self) -> float:
        """Return its seconds."""
        return self.now


def weighed(*, turned: bool) -> int:
    """How many are weighed, once or again, until all messages of a day are."""
    seen = [Seen(DAY + at, at.to_bytes(32, "big"), (at,)) for at in range(MANY)]
    waiting = list(reversed(seen)) if turned else seen
    pace, likeness, total = Pace(Watch()), Likeness(), 0
    while waiting:
        some, waiting = waiting[: pace.at_once], waiting[pace.at_once :]
        anew = len(likeness.add(some))
        pace.ends(anew)
        total += anew
    return total


def test_times_that_are_turned_round_cost_a_few_times_as_much() -> None:
    assert weighed(turned=False) == MANY
    assert weighed(turned=True) < 8 * MANY


def test_after_what_was_costly_a_desk_does_other_things() -> None:
    watch = Watch()
    pace = Pace(watch)
    assert pace.begins()
    watch.now = 1.0
    pace.ends(AT_ONCE)
    assert pace.begins()
    watch.now = 3.0
    pace.ends(COSTLY_FROM)
    watch.now += 2.0 * RESTS - 0.1
    assert not pace.begins()
    watch.now += 0.2
    assert pace.begins()
