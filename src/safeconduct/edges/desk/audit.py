# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can see a record, who opened it, and what a device did, from the facts in the store.

Nothing is kept for this beside the facts, so nothing can fall out of step with them.  Who did what
is looked up along an index of the conversation, what a device did along its chain.  For who looked
at a conversation the body of every such report is read: one fact tells of many conversations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from safeconduct.edges.desk.audit_api import EXPORTED, OPENED, CanSee, Deed, OfPart, Reported
from safeconduct.edges.desk.case_audit import WHOLE
from safeconduct.edges.desk.engine import exported, openings, readings, searches
from safeconduct.edges.desk.engine.erased import BLANK
from safeconduct.edges.desk.engine.held_cases import HeldCases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.erasing import erasure_of
from safeconduct.edges.desk.removals import Removals
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.words import DAY, CommitId, ConversationId, DeviceId, Instant, VaultId
from safeconduct.rooms.crew import Told
from safeconduct.rooms.crew.audit import devices_named
from safeconduct.rooms.crew.erasure import Erasure
from safeconduct.rooms.crew.holders import holders, merged
from safeconduct.rooms.crew.travel_facts import TRAVEL_FACTS
from safeconduct.rooms.crew.watching import HEAD_SIGNED

BY_ITSELF: Final = (
    *("hotline.AnswerSent", "hotline.HaveSent", "hotline.LettersSetAside"),
    *("hotline.MessageReceived", HEAD_SIGNED, HEARTBEAT, BLANK),
)
"""What a desk writes whoever sits at it, and what was destroyed of cases: it says nothing of what
somebody did."""
LOOKED_MOST: Final = 2_000
"""As many days of one desk each are looked at, the newest: three months of twenty desks."""
OF_TRIPS: Final = ("crew.SealingKeyRotated", *TRAVEL_FACTS)
"""What a device does not say of itself, wherever it is: others would see that it travels light."""
ON_TRIPS: Final = (
    *("cases.KeysAnswered", "cases.KeysAsked", "crew.CaseOpened", "crew.ExportAsked"),
    *("crew.KeysGranted", "crew.KeysRenewed", "crew.TakenBack", "crew.TeamFormed"),
    *("crew.CaseErased", "crew.ErasureAsked", "crew.ErasureStopped"),
)
"""What it does not say of itself meanwhile: others would see that something is missing."""
_MARKS: Final = ", ".join("?" * len(BY_ITSELF))
_OF_TALKS: Final = "kind >= 'hotline.' AND kind < 'hotline/'"
_VAULTS: Final = f"SELECT DISTINCT vault FROM entries WHERE conversation = ? AND {_OF_TALKS}"  # noqa: S608
_HIDDEN: Final = ", ".join("?" * len((*OF_TRIPS, *ON_TRIPS)))
_IN_IT: Final = (
    "SELECT max(c.hlc), c.device, e.kind, count(*) FROM entries e "  # noqa: S608
    'JOIN commits c ON c.no = e."commit" '
    f"WHERE e.conversation = ? AND c.state = {COUNTS} AND e.kind NOT IN ({_MARKS}) AND {_OF_TALKS} "
    f"GROUP BY c.device, e.kind, c.hlc / {DAY << 16}"
)
_REPORTED: Final = _IN_IT + " ORDER BY 1 DESC, 2, 3 LIMIT ? OFFSET ?"
_REPORTED_COUNT: Final = "SELECT count(*) FROM ({of})".format(of=_IN_IT)  # noqa: S608, UP032
# An id is in the fact's bytes as it is, so that few facts are parsed.
_LOOKED: Final = (
    "SELECT c.id, c.device, c.sequence, e.slot, e.vault, e.version, e.body FROM entries e "  # noqa: S608
    'JOIN commits c ON c.no = e."commit" WHERE e.conversation IS NULL AND e.kind = ? '
    f"AND c.state = {COUNTS} AND instr(e.body, ?) ORDER BY e.no DESC LIMIT ?"
)
_EXPORTED: Final = _LOOKED.replace("e.body FROM", "e.body, c.hlc FROM").removesuffix(" LIMIT ?")
_DEEDS: Final = (
    "SELECT c.id, c.sequence, c.hlc, c.state, e.slot, e.vault, e.kind, e.version, e.conversation, "  # noqa: S608
    'e.body FROM commits c CROSS JOIN entries e ON e."commit" = c.no '
    f"WHERE c.device = ? AND e.kind NOT IN ({_MARKS}) AND e.kind NOT IN ({_HIDDEN}) "
    f"AND {WHOLE} "
    "ORDER BY c.sequence DESC, e.slot DESC LIMIT ? OFFSET ?"
)


