# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors to a twin's work beyond reading and answering, as `edges/desk/work.py` has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.importing.imports import Imports
from safeconduct.edges.desk.telephone_book import Telephone
from tests.kit.desk_twin_backups import TwinBackups
from tests.kit.desk_twin_bulletins import TwinBulletins
from tests.kit.desk_twin_burned import TwinBurned
from tests.kit.desk_twin_by_hand import TwinByHand
from tests.kit.desk_twin_duty import TwinDuty
from tests.kit.desk_twin_first_words import TwinFirstWords
from tests.kit.desk_twin_guidance import TwinGuidance
from tests.kit.desk_twin_imports import TwinImportBook
from tests.kit.desk_twin_joining import TwinJoining
from tests.kit.desk_twin_lines import TwinLines
from tests.kit.desk_twin_looks import TwinLooks, TwinOverview
from tests.kit.desk_twin_retention import TwinRetention
from tests.kit.desk_twin_search import TwinFinder, TwinSaved
from tests.kit.desk_twin_slips import TwinSlips
from tests.kit.desk_twin_telephone import TwinShelf
from tests.kit.desk_twin_triage import TwinTriage
from tests.kit.desk_twin_vetting import TwinVetting
from tests.kit.desk_twin_watch import TwinWatch
from tests.kit.desk_twin_ways import OfficeNetwork, TwinWays

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinWork:
    """What pages find at a twin."""

    triage: TwinTriage
    guidance: TwinGuidance
    first_words: TwinFirstWords
    lines: TwinLines
    joining: TwinJoining
    duty: TwinDuty
    backups: TwinBackups
    bulletins: TwinBulletins
    by_hand: TwinByHand
    imports: Imports
    looks: TwinLooks
    saved_searches: TwinSaved
    finder: TwinFinder
    overview: TwinOverview
    retention: TwinRetention
    vetting: TwinVetting
    ways: TwinWays
    slips: TwinSlips
    burned: TwinBurned
    check_ins: TwinWatch
    telephone: Telephone

    def begin_work(self, desk: TwinDesk, of: TwinDesk | None = None) -> None:
        """Open the doors for a twin; what was told at another's, whose office it is, is there."""
        self.triage, self.joining = TwinTriage(desk), TwinJoining(desk)
        self.bulletins = TwinBulletins(desk, of.bulletins.told if of else [])
        self.by_hand, self.looks = TwinByHand(desk), TwinLooks(desk)
        self.duty = TwinDuty(desk, of.duty.book.facts) if of else TwinDuty(desk)
        self.check_ins = TwinWatch(desk, of.check_ins.facts if of else None)
        self.duty.calls.watched = self.check_ins.calls
        self.guidance = of.guidance.at(desk) if of else TwinGuidance(desk, [])
        self.first_words = of.first_words.at(desk) if of else TwinFirstWords(desk, [])
        self.lines = of.lines.at(desk) if of else TwinLines(desk, [])
        self.telephone = Telephone(TwinShelf())
        self.overview, self.backups = TwinOverview(desk), TwinBackups()
        self.finder, self.saved_searches = TwinFinder(desk), TwinSaved()
        self.retention = of.retention.at(desk) if of else TwinRetention(desk, [])
        self.vetting = TwinVetting(desk, of.vetting.office if of else [])
        self.ways = TwinWays(desk, of.ways.office if of else OfficeNetwork())
        self.slips = TwinSlips(desk, of.slips.book.facts if of else [])
        self.burned = TwinBurned(desk, of.burned.book.facts if of else [])
        self.imports = Imports(TwinImportBook(desk), desk._changed)


__all__ = ["TwinWork"]
