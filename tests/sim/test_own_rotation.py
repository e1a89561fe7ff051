# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device's own sealing key, from desk to desk: made anew, read of by colleagues, destroyed."""

from __future__ import annotations

import hashlib
import shutil

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine import doors, own_rotation, post, rotating
from safeconduct.edges.desk.engine.door_letters import letters_for_all
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.own_keys import own_keys, sealing_keys
from safeconduct.edges.desk.engine.own_rotation import OLD_MOST, waited_for
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.errors import CannotOpen
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import DAY, Address
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, SealingKeyRotated
from safeconduct.rooms.crew.doors import Door, NewEpoch, open_letter
from safeconduct.rooms.crew.events import DeviceReadmitted, DeviceSuspended
from safeconduct.rooms.crew.watching import ON_DUTY, write_heartbeat
from tests.kit.clocks import FixedClock
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Person, pass_on
from tests.sim.test_desk_guards import notes
from tests.sim.test_forks import note_of, sign_again
from tests.sim.test_new_keys import newest, suspend
from tests.sim.test_removed_devices import cut, tell

MONTH = 31 * DAY


def number(desk: Desk) -> int:
    """The number of a desk's newest own key."""
    own = own_keys(desk.journal)
    assert own is not None
    return own.number


def halves(desk: Desk) -> int:
    """How many private halves a desk holds."""
    return len(sealing_keys(desk.journal))


def known_to(desk: Desk, other: Desk) -> bool:
    """Tell whether a desk seals to the newest key of another one."""
    sealed_to = desk.journal.keys.sealing()[other.device].raw
    return sealed_to == other.journal.secrets.sealing_key().public.raw


def beat(*desks: Desk) -> None:
    """Let desks tell that they are there, and so how much of the log they read."""
    for desk in desks:
        journal = desk.journal
        body = write_heartbeat(ON_DUTY)
        journal.write([Fact(journal.crew_vault, HEARTBEAT, crew.VERSION, body)])


def read_of_it(stage: Rehearsal, *names: str) -> None:
    """Let desks read all that there is, say so, and read that the others said so."""
    pass_on(stage, *names)
    beat(*(stage.desks[name] for name in names))
    pass_on(stage, *names, *names)


def month_later(stage: Rehearsal, *names: str) -> None:
    """Let a month pass in which desks were closed, and open some of them."""
    pass_on(stage, *names)
    stage.clock.time += MONTH
    pass_on(stage, *names)


