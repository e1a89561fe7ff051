# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about searching: what there is, and searches that somebody saved.

The engines behind it are `hits.py` and `saved_searches.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.edges.desk.rows_api import Found


class Saved(NamedTuple):
    """A search that somebody at this desk looks for again and again."""

    name: str
    words: str


class FinderApi(Protocol):
    """Search, as pages see it."""

    def found(self, words: str, most: int) -> Found:
        """Find what was written by words, beginnings of words, names or dates, and count it.

        What no key here opens is in no result and no count.
        """
        ...


class SavedSearchesApi(Protocol):
    """Saved searches, as pages see them: this desk's own, told to nobody."""

    def all(self) -> Sequence[Saved]:
        """Return them by name."""
        ...

    def save(self, name: str, words: str, *, anew: bool = False) -> None:
        """Save words under a name, `anew` in place of those that it had; durable on return.

        Raises:
            Refused: SearchUnnamed, NothingToSave, SearchNameTaken, TooManySearches;
                nothing was kept.
        """
        ...

    def drop(self, name: str) -> None:
        """Save it no more; durable on return."""
        ...
