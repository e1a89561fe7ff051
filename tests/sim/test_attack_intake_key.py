# SPDX-License-Identifier: AGPL-3.0-or-later
"""Intake keys that change, with a relay that hides things and a helper who names false keys."""

from __future__ import annotations

from contextlib import suppress

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.intake_keys import CLOSED_FOR, IntakeKeys
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.rooms import crew
from safeconduct.rooms.crew import HeldKey
from safeconduct.rooms.crew.events import DeviceSuspended
from safeconduct.rooms.hotline.events import IntakeKeyOpened
from safeconduct.rooms.hotline.letters import open_letter
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, pass_on
from tests.sim.test_intake_keys import current, epochs, texts
from tests.sim.test_own_rotation import MONTH
from tests.sim.test_removed_devices import cut, tell

pytestmark = pytest.mark.attack
FALSE = HeldKey("intake", NO_ID, 0, b"f" * 32)


class Stale(StoreCourier):
    """A relay that shows a desk an intake of before, but for right after it took a certificate."""

    shown: bytes = b""
    fresh = False

    def publish(self, certificate: bytes) -> None:
        super().publish(certificate)
        self.fresh = True

    def checkpoint(self, tree: str) -> bytes:
        if tree != "intake" or self.fresh or not self.shown:
            self.fresh = False
            return super().checkpoint(tree)
        return self.shown


class NotThatParcel(StoreCourier):
    """A relay that keeps one parcel back."""

    hidden = b""

    def parcel(self, name: bytes) -> bytes:
        if name == self.hidden:
            raise NotFound
        return super().parcel(name)


def test_letters_that_the_relay_hid_until_their_key_was_closed_are_read(
    stage: Rehearsal, person: Person
) -> None:
    second = stage.desks["second"]
    pass_on(stage, "first", "second")
    relay = Stale(stage.store, stage.office, second.journal.place.capability)
    relay.shown = relay.checkpoint("intake")
    person.write("To the key that is closed soon.")
    stage.clock.time += MONTH
    pass_on(stage, "first", "first")
    hand = Hand(second, relay)
    hand.pull()
    stage.clock.time += CLOSED_FOR
    hand.pull()
    relay.shown = b""
    hand.pull()
    hand.pull()
    stage.clock.time += CLOSED_FOR
    hand.pull()
    assert epochs(second) == [current(stage)]
    assert texts(second, person)[-1] == "To the key that is closed soon."
    assert second.journal.store.value("SELECT count(*) FROM aside") == 0


def test_a_false_key_for_a_true_certificate_is_not_taken(stage: Rehearsal, person: Person) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    pass_on(stage, "first", "second", "third")
    stage.clock.time += MONTH
    pass_on(stage, "first", "first", "second")
    (*_, true) = IntakeKeys(first.journal, stage.courier(first)).told()
    false = HeldKey("intake", NO_ID, true.fact.epoch, FALSE.key)
    sealed_to = second.journal.keys.sealing()[third.device]
    parcel = crew.write_parcel(
        second.journal.keys.packer(stage.world.rng), "intake", [(sealed_to, [false])]
    )
    stage.courier(second).put_parcel(parcel)
    told = IntakeKeyOpened(true.fact.epoch, true.fact.certificate, crew.parcel_hash(parcel))
    second.journal.write([post.fact(second.journal, told)])
    pass_on(stage, "second")
    person.write("To the true key.")
    relay = NotThatParcel(stage.store, stage.office, third.journal.place.capability)
    relay.hidden = true.fact.parcel
    Hand(third, relay).pull()
    pass_on(stage, "third")
    assert texts(third, person)[-1] == "To the true key."


def test_removed_device_opens_no_letter_that_comes_after(stage: Rehearsal, person: Person) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second")
    tell(first, DeviceSuspended((cut(first, second),), "lost"))
    pass_on(stage, "first", "first", "first")
    item = person.item("She moves on Friday.")
    for _, fact, _ in IntakeKeys(first.journal, stage.courier(first)).told():
        with suppress(SafeconductError):
            parcel = stage.courier(first).parcel(fact.parcel)
            own = second.journal.secrets.sealing_key()
            second.journal.keychain.add(crew.open_parcel(parcel, stage.office, own))
    held = [second.journal.keychain.intake(epoch) for epoch in epochs(second)]
    assert held
    for key in held:
        assert key is not None
        with pytest.raises(SafeconductError):
            open_letter(item, stage.office, key)


def test_helper_who_tells_of_the_key_again_keeps_it_for_no_removed_device(
    stage: Rehearsal,
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    pass_on(stage, "first", "second", "third")
    before = current(stage)
    (told,) = IntakeKeys(third.journal, stage.courier(third)).told()
    hand = Hand(first, stage.courier(first))
    tell(first, DeviceSuspended((cut(first, second),), "lost"))
    while post.push(first.journal, stage.courier(first)):
        pass
    third.journal.write([post.fact(third.journal, told.fact)])
    pass_on(stage, "third")
    hand.pull()
    pass_on(stage, "first", "first")
    assert current(stage) > before
