# SPDX-License-Identifier: AGPL-3.0-or-later
"""Intake keys from desk to desk: made anew, told to pages, taken, closed and destroyed."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import check, recovering
from safeconduct.edges.desk.engine import intake_rotation, post
from safeconduct.edges.desk.engine.intake_keys import CLOSED_FOR, IntakeKeys
from safeconduct.edges.desk.engine.keys import Keychain
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.recovering import open_cards
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.intake import parse_certificate
from safeconduct.kernel.wire.refusals import KeyClosed, NotFound
from safeconduct.rooms import crew
from safeconduct.rooms.crew.events import DeviceReadmitted, DeviceSuspended
from safeconduct.rooms.crew.recovery import sealing_of
from safeconduct.rooms.crew.shares import Scheme, split
from safeconduct.rooms.hotline.events import IntakeKeyOpened
from safeconduct.rooms.hotline.letters import Certificate, write_certificate
from tests.sim.courier import Rehearsal, StoreCourier, submit
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_own_rotation import MONTH, month_later
from tests.sim.test_recovery import FRESH, let_follow
from tests.sim.test_removed_devices import cut, tell
from tests.sim.test_roster_heads import STEWARD


def epochs(desk: Desk) -> list[int]:
    """The epochs whose private intake key a desk holds."""
    return desk.journal.keychain.intake_epochs()


def current(stage: Rehearsal) -> int:
    """The epoch that pages are told to seal to."""
    raw = stage.store.public(stage.office).terms().certificate
    return parse_certificate(raw).certificate.epoch


def texts(desk: Desk, person: Person) -> list[str]:
    """What a desk has of what a person wrote."""
    talk = desk.conversation(person.conversation)
    return [message.text for message in talk.messages] if talk else []


def week_later(stage: Rehearsal, *names: str) -> None:
    """Let a week pass, and sync."""
    stage.clock.time += CLOSED_FOR
    pass_on(stage, *names)


def test_each_month_pages_seal_to_a_new_key_and_the_old_one_is_destroyed(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    for _ in range(3):
        before = current(stage)
        month_later(stage, "first", "second", "first", "second")
        assert current(stage) > before
        assert epochs(first) == epochs(second) == [before, current(stage)]
        person.write(f"To {current(stage)}.")
        sync(stage, "first", "second", "first")
        week_later(stage, "first", "second", "first", "second")
        assert epochs(first) == epochs(second) == [current(stage)]
    said = texts(first, person)
    assert len(said) == 4
    assert said == texts(second, person)
    for desk in (first, second):
        assert check.verify_store(desk.journal).findings == ()
        assert {one.code for one in desk.status().troubles} == set()


def test_a_page_that_was_open_is_answered_with_the_new_key_and_loses_nothing(
    stage: Rehearsal, person: Person
) -> None:
    item = person.item("Written before.")
    month_later(stage, "first", "second", "first")
    with pytest.raises(KeyClosed) as closed:
        submit(stage.store, stage.office, item)
    assert parse_certificate(closed.value.certificate).certificate.epoch == current(stage)
    person.write("Sealed again.")
    sync(stage, "second", "first")
    assert texts(stage.desks["first"], person)[-1] == "Sealed again."


def test_a_desk_that_was_away_for_months_reads_what_waits_to_each_key(
    stage: Rehearsal, person: Person
) -> None:
    away = stage.join("away")
    pass_on(stage, "first", "second", "away")
    month_later(stage, "first", "second", "first", "second")
    person.write("To the second key.")
    stage.clock.time += MONTH
    pass_on(stage, "second", "first", "first")
    person.write("To the third key.")
    pass_on(stage, "away", "away")
    assert texts(away, person) == ["Please help.", "To the second key.", "To the third key."]
    assert len(epochs(away)) == 3
    assert {one.code for one in away.status().troubles} == set()
    week_later(stage, "away")
    assert epochs(away) == [current(stage)]


def test_a_letter_that_comes_before_its_key_is_read_when_the_key_is_there(
    stage: Rehearsal, person: Person
) -> None:
    second = stage.desks["second"]
    pass_on(stage, "first", "second")
    stage.clock.time += MONTH
    pass_on(stage, "first", "first")
    person.write("Before its key.")
    relay = NoParcels(stage.store, stage.office, second.journal.place.capability)
    hand = Hand(second, relay)
    hand.pull()
    assert texts(second, person) == ["Please help."]
    relay.holds = True
    hand.pull()
    assert texts(second, person) == ["Please help.", "Before its key."]
    assert second.journal.store.value("SELECT count(*) FROM aside") == 0
    assert {one.code for one in second.status().troubles} == set()


class NoParcels(StoreCourier):
    """A relay that has no parcels for whoever asks."""

    holds = False

    def parcel(self, name: bytes) -> bytes:
        if not self.holds:
            raise NotFound
        return super().parcel(name)


def test_an_old_half_stays_while_a_letter_to_it_is_unread(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = stage.desks["second"]
    month_later(stage, "first", "second", "first")
    with monkeypatch.context() as busy:
        busy.setattr("safeconduct.edges.desk.engine.intake.is_to_read_again", lambda _: True)
        week_later(stage, "second", "second")
        assert len(epochs(second)) == 2
    pass_on(stage, "second")
    assert len(epochs(second)) == 1


def test_whoever_was_removed_has_no_key_for_what_is_written_after(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second")
    before = current(stage)
    commit = tell(first, DeviceSuspended((cut(first, second),), "lost"))
    pass_on(stage, "first", "first", "second")
    assert current(stage) > before
    assert epochs(second) == [before]
    lifts = (crew.Told(commit, first.device, "", b"").id,)
    tell(first, DeviceReadmitted(cut(first, second), lifts))
    after = current(stage)
    pass_on(stage, "first", "first", "second", "second")
    assert current(stage) > after
    assert current(stage) in epochs(second)
    pass_on(stage, "first", "first")
    assert len(epochs(first)) == 3


def test_recovery_cards_open_the_newest_key(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    month_later(stage, "first", "first")
    (*_, newest) = IntakeKeys(first.journal, stage.courier(first)).told()
    parcel = stage.courier(first).parcel(newest.fact.parcel)
    cards = sealing_of(stage.recovery_secret)
    (held,) = crew.open_parcel(parcel, stage.office, cards)
    assert SealingKey.from_seed(held.key).public.raw == newest.certificate.key


def test_new_cards_open_no_key_that_was_destroyed_and_bring_a_new_one(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    month_later(stage, "first", "second", "first", "second")
    week_later(stage, "first", "second", "first")
    held = epochs(first)
    assert held == [current(stage)]
    let_follow(stage, first)
    anew = open_cards(first.journal, split(FRESH, Scheme(3, 4))[:3])
    keys = recovering.recovered(first.journal, stage.courier(first), anew)
    assert [key.epoch for key in keys if key.kind == "intake"] == held
    pass_on(stage, "first", "first", "second", "first")
    assert current(stage) > held[0]
    keys = recovering.recovered(first.journal, stage.courier(first), anew)
    assert [key.epoch for key in keys if key.kind == "intake"] == [*held, current(stage)]


def test_two_stewards_who_make_keys_at_once_end_with_one(stage: Rehearsal, person: Person) -> None:
    first, third = stage.desks["first"], stage.join("third", STEWARD)
    pass_on(stage, "first", "second", "third")
    stage.clock.time += MONTH
    hands = [Hand(desk, stage.courier(desk)) for desk in (first, third)]
    for hand in hands:
        hand.pull()
    pass_on(stage, "first", "third", "first", "third", "second")
    assert current(stage) == max(epochs(first))
    assert epochs(first) == epochs(third) == epochs(stage.desks["second"])
    person.write("To the greater one.")
    sync(stage, "second")
    assert texts(stage.desks["second"], person)[-1] == "To the greater one."
    week_later(stage, "first", "third")
    assert epochs(first) == epochs(third) == [current(stage)]


STEPS = ("put_parcel", "keep", "add", "publish", "let_go")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_desk_that_is_cut_at_any_step_loses_no_letter(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch, step: str, *, after: bool
) -> None:
    pass_on(stage, "first", "second")
    stage.clock.time += MONTH
    with monkeypatch.context() as cutting:
        cut_at(cutting, step, after=after)
        with pytest.raises(KeyboardInterrupt):
            months(stage)
    stage.desks["first"].stop()
    first = stage.unlock("first")
    person.write("After the cut.")
    pass_on(stage, "first", "first", "second", "first")
    person.write("After that.")
    week_later(stage, "first", "second", "first", "second")
    for desk in (first, stage.desks["second"]):
        assert texts(desk, person) == ["Please help.", "After the cut.", "After that."]
        assert epochs(desk) == [current(stage)]
        assert check.verify_store(desk.journal).findings == ()


def months(stage: Rehearsal) -> None:
    """Let the first desk make a key, and destroy the one before."""
    pass_on(stage, "first", "first")
    week_later(stage, "first", "first")


def cut_at(cutting: pytest.MonkeyPatch, step: str, *, after: bool) -> None:
    """End a desk before or after a step of a new intake key."""
    owner, name = {
        "put_parcel": (StoreCourier, "put_parcel"),
        "keep": (intake_rotation, "keep"),
        "add": (Keychain, "add"),
        "publish": (StoreCourier, "publish"),
        "let_go": (Keychain, "let_go"),
    }[step]
    done = getattr(owner, name)

    def ends(*args: object) -> object:
        if after:
            done(*args)
        raise KeyboardInterrupt

    cutting.setattr(owner, name, ends)


def test_a_key_that_the_page_never_signed_for_closes_none(stage: Rehearsal, person: Person) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second")
    public = SealingKey.from_seed(b"f" * 32).public.raw
    certificate = Certificate(1, stage.office, 70_000, public, 0, stage.clock.time + MONTH)
    signed = write_certificate(certificate, LongSigningKey.from_seed(b"t" * 64))
    told = IntakeKeyOpened(70_000, signed, bytes(32))
    second.journal.write([post.fact(second.journal, told)])
    pass_on(stage, "second", "first", "first")
    stage.clock.time += CLOSED_FOR
    pass_on(stage, "first", "second")
    assert epochs(first) == epochs(second) == [current(stage)] == [1]
