# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which rows a list shows, in which order: the room's order (`rooms/hotline/queue`) as queries.

Each level of danger in each band of likeness is walked in four streams, each along an index: those
with a deadline, their own or of a bulletin that touches them closely; those that are silent; those
that a bulletin touches by their region alone; the others by how long they wait.  Nothing that
depends on what time it is stands in a row, so that no row has to be made again because time passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from safeconduct.edges.desk.crowds import IS_BEHIND
from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.hotline.queue import FOLDED, LATEST_DUE, LATEST_WAKING, NEVER, SHOWN_FROM
from safeconduct.rooms.hotline.triage import Danger

R = TypeVar("R")

WAITS: Final = "waiting_since IS NOT NULL"
SHOWN: Final = f"alike < {FOLDED}"
NOT_AWAY: Final = f"alike != {FOLDED}"
HOSTILE: Final = f"alike = {FOLDED}"
_ASLEEP: Final = "snoozed_until > ? AND snoozed_until <= ?"
HIDDEN: Final = f"{_ASLEEP} AND danger < {SHOWN_FROM.value} AND pressed IS NULL"
_AWAKE: Final = (
    "(snoozed_until IS NULL OR snoozed_until <= ? OR snoozed_until > ? "
    f"OR danger >= {SHOWN_FROM.value} OR pressed IS NOT NULL)"
)
_SILENT: Final = "(due <= ? OR due > ?)"
_SILENCE: Final = f"CASE WHEN {_SILENT} THEN due ELSE {NEVER} END"
_WHOLE_ORDER: Final = (
    f"alike, danger DESC, says_danger, coalesce(urged, {NEVER}), {_SILENCE}, "
    f"CASE WHEN urged IS NOT NULL OR {_SILENT} THEN {NEVER} ELSE coalesce(wide, {NEVER}) END, "
    f"coalesce(waiting_since, {NEVER}), id"
)
STEPS: Final = tuple(
    (level, says)
    for level in sorted(Danger, reverse=True)
    for says in ((0, 1) if level is Danger.IN_DANGER else (0,))
)
"""The levels, greatest first; who is there by a helper's word goes before who is by their own."""


def _loose(name: str, index: str, where: str) -> str:
    """Return a table expression of every band of an index, each found by one step along it."""
    least = f"SELECT min(alike) FROM conversations INDEXED BY {index} WHERE {where}"  # noqa: S608
    return (
        f"{name}(band) AS ({least} UNION ALL SELECT ({least} AND alike > band) "  # noqa: S608
        f"FROM {name} WHERE band IS NOT NULL)"
    )


_WAITING: Final = _loose("waiting", "conversations_queue", "waiting_since IS NOT NULL")
_DUE: Final = _loose("due_ones", "conversations_due", "due IS NOT NULL")
_LEVELS: Final = ", ".join(f"({level.value}, {says})" for level, says in STEPS)
_ANY_AT: Final = (
    "EXISTS (SELECT 1 FROM levels CROSS JOIN conversations c INDEXED BY conversations_due "
    "WHERE c.alike = band AND c.danger = levels.level AND c.says_danger = levels.says AND c."
)
BANDS: Final = (
    f"WITH RECURSIVE {_WAITING}, {_DUE} "  # noqa: S608
    "SELECT band FROM waiting WHERE band IS NOT NULL "
    "UNION SELECT band FROM due_ones WHERE band IS NOT NULL ORDER BY band"
)
"""How far rows are sunk that wait or are due, in one statement.

Where threads work beside it, each statement may wait a few milliseconds for its turn.
"""
SILENT_BANDS: Final = (
    f"WITH RECURSIVE {_DUE}, levels(level, says) AS (VALUES {_LEVELS}) "  # noqa: S608
    "SELECT band FROM due_ones WHERE band IS NOT NULL "
    f"AND ({_ANY_AT}due <= ?) OR {_ANY_AT}due > ?)) ORDER BY band"
)
"""The same of those that are silent: whose word is due by then, or later than can be."""


