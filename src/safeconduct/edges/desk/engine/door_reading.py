# SPDX-License-Identifier: AGPL-3.0-or-later
"""A door is read from its newest letter on, so much at a look (spec/crew.md 5).

Whoever may write to the relay can fill a door.  The letter that counts is then among the newest,
since the round that shuts the writer out comes last; or the writer goes on, and then it lies
deeper, and each look goes on below where the one before ended.  So no letter is lost, and no look
costs more than so many answers.

Numbers in a box rise by chance and the relay answers upward from a number, so the newest are
found by halving (spec/relay.md 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.bodies import LARGEST_LETTER
from safeconduct.kernel.words import Address, Instant

FLOODED: Final = "door_flooded"
"""There is more in our door than one look reads."""
MOST_ANSWERS: Final = 64
"""A look; 32 MiB, or some 1,700 letters."""
ANSWER_BYTES: Final = 512 << 10
STEP: Final = 1 << 24
"""The most by which a number in a box is greater than the one before."""
WIDTH: Final = 8 * STEP
"""Of numbers; some 16 letters lie in so many."""
WIDEST: Final = 4 * WIDTH
"""Where letters ended, numbers are free; what follows them must still go into a few answers."""
Item = tuple[int, Instant, bytes]


class Span(Record, frozen=True):
    """What was read of a flooded door: the numbers from `down` on, up to `top`."""

    down: int
    top: int


_SPAN: Final[Codec[Span]] = Codec(Span, "door_read")


class _Asking:
    """Asks for what follows a number, so many times."""

    def __init__(self, courier: Courier, address: Address) -> None:
        self._courier: Final = courier
        self._address: Final = address
        self.left = MOST_ANSWERS

    def after(self, number: int) -> list[Item]:
        self.left -= 1
        found = self._courier.collect(self._address, max(number, 0))
        return sorted(item for item in found if item[0] > number)

    def between(self, low: int, high: int) -> list[Item]:
        """Return what has greater numbers than `low`, and smaller ones than `high`."""
        found: list[Item] = []
        while self.left > 0:
            page = self.after(found[-1][0] if found else low)
            found += [item for item in page if item[0] < high]
            if not _full(page) or page[-1][0] >= high:
                break
        return found


def newest_first(journal: Journal, courier: Courier, address: Address) -> Iterator[list[Item]]:
    """Yield what lies in a door, the newest first: all at once, or of a flooded one bit by bit.

    Whoever found what it looked for asks for no more.

    Raises:
        Unreachable: later.
    """
    asking = _Asking(courier, address)
    page = asking.after(0)
    if not _full(page):
        _keep(journal, None)
        yield page[::-1]
        return
    before = journal.store.setting("door_read", _SPAN)
    bottom, top = page[0][0], _newest(asking, page[-1][0])
    known = before if before and bottom < before.down and before.top <= top else None
    yield from _downward(journal, asking, Span(bottom, top), known)


def _downward(
    journal: Journal, asking: _Asking, door: Span, known: Span | None
) -> Iterator[list[Item]]:
    """Yield the newest, and then what lies below what earlier looks read."""
    high, width = door.top + 1, WIDTH
    while asking.left > 0 and high > door.down:
        if known and high <= known.top + 1 and high > known.down:
            high = known.down
        low = max(high - width, door.down - 1)
        found = asking.between(low, high)
        if asking.left <= 0:
            break
        yield found[::-1]
        high, width = low + 1, WIDTH if found else min(2 * width, WIDEST)
        _keep(journal, Span(high, door.top))
    if high <= door.down:
        _keep(journal, None)  # All of it was read; whom it names may be known next time.
    else:
        journal.trouble(FLOODED)


def _newest(asking: _Asking, low: int) -> int:
    """Return the newest number of a box that has more beyond `low`, or one that is lower.

    Never a higher one: what comes under that would be taken for read.
    """
    reach = STEP * 32
    while asking.left > 0 and asking.after(low + reach):
        low, reach = low + reach, 2 * reach
    high = low + reach
    while asking.left > 0 and high - low > WIDTH:
        middle = (low + high) // 2
        if asking.after(middle):
            low = middle
        else:
            high = middle
    found = asking.between(low, high + 1)
    return found[-1][0] if found else low


def _full(page: list[Item]) -> bool:
    """Tell whether an answer may have left something out for its length."""
    return sum(len(item) for _, _, item in page) > ANSWER_BYTES - LARGEST_LETTER


def _keep(journal: Journal, span: Span | None) -> None:
    if span is not None:
        journal.store.put_setting("door_read", span)
    elif journal.store.setting("door_read", _SPAN) is not None:
        journal.store.drop_settings("door_read")
        journal.store.forget_troubles(FLOODED)
