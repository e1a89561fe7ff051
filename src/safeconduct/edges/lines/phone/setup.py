# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the telephone's engine is given: what the office set, where time and chance come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from safeconduct.edges.lines.phone.duty import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What stays as it is while the engine runs."""

    prompts: str
    """The folder of prompts, as Asterisk sees it."""
    languages: tuple[str, ...]
    duty: Callable[[], tuple[Operator, ...]]
    """Reads the list of who is on duty; called from a thread."""
    clock: Callable[[], float]
    """Goes forward alone, and through restarts of this program."""
    fresh: Callable[[], bytes]
    """Returns 16 random bytes."""
    seal: Callable[[bytes, str], bytes] = lambda contact, number: b""  # noqa: ARG005  (of none)
    """Returns what hides a contact's number in a handle; called from a thread."""
    identity: Mapping[str, str] = field(default_factory=dict)
    """What tells the provider alone who calls, where it asks for it."""
    screens: frozenset[str] = frozenset()
    """The endpoints of browsers, which show what they are told."""
