# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a search found, as pages show it: conversations, and case files that this desk's keys open.

What stands in a part that is not held is in no index here, so that it changes no hit and no count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from safeconduct.edges.desk.engine.held_cases import HeldCases
from safeconduct.edges.desk.projections import Lists
from safeconduct.edges.desk.rows_api import COUNTED_MOST, Found, Hit
from safeconduct.edges.desk.search import (
    KINDS,
    NEWEST,
    OF_CASES,
    find,
    snippet,
    terms_of,
    text_of,
)
from safeconduct.edges.desk.sheet_places import found_at, page_of
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.words import CaseId, ConversationId, Instant
from safeconduct.rooms import cases, hotline
from safeconduct.rooms.cases import Part
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ContactNoted
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.imported import ImportedFact

NAMES_MOST: Final = 10
RECEIVED: Final = "hotline.MessageReceived"
MESSAGE: Final = 1 + 2 + 16 + 2 + 32
"""Bytes with which the record of a message begins: its conversation and its id.

Several desks may have recorded it.
"""
PAGES_MOST: Final = 4
"""So often it is counted on where what was found counts for nothing."""
_AMONG: Final = (
    'FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.no IN ({marks}) AND c.state = 0 AND e.conversation IS NOT NULL ORDER BY e.no DESC"
)
_PLACES: Final = f"SELECT e.no, e.kind, e.conversation, e.vault, substr(e.body, 1, ?) {_AMONG}"
_ENTRIES: Final = f"SELECT e.no, e.kind, e.version, e.body, c.hlc, e.conversation {_AMONG}"

Standing = tuple[int, Part | None]
"""The number of what pages show, and the part that it stands in."""


class Finder:
    """Looks for words in one desk's store."""

    def __init__(self, store: Store, lists: Lists, held: HeldCases) -> None:
        """Look in this store, and of case files at those that are held."""
        self._store: Final = store
        self._lists: Final = lists
        self._held: Final = held

    def found(self, words: str, most: int) -> Found:
        """Return what was found: names first, then what was written, the newest first."""
        terms = terms_of(words)
        if not terms:
            return Found([], 0)
        named = find_names(self._store, terms, min(most, NAMES_MOST))
        named += self.cases_named(terms, min(most - len(named), NAMES_MOST))
        room, total = most - len(named), COUNTED_MOST + 1 - len(named)
        standing = list(islice(self._standing(terms), total))
        hits = self._hits(standing[:room], terms)
        return Found([*named, *hits], len(named) + len(standing))

    def cases_named(self, terms: Sequence[str], most: int) -> list[Hit]:
        """Return the held cases whose name has words that begin like all terms, newest first."""
        return [
            Hit(None, self._held.name(one.id), at, "", "case-name", one.id, parts, page_of(one.id))
            for one in self._held.named(terms, most)
            for held in (self._held.parts(one),)
            if (parts := tuple(part for part in Part if part in held))
            for at in (instant_of(one.hlc),)
        ]

    def _standing(self, terms: Sequence[str]) -> Iterator[Standing]:
        """Find what pages show, the newest first; each message once."""
        before, seen = NEWEST, set[bytes]()
        for _ in range(PAGES_MOST):
            numbers = find(self._store, terms, COUNTED_MOST + 1, before)
            rows = (
                self._store.rows(_among(_PLACES, numbers), (MESSAGE, *numbers)) if numbers else []
            )
            parts = self._parts(rows)
            for number, kind, _, _, begins in rows:
                if kind in OF_CASES:
                    if number in parts:
                        yield number, parts[number]
                elif kind != RECEIVED:
                    yield number, None
                elif begins not in seen:
                    seen.add(begins)
                    yield number, None
            if len(numbers) <= COUNTED_MOST:
                return
            before = numbers[-1]

    def _parts(self, rows: Sequence[Sequence[Any]]) -> dict[int, Part]:
        """Return which of these stand in a part's own vault of a case that is held, and in which.

        What somebody wrote of a case into the vault of another one is not among them.
        """
        held = self._held.among({row[2] for row in rows if row[1] in OF_CASES})
        found: dict[tuple[bytes, bytes], Part] = {
            (case, vault): part
            for case, parts in self._held.parts_of(held).items()
            for part, vault in parts.items()
        }
        places = ((row[0], (row[2], row[3])) for row in rows)
        return {number: found[place] for number, place in places if place in found}

    def _hits(self, some: Sequence[Standing], terms: Sequence[str]) -> list[Hit]:
        parts = dict(some)
        rows = self._store.rows(_among(_ENTRIES, some), (*parts,)) if some else []
        found = (
            self._case(row, part, terms) if (part := parts[row[0]]) else self._talk(row, terms)
            for row in rows
        )
        return [hit for hit in found if hit]

    def _talk(self, row: Sequence[Any], terms: Sequence[str]) -> Hit | None:
        _, kind, version, body, hlc, conversation = row
        event, at = hotline.parse_fact(kind, version, body), instant_of(hlc)
        text = text_of(event)
        if text is None:
            return None
        if isinstance(event, MessageReceived):
            at = Instant(event.arrived)
        elif isinstance(event, ContactNoted | AnswerNoted | ImportedFact):
            at = min(Instant(event.happened), at)
        where = ConversationId(conversation)
        return Hit(where, self._lists.code_name(where), at, snippet(text, terms), KINDS[kind])

    def _case(self, row: Sequence[Any], part: Part, terms: Sequence[str]) -> Hit | None:
        """Return what was written in a part of a case that is held."""
        _, kind, version, body, hlc, case = row
        event = cases.parse_fact(kind, version, body)
        text = text_of(event)
        if text is None:
            return None
        name, shown = self._held.name(CaseId(case)), snippet(text, terms)
        at = found_at(CaseId(case), KINDS[kind], part, event)
        return Hit(None, name, instant_of(hlc), shown, KINDS[kind], CaseId(case), (part,), at)


def find_names(store: Store, terms: Sequence[str], most: int) -> list[Hit]:
    """Return the conversations whose code name has words that begin like all terms."""
    if not terms:
        return []
    begins = " AND ".join(["instr(' ' || replace(code_name, 'ё', 'е'), ?)"] * len(terms))
    values = (*(f" {term}" for term in terms), most)
    rows = store.rows(
        "SELECT id, code_name, last_at, preview FROM conversations WHERE id IN "  # noqa: S608
        f"(SELECT id FROM conversations WHERE {begins} LIMIT ?) ORDER BY last_at DESC",
        values,
    )
    rows += store.rows(
        "SELECT w.id, w.code_name, c.last_at, c.preview FROM within w "  # noqa: S608
        "JOIN conversations c ON c.id = w.shown WHERE w.id IN "
        f"(SELECT id FROM within WHERE {begins} LIMIT ?)",
        values,
    )
    return [
        Hit(ConversationId(row[0]), row[1], Instant(row[2]), row[3], "name") for row in rows[:most]
    ]


def _among(query: str, some: Sequence[object]) -> str:
    return query.format(marks=", ".join("?" * len(some)))