class Sieve(NamedTuple):
    """What else a list is narrowed to: a tag, a level of danger, whom a bulletin touches, a crowd.

    `told` tells of those that it touches whether the office wrote to them since.
    """

    tag: str = ""
    danger: Danger | None = None
    bulletin: bytes = b""
    told: bool = False
    crowd: bytes = b""


EVERYTHING: Final = Sieve()


class Stream(NamedTuple):
    """Rows of one kind in their order: conditions, order, the values of both, and the index.

    The planner knows no statistics here, so the index is named that gives the order.
    """

    where: str
    values: tuple[Any, ...]
    order: str
    of_order: tuple[Any, ...] = ()
    along: str = ""


class Look(NamedTuple):
    """What somebody wants to see: a kind of list, whose, at what time, and how narrow."""

    show: str
    device: DeviceId
    now: Instant
    sieve: Sieve = EVERYTHING
    bands: tuple[int, ...] = (0,)
    """How far likeness sinks what is there, in order."""

    @property
    def waking(self) -> tuple[int, int]:
        """Between which times a snooze ends that holds."""
        return self.now, self.now + LATEST_WAKING

    @property
    def due(self) -> tuple[int, int]:
        """Between which times nothing is due yet."""
        return self.now, self.now + LATEST_DUE


def streams(look: Look) -> list[Stream]:
    """Return the streams of a list, first to last."""
    if look.show in _OF_ONE or look.sieve.tag or look.sieve.bulletin or look.sieve.crowd:
        return [_one(look)]
    if look.show == "silent":
        return list(_silent(look))
    if look.show == "closed":
        where, values = _narrowed(look, "due IS NULL", ())
        return [Stream(where, values, "last_at DESC, id")]
    found = list(_queue(look))
    if look.show == "all":
        where, values = _narrowed(look, "waiting_since IS NULL", ())
        found.append(Stream(where, values, "last_at DESC, id"))
    return found


def coming(look: Look, until: Instant) -> Iterator[Stream]:
    """Yield who must be heard of from now until then, of each level the first due first."""
    for step in _steps(look, [band for band in look.bands if band != FOLDED]):
        where = f"{_AT_STEP} AND due > ? AND due <= ?"
        yield Stream(where, (*step, look.now, until), "due, id", along="conversations_due")


def total(look: Look, count: Callable[[str, tuple[Any, ...]], int]) -> int:
    """Return how many rows a list has."""
    if look.sieve == EVERYTHING and look.show in {"waiting", "all"}:
        if look.show == "all":
            return count(WAITS, ()) + count("waiting_since IS NULL", ())
        waiting = count(f"{SHOWN} AND {WAITS}", ())
        return waiting - count(f"{HIDDEN} AND {SHOWN} AND {WAITS}", look.waking)
    return sum(count(one.where, one.values) for one in streams(look))


def walk(
    found: Sequence[Stream],
    start: int,
    most: int,
    count: Callable[[str, tuple[Any, ...]], int],
    rows: Callable[[Stream, int, int], list[R]],
) -> list[R]:
    """Return some rows of streams that follow each other, without reading those before."""
    shown: list[R] = []
    for one in found:
        if len(shown) >= most:
            break
        if start:
            held = count(one.where, one.values)
            if start >= held:
                start -= held
                continue
        shown += rows(one, most - len(shown), start)
        start = 0
    return shown


