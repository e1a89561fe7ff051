# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask of the desk's engine, and nothing more.

Pages read projections and append facts through this one door; the engine behind it holds keys,
store and courier (`office.py`).  All calls may come from any thread; those that write return when
the facts are durable on this device.  Sending to the relay follows by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.edges.desk.queue_rows import EVERYTHING, Sieve
from safeconduct.edges.desk.rows_api import Hit, Passed, Row
from safeconduct.edges.desk.work_api import WorkApi
from safeconduct.kernel.words import BlobId, ConversationId, DeviceId, Instant
from safeconduct.rooms.crew.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from safeconduct.edges.desk.audit_api import AuditApi
    from safeconduct.edges.desk.casework_api import CaseWorkApi
    from safeconduct.edges.desk.exports_api import ExportsApi
    from safeconduct.edges.desk.moves_api import MovesApi
    from safeconduct.edges.desk.removals_api import RemovalsApi
    from safeconduct.edges.desk.search_api import FinderApi
    from safeconduct.edges.desk.teams_api import TeamsApi
    from safeconduct.edges.desk.tracing_api import TracingApi
    from safeconduct.edges.desk.travel_api import TravelApi
    from safeconduct.rooms.crew import Roster
    from safeconduct.rooms.hotline import Conversation, HandOver


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that helpers must know, as a code that pages word; newest first."""

    code: str
    since: Instant
    about: tuple[tuple[ConversationId, str], ...] = ()
    """The conversations that it keeps waiting, by their code names."""
    until: Instant | None = None
    """When it ends by itself, where that is known."""
    count: int = 0
    """How many of what it speaks of, where it counts any."""


@dataclass(frozen=True, slots=True)
class Status:
    """How this desk stands with the relay.

    `unsent` counts everything that waits, reading marks too; `answers` only what people wait for.
    """

    online: bool
    last_contact: Instant | None
    unsent: int
    catching_up: int
    troubles: tuple[Trouble, ...]
    answers: int = 0
    watch: Watch = field(default_factory=Watch)


@dataclass(frozen=True, slots=True)
class Today:
    """The desk's home.  Each conversation stands once: `mine` has those that `waiting` has not."""

    waiting: tuple[Row, ...]
    waiting_total: int
    mine: tuple[Row, ...]
    mine_total: int
    """How many this desk holds in all, shown in `waiting` or not."""
    status: Status
    silent: tuple[Row, ...] = ()
    """Those of whom nothing was heard by the time that was set, the most pressing first."""
    silent_total: int = 0
    snoozed_total: int = 0
    hostile_total: int = 0
    behind_total: int = 0
    """So many stand behind another row that says nearly the same."""


