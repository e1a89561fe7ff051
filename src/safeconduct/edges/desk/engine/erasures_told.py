# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasures of cases as the log tells them: proved, in their places, by clocks of two people.

Every desk finds the same of what stands in the log (spec/erasure.md 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from safeconduct.edges.desk.engine import log_times, told
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.store_facts import COUNTS, LASTING, NEWEST
from safeconduct.kernel.words import CommitId, DeviceId, Instant, instant_of
from safeconduct.rooms.crew import Told
from safeconduct.rooms.crew.asking_facts import CaseErased, ErasureAsked, ErasureStopped
from safeconduct.rooms.crew.case_erasure import ErasingCase, Said, fold_erasures
from safeconduct.rooms.crew.claims import Claim, parse_claim
from safeconduct.rooms.crew.events import Seconded

OF_EACH: Final = 50
"""So many questions of one device are looked at, the newest: no device floods the others."""
_ROWS: Final = (
    "SELECT c.id, c.device, e.kind, e.body, e.version, c.sequence, e.slot, c.at, c.hlc "  # noqa: S608
    f'FROM entries e JOIN commits c ON c.no = e."commit" WHERE {LASTING} AND e.kind IN '
    "('crew.ErasureAsked', 'crew.ErasureStopped', 'crew.CaseErased', 'crew.Seconded') "
    f"AND c.state = {COUNTS} AND e.vault = ? ORDER BY e.no DESC"
)
_COMMITS: Final = "SELECT max(no) FROM commits"
_ANY: Final = (
    f"SELECT 1 FROM entries e WHERE {LASTING} AND e.no > ? "  # noqa: S608
    "AND e.kind = 'crew.ErasureAsked' LIMIT 1"
)


class _Read(NamedTuple):
    claim: Claim
    place: int | None
    hlc: int


class ErasuresTold:
    """The erasures of a journal, read anew when something came.

    An office in which nobody ever asked pays for new facts alone.
    """

    def __init__(self, journal: Journal) -> None:
        """Look at this journal."""
        self._journal: Final = journal
        self._read_to = 0
        self._any = False
        self._of: tuple[object, tuple[ErasingCase, ...]] = (None, ())

    def all(self) -> tuple[ErasingCase, ...]:
        """Return the erasures that were asked for, newest first."""
        store = self._journal.store
        with store.lock:
            last = int(store.value(NEWEST) or 0)
            if last < self._read_to:  # All frames were read again.
                self._read_to, self._any = 0, False
            if not self._any and last > self._read_to:
                self._any = store.value(_ANY, (self._read_to,)) is not None
                self._read_to = last
            return self._known() if self._any else ()

    def _known(self) -> tuple[ErasingCase, ...]:
        """Return them: signatures are checked once, and not on each page that tells of them."""
        journal = self._journal
        last = journal.store.value(_COMMITS)
        # The roster is kept beside what was read by it, so that no newer one has its place.
        at = last, journal.log.size(), journal.facts.turned, journal.roster
        if self._of[0] != at:
            self._of = at, erasures(journal)
        return self._of[1]


def erasures(journal: Journal) -> tuple[ErasingCase, ...]:
    """Return the erasures that were asked for, newest first."""
    with journal.store.lock:
        read = list(_read(journal))
        asks: set[bytes] = {
            one.claim.id for one in read if isinstance(one.claim.fact, ErasureAsked)
        }
        some = [one for one in read if _counts(journal, one.claim, asks)]
        return fold_erasures(journal.roster, (_said(journal, one) for one in some))


def agreed_now(journal: Journal) -> Instant:
    """Return what time it is by the clocks of two people, as far as the log was read."""
    return log_times.agreed(journal, log_times.before(journal, journal.log.size()))


def _read(journal: Journal) -> Iterator[_Read]:
    of_each: dict[DeviceId, int] = {}
    for commit, device, *rest, place, hlc in journal.store.rows(_ROWS, (journal.crew_vault,)):
        claim = parse_claim(Told(CommitId(commit), DeviceId(device), *rest))
        if claim is None:
            continue
        if isinstance(claim.fact, ErasureAsked):
            of_each[claim.told.device] = of_each.get(claim.told.device, 0) + 1
            if of_each[claim.told.device] > OF_EACH:
                continue
        yield _Read(claim, place, hlc)


def _counts(journal: Journal, claim: Claim, asks: set[bytes]) -> bool:
    """Tell whether its writer may write it, and signed it; it is an erasure, or names one."""
    one, fact = claim.told, claim.fact
    if isinstance(fact, Seconded | ErasureStopped | CaseErased):
        named = fact.fact in asks
    else:
        named = isinstance(fact, ErasureAsked) and claim.id in asks
    if not named or (isinstance(fact, Seconded) and claim.id in journal.roster.quarantined):
        return False
    at = At(one.commit, one.device, one.sequence)
    allowed = not journal.judge.refusal(at, one.index, one.kind, journal.crew_vault)
    return allowed and told.signed(journal, claim)


def _said(journal: Journal, one: _Read) -> Said:
    """Put a fact no earlier than the latest clock that stands before it."""
    written = instant_of(one.hlc)
    if one.place is None:
        return Said(one.claim, None, written, Instant(0))
    stood = log_times.before(journal, one.place)
    at = Instant(max(written, log_times.latest(stood)))
    return Said(one.claim, one.place, at, log_times.agreed(journal, stood))
