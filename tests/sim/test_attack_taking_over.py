# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody makes stewards' desks take over what nobody left, or keeps them from it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from safeconduct.edges.desk.engine import overdue
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.engine.following import outstanding
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.wire.bodies import Access
from safeconduct.kernel.wire.orders import parse_drop_order
from safeconduct.kernel.wire.refusals import Conflict, UnknownCapability
from safeconduct.kernel.words import HOUR, Address, Instant
from safeconduct.rooms.crew.events import DoorsWritten
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_access_epochs import look
from tests.sim.test_removed_devices import tell
from tests.sim.test_roster_heads import STEWARD

pytestmark = pytest.mark.attack

CLAIMED = 2
"""The epoch that it says stands: with an opening of the next it could shut out an office that goes
on elsewhere in this one."""
LONG = overdue.WAIT + overdue.SPREAD


@pytest.fixture
def other(stage: Rehearsal, person: Person) -> Desk:
    """A second steward's desk; all know of each other."""
    other = stage.join("other", STEWARD)
    stage.join("third")
    sync(stage, "first", "second", "third", "other", "first")
    return other


class Refusing(StoreCourier):
    """A relay that calls every capability unknown, and keeps what it has signed for more."""

    def __init__(self, inner: StoreCourier) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self.signed: list[Access] = []

    def checkpoint(self, tree: str) -> bytes:  # noqa: ARG002
        raise UnknownCapability

    def append(self, frames: list[bytes]) -> list[int]:  # noqa: ARG002
        raise UnknownCapability

    def collect(self, address: Address, after: int) -> list[tuple[int, Instant, bytes]]:  # noqa: ARG002
        return []

    def drop_parcels(self, order: bytes, signature: bytes) -> None:  # noqa: ARG002
        if parse_drop_order(order).epoch != CLAIMED:
            raise Conflict

    def open_access(self, opening: bytes, proof: bytes) -> None:
        self.signed.append(Access(opening, proof))


def press(desk: Desk, relay: StoreCourier) -> None:
    """Let a desk ask once, as its loops do."""
    hand = Hand(desk, relay)
    with suppress(UnknownCapability):
        hand.loops.admitted(hand.pull)


def test_informer_cannot_say_for_a_steward_that_a_removal_was_followed(
    stage: Rehearsal, other: Desk
) -> None:
    first, second, third = (stage.desks[name] for name in ("first", "second", "third"))
    first.removals.suspend(second.device, "")
    pass_on(stage, "first", "third", "other")
    acts = tuple(act for act, _ in outstanding(first.journal))
    assert acts
    tell(third, DoorsWritten(1, acts))
    pass_on(stage, "third", "other")
    sync(stage, "other")
    stage.clock.time += LONG
    sync(stage, "other")
    assert look(stage, second) is Found.NOTHING
    assert look(stage, third) is Found.RENEWED


def test_relay_that_refuses_everybody_is_signed_one_opening_a_day(
    stage: Rehearsal, other: Desk
) -> None:
    relay = Refusing(stage.courier(other))
    for _ in range(20):
        press(other, relay)
        stage.clock.time += HOUR
    assert len({access.opening for access in relay.signed}) == 1


def test_openings_that_the_relay_that_is_left_had_signed_are_none_at_the_next(
    stage: Rehearsal, other: Desk
) -> None:
    relay = Refusing(stage.courier(other))
    press(other, relay)
    stage.clock.time += LONG
    press(other, relay)
    assert relay.signed
    with elsewhere(stage) as there:
        there.found()
        for access in relay.signed:
            with pytest.raises((Conflict, BadSignature)):
                there.store.open_access(stage.office, access)
