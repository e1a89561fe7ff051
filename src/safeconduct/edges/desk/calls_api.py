# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about calls to phones; behind it is `calls.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from safeconduct.rooms.duty.escalation import Acknowledged, Call


class Calling(NamedTuple):
    """Where this office calls, and what calls now.

    `own` is the address under which the person at this desk is called, or empty; `open` counts
    alarms that nobody sees to; `by` is who sees to one; `nobody` says that nobody can be called.
    """

    address: str
    own: str
    open: int
    last: Call | None
    by: Acknowledged | None
    nobody: bool


class CallsApi(Protocol):
    """Calls, as pages see them.  Those that write raise the refusals of `pager_decide`."""

    def calling(self) -> Calling:
        """Return what the pages show."""
        ...

    def may_set_place(self) -> bool:
        """Tell whether somebody here may say through which server the office calls."""
        ...

    def set_place(self, typed: str) -> None:
        """Say through which server the office calls; nothing typed: it calls nobody.

        Raises:
            NotASteward, PagerAddress: see there.
        """
        ...

    def set_own(self, *, on: bool) -> None:
        """Let the person at this desk be called, under a new secret topic, or no more.

        Raises:
            NoPagerPlace: see there.
        """
        ...

    def try_own(self) -> bool:
        """Call the person at this desk now; tell whether the server took it."""
        ...

    @property
    def hands_over(self) -> bool:
        """Whether phones would be called from here if this desk were locked now."""
        ...

    def acknowledge(self) -> None:
        """Say that somebody here sees to all that calls.

        Raises:
            NothingToAcknowledge: see there.
        """
        ...


__all__ = ["Calling", "CallsApi"]
