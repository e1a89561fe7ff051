# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows that stand as one, because they say nearly the same and tell alike beside it.

Of each crowd the one that stands highest is its face, and the others stand behind it: out of the
lists of those who wait, counted, and listed by one press (spec/triage.md 7).  Which one is the face
follows from the rows alone, so that each desk shows the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import ConversationId

BEHIND: Final = 32
"""Added to the band of a row that stands behind another; the greatest band is less."""
IS_BEHIND: Final = f"alike >= {BEHIND}"
_FIRST: Final = (
    f"SELECT alike & {BEHIND - 1}, waiting_since, id FROM conversations "  # noqa: S608
    f"INDEXED BY conversations_crowd WHERE crowd = ? AND (alike >= {BEHIND}) = ? "
    f"ORDER BY alike & {BEHIND - 1}, waiting_since, id LIMIT 1"
)
_STEPS_UP: Final = f"UPDATE conversations SET alike = alike & {BEHIND - 1} WHERE id = ?"  # noqa: S608
_STEPS_BACK: Final = f"UPDATE conversations SET alike = alike | {BEHIND} WHERE id = ?"  # noqa: S608
_OF: Final = "SELECT DISTINCT crowd FROM conversations WHERE id IN ({names}) AND crowd IS NOT NULL"
_ALL: Final = "SELECT DISTINCT crowd FROM conversations WHERE crowd IS NOT NULL"
_FACES: Final = f"SELECT count(*) FROM conversations WHERE crowd = ? AND alike < {BEHIND}"  # noqa: S608
_BEHIND_NOBODY: Final = f"SELECT count(*) FROM conversations WHERE crowd IS NULL AND {IS_BEHIND}"  # noqa: S608
_SIZE: Final = "SELECT count(*) FROM conversations WHERE crowd = ?"


def band_of(alike: int) -> int:
    """Return the band of a row, whether it stands behind another or not."""
    return alike % BEHIND


class Crowds:
    """The crowds of one store."""

    def __init__(self, store: Store) -> None:
        """Look at a store's rows."""
        self._store: Final = store

    def of(self, names: Iterable[ConversationId]) -> set[bytes]:
        """Return the crowds in which the rows of conversations stand now."""
        return {crowd for (crowd,) in self._store.rows_of(_OF, names)}

    def behind(self, crowd: bytes, face: ConversationId) -> int:
        """Return how many rows stand behind the face of a crowd; 0 for one that is not it."""
        first = self._first(crowd, behind=False)
        if first is None or first[-1] != face:
            return 0
        return int(self._store.value(_SIZE, (crowd,))) - 1

    def settle(self, crowds: Iterable[bytes]) -> None:
        """Let the highest of each crowd be its face, after a row of it was written or dropped.

        A row is written as one behind, so a crowd has one face at most, and here the right one.
        """
        for crowd in crowds:
            face, first = (self._first(crowd, behind=behind) for behind in (False, True))
            if first is None or (face is not None and face < first):
                continue
            with self._store.transaction() as writer:
                writer.execute(_STEPS_UP, (first[-1],))
                if face is not None:
                    writer.execute(_STEPS_BACK, (face[-1],))

    def unsettled(self) -> int:
        """Return how many crowds have not one face, the right one, for checking."""
        wrong = int(self._store.value(_BEHIND_NOBODY))
        for (crowd,) in self._store.rows(_ALL):
            face, first = (self._first(crowd, behind=behind) for behind in (False, True))
            faces = self._store.value(_FACES, (crowd,))
            wrong += faces != 1 or (face is not None and first is not None and first < face)
        return wrong

    def _first(self, crowd: bytes, *, behind: bool) -> tuple[Any, ...] | None:
        return next(iter(self._store.rows(_FIRST, (crowd, int(behind)))), None)
