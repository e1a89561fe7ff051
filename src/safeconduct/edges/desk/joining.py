# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second device joins: the two sides of spec/journal.md 8, step by step.

    inviter = Inviter(journal, courier, meeting)      joiner = Joiner(text, name, meeting_of, world)
    text = inviter.invite()                           joiner.promise()
    inviter.look() -> words or None                   joiner.look() -> words or None
    inviter.admit(person, roles)                      joiner.finish(folder, passphrase) -> bool

People compare the words in between.  No secret travels but inside the grant and the parcel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from safeconduct.edges.desk import courier as http
from safeconduct.edges.desk import engine_post as post
from safeconduct.edges.desk.engine_journal import Journal
from safeconduct.edges.desk.engine_keys import NO_ID, DeviceSecrets, Keychain, Place
from safeconduct.edges.desk.engine_sync import Puller
from safeconduct.edges.desk.founding import World, crew_fact, new_store
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.errors import Refused, SafeconductError, Untrusted
from safeconduct.kernel.journal import Seen
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import HOUR, Address, Instant, OfficeId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import EpochOpened, HeldKey, KnownDevice, Role
from safeconduct.rooms.crew.events import SIGNED, parse_fact
from safeconduct.rooms.crew.join import (
    Grant,
    Invite,
    Transcript,
    meeting_boxes,
    open_grant,
    parse_invite,
    promise,
    read_reveal,
    reveal,
    seal_grant,
    write_invite,
)

NONCE_BYTES: Final = 32
PROMISE_BYTES: Final = 32
REFUSALS_MOST: Final = 3
INVITE_LIVES: Final = HOUR
STEWARDS_KEYS: Final = frozenset({"intake-sign", "control"})


class InviteVoid(Refused):
    """The invite is over: an hour passed, or three comparisons failed.  Make a new one."""

    code = "invite_void"


class NotYet(Refused):
    """The other side has not come that far."""

    code = "not_yet"


class NotThisOffice(Untrusted):
    """The log is not that of the office whose invite was compared."""

    code = "not_this_office"


