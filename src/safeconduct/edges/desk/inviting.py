# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inviter's side of a meeting: a steward's desk admits a second device (spec/journal.md 8).

    inviter = Inviter(journal, courier, meeting)
    inviter.invite()            # text to hand over
    inviter.look()              # five words, once both sides revealed
    inviter.admit(person, roles)

The other side is `joining`.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import post, tracing
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.meeting import NONCE_BYTES, Meeting, NotYet, revealed
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import HOUR, Instant
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened, HeldKey, KeysGranted, KnownDevice, Role
from safeconduct.rooms.crew.events import CrewFact
from safeconduct.rooms.crew.join import (
    Grant,
    Invite,
    Transcript,
    meeting_boxes,
    promise,
    reveal,
    seal_grant,
    seal_meeting,
    write_invite,
)

PROMISE_BYTES: Final = 32
REFUSALS_MOST: Final = 3
INVITE_LIVES: Final = HOUR
STEWARDS_KEYS: Final = frozenset({"intake-sign", "control"})


class InviteVoid(Refused):
    """The invite is over: an hour passed, or three comparisons failed.  Make a new one."""

    code = "invite_void"


class InviteShared(Refused):
    """Two promises lie in one meeting: somebody else has the invite.  Make a new one."""

    code = "invite_shared"


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
            language=self._language(),
        )

    def invite(self) -> str:
        """Return the invite as text."""
        return write_invite(self._invite)

    def look(self) -> tuple[str, ...] | None:
        """Go on as far as the other side allows; return the five words once both revealed.

        Raises:
            InviteVoid: too late, or refused three times.
            InviteShared: somebody else came, too, and which of them is meant cannot be told.
        """
        self._check_alive()
        meeting, (mine, theirs) = self._invite.meeting, self._boxes
        items = self._meeting.collect(theirs)
        promises = {item for item in items if len(item) == PROMISE_BYTES}
        if len(promises) > 1:
            raise InviteShared
        if self._promise is None:
            if not promises:
                return None
            (self._promise,) = promises
            shown = reveal(self._card, self._nonce)
            self._meeting.put(mine, seal_meeting(meeting, mine, shown))
        found = revealed(items, self._promise, meeting=meeting, box=theirs)
        if found is None:
            return None
        self._device, shown = found
        inviter = reveal(self._card, self._nonce)
        text = self.invite().encode()
        self._transcript = Transcript(text, self._promise, inviter, shown)
        return self._transcript.words(self._invite.language)

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

        Where it takes two to make a steward, what stewards have comes in a letter after the second.

        Raises:
            NotYet: nothing was compared.
            NotASteward, NobodyToSecond, AlreadyAdmitted, NameTaken: see there.
        """
        self._check_alive()
        device, transcript, journal = self._device, self._transcript, self._journal
        if device is None or transcript is None:
            raise NotYet
        admitted = crew.admit(journal.roster, journal.device, device, person=person, roles=roles)
        counted = roles - {Role.STEWARD} if crew.takes_two(journal.roster) else roles
        keys = keys_for(journal, counted)
        parcel = crew.write_parcel(
            journal.keys.packer(journal.rng), "admission", [(device.sealing, keys)]
        )
        signer = (journal.device, journal.secrets.signing_key())
        facts = [
            crew_fact(journal.crew_vault, event, journal.office, signer)
            for event in (admitted, *_told_keys(journal, device, parcel))
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
            capability=tracing.way_for_newcomers(self._journal),
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
        return founded.language if founded and founded.language in LISTS else "en"


def keys_for(journal: Journal, roles: frozenset[Role]) -> list[HeldKey]:
    """Return the keys that a device with these roles is given; those of teams it is given later."""
    common = {NO_ID, journal.crew_vault, journal.hotline_vault}
    steward = Role.STEWARD in roles
    return [
        key
        for key in journal.keychain.all()
        if (key.kind != "vault" or key.id in common) and (steward or key.kind not in STEWARDS_KEYS)
    ]


def _told_keys(journal: Journal, device: KnownDevice, parcel: bytes) -> list[CrewFact]:
    """Return the facts that say what an admission's parcel gives: so it is known who could read."""
    name = crew.parcel_hash(parcel)
    epoch, _ = journal.keys.newest()[OFFICE_KEY]
    facts = journal.keys.facts()
    vaults = crew.key_groups(
        where
        for where in journal.keychain.sure()
        if where.vault in (journal.crew_vault, journal.hotline_vault) and facts.named(where)
    )
    return [
        EpochOpened(OFFICE_KEY, epoch, name, (device.id,)),
        KeysGranted(vaults, name, (device.id,), ()),
    ]
