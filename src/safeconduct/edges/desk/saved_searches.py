# SPDX-License-Identifier: AGPL-3.0-or-later
"""Searches that somebody at this desk saved: a name and words, in its own store and nowhere else.

They are no facts: colleagues hear nothing of them.  A desk that is packed for a trip leaves them
behind, since words that somebody looks for are names of people (packing.SETTINGS).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from safeconduct.edges.desk.search_api import Saved
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.errors import Refused

SETTING: Final = "saved_searches"
SAVED_MOST: Final = 50
NAME_MOST: Final = 60
WORDS_MOST: Final = 200
"""Characters."""


class SearchUnnamed(Refused):
    """A saved search has a name of 1 to 60 characters."""

    code = "search_unnamed"


class NothingToSave(Refused):
    """A saved search has words, of 1 to 200 characters."""

    code = "search_without_words"


class SearchNameTaken(Refused):
    """Another search is saved under this name; nobody said yet that these words replace it."""

    code = "search_name_taken"


class TooManySearches(Refused):
    """A desk saves 50 searches at most."""

    code = "too_many_searches"


class Kept(Record, frozen=True):
    """Names, each with its words."""

    searches: tuple[tuple[str, str], ...]


_KEPT: Final[Codec[Kept]] = Codec(Kept, SETTING)


class SavedSearches:
    """Saved searches of an open store."""

    def __init__(self, store: Store) -> None:
        """Keep them in this store."""
        self._store: Final = store

    def all(self) -> Sequence[Saved]:
        """Return them by name."""
        kept = self._store.setting(SETTING, _KEPT)
        return tuple(Saved(*one) for one in kept.searches) if kept else ()

    def save(self, name: str, words: str, *, anew: bool = False) -> None:
        """Save words under a name, `anew` in place of those that it had; durable on return."""
        with self._store.lock:
            self._keep(with_search(self.all(), name, words, anew=anew))

    def drop(self, name: str) -> None:
        """Save it no more; durable on return."""
        with self._store.lock:
            self._keep(one for one in self.all() if one.name != name)

    def _keep(self, searches: Iterable[Saved]) -> None:
        self._store.put_setting(SETTING, Kept(tuple((one.name, one.words) for one in searches)))


def with_search(
    known: Sequence[Saved], name: str, words: str, *, anew: bool = False
) -> Sequence[Saved]:
    """Return saved searches with one more, or `anew` with other words under a name, in their order.

    Raises:
        SearchUnnamed, NothingToSave, SearchNameTaken, TooManySearches: see there.
    """
    new = Saved(" ".join(name.split()), " ".join(words.split()))
    if not 1 <= len(new.name) <= NAME_MOST:
        raise SearchUnnamed
    if not 1 <= len(new.words) <= WORDS_MOST:
        raise NothingToSave
    if not anew and any(one.name == new.name and one != new for one in known):
        raise SearchNameTaken
    others = [one for one in known if one.name != new.name]
    if len(others) >= SAVED_MOST:
        raise TooManySearches
    return sorted((*others, new), key=lambda one: (one.name.casefold(), one.name))
