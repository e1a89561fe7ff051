# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening a tracing epoch from this desk, ending it, and what it tells (spec/crew.md 6).

What is wanted is written first and followed by the engine, like a removal; so another steward's
desk does it where this one dies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from safeconduct.edges.desk.engine import drawing, tracing
from safeconduct.edges.desk.engine.drawing import UNDER_WAY
from safeconduct.edges.desk.engine.following import doors_written, outstanding
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.engine.wished import TRACED, wanted
from safeconduct.edges.desk.removals_api import RemovalsApi
from safeconduct.edges.desk.tracing_api import DeviceShare, Tracing, Wish
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.crew.asking_facts import TakenBack
from safeconduct.rooms.crew.claims import Claim
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.crew.events import CrewFact, hash_of
from safeconduct.rooms.crew.taking_back import NothingToTakeBack
from safeconduct.rooms.crew.tracing import LATER, NoControlKey, TracesAlready, begin_tracing
from safeconduct.rooms.crew.tracing_facts import TracingOpened


class TracingEpochs:
    """Looks at an open journal, and asks through the courier of the moment."""

    def __init__(
        self, journal: Journal, removals: RemovalsApi, online: Callable[[], Courier]
    ) -> None:
        """Ask this journal; `online` raises Unreachable while there is no courier."""
        self._journal: Final = journal
        self._removals: Final = removals
        self._online: Final = online
        self._seen: tuple[Roster, bytes, Tracing | None] | None = None

    def running(self) -> Tracing | None:
        """Return the tracing that runs; worked out once for each roster and way in."""
        journal = self._journal
        with journal.store.lock:
            roster, way = journal.roster, journal.place.capability
            if self._seen is None or self._seen[0] is not roster or self._seen[1] != way:
                self._seen = roster, way, self._running()
            return self._seen[2]

    def _running(self) -> Tracing | None:
        found = tracing.stands(self._journal)
        if found is None:
            return None
        epoch, since = found
        claim = tracing.opened(self._journal, epoch)
        if claim is None:
            return Tracing(Instant(since), None, "")
        return Tracing(self._at(claim), claim.signer, _reason(claim))

    def wish(self) -> Wish | None:
        """Return what was asked for and has not begun; None without."""
        claim = self._wished()
        if claim is None:
            return None
        mine = claim.signer == self._journal.device
        return Wish(self._at(claim), claim.signer, _reason(claim), mine)

    def void(self) -> bool:
        """Tell whether our last wish came to nothing, as another epoch took its number."""
        journal = self._journal
        with journal.store.lock:
            control, claims = journal.keychain.control(), self._own()
            if control is None or not claims or tracing.epoch_of(journal) is not None:
                return False
            followed = {mark.fact for fact in doors_written(journal) for mark in fact.followed}
            lost = _epoch(claims[-1]) == control.epoch and claims[-1].id not in followed
            return lost and not drawing.under_way(journal)

    def ending(self) -> bool:
        """Tell whether this desk is to end it."""
        return tracing.is_to_end(self._journal)

    def open(self, reason: str) -> None:
        """Let the next access epoch trace; durable on return.

        Raises:
            NotASteward, SayWhy, ReasonTooLong, TooManyToTrace, NoControlKey, TracesAlready:
                see there; nothing is written then.
        """
        journal = self._journal
        with journal.store.lock:
            need_steward(journal.roster, journal.device)
            if tracing.epoch_of(journal) is not None or self._wished() is not None:
                raise TracesAlready
            control = journal.keychain.control()
            if control is None:
                raise NoControlKey
            begun = journal.store.setting("follow_up", UNDER_WAY)
            epoch = max(control.epoch, begun.epoch if begun else 0) + 1
            self._write(begin_tracing(journal.roster, journal.device, epoch, reason))

    def take_back(self) -> None:
        """Take back our wish; raises NothingToTakeBack when it has begun."""
        journal = self._journal
        with journal.store.lock:
            claim = self._wished()
            if claim is None or claim.signer != journal.device or drawing.under_way(journal):
                raise NothingToTakeBack
            self._write(TakenBack(claim.id, hash_of(claim.signed)))

    def end(self) -> None:
        """End it; durable on return.

        Raises:
            NotASteward, NoControlKey, TracesNot: see there.
        """
        journal = self._journal
        with journal.store.lock:
            need_steward(journal.roster, journal.device)
            if journal.keychain.control() is None:
                raise NoControlKey
            tracing.ask_to_end(journal)
        journal.written()

    def shares(self) -> Sequence[DeviceShare]:
        """Ask the server; raises NotASteward, TracesNot, Unreachable."""
        journal = self._journal
        need_steward(journal.roster, journal.device)
        return [_share(one) for one in tracing.written(journal, self._online())]

    def _wished(self) -> Claim | None:
        journal = self._journal
        with journal.store.lock:
            left = {act.fact for act, _ in outstanding(journal) if act.standing == TRACED}
            return next((claim for claim in wanted(journal) if claim.id in left), None)

    def _own(self) -> list[Claim]:
        """Return our own wishes, the newest last."""
        own = [one for one in wanted(self._journal) if one.signer == self._journal.device]
        return sorted(own, key=lambda one: one.place)

    def _at(self, claim: Claim) -> Instant:
        return self._removals.when(claim.told.device, claim.told.sequence)

    def _write(self, fact: CrewFact) -> None:
        journal = self._journal
        signer = (journal.device, journal.secrets.signing_key())
        journal.write([crew_fact(journal.crew_vault, fact, journal.office, signer)])


def _share(one: tracing.Written) -> DeviceShare:
    device = None if one.who in {b"", LATER} else DeviceId(one.who)
    return DeviceShare(device, one.total, one.files, one.rest, stray=not one.who)


def _reason(claim: Claim) -> str:
    assert isinstance(claim.fact, TracingOpened)
    return claim.fact.reason


def _epoch(claim: Claim) -> int:
    assert isinstance(claim.fact, TracingOpened)
    return claim.fact.epoch
