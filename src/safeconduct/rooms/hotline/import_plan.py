# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of each item of a file: a new conversation, a piece of one, or nothing, and why.

Pure: from what a source tells of its items, and what the office has of them already, to a plan
(spec/import.md 3).  Nothing is written by it.  Invariant: each item stands in the plan once, and
one that the office has keeps its place, whatever a longer file says beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from safeconduct.kernel.words import DAY, ConversationId, Instant
from safeconduct.rooms.hotline.imported import ANSWERS_MOST, Source

DANGER_HOLDS: Final = 7 * DAY
"""So long a row that says "in danger" is taken as her word for today."""
ITEMS_MOST: Final = 300_000
"""Items of one file; each takes some hundred bytes while it is planned."""


class Fate(Enum):
    """What becomes of an item."""

    BEGINS = "begins"
    JOINS = "joins"
    ANSWER = "answer"
    KNOWN = "known"
    GONE = "gone"
    """It was here, and was destroyed when its time was over."""
    TWICE = "twice"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a source tells of one mail, message or row; `where` is its number there, from 1.

    `who` names the person whom it is with, whoever wrote it; `names` are what other items of the
    source may refer to it by, or it to them.  `ours` is that the office wrote it, `came_in` that a
    stranger could have written that, and `answered` a sheet's word that somebody did.
    """

    id: bytes
    source: Source
    where: int
    who: str
    sender: str
    happened: Instant | None
    begins: str = ""
    """Its first words."""
    ours: bool = False
    came_in: bool = False
    names: tuple[bytes, ...] = ()
    danger: bool = False
    answered: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """An item that becomes nothing, and why."""

    where: int
    why: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What the report says of one item."""

    where: int
    fate: Fate
    sender: str = ""
    happened: Instant | None = None
    begins: str = ""
    talk: ConversationId | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item goes, when it happened, and of which items it is the answer."""

    talk: ConversationId
    happened: Instant
    dated: bool
    answers: tuple[bytes, ...] = ()
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the items of a file."""

    lines: tuple[Line, ...] = ()
    places: Mapping[bytes, Place] = field(default_factory=dict)
    """Of those alone that the office has not."""
    waiting: tuple[ConversationId, ...] = ()
    """The conversations whose last item is not answered; the last to write first."""
    pressing: tuple[ConversationId, ...] = ()
    """Of those, who said within the last week that they are in danger."""


class _Groups:
    """Which items belong together: the same person, or one refers to the other."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def of(self, one: object) -> object:
        """Return what stands for its group."""
        top = one
        while (above := self._above.get(top, top)) != top:
            top = above
        while one != top:
            self._above[one], one = top, self._above.get(one, one)
        return top

    def join(self, one: object, other: object) -> None:
        """Put two together."""
        self._above[self.of(one)] = self.of(other)


def plan(
    found: Iterable[Item | Left],
    known: Mapping[bytes, ConversationId],
    fresh: Callable[[], ConversationId],
    now: Instant,
    gone: Container[bytes] = (),
) -> Plan:
    """Return what becomes of items; `known` are those that the office has, and where.

    `gone` are those that it had and destroyed: no file brings them back.
    """
    items, lines = _sorted_out(found, gone)
    groups = _Groups()
    for item in items:
        own = ("who", item.who)
        for name in item.names:
            groups.join(("name", name), own)
    talks: dict[object, list[Item]] = defaultdict(list)
    for item in items:
        talks[groups.of(("who", item.who))].append(item)
    times = _times(items, now)
    places: dict[bytes, Place] = {}
    ends: list[tuple[Instant, ConversationId, bool]] = []
    for together in talks.values():
        together.sort(key=lambda one: (times[one.id], one.where))
        there = next((known[one.id] for one in together if one.id in known), None)
        talk = fresh() if there is None else there
        waiting = _place(together, talk, times, places, now)
        if waiting is not None:
            ends.append(waiting)
        lines += _lines(together, known, talk, begins=there is None)
    ends.sort(key=lambda end: -end[0])
    return Plan(
        lines=tuple(sorted(lines, key=lambda line: line.where)),
        places={one: place for one, place in places.items() if one not in known},
        waiting=tuple(talk for _, talk, _ in ends),
        pressing=tuple(talk for _, talk, pressing in ends if pressing),
    )


def _sorted_out(
    found: Iterable[Item | Left], gone: Container[bytes]
) -> tuple[list[Item], list[Line]]:
    """Return each item once, and the lines of those that are left, gone or stand there twice."""
    items: dict[bytes, Item] = {}
    lines: list[Line] = []
    for count, one in enumerate(found):
        if isinstance(one, Left):
            lines.append(Line(one.where, Fate.LEFT, one.sender, remarks=(one.why,)))
        elif count >= ITEMS_MOST:
            lines.append(Line(one.where, Fate.LEFT, one.sender, remarks=("too_many",)))
        elif one.id in gone:
            lines.append(Line(one.where, Fate.GONE))
        elif one.id in items:
            lines.append(Line(one.where, Fate.TWICE, one.sender, one.happened, one.begins))
        else:
            items[one.id] = one
    return list(items.values()), lines


def _times(items: Sequence[Item], now: Instant) -> dict[bytes, Instant]:
    """Return when each happened; without a time of its own it came with the one before it."""
    times: dict[bytes, Instant] = {}
    last = next((one.happened for one in items if one.happened is not None), now)
    for item in items:
        last = last if item.happened is None else min(item.happened, now)
        times[item.id] = last
    return times


def _place(
    together: Sequence[Item],
    talk: ConversationId,
    times: Mapping[bytes, Instant],
    places: dict[bytes, Place],
    now: Instant,
) -> tuple[Instant, ConversationId, bool] | None:
    """Place the items of one conversation; tell since when somebody in it waits."""
    open_items: list[Item] = []
    pressing = False
    for item in together:
        at, dated = times[item.id], item.happened is not None
        recent = item.danger and dated and now - at <= DANGER_HOLDS
        answers: tuple[bytes, ...] = ()
        if item.came_in:
            pass  # Whoever takes our name for a letter to somebody takes nobody off the line.
        elif item.ours:
            answers = tuple(sorted(one.id for one in open_items))[:ANSWERS_MOST]
            open_items.clear()
        elif not item.answered:
            open_items.append(item)
        places[item.id] = Place(talk, at, dated, answers, recent)
        pressing |= recent and not item.answered
    if not open_items:
        return None
    return times[open_items[-1].id], talk, pressing


def _lines(
    together: Sequence[Item],
    known: Mapping[bytes, ConversationId],
    talk: ConversationId,
    *,
    begins: bool,
) -> Iterable[Line]:
    for item in together:
        where = talk
        if item.id in known:
            fate, where = Fate.KNOWN, known[item.id]
        elif item.ours:
            fate = Fate.ANSWER
        else:
            fate, begins = (Fate.BEGINS if begins else Fate.JOINS), False
        yield Line(item.where, fate, item.sender, item.happened, item.begins, where, item.remarks)