class Audit:
    """Looks at an open journal; writes nothing."""

    def __init__(self, journal: Journal, removals: Removals, held: HeldCases) -> None:
        """Look at this journal, with what `removals` knows of keys and `held` of case files."""
        self._journal: Final = journal
        self._held: Final = held
        self._removals: Final = removals
        self._store: Final = journal.store
        self._last_words = ""

    def who_can_see(self, conversation: ConversationId) -> CanSee:
        """Return who holds keys of a conversation, by facts that name keys."""
        journal, history = self._journal, self._removals.key_history()
        vaults = [VaultId(row[0]) for row in self._store.rows(_VAULTS, (conversation,))]
        reach = merged(history.readers(vault) for vault in vaults)
        known = journal.keys.vaults()
        return CanSee(
            holders(journal.roster, reach),
            any(known[vault].recoverable for vault in vaults if vault in known),
        )

    def erasure(self) -> Erasure:
        """Return what has to happen before what is destroyed today can be opened by nobody."""
        return erasure_of(self._journal)

    def opened(self, conversation: ConversationId) -> None:
        """Remember that somebody here looked at a conversation; colleagues are told later."""
        openings.note(self._journal, conversation)

    def searched(self, words: str) -> None:
        """Count a search, once while its words are being typed; they are kept nowhere."""
        before, self._last_words = self._last_words, words
        if not searches.goes_on(words, before):
            searches.note(self._journal)

    def reported(
        self, conversation: ConversationId, *, start: int, most: int
    ) -> tuple[Sequence[Reported], int]:
        """Return what desks reported of a conversation, newest first, and how many."""
        about = (conversation, *BY_ITSELF)
        looked = self._looked(conversation) + self._exported(conversation)
        rows = self._store.rows(_REPORTED, (*about, start + most, 0))
        found = [Reported(instant_of(row[0]), DeviceId(row[1]), *row[2:]) for row in rows]
        found = sorted([*found, *looked], key=lambda one: -one.at)
        total = self._store.value(_REPORTED_COUNT, about) + len(looked)
        return found[start : start + most], total

    def _looked(self, conversation: ConversationId) -> list[Reported]:
        """Return on which days which desk reported that somebody looked at a conversation."""
        days: set[tuple[int, DeviceId]] = set()
        rows = self._store.rows(_LOOKED, (OPENED, conversation, LOOKED_MOST))
        for commit, device, sequence, slot, vault, version, body in rows:
            fact = openings.days_of(OPENED, version, body)
            at = At(commit, DeviceId(device), sequence)
            if conversation in fact and not self._journal.judge.refusal(at, slot, OPENED, vault):
                days.add((fact[conversation], DeviceId(device)))
        return [Reported(Instant(day * DAY), device, OPENED, 1) for day, device in days]

    def _exported(self, conversation: ConversationId) -> list[Reported]:
        """Return when which desk reported that a conversation was taken along."""
        return [
            Reported(instant_of(hlc), DeviceId(device), EXPORTED, 1)
            for commit, device, sequence, slot, vault, version, body, hlc in self._store.rows(
                _EXPORTED, (EXPORTED, conversation)
            )
            if conversation in exported.named_in(EXPORTED, version, body)
            and not self._journal.judge.refusal(
                At(commit, DeviceId(device), sequence), slot, EXPORTED, vault
            )
        ]

    def deeds(self, device: DeviceId, *, start: int, most: int) -> tuple[Sequence[Deed], bool]:
        """Return what a device signed, newest first, and whether there is more of it."""
        asked = (device, *BY_ITSELF, *self._hidden(device), most + 1, start)
        rows = list(self._store.rows(_DEEDS, asked))
        return [self._deed(device, row) for row in rows[:most]], len(rows) > most

    def _hidden(self, device: DeviceId) -> list[str]:
        """Return the kinds that are not shown of a device, as many as the query asks for."""
        journal, own = self._journal, device == self._journal.device
        light = own and device in journal.keys.travelling()
        trips = [kind if own else "" for kind in OF_TRIPS]
        return [*trips, *(kind if light else "" for kind in ON_TRIPS)]

    def _deed(self, device: DeviceId, row: Sequence[Any]) -> Deed:
        commit, sequence, hlc, state, slot, vault, kind, version, conversation, body = row
        journal = self._journal
        told = Told(CommitId(commit), device, kind, body, version, sequence, slot)
        refused = journal.judge.refusal(At(commit, device, sequence), slot, kind, vault)
        days = openings.days_of(kind, version, body)
        searched = searches.made_in(kind, version, body)
        read = readings.days_of(kind, version, body)
        on = [searched.day] if searched else [*days.values(), *read]
        about = [conversation] if conversation else [*days, *exported.named_in(kind, version, body)]
        return Deed(
            at=Instant(max(on) * DAY) if on else instant_of(hlc),
            times=searched.times if searched else 0,
            kind=kind,
            talks=tuple((where, journal.lists.code_name(where)) for where in self._known(about)),
            names=devices_named(told),
            files=self._files(conversation, vault) if conversation else (),
            days=tuple(Instant(day * DAY) for day in sorted(read, reverse=True)),
            counts=state == COUNTS and not refused and told.id not in journal.roster.quarantined,
        )

    def _files(self, case: bytes, vault: bytes) -> tuple[OfPart, ...]:
        """Return the part of a case that a fact in a vault is about, if this desk has it."""
        opened = self._held.find(case)
        part = self._held.part_of(opened, vault) if opened else None
        return (OfPart(opened.id, self._held.name(opened.id), part),) if opened and part else ()

    def _known(self, conversations: Sequence[bytes]) -> list[ConversationId]:
        """Return those of some conversations that this desk has."""
        query = "SELECT 1 FROM conversations WHERE id = ?"
        return [ConversationId(one) for one in conversations if self._store.value(query, (one,))]
