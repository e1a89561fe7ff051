# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one thread of a test adds to while another walks through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Growing(dict[K, V]):
    """A dict through which a walk sees what was there when the walk began."""

    def __iter__(self) -> Iterator[K]:
        """Walk through the keys of now."""
        return iter(list(super().keys()))

    def items(self) -> list[tuple[K, V]]:  # type: ignore[override]
        """Return the pairs of now."""
        return list(super().items())

    def values(self) -> list[V]:  # type: ignore[override]
        """Return the values of now."""
        return list(super().values())
