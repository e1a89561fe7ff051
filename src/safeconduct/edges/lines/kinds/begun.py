# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far an answer went that could not go whole: what a person has does not go to them twice.

In memory alone, by a hash of the answer and whom it is for; a line that was started anew says it
again from the beginning.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from safeconduct.edges.lines.channel import CannotSend, Departing

BEGUN_MOST: Final = 1_000


@dataclass(slots=True)
class SoFar:
    """Of one answer: which of its parts went, and what became of each file."""

    sent: set[int] = field(default_factory=set)
    laid: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    """By place: how the server names a file that lies there; None for one that never will."""


class Begun:
    """The answers that went in part."""

    def __init__(self) -> None:
        """Know none."""
        self._so_far: Final[OrderedDict[bytes, SoFar]] = OrderedDict()

    @contextmanager
    def going(self, contact: bytes, out: Departing) -> Iterator[SoFar]:
        """Give how far an answer went; it is remembered if the rest cannot go now."""
        name = _name(contact, out)
        so_far = self._so_far.pop(name, None) or SoFar()
        try:
            yield so_far
        except CannotSend:
            raise
        except BaseException:
            self._so_far[name] = so_far
            while len(self._so_far) > BEGUN_MOST:
                self._so_far.popitem(last=False)
            raise


def _name(contact: bytes, out: Departing) -> bytes:
    told = hashlib.sha256(repr((contact, out.text, out.door)).encode())
    for file in out.files:
        told.update(repr((file.name, len(file.content))).encode() + file.content)
    return told.digest()
