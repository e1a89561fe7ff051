# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about erasing cases; behind it is `erasures.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import CaseId, DeviceId, FactId, Instant
    from safeconduct.rooms.crew.case_erasure import ErasingCase, ErasureStage


class Held(NamedTuple):
    """An erasure of a case of which something is held here, and how far it has come."""

    name: str
    asked: ErasingCase
    stage: ErasureStage


@dataclass(frozen=True, slots=True)
class Gone:
    """A case that this desk erased, and what is left of it elsewhere.

    `handed` are files that had left the office: when, and for whom in words; nothing where it was
    the person.  `destroyed` are the desks that say they destroyed what they held, `silent` those
    that could read something of it and have not said so.
    """

    case: CaseId
    name: str
    at: Instant
    parts: tuple[str, ...]
    talks: int
    handed: tuple[tuple[Instant, str], ...]
    asked: ErasingCase | None
    destroyed: tuple[DeviceId, ...]
    silent: tuple[DeviceId, ...]


class ErasuresApi(Protocol):
    """Erasures, as pages see them.  Those that write raise the crew's refusals."""

    def of(self, case: CaseId) -> Sequence[Held]:
        """Return those of a case that is held here, newest first."""
        ...

    def running(self) -> Sequence[Held]:
        """Return those of cases held here that wait or run, the nearest first."""
        ...

    def gone(self) -> Sequence[Gone]:
        """Return the cases that this desk held something of and erased, the last first."""
        ...

    def may_ask(self) -> bool:
        """Tell whether somebody here may ask."""
        ...

    def may_second(self, asked: ErasingCase) -> bool:
        """Tell whether it waits, and a steward is here who is somebody else."""
        ...

    def may_stop(self, asked: ErasingCase) -> bool:
        """Tell whether somebody here may stop it."""
        ...

    def ask(self, case: CaseId, why: str) -> None:
        """Ask to erase a case that is held here."""
        ...

    def second(self, case: CaseId, asked: FactId) -> None:
        """Sign, as a steward who is somebody else."""
        ...

    def stop(self, case: CaseId, asked: FactId) -> None:
        """Stop it, as who asked or as a steward."""
        ...
