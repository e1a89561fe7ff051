# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a message is like others that came before it (spec/triage.md 5).

A message is taken as its words and as pairs of near ones (`wording`), each weighing more the fewer
others have it: names, places and things weigh much, and what everybody says weighs nearly nothing.
How *like* an earlier one it is, is the mean of three shares: of its pairs, of its words, and of
what the earlier one says; less where nobody wrote many of its pairs before, as in what people tell
of themselves.  It is a *copy* where one is half like it, or four together have nearly all its
pairs; else it sinks by how like it the nearest is, and further where its pairs are what a flood
from few phrases says over and over.
What came after it has no say, so that nobody can sink a message by copying it, and the same
messages give the same result in any order.  Nothing here refuses, hides or deletes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.wording import PAIR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONG_FROM: Final = 6
"""A message of fewer pairs is too short to be a copy: many people write "please help me"."""
UNHEARD_COUNTS: Final = 0.15
"""So much less like another is a message of which nobody wrote any pair before."""
LIKE_LEAST: Final = 0.18
LIKE_MOST: Final = 0.55
"""Less in common means nothing; more sinks no further."""
BIT: Final = 4
"""Weights are counted in quarters of a bit."""
AS_IF_MORE: Final = 16
"""Among the first few messages, too, what two of them say weighs nearly what nobody said does."""
USUAL_WEIGHT: Final = 7 * BIT
UNHEARD_ABOVE: Final = 3 * BIT
"""People's pairs weigh more than the one on the average, or while few have written, than the other
below what nobody wrote before: nobody sinks for having come early."""
WORN_COUNTS: Final = 0.025
WORN_MOST: Final = 0.15
"""So much further sinks what is no copy, for each quarter of a bit that its pairs weigh less."""
COPY_SHARE: Final = 0.5
PATCHED_SHARE: Final = 0.85
CLOSE_SHARE: Final = 0.85
"""So much of either is the other's where a copy says nothing else; less may be a person's own."""
PATCHES_MOST: Final = 4
RARE_MOST: Final = 24
"""So many of what is rarest in a message are looked up."""
CANDIDATES_MOST: Final = 12
HOLDERS_MOST: Final = 32
"""Of each word or pair so many of the day's first messages with it are compared."""
LIKE_BANDS: Final = 14
"""Bands of what is no copy, from 0."""
COPY_BAND: Final = LIKE_BANDS - 1
SHORT_SINKS: Final = 2
"""A short message that one other has sinks further by so much than by their number alone."""
SHORT_BAND: Final = 8
LAST_BAND: Final = 15


class Seen(NamedTuple):
    """A message: when it arrived (milliseconds), its id, and its pairs."""

    at: int
    message: bytes
    pairs: tuple[int, ...]

    @property
    def long(self) -> bool:
        """Whether it is long enough to be called a copy."""
        return sum(one & 1 == PAIR for one in self.pairs) >= LONG_FROM


class Weighed(NamedTuple):
    """Of a message: like how many before it, how far that sinks it, and the first of its kind.

    The first of a kind is of its own kind; `close` is that it says nearly the same as that one.
    """

    others: int
    band: int
    kind: bytes
    close: bool


@dataclass
class _Day:
    """The messages of one day in their order, and what those say that were weighed.

    `weighed` follows `seen`; what of `seen` lies beyond it waits to be weighed.  Copies count for
    their kind alone: they say nothing of how common words are.
    """

    seen: list[Seen] = field(default_factory=list)
    weighed: list[Weighed] = field(default_factory=list)
    counts: Counter[int] = field(default_factory=Counter)
    holders: dict[int, list[bytes]] = field(default_factory=dict)
    firsts: dict[bytes, frozenset[int]] = field(default_factory=dict)
    kinds: Counter[bytes] = field(default_factory=Counter)

    def back_to(self, at: int) -> None:
        """Take back what was weighed from a place on."""
        gone = list(zip(self.seen[at:], self.weighed[at:], strict=False))
        for one, weighed in reversed(gone):
            self.kinds[weighed.kind] -= 1
            if weighed.kind == one.message:
                self.counts.subtract(one.pairs)
                del self.firsts[one.message]
                for pair in one.pairs:
                    if self.holders[pair][-1] == one.message:
                        self.holders[pair].pop()
        del self.weighed[at:]

    def go_on(self, before: _Day) -> Iterator[tuple[bytes, Weighed]]:
        """Weigh what waits, in order, against the day before and what came earlier on this."""
        for one in self.seen[len(self.weighed) :]:
            weighed = _weigh(one, (before, self))
            self.keep(one, weighed)
            yield one.message, weighed

    def keep(self, one: Seen, weighed: Weighed) -> None:
        """Let a weighed message weigh upon what follows."""
        self.weighed.append(weighed)
        self.kinds[weighed.kind] += 1
        if weighed.kind == one.message:
            self.counts.update(one.pairs)
            self.firsts[one.message] = frozenset(one.pairs)
            for pair in one.pairs:
                holders = self.holders.setdefault(pair, [])
                if len(holders) < HOLDERS_MOST:
                    holders.append(one.message)


