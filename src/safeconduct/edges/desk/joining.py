# SPDX-License-Identifier: AGPL-3.0-or-later
"""The joiner's side of a meeting: a new device becomes a desk (spec/journal.md 8).

    joiner = Joiner(invite, name, Way.over_http())
    joiner.promise()
    joiner.look()                       # five words, once the inviter revealed
    joiner.finish(folder, passphrase)   # True once the grant was there and the log was read

People compare the words in between.  No secret travels but inside the grant and the parcel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import courier as http
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import DeviceSecrets, Keychain, Place
from safeconduct.edges.desk.engine.sync import Puller
from safeconduct.edges.desk.founding import World, new_store
from safeconduct.edges.desk.inviting import Inviter, InviteVoid
from safeconduct.edges.desk.meeting import NONCE_BYTES, HttpMeeting, Meeting, NotYet, revealed
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.errors import SafeconductError, Untrusted
from safeconduct.kernel.journal import Seen
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import HeldKey
from safeconduct.rooms.crew.join import (
    Grant,
    Transcript,
    meeting_boxes,
    open_grant,
    parse_invite,
    promise,
    reveal,
    seal_meeting,
    write_invite,
)


class NotThisOffice(Untrusted):
    """The log is not that of the office whose invite was compared."""

    code = "not_this_office"


@dataclass(frozen=True, slots=True)
class Way:
    """How a joiner reaches the relay that an invite names."""

    meeting: Callable[[str, OfficeId], Meeting]
    courier: Callable[[str, OfficeId, bytes], Courier]

    @classmethod
    def over_http(cls, *, proxy: str | None = None) -> Way:
        """The real one."""
        return cls(
            lambda url, office: HttpMeeting(http.Line(url, office, proxy=proxy)),
            lambda url, office, capability: http.HttpCourier(
                http.Line(url, office, proxy=proxy), capability
            ),
        )


class Joiner:
    """The side of the new device.  Its secrets are in memory until the words were compared."""

    def __init__(self, invite: str, name: str, way: Way, world: World | None = None) -> None:
        """Read an invite; `name` is what colleagues will call this device.

        Raises:
            Malformed: the invite is not whole.
        """
        self._world: Final = world or World.real()
        self._invite: Final = parse_invite(invite)
        self._text: Final = write_invite(self._invite).encode()
        self._way: Final = way
        self.office: Final = OfficeId(self._invite.office)
        self._meeting: Final = way.meeting(self._invite.relay_url, self.office)
        self._boxes: Final = meeting_boxes(self._invite.meeting)
        self._secrets: Final = DeviceSecrets.fresh(name, self._world.rng)
        self._card: Final = self._secrets.card()
        self._nonce: Final = self._world.rng.bytes(NONCE_BYTES)
        self._transcript: Transcript | None = None

    def promise(self) -> None:
        """Promise our card before we see the other's."""
        self._meeting.put(self._boxes[1], promise(self._card, self._nonce))

    def look(self) -> tuple[str, ...] | None:
        """Return the five words once the inviter revealed; reveal ours then."""
        if self._transcript is None:
            meeting, (theirs, box) = self._invite.meeting, self._boxes
            items = self._meeting.collect(theirs)
            found = revealed(items, self._invite.commitment, meeting=meeting, box=theirs)
            if found is None:
                return None
            ours, mine = promise(self._card, self._nonce), reveal(self._card, self._nonce)
            self._meeting.put(box, seal_meeting(meeting, box, mine))
            self._transcript = Transcript(self._text, ours, found[1], mine)
        return self._transcript.words(self._invite.language)

    def finish(self, folder: Path, passphrase: str) -> bool:
        """Take the grant, read the whole log and keep a desk; False while no grant is there.

        Raises:
            NotYet: nothing was compared.
            NotThisOffice, RelayLied: the log is not the office's; nothing is kept.
        """
        if self._transcript is None:
            raise NotYet
        grant = self._granted(self._transcript)
        if grant is None:
            return False
        if crew.office_id(grant.root_key) != self.office:
            raise NotThisOffice
        url = self._invite.relay_url
        courier = self._way.courier(url, self.office, grant.capability)
        parcel = courier.parcel(grant.parcel)
        keys = crew.open_parcel(parcel, self.office, self._secrets.sealing_key())
        place = Place(
            *(self.office, grant.root_key, grant.crew_vault),
            *(url, grant.relay_key, grant.capability),
        )
        with new_store(folder, passphrase, self._world) as store:
            self._settle(store, place, keys)
            self._read(store, courier, grant)
        return True

    def _granted(self, transcript: Transcript) -> Grant | None:
        key = self._secrets.sealing_key()
        for item in self._meeting.collect(self._boxes[0]):
            try:
                return open_grant(item, key, transcript)
            except SafeconductError:
                continue
        return None

    def _settle(self, store: Store, place: Place, keys: tuple[HeldKey, ...]) -> None:
        with store.transaction():
            Keychain(store).add(keys)
            store.put_setting("device", self._secrets)
            store.put_setting("place", place)

    def _read(self, store: Store, courier: Courier, grant: Grant) -> None:
        """Read the log; it must extend both checkpoints, be this office's, and admit us."""
        journal = Journal(store, self._world.clock, self._world.rng)
        puller = Puller(journal, courier, journal.place.relay())
        try:
            puller.pull_log()
        finally:
            puller.close()
        for seen in (Seen(self._invite.size, self._invite.root), Seen(grant.size, grant.root)):
            puller.log.must_extend(seen, journal.log.subtree)
        founded, roster = journal.roster.founded, journal.roster
        if founded is None or roster.relay_key != grant.relay_key:
            raise NotThisOffice
        if journal.device not in roster.members or grant.parcel not in roster.parcels:
            raise NotThisOffice


__all__ = [
    "HttpMeeting",
    "InviteVoid",
    "Inviter",
    "Joiner",
    "Meeting",
    "NotThisOffice",
    "NotYet",
    "Way",
]
