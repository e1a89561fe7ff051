# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the whole office was backed up last, as pages ask for it (spec/backup.md 4)."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from safeconduct.kernel.words import DeviceId, Instant


class Noted(NamedTuple):
    """A backup that a steward's device noted: when by its clock, and when the next one is due."""

    digest: bytes
    by: DeviceId
    at: Instant
    days: int


class LastBackup(NamedTuple):
    """What a steward is told: the newest backup, if any, how many days ago, and whether it is due.

    Without one the days are counted from the founding.
    """

    noted: Noted | None
    days_ago: int
    due: bool


class BackupsApi(Protocol):
    """What facts say of backups."""

    def last(self) -> LastBackup | None:
        """Return the newest backup; None where nobody here could make one."""
        ...