@dataclass(frozen=True, slots=True)
class FileState:
    """How much of an attachment lies at the relay: `ready` of `chunks`."""

    chunks: int
    ready: int


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that a helper attaches to an answer; read once, then sealed."""

    name: str
    media_type: str
    content: bytes


class Preferences(NamedTuple):
    """How the person at this desk likes it; `language` is empty while none was chosen."""

    language: str
    keys: bool
    minutes: int
    """Without a key or a movement, after which the desk locks itself."""
    waits: bool = False
    """Whether its locked screen says that something waits."""
    blurs: bool = True
    """Whether pictures that came in are blurred until somebody asks to see them."""
    calls: bool = True
    """Whether phones are called from here while it is locked, where the office calls phones."""


class Drafts(NamedTuple):
    """What was begun in a conversation and not sent; empty where nothing was."""

    answer: str
    note: str
    hand_over: str


class Compared(NamedTuple):
    """What two people read aloud to know that they see the same log, up to a size.

    `most` is how much of it this desk has; `words` four in each language, none without a `size`.
    `office` is what anybody compares who wants to know that a page is ours: eight in each.
    """

    most: int
    size: int | None = None
    words: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    office: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class DeskApi(WorkApi, Protocol):
    """The engine, as pages see it."""

    @property
    def device(self) -> DeviceId:
        """This device."""
        ...

    def now(self) -> Instant:
        """The desk's clock."""
        ...

    def today(self) -> Today:
        """Who waits and how long, what is mine, and how we stand with the relay."""
        ...

    def inbox(
        self,
        *,
        show: str,
        start: int,
        most: int,
        of: DeviceId | None = None,
        sieve: Sieve = EVERYTHING,
    ) -> tuple[Sequence[Row], int]:
        """Rows of a list in the order of the queue, and how many there are.

        `waiting`, `nobody` (waiting, and held by nobody), `mine` (held by this device, or another),
        `snoozed`, `silent`, `overdue`, `lost`, `closed`, `hostile`, `behind` (another row that says
        nearly the same) or `all`.
        """
        ...

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        """Return a conversation with all that are joined with it; None when there is none.

        Its id is that of the one that is answered.
        """
        ...

    @property
    def finder(self) -> FinderApi:
        """Search, with how much there is."""
        ...

    def search(self, words: str, *, most: int = 50) -> Sequence[Hit]:
        """Find what was written by words or beginnings of words; empty for no words."""
        ...

    def handed(self, conversation: Conversation) -> HandOver | None:
        """Return the hand-over to this desk that the person here has not seen; None without one."""
        ...

    def roster(self) -> Roster:
        """Who belongs to the office."""
        ...

    @property
    def removals(self) -> RemovalsApi:
        """Removing devices, and what that left in quarantine."""
        ...

    @property
    def moves(self) -> MovesApi:
        """Going along when the office's server is another one."""
        ...

    @property
    def travel(self) -> TravelApi:
        """Devices that travel light, and giving back what they left."""
        ...

    @property
    def audit(self) -> AuditApi:
        """Who can see what, and who did what."""
        ...

    @property
    def cases(self) -> CaseWorkApi:
        """Case files, the work on them, and requests for their keys."""
        ...

    @property
    def teams(self) -> TeamsApi:
        """Teams, and who belongs to them."""
        ...

    @property
    def exports(self) -> ExportsApi:
        """Taking conversations out of the office."""
        ...

    @property
    def tracing(self) -> TracingApi:
        """Letting the server tell devices apart, to find who abuses it."""
        ...

    def status(self) -> Status:
        """How this desk stands with the relay."""
        ...

    def compared(self, size: int | None = None) -> Compared:
        """Return the words for the log's first `size` frames; for no size, how many there are.

        Raises:
            NotSoMany: this desk has fewer, or none was asked for.
            NoOfficeKey, Malformed: the last of these names no key that this device has.
        """
        ...

    def errand(self, *, shows: bool, calls: bool) -> str:
        """Return what a process without keys needs to do what is wanted of it after locking.

        `shows`: ask whether something has come, and say so; `calls`: call phones.
        """
        ...

    def farewell(self, seconds: float) -> None:
        """Tell colleagues that this desk goes, as far as that is done in so many seconds."""
        ...

    def mark_read(self, conversation: ConversationId) -> None:
        """Record that this helper saw the messages and a hand-over; nothing when it had."""
        ...

    def answer(
        self,
        conversation: ConversationId,
        text: str,
        files: Sequence[NewFile] = (),
        next_contact: Instant | None = None,
    ) -> None:
        """Answer the person, hold what nobody holds, and say by when the next word is due.

        Raises the hotline's refusals, and nothing is lost then.
        """
        ...

    def note(self, conversation: ConversationId, text: str) -> None:
        """Write for colleagues."""
        ...

    def claim(self, conversation: ConversationId) -> None:
        """Hold the conversation."""
        ...

    def release(self, conversation: ConversationId) -> None:
        """Let it go."""
        ...

    def hand_over(self, conversation: ConversationId, to: DeviceId, note: str) -> None:
        """Pass it to a colleague."""
        ...

    def file_state(self, blob: BlobId) -> FileState:
        """Ask the relay how much of a file is there; raises Unreachable when offline."""
        ...

    def file_bytes(
        self, conversation: ConversationId, blob: BlobId, *, leaves: bool = True
    ) -> Iterator[bytes]:
        """Yield a file's opened bytes, and record that it left the store if it does.

        Raises:
            Unreachable: the relay does not answer.
            Refused: the file is not whole yet (`file_incomplete`).
            Untrusted: a chunk does not open; what was yielded must be thrown away.
        """
        ...

    def preferences(self) -> Preferences:
        """How the person at this desk likes it."""
        ...

    def prefer(self, chosen: Preferences) -> None:
        """Remember that, on this device alone."""
        ...

    def drafts(self, conversation: ConversationId) -> Drafts:
        """Return what was begun in a conversation and not sent."""
        ...

    def keep_draft(self, conversation: ConversationId, kind: str, text: str) -> None:
        """Keep a draft (a field of `Drafts`) sealed on this device alone; no text drops it."""
        ...

    def changes(self) -> int:
        """Return a number that grows with each change that a page could show."""
        ...

    def wait_for_change(self, since: int, seconds: float) -> int:
        """Block until `changes` is greater than `since`, or `seconds` pass; return it."""
        ...


__all__ = [
    "Compared",
    "DeskApi",
    "Drafts",
    "FileState",
    "Hit",
    "NewFile",
    "Passed",
    "Preferences",
    "Row",
    "Status",
    "Today",
    "Trouble",
]
