# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a twin of a desk keeps for the person at it alone, and what nobody hears of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from safeconduct.edges.desk.api import Compared, Drafts, Preferences
from safeconduct.edges.desk.compared import NotSoMany
from safeconduct.edges.desk.moves_api import NoSuchMove, Onward
from safeconduct.edges.desk.travel_api import Away
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.words import ConversationId, DeviceId, FactId, OfficeId
from safeconduct.rooms.crew.same_log import log_words
from safeconduct.rooms.crew.travel import NotAsked, NotAway
from tests.kit.desk_twin_audit import TwinAudit
from tests.kit.desk_twin_cases import TwinCases
from tests.kit.desk_twin_tracing import TwinTracing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.kit.desk_twin import TwinDesk

OFFICE_WORDS = {name: office_words(OfficeId(bytes(16)), bytes(32), name) for name in LISTS}


class TwinMoves:
    """What a twin reads of a move; a test says of which."""

    told: Onward | None = None

    def onward(self) -> Onward | None:
        """Where the office is said to be."""
        return self.told

    def go_along(self, fact: FactId) -> None:
        """Agree."""
        if self.told is None or self.told.fact != fact:
            raise NoSuchMove
        self.told = self.told._replace(agreed=True)

    def stay(self) -> None:
        """Take it back."""
        self.told = self.told and self.told._replace(agreed=False)


class TwinTravel:
    """Who travels light, as a test says; giving back ends that."""

    def __init__(self) -> None:
        self.told: list[Away] = []
        self.missing = 0

    def away(self) -> Sequence[Away]:
        """Who does."""
        return self.told

    def give_back(self, device: DeviceId) -> int:
        """Give it back, but for what a test says is missing."""
        found = next((one for one in self.told if one.device == device), None)
        if found is None:
            raise NotAway
        if not found.asked:
            raise NotAsked
        if not self.missing:
            self.told.remove(found)
        return self.missing


class TwinKeeps:
    """The part of `DeskApi` that no colleague hears of."""

    preferred: Preferences
    log_size = 1_234
    moves: TwinMoves
    _drafts: dict[ConversationId, Drafts]

    @cached_property
    def travel(self) -> TwinTravel:
        """Who travels light."""
        return TwinTravel()

    @cached_property
    def tracing(self) -> TwinTracing:
        """Whether the server tells devices apart."""
        return TwinTracing(cast("TwinDesk", self))

    @cached_property
    def audit(self) -> TwinAudit:
        """Who can see what, and who did what."""
        return TwinAudit(cast("TwinDesk", self))

    @cached_property
    def cases(self) -> TwinCases:
        """Case files, and requests for their keys."""
        return TwinCases(cast("TwinDesk", self))

    def errand(self, *, shows: bool, calls: bool) -> str:  # noqa: ARG002  (it is no desk)
        """It has no relay to ask."""
        return ""

    def preferences(self) -> Preferences:
        """How the person likes it."""
        return self.preferred

    def prefer(self, chosen: Preferences) -> None:
        """Remember that."""
        self.preferred = chosen

    def drafts(self, conversation: ConversationId) -> Drafts:
        """What was begun."""
        return self._drafts.get(conversation, Drafts("", "", ""))

    def keep_draft(self, conversation: ConversationId, kind: str, text: str) -> None:
        """Keep what was begun."""
        before = self.drafts(conversation)
        self._drafts[conversation] = before._replace(**{kind: text})
        if bool(text) != bool(getattr(before, kind)):
            self._changed()

    def compared(self, size: int | None = None) -> Compared:
        """The words for a log of one root, as large as `log_size` says."""
        if size is None:
            return Compared(self.log_size, office=OFFICE_WORDS)
        if not 1 <= size <= self.log_size:
            raise NotSoMany
        words = {name: log_words(b"office key", size, bytes(32), name) for name in LISTS}
        return Compared(self.log_size, size, words)

    def farewell(self, seconds: float) -> None:
        """Nobody hears it."""

    def _changed(self) -> None:
        raise NotImplementedError
