# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recovery cards on the desks of an office that runs (spec/crew.md 8)."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import check, recovering
from safeconduct.edges.desk.engine import following, page_key, post, rotating
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.new_keys import learn
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.people import People
from safeconduct.edges.desk.recovering import CardsDisputed, Opened, Use, open_cards
from safeconduct.edges.desk.root import root_key_of
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.standings import stand, waits
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import EpochOpened, HeldKey, Role, Standing
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.events import DeviceSuspended
from safeconduct.rooms.crew.recovery import OtherSecret, root_of, sealing_of
from safeconduct.rooms.crew.removing import SecondIsAnother
from safeconduct.rooms.crew.shares import Scheme, Share, split
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.steps import Person, pass_on, sync
from tests.sim.test_access_epochs import look
from tests.sim.test_new_keys import interrupt
from tests.sim.test_removed_devices import cut, quickly, tell
from tests.sim.test_roster_heads import written

FRESH = b"f" * 32


def cards(stage: Rehearsal) -> tuple[Share, ...]:
    """The cards of the founding."""
    return split(stage.recovery_secret, Scheme(2, 3))


def opened(stage: Rehearsal, desk: Desk) -> Opened:
    """Enough of them."""
    return open_cards(desk.journal, cards(stage)[:2])


def let_follow(stage: Rehearsal, desk: Desk, fresh: bytes = FRESH) -> None:
    """Make the cards anew on a desk."""
    courier = stage.courier(desk)
    recovering.let_follow(desk.journal, courier, opened(stage, desk), fresh, Scheme(3, 4))


def use(stage: Rehearsal, by: Desk, *taken: Desk) -> None:
    """Use the cards on a desk against others."""
    asked = Use([desk.device for desk in taken])
    recovering.use(by.journal, stage.courier(by), opened(stage, by), asked)


def troubles(desk: Desk) -> list[str]:
    return [found.code for found in desk.status().troubles]