class Meeting(Protocol):
    """Two boxes at a relay where devices meet that do not know each other yet."""

    def put(self, address: Address, item: bytes) -> None:
        """Put an item into a box, doing the work that is asked."""
        ...

    def collect(self, address: Address) -> list[bytes]:
        """Return what lies in a box, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class HttpMeeting:
    """Meeting boxes over HTTP."""

    line: http.Line

    def put(self, address: Address, item: bytes) -> None:
        """Put an item into a box, doing the work that is asked."""
        http.meet(self.line, address, item)

    def collect(self, address: Address) -> list[bytes]:
        """Return what lies in a box, oldest first."""
        return [item for _, _, item in http.collect(self.line, address, 0)]


class Inviter:
    """The side of a steward's desk.  One invite, one new device."""

    def __init__(self, journal: Journal, courier: Courier, meeting: Meeting) -> None:
        """Invite from an open journal."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._meeting: Final = meeting
        self._card: Final = journal.secrets.card()
        self._refusals = 0
        self.renew()

    def renew(self) -> None:
        """Make a new invite; the one before is void."""
        journal = self._journal
        self._nonce = journal.rng.bytes(NONCE_BYTES)
        self._began: Instant = journal.clock.now()
        self._promise: bytes | None = None
        self._device: KnownDevice | None = None
        self._transcript: Transcript | None = None
        meeting = journal.rng.bytes(32)
        self._boxes = meeting_boxes(meeting)
        self._invite = Invite(
            format=1,
            relay_url=journal.place.relay_url,
            office=journal.office,
            meeting=meeting,
            commitment=promise(self._card, self._nonce),
            size=journal.seen.size,
            root=journal.seen.root,
        )

    def invite(self) -> str:
        """Return the invite as text."""
        return write_invite(self._invite)

    def look(self) -> tuple[str, ...] | None:
        """Go on as far as the other side allows; return the five words once both revealed.

        Raises:
            InviteVoid: too late, or refused three times.
        """
        self._check_alive()
        items = self._meeting.collect(self._boxes[1])
        if self._promise is None:
            promises = [item for item in items if len(item) == PROMISE_BYTES]
            if not promises:
                return None
            self._promise = promises[0]
            self._meeting.put(self._boxes[0], reveal(self._card, self._nonce))
        found = _revealed(items, self._promise)
        if found is None:
            return None
        self._device, shown = found
        inviter = reveal(self._card, self._nonce)
        text = self.invite().encode()
        self._transcript = Transcript(text, self._promise, inviter, shown)
        return self._transcript.words(self._language())

    @property
    def device_name(self) -> str:
        """What the new device calls itself; raises NotYet."""
        if self._device is None:
            raise NotYet
        return self._device.name

    def refuse(self) -> None:
        """The words differ: this meeting is over; after three the invite is void."""
        self._refusals += 1
        if self._refusals >= REFUSALS_MOST:
            raise InviteVoid
        self.renew()

    def admit(self, person: str, roles: frozenset[Role]) -> None:
        """The words are the same: write the admission and hand over keys and way.

        Raises:
            NotYet: nothing was compared.
            NotASteward, AlreadyAdmitted, NameTaken: see there.
        """
        self._check_alive()
        device, transcript, journal = self._device, self._transcript, self._journal
        if device is None or transcript is None:
            raise NotYet
        admitted = crew.admit(journal.roster, journal.device, device, person=person, roles=roles)
        keys = keys_for(journal.keychain, roles)
        parcel = crew.write_parcel(journal.office, "admission", [(device.sealing, keys)])
        epoch, _ = journal.keychain.newest_office()
        named = EpochOpened(NO_ID, epoch, crew.parcel_hash(parcel), (device.id,))
        signer = (journal.device, journal.secrets.signing_key())
        facts = [
            crew_fact(journal.crew_vault, event, journal.office, signer)
            for event in (admitted, named)
        ]
        self._courier.put_parcel(parcel)
        journal.write(facts)
        while post.push(journal, self._courier):
            pass
        grant = self._grant(crew.parcel_hash(parcel))
        self._meeting.put(self._boxes[0], seal_grant(grant, device.sealing, transcript))

    def _grant(self, parcel: bytes) -> Grant:
        place, seen = self._journal.place, self._journal.seen
        return Grant(
            format=1,
            relay_key=place.relay_key,
            capability=place.capability,
            root_key=place.root_key,
            crew_vault=place.crew_vault,
            parcel=parcel,
            size=seen.size,
            root=seen.root,
        )

    def _check_alive(self) -> None:
        late = self._journal.clock.now() > self._began + INVITE_LIVES
        if late or self._refusals >= REFUSALS_MOST:
            raise InviteVoid

    def _language(self) -> str:
        founded = self._journal.roster.founded
        return founded.language if founded else "en"


def keys_for(keychain: Keychain, roles: frozenset[Role]) -> list[HeldKey]:
    """Return the keys that a device with these roles is given."""
    steward = Role.STEWARD in roles
    return [key for key in keychain.all() if steward or key.kind not in STEWARDS_KEYS]


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

    def look(self, language: str) -> tuple[str, ...] | None:
        """Return the five words once the inviter revealed; reveal ours then."""
        if self._transcript is None:
            items = self._meeting.collect(self._boxes[0])
            found = _revealed(items, self._invite.commitment)
            if found is None:
                return None
            ours, mine = promise(self._card, self._nonce), reveal(self._card, self._nonce)
            self._meeting.put(self._boxes[1], mine)
            self._transcript = Transcript(self._text, ours, found[1], mine)
        return self._transcript.words(language)

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
        store = new_store(folder, passphrase, self._world)
        try:
            self._settle(store, place, keys)
            self._read(store, courier, grant)
        except BaseException:
            store.close()
            _remove(folder)
            raise
        store.close()
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
        if founded is None or founded.relay_key != grant.relay_key:
            raise NotThisOffice
        if journal.device not in roster.members or not _names(journal, grant.parcel):
            raise NotThisOffice


def _revealed(items: list[bytes], promised: bytes) -> tuple[KnownDevice, bytes] | None:
    """Return the device whose reveal keeps the promise; what others put there is passed over."""
    for item in items:
        try:
            return read_reveal(item, promised), item
        except SafeconductError:
            continue
    return None


def _names(journal: Journal, parcel: bytes) -> bool:
    """Tell whether a roster fact names a parcel."""
    for told in journal.facts.crew(journal.crew_vault):
        if told.kind == "crew.EpochOpened":
            fact = parse_fact(told.kind, SIGNED.decode_own(told.body))
            if isinstance(fact, EpochOpened) and fact.parcel == parcel:
                return True
    return False


def _remove(folder: Path) -> None:
    """Take back a desk that did not come to be."""
    for name in ("keys", "store.db", "store.db-wal", "store.db-shm", "in-use"):
        (folder / name).unlink(missing_ok=True)
