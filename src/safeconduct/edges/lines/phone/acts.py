# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a call asks to be done next: said to a caller, to the line, or to the hotline.

Values alone; `flow` decides them and `caller` does them, in their order.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.rooms.hotline.spoken import Left, When


@dataclass(frozen=True, slots=True)
class Say:
    """Say these prompts, after ending what is being said."""

    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hush:
    """End what is being said."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Let the caller hear, without words, that the call stands."""


@dataclass(frozen=True, slots=True)
class Quieten:
    """Lower what the caller hears from now on, or raise it again."""

    low: bool


@dataclass(frozen=True, slots=True)
class Join:
    """Put the call in line, and ring."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Take the call out of the line."""


@dataclass(frozen=True, slots=True)
class Record:
    """Begin a voice message."""


@dataclass(frozen=True, slots=True)
class Finish:
    """End the voice message and keep it."""


@dataclass(frozen=True, slots=True)
class Meet:
    """Bring the caller and the operator who answered together."""


@dataclass(frozen=True, slots=True)
class Brief:
    """Tell the operator alone, in the talk, what the caller cannot say."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Seal a letter about this call; it wakes the desks."""

    left: Left


@dataclass(frozen=True, slots=True)
class AskNumber:
    """Ask Asterisk for the number, for this call alone, and seal it: they want to be called."""

    when: When


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


Act = (
    Say
    | Hush
    | Hold
    | Quieten
    | Join
    | Leave
    | Record
    | Finish
    | Meet
    | Brief
    | Tell
    | AskNumber
    | HangUp
)
