# SPDX-License-Identifier: AGPL-3.0-or-later
"""May this device write this, and where does it belong (spec/journal.md 5, 6).

Enforced where commits are read.  What is not allowed is kept, named, and folded by nobody.
A kind that this program does not know is kept; the version that knows it judges it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.sync import Opened, OpenedEntry
from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, VaultId
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.hotline.events import (
    AnswerWritten,
    HotlineFact,
    MessageReceived,
    OfficeFact,
)
from safeconduct.rooms.hotline.letters import check_answer, check_record


class Verdict(NamedTuple):
    """Where an entry belongs; `code` says why it counts nowhere."""

    conversation: ConversationId | None = None
    event: HotlineFact | None = None
    code: str = ""


NOWHERE = Verdict()


class Judge:
    """The roster, and which vault holds which room's facts.  Made anew when the roster grows."""

    __slots__ = ("_allowed", "_crew_vault", "_hotline_vault", "_roster")

    def __init__(self, roster: Roster, crew_vault: VaultId, hotline_vault: VaultId) -> None:
        """Judge by a roster as it stands."""
        self._roster: Final = roster
        self._crew_vault: Final = crew_vault
        self._hotline_vault: Final = hotline_vault
        self._allowed: dict[tuple[DeviceId, str], bool] = {}

    def entry(self, device: DeviceId, entry: OpenedEntry) -> Verdict:
        """Judge one opened entry of a commit."""
        kind = entry.kind
        if kind.startswith("crew."):
            if entry.vault != self._crew_vault:
                return Verdict(code="wrong_vault")
            # The roster's fold checks who signed a roster fact.
            return NOWHERE if self._may_tell(device, kind) else Verdict(code="not_allowed")
        if not kind.startswith("hotline."):
            return NOWHERE
        if entry.vault != self._hotline_vault:
            return Verdict(code="wrong_vault")
        if not self._may_write(device, kind):
            return Verdict(code="not_allowed")
        return hotline_verdict(entry)

    def allows(self, device: DeviceId, kind: str, vault: bytes) -> bool:
        """Tell whether a device may write a kind of fact into a vault."""
        if kind.startswith("crew."):
            return vault == self._crew_vault and self._may_tell(device, kind)
        if kind.startswith("hotline."):
            return vault == self._hotline_vault and self._may_write(device, kind)
        return True

    def _may_tell(self, device: DeviceId, kind: str) -> bool:
        return kind not in crew.KINDS or self._may_write(device, kind)

    def _may_write(self, device: DeviceId, kind: str) -> bool:
        allowed = self._allowed.get((device, kind))
        if allowed is None:
            allowed = crew.may_write(self._roster, device, kind)
            self._allowed[device, kind] = allowed
        return allowed


def hotline_verdict(entry: OpenedEntry) -> Verdict:
    """Return where a hotline fact belongs, whoever wrote it."""
    try:
        event = hotline.parse_fact(entry.kind, entry.version, entry.body)
        if isinstance(event, MessageReceived):
            check_record(event)
        elif isinstance(event, AnswerWritten):
            check_answer(event)
    except SafeconductError as error:
        return Verdict(code=error.code)
    if event is None or isinstance(event, OfficeFact):
        return Verdict(event=event)
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
        if entry.vault == crew_vault and entry.kind.startswith("crew.")
    ]