_NO_DAY: Final = _Day()


def _weigh(one: Seen, days: tuple[_Day, _Day]) -> Weighed:
    before_it, its = (day.counts.get for day in days)
    counts = {pair: before_it(pair, 0) + its(pair, 0) for pair in one.pairs}
    near = _near(counts, days)
    if one.long:
        band, kind = _compared(one, counts, sum(len(day.firsts) for day in days), near)
    else:
        band = min(_common(counts), SHORT_BAND)
        kind = max((name for name, has in near.items() if has.issuperset(one.pairs)), default=b"")
    if not kind:
        common = _common(counts)
        return Weighed(1 << (common - 1) if common else 0, band, one.message, True)
    before = sum(day.kinds[kind] for day in days)
    many = before.bit_length()
    band = min(COPY_BAND + many, LAST_BAND) if one.long else min(SHORT_SINKS + many, SHORT_BAND)
    return Weighed(before, band, kind, _close(one, kind, days))


def _compared(
    one: Seen, counts: dict[int, int], firsts: int, near: dict[bytes, frozenset[int]]
) -> tuple[int, bytes]:
    """Return how far a long message sinks if it is no copy, and of what it is one, or nothing."""
    weights = {pair: _weight(count, firsts) for pair, count in counts.items()}
    pairs = {pair for pair in one.pairs if pair & 1 == PAIR}
    of_pairs = sum(weights[pair] for pair in pairs)
    of_words = sum(weights.values()) - of_pairs or 1
    own, like, kind, both = set(one.pairs), 0.0, b"", dict[bytes, set[int]]()
    for name, has in near.items():
        shared = own & has
        both[name] = shared & pairs
        in_pairs = sum([weights[pair] for pair in both[name]])
        in_words = sum([weights[pair] for pair in shared]) - in_pairs
        shares = in_pairs / of_pairs + in_words / of_words + len(shared) / len(has)
        like, kind = max((like, kind), (shares / 3, name))
    like -= UNHEARD_COUNTS * sum([not counts[pair] for pair in pairs]) / len(pairs)
    if like >= COPY_SHARE or _patched(pairs, weights, both) >= PATCHED_SHARE * of_pairs:
        return COPY_BAND, kind
    usual = min(USUAL_WEIGHT, _weight(0, firsts) - UNHEARD_ABOVE)
    worn = max(0.0, min(WORN_COUNTS * (usual - of_pairs / len(pairs)), WORN_MOST))
    return _like(like + worn), b""


def _patched(pairs: set[int], weights: dict[int, int], both: dict[bytes, set[int]]) -> int:
    """Return what the nearest together have of the weight of some pairs: first who has most."""
    left, found = set(pairs), 0
    for _ in range(PATCHES_MOST):
        fits, name = max(
            ((sum([weights[pair] for pair in left & has]), name) for name, has in both.items()),
            default=(0, b""),
        )
        if not fits:
            break
        found += fits
        left -= both[name]
    return found


def _like(share: float) -> int:
    """Return how far it sinks what is no copy and so much like another."""
    band = int((share - LIKE_LEAST) / (LIKE_MOST - LIKE_LEAST) * LIKE_BANDS)
    return max(0, min(band, LIKE_BANDS - 1))


