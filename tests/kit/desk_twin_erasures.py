# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasures in the cases of a desk in memory: the room's own stages and refusals, and no log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from safeconduct.edges.desk.erasures_api import Gone, Held
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import CaseId, DeviceId, FactId, Instant
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.crew.case_erasure import (
    WAITS,
    ErasingCase,
    ErasureStage,
    ask_erasure,
    second_erasure,
    stop_erasure,
)
from safeconduct.rooms.crew.decide import CASE_OPENERS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases

Decide = Callable[[Roster, DeviceId, ErasingCase | None, Instant], object]
OPEN = frozenset({ErasureStage.WAITS, ErasureStage.RUNS, ErasureStage.DUE})


class TwinErasures:
    """The erasures of a twin's cases; a test puts what went into `went`."""

    def __init__(self, of: TwinCases) -> None:
        """Begin with none."""
        self._cases = of
        self._asked: list[ErasingCase] = []
        self.went: list[Gone] = []

    def of(self, case: CaseId) -> Sequence[Held]:
        """Return those of a case."""
        return [self._held(one) for one in reversed(self._asked) if one.case == case]

    def running(self) -> Sequence[Held]:
        """Return those that wait or run."""
        return [held for one in self._asked if (held := self._held(one)).stage in OPEN]

    def gone(self) -> Sequence[Gone]:
        """Return what went."""
        return self.went

    def may_ask(self) -> bool:
        """Tell whether somebody here may ask."""
        return bool(self._cases.desk.roster().roles(self._cases.desk.device) & CASE_OPENERS)

    def may_second(self, asked: ErasingCase) -> bool:
        """Tell whether somebody here may sign."""
        return self._may(second_erasure, asked)

    def may_stop(self, asked: ErasingCase) -> bool:
        """Tell whether somebody here may stop it."""
        return self._may(stop_erasure, asked)

    def ask(self, case: CaseId, why: str) -> None:
        """Ask."""
        desk = self._cases.desk
        if self._cases.case(case) is None:
            raise NoSuchPart
        before = [one.stage for one in self.of(case)]
        ask_erasure(desk.roster(), desk.device, case, why, before)
        at = FactId(desk.rng.bytes(36)), case, desk.device, desk.now(), why, desk.rng.bytes(32)
        self._asked.append(ErasingCase(*at, (), None, (), ()))

    def second(self, case: CaseId, asked: FactId) -> None:
        """Sign."""
        desk, one = self._cases.desk, self._find(case, asked)
        second_erasure(desk.roster(), desk.device, one, desk.now())
        assert one is not None
        due = Instant(desk.now() + WAITS)
        self._put(replace(one, seconds=(desk.device,), due=due))

    def stop(self, case: CaseId, asked: FactId) -> None:
        """Stop it."""
        desk, one = self._cases.desk, self._find(case, asked)
        stop_erasure(desk.roster(), desk.device, one, desk.now())
        assert one is not None
        self._put(replace(one, stopped=(desk.device,)))

    def _held(self, one: ErasingCase) -> Held:
        file = self._cases.case(one.case)
        assert file is not None
        return Held(file.name, one, one.stage(self._cases.desk.now()))

    def _find(self, case: CaseId, asked: FactId) -> ErasingCase | None:
        return next((one for one in self._asked if (one.case, one.id) == (case, asked)), None)

    def _put(self, new: ErasingCase) -> None:
        self._asked = [new if one.id == new.id else one for one in self._asked]

    def _may(self, decide: Decide, asked: ErasingCase) -> bool:
        desk = self._cases.desk
        try:
            decide(desk.roster(), desk.device, asked, desk.now())
        except Refused:
            return False
        return True
