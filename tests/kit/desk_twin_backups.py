# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a twin's office was backed up last: what a test says."""

from __future__ import annotations

from safeconduct.edges.desk.backups_api import LastBackup


class TwinBackups:
    """Tells nothing until a test sets it."""

    def __init__(self) -> None:
        """Be as a desk that could make none."""
        self.told: LastBackup | None = None

    def last(self) -> LastBackup | None:
        """Return what was set."""
        return self.told