@lru_cache(4_096)
def _weight(count: int, firsts: int) -> int:
    """Return how much a word or a pair says that so many of the firsts have; 1 is the least."""
    return ((firsts + AS_IF_MORE) ** BIT // (count + 1) ** BIT).bit_length()


def _common(counts: dict[int, int]) -> int:
    """Return the mean bit length of how many earlier messages have each pair of this one.

    What has no pair, as no text of ours has it, is like nothing.
    """
    of_pairs = [count.bit_length() for pair, count in counts.items() if pair & 1 == PAIR]
    return sum(of_pairs) // len(of_pairs) if of_pairs else 0


def _close(one: Seen, kind: bytes, days: tuple[_Day, _Day]) -> bool:
    """Tell whether a copy holds nearly nothing that the first of its kind does not, and back."""
    first = days[0].firsts.get(kind) or days[1].firsts[kind]
    both = len(first.intersection(one.pairs))
    return both >= CLOSE_SHARE * max(len(first), len(one.pairs))


def _near(counts: dict[int, int], days: tuple[_Day, _Day]) -> dict[bytes, frozenset[int]]:
    """Return the firsts that have most of what is rarest in a message."""
    known = ((count, pair) for pair, count in counts.items() if count)
    votes: Counter[bytes] = Counter()
    for _, pair in sorted(known)[:RARE_MOST]:
        for day in days:
            votes.update(day.holders.get(pair, ()))
    least = sorted(votes.values(), reverse=True)[:CANDIDATES_MOST][-1:]
    many = [name for name, count in votes.items() if count >= least[0]]
    nearest = sorted(many, key=lambda name: (-votes[name], name))[:CANDIDATES_MOST]
    return {name: days[0].firsts.get(name) or days[1].firsts[name] for name in nearest}


class Likeness:
    """The messages that were weighed, by days of UTC; each day against itself and the one before.

    A caller restores a day and its neighbours before it adds to it.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._days: Final[dict[int, _Day]] = {}
        self._at: Final[dict[bytes, int]] = {}

    def holds(self, day: int) -> bool:
        """Tell whether a day was restored or added to."""
        return day in self._days

    def restore(self, day: int, held: Iterable[tuple[Seen, Weighed]]) -> None:
        """Put back a day as it was weighed."""
        found = self._days[day] = _Day()
        for one, weighed in sorted(held):
            found.seen.append(one)
            found.keep(one, weighed)
            self._at[one.message] = one.at

    def forget_beyond(self, days: int) -> None:
        """Drop the oldest of more days than so many."""
        for day in sorted(self._days)[:-days]:
            for seen in self._days.pop(day).seen:
                self._at.pop(seen.message, None)

    def add(self, some: Iterable[Seen]) -> dict[bytes, Weighed]:
        """Add messages, or earlier times of those that are known; return all weighed anew.

        A message weighs upon what came after it, on its day and on the next; and beyond that where
        it makes copies of what was none there.
        """
        changed = {day for one in some for day in self._put(one)}
        anew: dict[bytes, Weighed] = {}
        for number in sorted(self._days):
            day, kinds = self._days[number], list[bytes]()
            if number - 1 in changed:
                kinds = [one.kind for one in day.weighed]
                day.back_to(0)
            elif number not in changed:
                continue
            anew.update(day.go_on(self._days.get(number - 1, _NO_DAY)))
            if number not in changed and kinds != [one.kind for one in day.weighed]:
                changed.add(number)
        return anew

    def _put(self, one: Seen) -> set[int]:
        """Put a message into its place; return which days are not as they were."""
        changed = {one.at // DAY}
        known = self._at.get(one.message)
        if known is not None and known <= one.at:
            return set()
        if known is not None:
            self._take_out(known, one.message)
            changed.add(known // DAY)
        day = self._days.setdefault(one.at // DAY, _Day())
        at = bisect_left(day.seen, one)
        day.back_to(at)
        day.seen.insert(at, one)
        self._at[one.message] = one.at
        return changed

    def _take_out(self, at: int, message: bytes) -> None:
        day = self._days[at // DAY]
        place = bisect_left(day.seen, Seen(at, message, ()))
        day.back_to(place)
        del day.seen[place]
