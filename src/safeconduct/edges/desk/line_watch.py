# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices that a relay accepts calls and does not answer them, long before a call gives up.

A courier like the one that it wraps; it changes nothing of what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, cast

from safeconduct.kernel.errors import SafeconductError, Unreachable

if TYPE_CHECKING:
    from safeconduct.kernel.ports import Courier

ANSWERS_IN: Final = 5.0
"""Seconds in which a relay that is well answers a small call, over Tor too."""
BRINGS_IN: Final = 30.0
BRINGING: Final = frozenset({"chunk", "frames", "items", "parcel"})
"""Calls whose answer may be megabytes; a slow line takes its time with them."""
SLOWEST: Final = 32 << 10
"""Bytes a second that a line carries which is slow and works."""


class LineWatch:
    """Passes calls on, and knows which of them should have been answered by now."""

    def __init__(
        self, courier: Courier, heard: Callable[[], None], seconds: Callable[[], float] = monotonic
    ) -> None:
        """Watch a courier; `heard` is called after each answer, refusals included."""
        self._courier: Final = courier
        self._heard: Final = heard
        self._seconds: Final = seconds
        self._due: Final[dict[object, float]] = {}

    @property
    def courier(self) -> Courier:
        """This, as what it behaves like."""
        return cast("Courier", self)

    def late(self) -> bool:
        """Tell whether some call waits longer than a relay that is well lets it."""
        now = self._seconds()
        return any(due < now for due in list(self._due.values()))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Return a call of the courier, watched."""
        found = getattr(self._courier, name)
        return partial(self._call, name, found) if callable(found) else found

    def _call(self, name: str, call: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
        mark = object()
        self._due[mark] = self._seconds() + _patience(name, arguments)
        try:
            answer = call(*arguments)
        except Unreachable:
            raise
        except SafeconductError:
            self._due.pop(mark)
            self._heard()
            raise
        finally:
            self._due.pop(mark, None)
        self._heard()
        return answer


def _patience(name: str, arguments: tuple[Any, ...]) -> float:
    if name == "wait":
        return ANSWERS_IN + float(arguments[-1])
    if name in BRINGING:
        return BRINGS_IN
    return ANSWERS_IN + _bytes(arguments) / SLOWEST


def _bytes(value: object) -> int:
    if isinstance(value, bytes):
        return len(value)
    return sum(map(_bytes, value)) if isinstance(value, list | tuple) else 0
