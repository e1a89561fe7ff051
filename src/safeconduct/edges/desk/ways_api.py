# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about the network of houses, roads and countries.

Whatever has no key here leaves no trace in any answer.  The engine behind it is `ways.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from safeconduct.edges.desk.audit_api import CanSee
    from safeconduct.edges.desk.places_api import PlacesApi
    from safeconduct.edges.desk.planning_api import JourneyPlansApi, Making
    from safeconduct.kernel.sheets import SheetId, Typed
    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.passage import Book, Network
    from safeconduct.rooms.passage.board.go import People
    from safeconduct.rooms.passage.board.tonight import Tonight


class Seen(NamedTuple):
    """What somebody saw of a ride: the facts that stood on it, and the words that were said."""

    stood: frozenset[FactId]
    words: frozenset[FactId]


class WaysApi(Protocol):
    """The network, as pages see it."""

    @property
    def plans(self) -> JourneyPlansApi:
        """Who goes when, proposed and approved."""
        ...

    @property
    def places(self) -> PlacesApi:
        """The gazetteer that is kept at this desk."""
        ...

    def network(self) -> Network:
        """Return what can be read here; its `books` are those of which keys are held."""
        ...

    def tonight(self, day: str) -> Tonight:
        """Return what is so on a day, worked out anew when something came or a day began."""
        ...

    def code_name(self, sheet: bytes) -> str:
        """Return the code name of a sheet, read here or not."""
        ...

    def people(self) -> People:
        """Return whose words of rides count, and which are two people's."""
        ...

    def may_say_go(self) -> bool:
        """Tell whether somebody here may say that a ride goes."""
        ...

    def may_write(self) -> bool:
        """Tell whether somebody here may write of what can be read."""
        ...

    def may_verify(self) -> bool:
        """Tell whether somebody here may make sure of what can be read."""
        ...

    def to_open(self) -> Collection[Book]:
        """Return the books that somebody here may open: none but for stewards."""
        ...

    def proposed(self) -> Collection[DeviceId]:
        """Return the devices that are proposed as readers of a new book: coordinators'."""
        ...

    def open(self, book: Book, readers: Collection[DeviceId]) -> None:
        """Open a book for these devices and this one; durable on return.

        Raises:
            Unreachable: keys go by the server, and it does not answer; nothing was opened.
            Refused: as `engine.office_vaults.open_vault`.
        """
        ...

    def who_can_see(self, book: Book) -> CanSee:
        """Return who holds keys of a book that can be read here.

        Raises:
            NoSuchBook: it cannot be read here.
        """
        ...

    def givable(self, book: Book) -> Collection[DeviceId]:
        """Return the devices that could be given a book that can be read here.

        Raises:
            NoSuchBook: it cannot be read here.
        """
        ...

    def give(self, book: Book, to: Collection[DeviceId]) -> None:
        """Give a book that can be read here to devices; durable on return.

        Raises:
            Unreachable: keys go by the server, and it does not answer; nothing was given.
            Refused: NoSuchBook, NobodyChosen, NotHere, TravelsLight; nothing was given.
        """
        ...

    def write(self, kind: str, sheet: SheetId | None, typed: Mapping[str, Typed]) -> SheetId:
        """Write fields of a sheet, of a new one unless one is named; durable on return.

        Raises:
            Refused: as `rooms.passage.write_sheet`, and NetworkNotYours; nothing was kept.
        """
        ...

    def learnt(self) -> frozenset[tuple[bytes, bytes]]:
        """Return who, an escort or a host, was told of which party by a slip that left."""
        ...

    def write_together(self, make: Making) -> Network:
        """Write several facts in one commit, made from what stands; durable on return.

        Return what stands then, with these facts and nothing that came in after they were made.

        Raises:
            Refused: what `make` refuses, and NetworkNotYours; nothing was kept.
        """
        ...

    @property
    def own(self) -> DeviceId:
        """This device."""
        ...

    def are_apart(self, one: DeviceId, other: DeviceId) -> bool:
        """Tell whether two devices are of two people who both stand on the roster now."""
        ...

    def take_off(self, kind: str, sheet: SheetId, reason: str) -> None:
        """Take a sheet off the record, with a reason; durable on return.

        Raises:
            Refused: NoSuchBook, NetworkNotYours, NoReasonToTakeOff, NothingNew.
        """
        ...

    def put_back(self, kind: str, sheet: SheetId) -> None:
        """Let a sheet stand again that was taken off; durable on return.

        Raises:
            Refused: NoSuchBook, NetworkNotYours, NothingNew.
        """
        ...

    def verify(self, kind: str, sheet: SheetId, saw: Collection[FactId], how: str) -> None:
        """Say that what stands on a sheet is so, and how one knows; durable on return.

        Raises:
            Refused: as `rooms.passage.verify`, and NetworkNotYours.
        """
        ...

    def say_go(self, ride: SheetId, saw: Seen, *, go: bool) -> None:
        """Say that a ride goes as it was seen, or that it does not; durable on return.

        Raises:
            Refused: as `rooms.passage.go.say_go`, and NetworkNotYours.
        """
        ...
