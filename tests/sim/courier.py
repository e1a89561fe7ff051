# SPDX-License-Identifier: AGPL-3.0-or-later
"""Couriers without a network: straight into a real `RelayStore`, and one that does evil.

`StoreCourier` implements the same port as the HTTP courier over the relay's own doors.
`Hostile` wraps any courier; each of its switches is one way in which a relay or a network can lie.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from msgspec.structs import astuple

from safeconduct.edges.desk.founding import Names, Relay, World, found_office
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.relay.desk import DeskDoor
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.log.checkpoint import Tree
from safeconduct.kernel.ports import Counted, Courier, IntakeItem
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.kernel.wire.bodies import (
    Access,
    BlobOffer,
    BoxAsk,
    Founding,
    Letter,
    Meeting,
    OfficeCard,
    Sizes,
    Submission,
    write_body,
)
from safeconduct.kernel.wire.orders import SignedOrder
from safeconduct.kernel.wire.refusals import MoreWork
from safeconduct.kernel.wire.timers import parse_timer_turn
from safeconduct.kernel.wire.work import item_payload, meeting_payload, solve_work
from safeconduct.kernel.words import Address, BlobId, Instant, OfficeId
from safeconduct.rooms.crew import Role
from tests.kit.relay import SetClock, plenty

URL = "http://relay.invalid"
CHEAP = Cost(8, 1, 1)
PASSPHRASE = "a quiet garden after rain"
HELPER = frozenset({Role.OPERATOR})


class StoreCourier:
    """The port of `kernel.ports.Courier` over a relay in this process."""

    def __init__(self, store: RelayStore, office: OfficeId, capability: bytes) -> None:
        self.store = store
        self.office = office
        self._capability = capability

    @property
    def _desk(self) -> DeskDoor:
        return self.store.desk(self.office, self._capability)

    def append(self, frames: list[bytes]) -> list[int]:
        return self._desk.append(frames).indices

    def frames(self, start: int, most: int) -> list[bytes]:
        return self._desk.frames(start, most)

    def items(self, start: int, most: int) -> list[IntakeItem]:
        return self._desk.items(start, most)

    def taken(self, indices: list[int]) -> None:
        self._desk.taken(indices)

    def now(self) -> Instant:
        return Instant(self.store.public(self.office).terms().now)

    def wait(self, log: int, intake: int, seconds: float) -> tuple[int, int]:
        sizes = asyncio.run(self._desk.wait(Sizes(log, intake), seconds))
        return sizes.log, sizes.intake

    def checkpoint(self, tree: str) -> bytes:
        return self._desk.checkpoint(_tree(tree))

    def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
        self._desk.post([Letter(*letter) for letter in letters])

    def collect(self, address: Address, after: int) -> list[tuple[int, Instant, bytes]]:
        answer = self.store.public(self.office).box(BoxAsk(address, after))
        return [(item.number, Instant(item.expires), item.item) for item in answer.items]

    def put_parcel(self, parcel: bytes) -> None:
        self._desk.put_parcel(hashlib.sha256(parcel).digest(), parcel)

    def parcel(self, name: bytes) -> bytes:
        return self._desk.parcel(name)

    def drop_parcels(self, order: bytes, signature: bytes) -> None:
        self.store.drop_parcels(self.office, SignedOrder(order, signature))

    def traced(self, order: bytes, signature: bytes) -> list[Counted]:
        found = self.store.traced(self.office, SignedOrder(order, signature))
        return [Counted(*astuple(one)) for one in found]

    def open_access(self, opening: bytes, proof: bytes) -> None:
        self.store.open_access(self.office, Access(opening, proof))

    def renew(self, capability: bytes) -> None:
        self._capability = capability

    def publish(self, certificate: bytes) -> None:
        self._desk.publish(certificate)

    def say_first(self, words: bytes) -> None:
        self._desk.say_first(words)

    def first_words(self) -> bytes:
        return self.store.public(self.office).first_words()

    def timers(self) -> bytes:
        return write_body(self._desk.timers())

    def turn(self, body: bytes) -> None:
        self._desk.turn(parse_timer_turn(body))

    def open_blob(self, blob: BlobId, chunks: int, length: int, token: bytes) -> int:
        hashed = hashlib.sha256(token).digest()
        return self._desk.offer_blob(BlobOffer(bytes(16), 0, blob, chunks, length, hashed))

    def put_chunk(self, blob: BlobId, index: int, chunk: bytes, token: bytes) -> int:
        return self.store.public(self.office).put_chunk(blob, index, chunk, token)

    def blob_state(self, blob: BlobId) -> tuple[int, int, int]:
        state = self.store.public(self.office).blob_state(blob)
        return state.chunks, state.length, state.next

    def chunk(self, blob: BlobId, index: int) -> bytes:
        return self.store.public(self.office).chunk(blob, index)


def _tree(name: str) -> Tree:
    return "log" if name == "log" else "intake"


@dataclass
class StoreMeeting:
    """Meeting boxes of a relay in this process."""

    store: RelayStore
    office: OfficeId

    def put(self, address: Address, item: bytes) -> None:
        door, seed, nonce = self.store.public(self.office), bytes(16), 0
        for _ in range(2):
            try:
                door.meet(Meeting(seed, nonce, address, item))
            except MoreWork as asked:
                seed = asked.seed
                nonce = solve_work(seed, meeting_payload(address, item), asked.bits)

    def collect(self, address: Address) -> list[bytes]:
        answer = self.store.public(self.office).box(BoxAsk(address, 0))
        return [item.item for item in answer.items]


def submit(store: RelayStore, office: OfficeId, item: bytes) -> int:
    """Send a sealed letter as a page does; return its index."""
    terms = store.public(office).terms()
    nonce = solve_work(terms.work.seed, item_payload(item), terms.work.message_bits)
    return store.public(office).submit(Submission(terms.work.seed, nonce, item)).index


class Rehearsal:
    """One relay, one office, and as many desks as a test asks for."""

    def __init__(self, folder: Path, world: World | None = None) -> None:
        self.folder = folder
        self.clock = SetClock()
        real = World.real()
        self.world = world or World(self.clock, real.rng, CHEAP)
        self.store = RelayStore(folder / "relay.db", clock=self.clock, probe=plenty)
        self.office = OfficeId(b"")
        self.recovery_secret = b""
        self.desks: dict[str, Desk] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for desk in self.desks.values():
            desk.stop()
        self.store.close()

    def relay(self) -> Relay:
        """The relay as founding sees it."""

        def register(_: OfficeId, card: OfficeCard) -> bytes:
            code = self.store.founding_code()
            assert code is not None
            return self.store.found(Founding(code, card)).relay_key

        return Relay(URL, register, self.courier_with)

    def courier_with(self, office: OfficeId, capability: bytes) -> Courier:
        return StoreCourier(self.store, office, capability)

    def found(self, name: str = "first") -> Desk:
        """Found the office; return its first desk."""
        names = Names("The Harbour", "en", "Ada", name)
        founded = found_office(self.folder / name, PASSPHRASE, names, self.relay(), self.world)
        self.office, self.recovery_secret = founded.office, founded.recovery_secret
        return self.unlock(name)

    def unlock(self, name: str) -> Desk:
        """Open a desk that is closed."""
        world = self.world
        desk = Desk.open(self.folder / name, PASSPHRASE, clock=world.clock, rng=world.rng)
        self.desks[name] = desk
        return desk

    def courier(self, desk: Desk) -> StoreCourier:
        """The courier of a desk."""
        return StoreCourier(self.store, self.office, desk.journal.place.capability)

    def meeting(self) -> StoreMeeting:
        return StoreMeeting(self.store, self.office)

    def way(self, wrap: Callable[[Courier], Courier] = lambda courier: courier) -> Way:
        """How a joiner reaches this relay."""
        return Way(
            lambda _, office: StoreMeeting(self.store, office),
            lambda _, office, capability: wrap(self.courier_with(office, capability)),
        )

    def join(
        self,
        name: str = "second",
        roles: frozenset[Role] = HELPER,
        *,
        by: str = "first",
        person: str = "",
    ) -> Desk:
        """Let a second device join through a steward's desk; both sides compare words."""
        first = self.desks[by]
        inviter = Inviter(first.journal, self.courier(first), self.meeting())
        joiner = Joiner(inviter.invite(), name, self.way(), self.world)
        joiner.promise()
        assert inviter.look() is None
        shown = joiner.look()
        assert shown is not None
        assert shown == inviter.look()
        inviter.admit(person or "Bo " + name, roles)
        assert joiner.finish(self.folder / name, PASSPHRASE)
        return self.unlock(name)


__all__ = ["Rehearsal", "StoreCourier", "StoreMeeting", "submit"]
