# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search at a desk in memory: plain, in talks and cases alike, and saved searches of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.rows_api import COUNTED_MOST, Found, Hit
from safeconduct.edges.desk.saved_searches import with_search
from safeconduct.edges.desk.search import OF_CASES, normalise, snippet, terms_of, text_of
from safeconduct.edges.desk.search_api import Saved
from safeconduct.edges.desk.sheet_places import found_at, page_of
from safeconduct.kernel.words import Instant, instant_of
from safeconduct.rooms.cases import NoteWritten
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from safeconduct.rooms.cases import CaseFile, Part
    from safeconduct.rooms.cases.events import CaseFact
    from tests.kit.desk_twin import TwinDesk


class TwinFinder:
    """Finds what a twin finds."""

    def __init__(self, desk: TwinDesk) -> None:
        """Look at this desk."""
        self._desk = desk

    def found(self, words: str, most: int) -> Found:
        """Find the first word, plainly."""
        hits = [*self._in_cases(words), *self._desk.search(words, most=COUNTED_MOST + 1)]
        return Found(hits[:most], len(hits))

    def _in_cases(self, words: str) -> Iterator[Hit]:
        terms, cases = terms_of(words), self._desk.cases
        for file in cases.files(start=0, most=COUNTED_MOST)[0] if terms else ():
            name, whole = file.name, tuple(one.part for one in file.parts)
            if terms[0] in normalise(name):
                place = page_of(file.id)
                yield Hit(None, name, file.opened, "", "case-name", file.id, whole, place)
            for kind, part, at, event in self._written(file):
                text = text_of(event)
                if text is not None and terms[0] in normalise(text):
                    place, shown = found_at(file.id, kind, part, event), snippet(text, terms)
                    yield Hit(None, name, at, shown, kind, file.id, (part,), place)

    def _written(self, file: CaseFile) -> Iterator[tuple[str, Part, Instant, CaseFact]]:
        """What stands in a case: what it is called, in which part, when, and the fact."""
        for part in file.parts:
            for note in part.notes:
                event = NoteWritten(file.id, note.text)
                yield "case-note", part.part, note.written, event
        for one in self._desk.cases.told(file.id):
            kind = OF_CASES.get(f"cases.{type(one.event).__name__}")
            if kind and one.vault in VAULTS:
                yield kind, VAULTS[one.vault], instant_of(one.hlc), one.event


class TwinSaved:
    """Saved searches."""

    def __init__(self) -> None:
        """Begin with none."""
        self._searches: Sequence[Saved] = ()

    def all(self) -> Sequence[Saved]:
        """Return them by name."""
        return self._searches

    def save(self, name: str, words: str, *, anew: bool = False) -> None:
        """Save one."""
        self._searches = with_search(self._searches, name, words, anew=anew)

    def drop(self, name: str) -> None:
        """Save it no more."""
        self._searches = [one for one in self._searches if one.name != name]
