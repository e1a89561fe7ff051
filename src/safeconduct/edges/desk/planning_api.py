# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about planning journeys, what is asked for, and why it is refused.

The engine behind it is `journey_plans.py`; its search's process is told and tells numbers only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, Protocol

from safeconduct.kernel.canon import Record
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from safeconduct.edges.desk.planning_again_api import PlansAgainApi
    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.passage.events import NetworkFact
    from safeconduct.rooms.passage.fold import Network
    from safeconduct.rooms.passage.gathering.gather import Gathered
    from safeconduct.rooms.passage.gathering.proposed import Proposed
    from safeconduct.rooms.passage.operations.stuck import Stuck
    from safeconduct.rooms.passage.why.audit import Why
    from safeconduct.rooms.passage.why.forced import Forced
    from safeconduct.rooms.passage.why.more import More

HORIZONS: Final = (7, 14, 30, 45, 60)
SECONDS: Final = (10, 30, 60)


class Standing(Record, frozen=True):
    """Where the search stands; a journey is party, way, house, day of leaving and country."""

    ended: int
    misses: int
    bound: int
    late: int
    unplanned: int
    plan: tuple[tuple[int, int, int, int, int], ...]
    expenses: tuple[tuple[int, int], ...]
    """When it has ended: who goes at whose expense, both as rows of parties."""
    weighed: int = 0
    """Whether that is known: weighing it can be cut short, and then nothing is approved."""


Making = Callable[["Network", Callable[[], SheetId]], "Sequence[NetworkFact]"]
"""Makes facts from what stands; it is handed what gives ids of new sheets."""


class Books(Protocol):
    """The network, as far as planning asks for it; `ways.Ways` is one."""

    def network(self) -> Network:
        """Return what can be read here."""
        ...

    def may_write(self) -> bool:
        """Tell whether somebody here may write of what can be read."""
        ...

    def learnt(self) -> frozenset[tuple[bytes, bytes]]:
        """Return who, an escort or a host, was told of which party by a slip that left."""
        ...

    def write_together(self, make: Making) -> Network:
        """Write several facts in one commit, made from what stands; durable on return.

        Return what stands then, with these facts and nothing that came in after they were made.
        """
        ...

    @property
    def own(self) -> DeviceId:
        """This device."""
        ...

    def are_apart(self, one: DeviceId, other: DeviceId) -> bool:
        """Tell whether two devices are of two people who both stand on the roster now."""
        ...


class Contradictions(Refused):
    """Facts contradict each other, and nobody said that it is to be planned on them."""

    code = "sheets_contradict"


class PlanningAlready(Refused):
    """A search is under way; it is stopped first."""

    code = "planning_already"


class NothingPlanned(Refused):
    """There is no plan here to approve, or nobody of it was chosen."""

    code = "nothing_planned"


class NotWeighed(Refused):
    """Weighing at whose expense somebody goes was cut short: that nobody does is not known."""

    code = "expenses_unknown"


class NobodyWaits(Refused):
    """No party waits that could be planned."""

    code = "nobody_waits"


@dataclass(eq=False)
class ChoiceNeeded(Refused):
    """Somebody would go at the expense of a party in greater danger or with less time."""

    code: ClassVar[str] = "choice_needed"
    pairs: tuple[tuple[bytes, bytes], ...] = ()
    """For each such party one who goes, and the party that would go in time instead."""


class NothingToExplain(Refused):
    """There is no plan here that has ended, so nothing can be asked of it."""

    code = "nothing_to_explain"


class NoSuchQuestion(Refused):
    """No party of the plan and no day of its time was named."""

    code = "no_such_question"


