# SPDX-License-Identifier: AGPL-3.0-or-later
"""What operators in the browser read of a call while it rings and while they talk (phone.md 4).

A browser hears no keys, and shows what it is told; a softphone would keep it in a list, so none is
told.  The texts go by Asterisk to the browser's own sealed connection, and are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Protocol

import msgspec

from safeconduct.edges.lines.phone.ringing import Ringing

SAYS: Final = "sip:hotline@127.0.0.1"
"""From whom an operator's screen is told."""


class Marks(Protocol):
    """What is known of a call: one that waits, or one in a talk."""

    @property
    def language(self) -> str:
        """The language that was chosen."""

    @property
    def silent(self) -> bool:
        """Whether this person cannot speak."""

    @property
    def duress(self) -> bool:
        """Whether this person is under force."""


class Rung(Protocol):
    """A telephone that rings."""

    @property
    def operator(self) -> str:
        """Whose it is."""

    @property
    def stopped(self) -> bool:
        """Whether it is being called off."""

    @property
    def caller(self) -> object | None:
        """Who is spoken with on it."""


class Screens:
    """The screens of those who answer in a browser, and what each shows."""

    def __init__(
        self,
        endpoints: frozenset[str],
        ringing: Ringing,
        ask: Callable[..., None],
    ) -> None:
        """Tell these endpoints alone; `ask` asks ARI: method, path, and what is told."""
        self._endpoints: Final = endpoints
        self._ringing: Final = ringing
        self._ask: Final = ask
        self._shown: Final[dict[str, str]] = {}

    def ring(self, rung: Iterable[Rung], waiting: int, now: float) -> None:
        """Tell whoever is rung who is first in line whom they may take, where that changed."""
        for one in rung:
            first = (
                None if one.stopped or one.caller else self._ringing.first_for(one.operator, now)
            )
            if first is not None:
                self._show(one.operator, told(first, waiting=waiting))

    def talk(self, rung: Rung, marks: Marks) -> None:
        """Tell an operator with whom they talk."""
        self._show(rung.operator, told(marks))

    def pressed(self, rung: Rung | None, marks: Marks, digit: str) -> None:
        """Tell an operator which key was pressed in their talk."""
        if rung is not None:
            self.clear(rung.operator)
            self._show(rung.operator, told(marks, key=digit))

    def clear(self, operator: str) -> None:
        """Note that an operator's screen is empty: what is told next is told in any case."""
        self._shown.pop(operator, None)

    def _show(self, operator: str, text: str) -> None:
        endpoint = self._ringing.endpoint(operator)
        if endpoint in self._endpoints and self._shown.get(operator) != text:
            self._shown[operator] = text
            sent = {"from": SAYS, "body": text}
            self._ask("PUT", f"/endpoints/{endpoint}/sendMessage", **sent)


def told(marks: Marks, *, waiting: int = 0, key: str = "") -> str:
    """Return the text that tells this: JSON, with `waiting` and `key` where there are any."""
    more = {"waiting": waiting} if waiting else {"key": key} if key else {}
    said = {"language": marks.language, "silent": marks.silent, "duress": marks.duress, **more}
    return msgspec.json.encode(said).decode()
