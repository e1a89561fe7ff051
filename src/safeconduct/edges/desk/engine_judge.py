# SPDX-License-Identifier: AGPL-3.0-or-later
"""May this device write this, and where does it belong (spec/journal.md 5, 6).

Enforced where commits are read.  What is not allowed is kept, named, and folded by nobody.
A kind that this program does not know is kept; the version that knows it judges it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.sync import Opened, OpenedEntry
from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, VaultId
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.hotline.events import HotlineFact, IntakeKeyOpened


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where an entry belongs; `code` says why it counts nowhere."""

    conversation: ConversationId | None = None
    event: HotlineFact | None = None
    code: str = ""


NOWHERE = Verdict()


@dataclass(frozen=True, slots=True)
class Judge:
    """The roster, and which vault holds which room's facts."""

    roster: Roster
    crew_vault: VaultId
    hotline_vault: VaultId

    def entry(self, device: DeviceId, entry: OpenedEntry) -> Verdict:
        """Judge one opened entry of a commit."""
        room = entry.kind.partition(".")[0]
        if room == "crew":
            # The roster's fold checks who signed a roster fact; here only its place counts.
            return NOWHERE if entry.vault == self.crew_vault else Verdict(code="wrong_vault")
        if room != "hotline":
            return NOWHERE
        if entry.vault != self.hotline_vault:
            return Verdict(code="wrong_vault")
        if not crew.may_write(self.roster, device, entry.kind):
            return Verdict(code="not_allowed")
        return _hotline(entry)


def _hotline(entry: OpenedEntry) -> Verdict:
    try:
        event = hotline.parse_fact(entry.kind, entry.version, entry.body)
    except SafeconductError as error:
        return Verdict(code=error.code)
    if event is None or isinstance(event, IntakeKeyOpened):
        return Verdict(event=event)
    return Verdict(ConversationId(event.conversation), event)


def roster_facts(opened: Iterable[Opened], crew_vault: VaultId) -> list[crew.Told]:
    """Return what commits say about the roster."""
    return [
        crew.Told(CommitId(commit.id), DeviceId(commit.device), entry.kind, entry.body)
        for commit in opened
        for entry in commit.entries
        if entry.vault == crew_vault and entry.kind.startswith("crew.")
    ]
