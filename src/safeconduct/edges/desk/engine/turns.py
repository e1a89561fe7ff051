# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which order a desk reads: that of the log, whatever came when (spec/journal.md 5, 4).

What waited for a member is read again as soon as one came.  Two desks make so the same of one log,
however often they were closed and however much came at once; a fork is seen at one place by all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Frame = tuple[int, bytes]


def in_turn(
    frames: Iterable[Frame],
    take: Callable[[int, bytes], bool],
    waiting: Callable[[], Iterable[Frame]],
    *,
    forgot: bool,
) -> None:
    """Take each frame; where one brought members, go on with those that wait.

    `take` tells whether it did.  A desk that `forgot`, since it was closed, begins with those.
    """
    turns = [iter(frames)]
    if forgot:
        turns.append(iter(waiting()))
    while turns:
        frame = next(turns[-1], None)
        if frame is None:
            turns.pop()
        elif take(*frame):
            turns.append(iter(waiting()))
