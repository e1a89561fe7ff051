# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask of the gazetteer that is kept at this desk, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from safeconduct.rooms.passage.maps.gazetteer import Place
    from safeconduct.rooms.passage.maps.place_search import Found


class PlacesApi(Protocol):
    """The gazetteer, as pages see it."""

    def many(self) -> int:
        """Return how many places are kept."""
        ...

    def names(self) -> Mapping[str, str]:
        """Return what the countries and regions are called of which places are kept, by code."""
        ...

    def find(self, text: str) -> Sequence[Found]:
        """Return the places of which a name begins so, in any script."""
        ...

    def place(self, number: int) -> Place | None:
        """Return the place of a number."""
        ...

    def bring(self, path: Path, wanted: str) -> int:
        """Add the places of a file, of these countries and regions; durable on return.

        Return how many are kept from now on.

        Raises:
            CodesUnclear, NoPlaces, TooManyPlaces: see there; nothing was changed.
        """
        ...

    def forget(self) -> None:
        """Keep no place any more; durable on return."""
        ...