def test_a_desk_makes_its_key_anew_each_month_and_destroys_the_old_half(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    for turn in (1, 2, 3):
        month_later(stage, "first", "second")
        assert [number(first), number(second)] == [turn, turn]
        assert halves(second) == 2
        read_of_it(stage, "first", "second")
        assert [halves(first), halves(second)] == [1, 1]
        assert known_to(first, second)
        assert known_to(second, first)
    rotating.ask(first.journal)
    stage.join("third")
    suspend(stage, "third")
    pass_on(stage, "first", "second", "first")
    second.note(person.conversation, "under the new key")
    pass_on(stage, "second", "first")
    assert newest(first) == newest(second) > 1
    assert notes(stage, "first", person) == ["under the new key"]
    assert check.verify_store(second.journal).findings == ()


def test_a_new_desk_reads_which_keys_are_sealed_to_now(stage: Rehearsal) -> None:
    month_later(stage, "first", "second")
    read_of_it(stage, "first", "second")
    third = stage.join("third")
    pass_on(stage, "third", "first")
    for name in ("first", "second"):
        assert known_to(third, stage.desks[name])
    assert known_to(stage.desks["first"], third)
    assert number(third) == 0


def test_the_old_half_stays_until_everybody_who_may_seal_to_it_read_of_the_new(
    stage: Rehearsal,
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    month_later(stage, "first", "second")
    read_of_it(stage, "first", "second")
    assert halves(second) == 2
    told = own_keys(second.journal)
    assert told is not None
    assert waited_for(first.journal, second.device, told.sequence) == frozenset({third.device})
    read_of_it(stage, "third", "first", "second")
    assert [halves(first), halves(second)] == [1, 1]


def test_who_was_removed_is_waited_for_no_longer(stage: Rehearsal) -> None:
    second = stage.desks["second"]
    stage.join("third")
    month_later(stage, "first", "second")
    read_of_it(stage, "first", "second")
    assert halves(second) == 2
    suspend(stage, "third")
    pass_on(stage, "first", "second")
    assert halves(second) == 1


def test_halves_that_somebody_away_may_seal_to_have_an_end(stage: Rehearsal) -> None:
    second = stage.desks["second"]
    stage.join("away")
    for _ in range(OLD_MOST + 2):
        month_later(stage, "first", "second")
        read_of_it(stage, "first", "second")
    assert number(second) == OLD_MOST
    assert halves(second) == OLD_MOST + 1
    read_of_it(stage, "away", "first", "second")
    assert number(second) == OLD_MOST + 1
    read_of_it(stage, "away", "first", "second")
    assert halves(second) == 1


STEPS = ("put_parcel", "append", "keep", "destroy", "cut_log")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_desk_that_is_cut_at_any_step_goes_on_and_loses_no_key(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch, step: str, *, after: bool
) -> None:
    stage.join("third")
    pass_on(stage, "first", "second", "third")
    stage.clock.time += MONTH
    with monkeypatch.context() as cutting:
        cut_at(cutting, step, after=after)
        with pytest.raises(KeyboardInterrupt):
            read_of_it(stage, *("second", "first", "third") * 2)
    for name in ("second", "first", "third"):
        stage.desks[name].stop()
        stage.unlock(name)
    for _ in range(2):
        read_of_it(stage, "first", "second", "third")
    first, second = stage.desks["first"], stage.desks["second"]
    assert [number(second), halves(second)] == [1, 1]
    assert known_to(first, second)
    suspend(stage, "third")
    pass_on(stage, "first", "second", "first")
    second.note(person.conversation, "goes on")
    pass_on(stage, "second", "first")
    assert newest(first) == newest(second) > 1
    assert notes(stage, "first", person) == ["goes on"]


def cut_at(cutting: pytest.MonkeyPatch, step: str, *, after: bool) -> None:
    """End a desk before or after a step of its own key's renewal."""
    owner, name = {
        "put_parcel": (StoreCourier, "put_parcel"),
        "append": (Journal, "_append"),
        "keep": (own_rotation, "keep"),
        "destroy": (own_rotation.OwnRotation, "_destroy"),
        "cut_log": (Store, "cut_log"),
    }[step]
    done = getattr(owner, name)

    def ends(*args: object) -> object:
        if step != "append" or rotated(args[1]):
            if after:
                done(*args)
            raise KeyboardInterrupt
        return done(*args)

    cutting.setattr(owner, name, ends)


def rotated(facts: object) -> bool:
    """Tell whether facts are those of a new sealing key."""
    assert isinstance(facts, list)
    return any(fact.kind == "crew.SealingKeyRotated" for fact in facts)


def test_one_clock_that_lies_makes_no_desk_take_a_key_and_none_keep_it(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second")
    stuck, ahead = FixedClock(stage.clock.time), FixedClock(stage.clock.time + 900 * DAY)
    second.journal.clock = ahead  # type: ignore[misc]
    pass_on(stage, "second")
    assert number(second) == 0
    second.journal.clock = stuck  # type: ignore[misc]
    month_later(stage, "first", "second")
    assert [number(first), number(second)] == [1, 0]
    stuck.move(30 * DAY)
    pass_on(stage, "first", "second")
    assert number(second) == 1


def test_letters_in_the_door_that_were_sealed_to_the_old_key_are_read(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second")
    journal = first.journal
    keys = journal.keys.newest()
    both = (*keys[OFFICE_KEY], *keys[journal.crew_vault])
    said = NewEpoch(*both, 2, journal.place.capability, b"", 0)
    stage.clock.time += MONTH
    letters = {letter.address: letter for letter in letters_for_all(journal, said)}
    pass_on(stage, "second")
    address = Address(hashlib.sha256(second.journal.secrets.door).digest())
    old = letters[address]
    stage.courier(first).post([(address, old.expires, old.item)])  # type: ignore[list-item]
    (found,) = doors._letters(second.journal, stage.courier(second))
    assert [one for _, one in found] == [said]
    pass_on(stage, "first")
    fresh = {letter.address: letter for letter in letters_for_all(journal, said)}[address]
    new, before = sealing_keys(second.journal)
    assert open_letter(fresh.item, Door(stage.office, address), new) is not None
    with pytest.raises(CannotOpen):
        open_letter(fresh.item, Door(stage.office, address), before)


def test_who_was_brought_back_and_whose_key_does_not_count_takes_another(
    stage: Rehearsal,
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second")
    cut_before = cut(first, second)
    month_later(stage, "second", "first")
    assert number(second) == 1
    commit = tell(first, DeviceSuspended((cut_before,), "lost"))
    lifts = (crew.Told(commit, first.device, "", b"").id,)
    tell(first, DeviceReadmitted(cut(first, second), lifts))
    assert not known_to(first, second)
    pass_on(stage, "first", "second", "first")
    assert number(second) == 2
    assert known_to(first, second)
    assert halves(second) == 3
    read_of_it(stage, "first", "second")
    assert halves(second) == 1


def test_a_device_that_signed_the_number_of_its_key_twice_destroys_nothing(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    month_later(stage, "second")
    told = second.journal.pen.sequence
    rival = sign_again(stage, "second", told, [note_of(stage, person, "a thief's")])
    stage.courier(second).append([rival])
    read_of_it(stage, "first")
    pass_on(stage, "second", "second")
    assert first.journal.reader.chains.head(second.device).forked_at == told
    assert known_to(first, second)
    assert halves(second) == 2
    stage.clock.time += MONTH
    pass_on(stage, "second")
    assert number(second) == 1


def test_a_store_that_was_copied_back_takes_no_key(stage: Rehearsal) -> None:
    second = stage.desks["second"]
    pass_on(stage, "first", "second")
    second.stop()
    shutil.copytree(stage.folder / "second", stage.folder / "copy")
    stage.unlock("second")
    month_later(stage, "first", "second")
    copy = stage.unlock("copy")
    pass_on(stage, "copy")
    assert copy.journal.behind
    assert number(copy) == 0


def test_every_desk_gives_the_same_day_of_erasure_and_names_who_is_away(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    away = stage.join("away")
    month_later(stage, "first", "second")
    read_of_it(stage, "first", "second")
    found = first.audit.erasure()
    assert found == second.audit.erasure()
    assert found.waiting == (away.device,)
    assert found.date == stage.clock.time + 30 * DAY
    stage.clock.time += MONTH
    pass_on(stage, "first", "second")
    assert first.audit.erasure().asleep == (away.device,)
    assert first.audit.erasure().date is None
    read_of_it(stage, "away", "first", "second")
    found = first.audit.erasure()
    assert (found.asleep, found.waiting) == ((), ())
    assert found.date == stage.clock.time + 30 * DAY


def test_a_removed_device_names_no_key_for_when_it_is_brought_back(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second")
    tell(first, DeviceSuspended((cut(first, second),), "lost"))
    thief = SealingKey.from_seed(b"t" * 32).public.raw
    tell(second, SealingKeyRotated(thief, 9))
    while post.push(second.journal, stage.courier(second)):
        pass
    pass_on(stage, "first")
    sealed_to = first.journal.keys.sealing()[second.device].raw
    assert sealed_to == second.journal.secrets.sealing_key().public.raw


__all__ = ["beat", "halves", "known_to", "month_later", "number", "read_of_it"]
