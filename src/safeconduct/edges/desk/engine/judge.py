# SPDX-License-Identifier: AGPL-3.0-or-later
"""May this device write this, and where does it belong (spec/journal.md 5, 6; spec/crew.md 2).

Enforced where commits are read.  What is not allowed is kept, named, and folded by nobody.
A kind that this program does not know is kept; the version that knows it judges it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final, NamedTuple, Protocol

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.sync import Opened, OpenedEntry
from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, VaultId
from safeconduct.rooms import cases, crew, duty, hotline, passage
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.crew.decide import IN_CREW, OF_TEAMS
from safeconduct.rooms.duty import DutyFact
from safeconduct.rooms.hotline.bulletin_facts import BulletinFact
from safeconduct.rooms.hotline.by_hand import ByHandFact, check_noted
from safeconduct.rooms.hotline.events import (
    AnswerWritten,
    HaveSent,
    HotlineFact,
    MessageReceived,
    OfficeFact,
)
from safeconduct.rooms.hotline.imported import ImportedFact, check_imported
from safeconduct.rooms.hotline.letters import check_answer, check_record
from safeconduct.rooms.passage.watch import check_in_facts, check_ins
from safeconduct.rooms.passage.watch.check_in_facts import CheckInFact


class Verdict(NamedTuple):
    """Where an entry belongs: a conversation; of a case's or a bulletin's facts, that.

    `code` says why it counts nowhere.
    """

    conversation: ConversationId | None = None
    event: HotlineFact | PartFact | DutyFact | CheckInFact | None = None
    code: str = ""

    @property
    def row(self) -> ConversationId | None:
        """Return whose row it may change; None of the word that a message is here: no row's."""
        return None if isinstance(self.event, HaveSent) else self.conversation


NOWHERE = Verdict()
BEYOND_CUT: Final = "beyond_cut"
NOT_ALLOWED: Final = "not_allowed"
_CASES: Final = "cases."
_DUTY: Final = "duty."
_PASSAGE: Final = "passage."
_WATCH: Final = "watch."
_ROOMS: Final = frozenset({"crew.", "hotline.", _CASES, _DUTY, _PASSAGE, _WATCH})


class Written(Protocol):
    """A commit, as far as a judge asks."""

    @property
    def id(self) -> bytes:
        """Return its id."""

    @property
    def device(self) -> bytes:
        """Return whose it is."""

    @property
    def sequence(self) -> int:
        """Return its place in its device's chain."""


class At(NamedTuple):
    """A commit in the tables."""

    id: bytes
    device: DeviceId
    sequence: int


class Judge:
    """The roster, and which vault holds which room's facts.  Made anew when the roster grows."""

    __slots__ = ("_roster", "_vaults")

    def __init__(self, roster: Roster, crew_vault: VaultId, hotline_vault: VaultId) -> None:
        """Judge by a roster as it stands."""
        self._roster: Final = roster
        self._vaults: Final = {
            "crew.": crew_vault,
            "hotline.": hotline_vault,
            _DUTY: hotline_vault,
            _WATCH: hotline_vault,
        }

    def entry(self, commit: Written, entry: OpenedEntry) -> Verdict:
        """Judge one opened entry of a commit."""
        if code := self.refusal(commit, entry.index, entry.kind, entry.vault):
            return Verdict(code=code)
        return verdict_of(entry)

    def refusal(self, commit: Written, index: int, kind: str, vault: bytes) -> str:
        """Return why an entry counts for nothing; empty when its writer may write it there."""
        device, room = DeviceId(commit.device), _room(kind)
        if room not in _ROOMS:
            return ""
        if not self._stands(room, kind, vault):
            return "wrong_vault"
        if _unknown(kind) or (room != "crew." and (commit.id, index) in self._roster.adopted):
            return ""
        if self._roster.cuts_off(device, commit.sequence):
            return BEYOND_CUT
        # Of a roster fact the roster's fold checks who signed it.
        allowed = crew.may_write(self._roster, device, kind, commit.sequence)
        return "" if allowed else NOT_ALLOWED

    def allows(self, device: DeviceId, kind: str, vault: bytes) -> bool:
        """Tell whether a device may write a kind of fact into a vault in each of its commits."""
        room = _room(kind)
        if device in self._roster.gaps:
            return False
        if room not in _ROOMS:
            return True
        allowed = _unknown(kind) or crew.may_write(self._roster, device, kind, 0)
        return self._stands(room, kind, vault) and allowed

    def _stands(self, room: str, kind: str, vault: bytes) -> bool:
        if room == _CASES:
            return self._stands_in_cases(kind, vault)
        if room == _PASSAGE:
            return kind not in passage.KINDS or not self._of_others(vault)
        place = self._vaults[room]
        if room == "crew.":
            return crew.may_stand(self._roster, kind, vault, place)
        return vault == place

    def _stands_in_cases(self, kind: str, vault: bytes) -> bool:
        """Tell whether a fact of a case may stand there; whose vault it is, a fold knows."""
        if kind in IN_CREW:
            return vault == self._vaults["crew."]
        if kind in OF_TEAMS:
            return vault in self._roster.teams
        return kind not in cases.KINDS or not self._of_others(vault)

    def _of_others(self, vault: bytes) -> bool:
        """Tell whether a vault is the crew's, the hotline's or a team's."""
        return vault in self._vaults.values() or vault in self._roster.teams


