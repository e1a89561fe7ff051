# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of lines: a module for each, loaded when a line of that kind is made or run.

Each has `ASKS`, what it must be told, and `channel`, which makes the channel of what it was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from safeconduct.edges.lines.channel import Ask, Channel, Kept
from safeconduct.rooms.hotline.by_line import Kind


class KindOfLine(Protocol):
    """What a kind's module offers."""

    @property
    def ASKS(self) -> tuple[Ask, ...]:  # noqa: N802  (a module's constant)
        """What this kind must be told."""
        ...

    def channel(self, settings: Mapping[str, str], kept: Kept) -> Channel:
        """Make the channel of its settings; it connects to nothing before `run`."""
        ...


def kind_of_line(kind: Kind) -> KindOfLine:
    """Load the module of a kind, and nothing of any other."""
    return _with_files(kind) or _door(kind)


def _with_files(kind: Kind) -> KindOfLine | None:
    """Load a kind that carries more than one fixed text; None for another."""
    match kind:
        case "phone":
            from safeconduct.edges.lines.phone import kind as phone  # noqa: PLC0415

            return phone
        case "deltachat":
            from safeconduct.edges.lines.kinds import deltachat  # noqa: PLC0415

            return deltachat
        case "signal":
            from safeconduct.edges.lines.kinds import signal  # noqa: PLC0415

            return signal
        case "matrix":
            from safeconduct.edges.lines.kinds import matrix  # noqa: PLC0415

            return matrix
        case _:
            return None


def _door(kind: Kind) -> KindOfLine:
    """Load a kind by which one fixed text goes."""
    match kind:
        case "mail":
            from safeconduct.edges.lines.kinds import mail  # noqa: PLC0415

            return mail
        case "sms":
            from safeconduct.edges.lines.kinds import sms  # noqa: PLC0415

            return sms
        case "telegram":
            from safeconduct.edges.lines.kinds import telegram  # noqa: PLC0415

            return telegram
        case _:
            from safeconduct.edges.lines.kinds import whatsapp  # noqa: PLC0415

            return whatsapp
