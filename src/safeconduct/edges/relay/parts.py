# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the two doors of a relay share."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.edges.relay.bell import Bell
from safeconduct.edges.relay.boxes import Boxes
from safeconduct.edges.relay.calling import Caller
from safeconduct.edges.relay.counts import Counts
from safeconduct.edges.relay.database import Database
from safeconduct.edges.relay.disk import DiskWatch
from safeconduct.edges.relay.offices import Office, Offices
from safeconduct.edges.relay.trees import INTAKE, Trees, tree_number
from safeconduct.edges.relay.work import Load, WorkPolicy
from safeconduct.kernel.ports import Clock
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.wire.refusals import WordsFirst


@dataclass(frozen=True, slots=True)
class Parts:
    """One relay's parts, made by `store`."""

    database: Database
    trees: Trees
    offices: Offices
    boxes: Boxes
    counts: Counts
    work: WorkPolicy
    disk: DiskWatch
    bell: Bell
    key: LongSigningKey
    clock: Clock
    caller: Caller

    def size(self, office: Office, kind: int) -> int:
        """Return how many entries an office's log or intake has."""
        tree = tree_number(office.number, kind)
        return self.trees.standing(self.database.reader(), tree).size

    def load(self, office: Office) -> Load:
        """Return what raises the price of an office's work now."""
        query = "SELECT taken FROM offices WHERE number = ?"
        taken: int = self.database.reader().execute(query, (office.number,)).get
        return Load(self.size(office, INTAKE) - taken, self.disk.low())

    def need_room(self) -> None:
        """Refuse attachments while the disk is kept for text.

        Raises:
            WordsFirst: less than 20 % of the disk is free.
        """
        if self.disk.low():
            raise WordsFirst