def _queue(look: Look) -> Iterator[Stream]:
    shown = look.show == "all"
    bands = look.bands if shown else [band for band in look.bands if band < FOLDED]
    for step in _steps(look, bands):
        awake = f"{WAITS} AND {_AT_STEP}" + ("" if shown else f" AND {_AWAKE}")
        values: tuple[Any, ...] = step if shown else (*step, *look.waking)
        awake, values = _narrowed(look, awake, values)
        yield Stream(
            f"{awake} AND urged IS NOT NULL",
            values,
            f"urged, {_SILENCE}, waiting_since, id",
            look.due,
            "conversations_urged",
        )
        order = "due, waiting_since, id"
        for silent, at in zip(_SILENT_ONES, look.due, strict=True):
            where = f"{awake} AND urged IS NULL AND {silent}"
            yield Stream(where, (*values, at), order, along="conversations_due")
        others = f"{awake} AND urged IS NULL AND (due IS NULL OR due > ? AND due <= ?)"
        of_others = (*values, *look.due)
        wide = f"{others} AND wide IS NOT NULL"
        yield Stream(wide, of_others, "wide, waiting_since, id", along="conversations_wide")
        rest, order = f"{others} AND wide IS NULL", "waiting_since, id"
        yield Stream(rest, of_others, order, along="conversations_queue")


def _silent(look: Look) -> Iterator[Stream]:
    for step in _steps(look, [band for band in look.bands if band != FOLDED]):
        for silent, at in zip(_SILENT_ONES, look.due, strict=True):
            where, values = _narrowed(look, f"{_AT_STEP} AND {silent}", (*step, at))
            yield Stream(where, values, "due, id", along="conversations_due")


def _steps(look: Look, bands: Iterable[int]) -> Sequence[tuple[int, int, int]]:
    wanted = look.sieve.danger
    return [
        (band, level.value, says)
        for band in bands
        for level, says in STEPS
        if wanted in {None, level}
    ]


_AT_STEP: Final = "alike = ? AND danger = ? AND says_danger = ?"
_SILENT_ONES: Final = ("due <= ?", "due > ?")
_OF_ONE: Final = {
    "mine": "id IN (SELECT conversation FROM holders WHERE device = ?)",
    "snoozed": _ASLEEP,
    "overdue": "deadline <= ? AND (due IS NOT NULL OR waiting_since IS NOT NULL)",
    "lost": "state IN ('lost_said', 'lost')",
    "hostile": HOSTILE,
    "behind": IS_BEHIND,
    "ringing": f"rings IS NOT NULL AND {NOT_AWAY}",
}
_TAGGED: Final = {
    **_OF_ONE,
    "waiting": f"{WAITS} AND {NOT_AWAY} AND {_AWAKE}",
    "nobody": f"{WAITS} AND {NOT_AWAY} AND {_AWAKE}",
    "silent": f"{NOT_AWAY} AND {_SILENT}",
    "closed": "due IS NULL",
    "all": "id IS NOT NULL",
}


def _one(look: Look) -> Stream:
    of: dict[str, tuple[Any, ...]] = {
        "mine": (look.device,),
        "overdue": (look.now,),
        "silent": look.due,
        **dict.fromkeys(("closed", "all", "lost", "hostile", "behind", "ringing"), ()),
        **dict.fromkeys(("snoozed", "waiting", "nobody"), look.waking),
    }
    where, values = _narrowed(look, _TAGGED[look.show], of[look.show])
    if look.sieve.danger is not None and look.show not in {"closed", "all"}:
        where, values = f"{where} AND danger = ?", (*values, look.sieve.danger.value)
    return Stream(where, values, _WHOLE_ORDER, (*look.due, *look.due))


def _narrowed(look: Look, where: str, values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    if look.show == "nobody":
        where += " AND id NOT IN (SELECT conversation FROM holders)"
    if look.sieve.tag:
        where += " AND id IN (SELECT conversation FROM tags WHERE tag = ?)"
        values = (*values, look.sieve.tag)
    if look.sieve.bulletin:
        where += " AND id IN (SELECT conversation FROM touched WHERE bulletin = ? AND told = ?)"
        values = (*values, look.sieve.bulletin, int(look.sieve.told))
    if look.sieve.crowd:
        where, values = f"{where} AND crowd = ?", (*values, look.sieve.crowd)
    if look.sieve.danger is not None and look.show in {"closed", "all"}:
        where, values = f"{where} AND danger = ?", (*values, look.sieve.danger.value)
    return where, values
