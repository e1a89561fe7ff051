# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about tracing epochs; the engine behind it is `tracing.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.words import DeviceId, Instant

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tracing(NamedTuple):
    """The server can tell the office's devices apart: since when, by whose wish and why.

    `by` is None and `reason` empty while the log has not brought yet who it was.
    """

    since: Instant
    by: DeviceId | None
    reason: str


class Wish(NamedTuple):
    """A steward wants it, and it has not begun; `mine` if it was asked for from here."""

    at: Instant
    by: DeviceId
    reason: str
    mine: bool


class DeviceShare(NamedTuple):
    """Bytes that reached the server from one device: since the tracing began, and of this day.

    `device` is None for all that joined since, or were brought back; with `stray` for what came
    though no device was given the way.
    """

    device: DeviceId | None
    total: int
    files: int
    rest: int
    stray: bool = False


class TracingApi(Protocol):
    """Tracing epochs, as pages see them.  Those that write raise the crew's refusals."""

    def running(self) -> Tracing | None:
        """Return the tracing that runs; None while the server cannot tell devices apart."""
        ...

    def wish(self) -> Wish | None:
        """Return what was asked for and has not begun; None without."""
        ...

    def void(self) -> bool:
        """Tell whether what was asked for last from here came to nothing: access was renewed."""
        ...

    def ending(self) -> bool:
        """Tell whether the person here ended it, and the server has not heard yet."""
        ...

    def open(self, reason: str) -> None:
        """Let the next access epoch trace; the reason is for all colleagues."""
        ...

    def take_back(self) -> None:
        """Take back what was asked for from here and has not begun."""
        ...

    def end(self) -> None:
        """Renew the office's access, so that the server tells devices apart no more."""
        ...

    def shares(self) -> Sequence[DeviceShare]:
        """Ask the server how much came from each device, the most first.

        Raises:
            Unreachable: the server does not answer.
        """
        ...


__all__ = ["DeviceShare", "Tracing", "TracingApi", "Wish"]
