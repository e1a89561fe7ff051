# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone of a desk in memory: the desk's own rules, kept in a field."""

from __future__ import annotations

from safeconduct.edges.desk.telephone_api import Account


class TwinShelf:
    """Keeps an account as long as the twin lives."""

    def __init__(self) -> None:
        """Keep none yet."""
        self.kept: Account | None = None

    def read(self) -> Account | None:
        """Return it."""
        return self.kept

    def write(self, account: Account | None) -> None:
        """Keep another, or none."""
        self.kept = account