class Asked(NamedTuple):
    """What somebody wants planned; names of bands and presets, and days."""

    days: int = 30
    seconds: int = 30
    ceiling: str = "fair"
    rates: str = "usual"
    anyway: bool = False
    anew: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan with what it was made of; `waits` are rows of parties without a journey."""

    asked: Asked
    gathered: Gathered
    stuck: tuple[Stuck, ...]
    standing: Standing
    proposed: tuple[Proposed, ...]
    left: tuple[int, ...]
    approved: frozenset[int]
    """Rows of parties whose journeys were written."""

    @property
    def missed(self) -> frozenset[bytes]:
        """Parties that are left behind or late."""
        late = (one.party.id for one in self.proposed if one.late)
        return frozenset((*(self.gathered.parties[row].id for row in self.left), *late))

    @property
    def more(self) -> int:
        """How many more weighted misses could be saved at most."""
        return max(0, self.standing.misses - self.standing.bound)


class Helping(NamedTuple):
    """What one more of something would save, in weighted misses, and which rows of parties."""

    more: More
    saves: int
    parties: tuple[int, ...]


class Trying(NamedTuple):
    """What is looked for in a process of its own."""

    thinking: bool = False
    failed: bool = False


class Answers(NamedTuple):
    """All that was asked about the plan that stands."""

    proposal: Proposal
    why: Why | None = None
    """What bars a party from leaving by a day."""
    forcing: Trying | None = None
    """None: nobody asked who would pay."""
    forced: Forced | None = None
    helping: Trying | None = None
    """None: nobody asked what would help."""
    helps: tuple[Helping, ...] = ()


class PlanWhysApi(Protocol):
    """Questions about a plan and their answers, kept while the plan is."""

    def answers(self) -> Answers | None:
        """Return what was answered; None where there is no plan that has ended."""
        ...

    def ask(self, party: bytes, day: str) -> None:
        """Ask why a party does not leave by a day, `2026-11-30`; without one the day that matters.

        Raises:
            Refused: NothingToExplain, NoSuchQuestion.
        """
        ...

    def force(self) -> None:
        """Look for a plan in which the party that was asked of leaves by that day.

        Raises:
            Refused: NothingToExplain, NoSuchQuestion.
        """
        ...

    def help(self) -> None:
        """Look for what would help most.

        Raises:
            Refused: NothingToExplain.
        """
        ...


class JourneyPlansApi(Protocol):
    """The planner of one desk, as pages see it."""

    @property
    def whys(self) -> PlanWhysApi:
        """Questions about its plan."""
        ...

    @property
    def again(self) -> PlansAgainApi:
        """Planning again after something happened."""
        ...

    def shown(self) -> bool:
        """Tell whether there is anything here for this desk: it plans, and reads journeys."""
        ...

    def lacking(self) -> tuple[Book, ...]:
        """Return the books that planning needs and this desk does not hold."""
        ...

    def looked_over(self, asked: Asked, local: str) -> tuple[Gathered, tuple[Stuck, ...]]:
        """Return what would be planned on, and the parties that cannot go at all.

        `local` is the local time, `2026-11-30T21:40`.

        Raises:
            BooksLacking: this desk holds not all four books.
        """
        ...

    @property
    def thinking(self) -> bool:
        """Whether a search is under way."""
        ...

    @property
    def failed(self) -> bool:
        """Whether the last search ended without a plan."""
        ...

    def standing(self) -> Standing | None:
        """Return how far the search is; None before its first plan."""
        ...

    def proposal(self) -> Proposal | None:
        """Return the plan of the last search, once it has ended."""
        ...

    def begin(self, asked: Asked, local: str) -> None:
        """Start a search.

        Raises:
            Refused: PlanningAlready, Contradictions, NobodyWaits, BooksLacking.
        """
        ...

    def enough(self) -> None:
        """Let the search end, and keep its best plan."""
        ...

    def drop(self) -> None:
        """Forget the search and its plan."""
        ...

    def approve(self, rows: Collection[int], local: str) -> None:
        """Write the journeys of these parties, all together; durable on return.

        Raises:
            Refused: NothingPlanned, NotWeighed, ChoiceNeeded, PlannedOnChanged, NetworkNotYours;
                nothing was kept.
        """
        ...

    def choose(self, first: bytes, behind: Collection[bytes], why: str) -> None:
        """Put a party before others; it counts once another person seconds it.

        Raises:
            Refused: NoReason, NetworkNotYours.
        """
        ...

    def second(self, choice: FactId) -> None:
        """Stand for a choice of another person.

        Raises:
            Refused: NoSuchChoice, NotSeconded, NetworkNotYours.
        """
        ...