def test_new_cards_count_on_every_desk_and_open_what_the_old_ones_did(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    old = cards(stage)
    let_follow(stage, first)
    pass_on(stage, "first", "second")
    for desk in (first, second):
        assert desk.roster().cards.root_key == root_of(FRESH).public.raw
        assert (desk.roster().cards.needed, desk.roster().cards.cards) == (3, 4)
        with pytest.raises(OtherSecret):
            open_cards(desk.journal, old[:2])
    anew = open_cards(second.journal, split(FRESH, Scheme(3, 4))[:3])
    keys = recovering.recovered(second.journal, stage.courier(second), anew)
    assert {key.kind for key in keys} == {"office", "vault", "intake", "intake-sign", "control"}
    assert set(keys) > set(first.journal.keychain.all())
    assert written(stage.join("third"), person) == written(first, person)
    assert check.verify_store(second.journal).findings == ()


def test_new_parcels_do_not_open_with_the_old_cards(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    old, before = opened(stage, first), first.roster().parcels
    let_follow(stage, first)
    (fresh,) = first.roster().parcels - before
    parcel = stage.courier(first).parcel(fresh)
    with pytest.raises(crew.parcel.NotForThisDevice):
        crew.open_parcel(parcel, first.journal.office, sealing_of(old.secret))


def test_the_founder_is_taken_and_the_cards_bring_the_office_back(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    pass_on(stage, "first", "second", "third")
    with pytest.raises(NotASteward):
        let_follow(stage, second)
    use(stage, second, first)
    let_follow(stage, second)
    pass_on(stage, "second", "first", "third", "second")
    for desk in (first, second, third):
        assert desk.roster().standing(first.device) is Standing.EXPELLED
        assert desk.roster().roles(second.device) == {Role.OPERATOR, Role.STEWARD}
        assert desk.roster().cards.root_key == root_of(FRESH).public.raw
        assert troubles(desk) == ["cards_used"]
        assert check.verify_store(desk.journal).findings == ()
    kinds = {key.kind for key in second.journal.keychain.all()}
    assert kinds >= {"intake-sign", "control"}
    first.note(person.conversation, "beyond")
    second.note(person.conversation, "after")
    fourth = stage.join("fourth", by="second")
    pass_on(stage, "first", "second", "third", "fourth")
    quickly(monkeypatch)
    fifth = stage.join("fifth", by="second")
    assert written(third, person) == written(fourth, person) == written(fifth, person) == ["after"]
    pass_on(stage, "third", "fourth", "fifth")
    assert third.roster() == fourth.roster() == fifth.roster()


def test_a_taken_laptop_that_suspends_everybody_does_not_keep_the_cards_from_use(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    first.note(person.conversation, "before")
    pass_on(stage, "first", "second", "third")
    tell(first, DeviceSuspended((cut(first, second), cut(first, third)), ""))
    pass_on(stage, "first", "second", "third")
    assert second.roster().present() == {first.device}
    use(stage, second, first)
    pass_on(stage, "second", "first", "third")
    for desk in (first, second, third):
        assert desk.roster().present() == {second.device, third.device}
        assert Role.STEWARD in desk.roster().roles(second.device)
        assert written(desk, person) == ["before"]


def test_a_removal_by_the_cards_names_them_and_the_time(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    use(stage, second, first)
    found = stand(second, first.device)
    assert found is not None
    (said,) = found.removals
    assert (said.expels, said.at, said.seconds) == (True, stage.clock.now(), ())
    assert People(second.roster(), second.device, "en").name(said.by) == "the recovery cards"


def test_cards_make_two_stewards_at_once_who_then_need_no_cards(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    pass_on(stage, "second", "third")
    asked = Use([first.device], [third.device])
    recovering.use(second.journal, stage.courier(second), opened(stage, second), asked)
    due = {(mark.device, mark.standing) for mark, _ in following.outstanding(second.journal)}
    assert due == {(first.device, "expelled"), (third.device, "raised")}
    pass_on(stage, "second", "first", "third")
    for desk in (first, second, third):
        assert Role.STEWARD in desk.roster().roles(second.device)
        assert Role.STEWARD in desk.roster().roles(third.device)
    let_follow(stage, third)
    pass_on(stage, "third", "second")
    assert second.roster().cards == third.roster().cards


def test_nothing_changes_while_the_server_does_not_answer(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    before = first.roster(), first.journal.pen
    held = opened(stage, first)

    class Gone:
        """A server that is off."""

        def __getattr__(self, _: str) -> object:
            raise Unreachable

    gone = Gone()
    with pytest.raises(Unreachable):
        recovering.let_follow(first.journal, gone, held, FRESH, Scheme(1, 1))  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        recovering.use(second.journal, gone, held, Use())  # type: ignore[arg-type]
    assert (first.roster(), first.journal.pen) == before
    assert not second.roster().uses


def test_whoever_is_cut_off_after_writing_sends_it_at_the_next_start(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    let_follow(stage, first)
    first.stop()
    again = stage.unlock("first")
    assert again.roster().cards.root_key == root_of(FRESH).public.raw
    while post.push(again.journal, stage.courier(again)):
        pass
    pass_on(stage, "second")
    assert stage.desks["second"].roster().cards == again.roster().cards


def test_new_cards_are_cut_off_with_the_renewal_that_follows_them_or_not_at_all(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.desks["first"]
    before = first.roster().cards, first.journal.pen.sequence
    with monkeypatch.context() as cutting:
        cutting.setattr(rotating, "ask_all", interrupt)
        with pytest.raises(KeyboardInterrupt):
            let_follow(stage, first)
    first.stop()
    again = stage.unlock("first")
    assert (again.roster().cards, again.journal.pen.sequence) == before
    assert not rotating.asked(again.journal)
    let_follow(stage, again)
    again.stop()
    assert rotating.asked(stage.unlock("first").journal)


def test_a_rehearsal_is_held_to_the_cards_that_stand(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    let_follow(stage, first)
    first.stop()
    home = stage.folder / "first"
    settle(home, SystemRng())
    assert root_key_of(home, PASSPHRASE) == root_of(FRESH).public.raw
    del stage.desks["first"]


def test_two_stewards_who_make_new_cards_at_once_are_told(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    use(stage, second)
    pass_on(stage, "second", "first")
    let_follow(stage, first)
    let_follow(stage, second, b"s" * 32)
    pass_on(stage, "first", "second", "first")
    for desk in (first, second):
        assert "cards_disputed" in troubles(desk)
        with pytest.raises(CardsDisputed):
            opened(stage, desk)


def test_two_stewards_choose_one_of_two_sets_of_new_cards(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    use(stage, second)
    third = stage.join("third")
    pass_on(stage, "second", "first", "third")
    let_follow(stage, first)
    let_follow(stage, second, b"s" * 32)
    pass_on(stage, "first", "second", "first", "third")
    (ours,) = [one for one in waits(second) if not one.mine]
    assert (ours.act, ours.by, ours.seconds) == ("cards", first.device, (first.device,))
    assert ours.scheme == (3, 4)
    with pytest.raises(SecondIsAnother):
        first.removals.second(ours.fact)
    first.removals.suspend(third.device, "")
    before = first.journal.keys.newest()[crew.OFFICE_KEY][0]
    pass_on(stage, "first", "second")
    assert not rotating.able(first.journal)
    second.removals.second(ours.fact)
    pass_on(stage, "second", "first")
    for desk in (first, second):
        assert not waits(desk)
        assert desk.roster().cards.root_key == root_of(FRESH).public.raw
        open_cards(desk.journal, split(FRESH, Scheme(3, 4))[:3])
    sync(stage, "first")
    assert first.journal.keys.newest()[crew.OFFICE_KEY][0] > before
    assert check.verify_store(first.journal).findings == ()


def test_keys_are_renewed_after_new_cards_and_the_old_ones_open_none_of_them(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    old, before = opened(stage, first), first.journal.keys.newest()
    let_follow(stage, first)
    first.stop()
    first = stage.unlock("first")
    sync(stage, "first")
    assert look(stage, second) is Found.RENEWED
    sync(stage, "second", "first")
    after = first.journal.keys.newest()
    assert before.keys() == after.keys()
    assert all(after[vault][0] > epoch for vault, (epoch, _) in before.items())
    assert second.journal.keys.newest() == after
    opens = {key.key for key in recovering.recovered(first.journal, stage.courier(first), old)}
    assert opens >= {key for _, key in before.values()}
    assert opens.isdisjoint(key for _, key in after.values())
    anew = open_cards(second.journal, split(FRESH, Scheme(3, 4))[:3])
    opens = {key.key for key in recovering.recovered(first.journal, stage.courier(first), anew)}
    assert opens >= {key for _, key in after.values()}
    first.note(person.conversation, "after")
    sync(stage, "first", "second", "first")
    assert written(second, person) == ["after"]
    assert first.journal.keys.newest() == after
    assert not rotating.asked(first.journal)
    assert check.verify_store(second.journal).findings == ()


@pytest.mark.attack
def test_parcel_with_false_keys_takes_the_place_of_no_true_one(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    true, where = b"t" * 32, VaultEpoch(VaultId(b"v" * 16), 1)
    undisputed = VaultEpoch(VaultId(b"w" * 16), 1)
    seed = page_key.seed_of(first.journal)
    for key, page in ((true, seed), (b"f" * 32, b"f" * 64)):
        vaults = [HeldKey("vault", at.vault, at.epoch, key) for at in (where, undisputed)]
        keys = [*vaults[: 2 if key == true else 1], HeldKey("intake-sign", NO_ID, 1, page)]
        recipient = sealing_of(stage.recovery_secret).public
        packer = first.journal.keys.packer(stage.world.rng)
        parcel = crew.write_parcel(packer, "moved", [(recipient, keys)])
        stage.courier(first).put_parcel(parcel)
        tell(first, EpochOpened(NO_ID, 1, crew.parcel_hash(parcel), ()))
    pass_on(stage, "first", "second")
    use(stage, second)
    keychain = second.journal.keychain
    assert where in keychain.held()
    assert where not in keychain.sure()
    assert keychain.sure()[undisputed] == true
    assert page_key.seed_of(second.journal) == seed
    assert learn(second.journal, {where: true})
    assert keychain.sure()[where] == true


def test_new_cards_open_all_that_differs_in_what_the_old_ones_opened(stage: Rehearsal) -> None:
    first, where = stage.desks["first"], VaultId(b"v" * 16)
    both = {HeldKey("vault", where, 1, bytes([fill]) * 32) for fill in b"tf"}
    for key in both:
        recipient = sealing_of(stage.recovery_secret).public
        packer = first.journal.keys.packer(stage.world.rng)
        parcel = crew.write_parcel(packer, "moved", [(recipient, [key])])
        stage.courier(first).put_parcel(parcel)
        tell(first, EpochOpened(NO_ID, 1, crew.parcel_hash(parcel), ()))
    let_follow(stage, first)
    fresh = Opened((), FRESH)
    found = recovering.recovered(first.journal, stage.courier(first), fresh)
    assert both <= set(found)