def _room(kind: str) -> str:
    return kind[: kind.find(".") + 1]


def _unknown(kind: str) -> bool:
    """Tell whether a kind of fact is judged by programs that know it."""
    return kind not in _KINDS.get(_room(kind), (kind,))


def verdict_of(entry: OpenedEntry) -> Verdict:
    """Return where an entry belongs, whoever wrote it."""
    judge = _VERDICTS.get(_room(entry.kind))
    return judge(entry) if judge else NOWHERE


def _case_verdict(entry: OpenedEntry) -> Verdict:
    try:
        event = cases.parse_fact(entry.kind, entry.version, entry.body)
    except SafeconductError as error:
        return Verdict(code=error.code)
    if not isinstance(event, PartFact):
        return NOWHERE
    return Verdict(ConversationId(event.case), event)


def _passage_verdict(entry: OpenedEntry) -> Verdict:
    try:
        passage.parse_fact(entry.kind, entry.version, entry.body)
    except SafeconductError as error:
        return Verdict(code=error.code)
    return NOWHERE


def _verdict_at(
    parse: Callable[[str, int, bytes], DutyFact | CheckInFact | None], place: ConversationId
) -> Callable[[OpenedEntry], Verdict]:
    """Return how facts of a room are judged that all belong to one place."""

    def verdict(entry: OpenedEntry) -> Verdict:
        try:
            event = parse(entry.kind, entry.version, entry.body)
        except SafeconductError as error:
            return Verdict(code=error.code)
        return NOWHERE if event is None else Verdict(place, event)

    return verdict


def hotline_verdict(entry: OpenedEntry) -> Verdict:
    """Return where a hotline fact belongs, whoever wrote it."""
    try:
        event = hotline.parse_fact(entry.kind, entry.version, entry.body)
        if isinstance(event, MessageReceived):
            check_record(event)
        elif isinstance(event, AnswerWritten):
            check_answer(event)
        elif isinstance(event, ByHandFact):
            check_noted(event)
        elif isinstance(event, ImportedFact):
            check_imported(event)
    except SafeconductError as error:
        return Verdict(code=error.code)
    if event is None or isinstance(event, OfficeFact):
        return Verdict(event=event)
    if isinstance(event, BulletinFact):
        return Verdict(ConversationId(event.bulletin), event)
    return Verdict(ConversationId(event.conversation), event)


def roster_facts(opened: Iterable[Opened], crew_vault: VaultId) -> list[crew.Told]:
    """Return what commits say about the roster."""
    return [
        crew.Told(
            *(CommitId(commit.id), DeviceId(commit.device), entry.kind, entry.body),
            *(entry.version, commit.sequence, entry.index),
        )
        for commit in opened
        for entry in commit.entries
        if entry.vault == crew_vault and entry.kind.startswith("crew.") and entry.kind != HEARTBEAT
    ]


_KINDS: Final[dict[str, Collection[str]]] = {
    "crew.": crew.KINDS,
    _CASES: cases.KINDS,
    _DUTY: duty.KINDS,
    _PASSAGE: passage.KINDS,
    _WATCH: check_in_facts.KINDS,
}
_VERDICTS: Final = {
    "hotline.": hotline_verdict,
    _CASES: _case_verdict,
    _DUTY: _verdict_at(duty.parse_fact, duty.PLACE),
    _PASSAGE: _passage_verdict,
    _WATCH: _verdict_at(check_in_facts.parse_fact, check_ins.PLACE),
}
