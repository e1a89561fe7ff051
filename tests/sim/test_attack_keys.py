# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who was removed, and what they left behind to go on reading.

They hold their keys, have every frame, and are given every parcel by a relay that is theirs.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

from safeconduct.edges.desk.engine import rotating
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import VaultEpoch, frame_epoch, open_frame
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened, HeldKey, KeysGranted
from safeconduct.rooms.crew.events import Cut, DeviceSuspended
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on
from tests.sim.test_removed_devices import cut, tell
from tests.sim.test_roster_heads import STEWARD

LAST_EPOCH = (1 << 32) - 1


def remove(stage: Rehearsal, name: str, at: Cut | None = None) -> None:
    """Let the first desk suspend a device, and renew what it could open."""
    first = stage.desks["first"]
    tell(first, DeviceSuspended((at or cut(first, stage.desks[name]),), "lost"))
    rotating.ask(first.journal)
    pass_on(stage, "first", "first")


def written(stage: Rehearsal, person: Person) -> list[bytes]:
    """The frames of what the first desk writes from now on."""
    first = stage.desks["first"]
    size = first.journal.log.size()
    first.note(person.conversation, "She moves on Friday.")
    pass_on(stage, "first")
    return first.journal.log.frames(size, 9)


def forced(stage: Rehearsal, thief: Desk) -> dict[int, bytes]:
    """Every office key that opens for whoever holds this device's keys and has all parcels."""
    found = dict(thief.journal.keychain.office)
    key = thief.journal.secrets.sealing_key()
    for _, fact in stage.desks["first"].journal.keys.facts().heard:
        if isinstance(fact, EpochOpened | KeysGranted):
            parcel = stage.courier(thief).parcel(fact.parcel)
            with suppress(SafeconductError):
                opened = crew.open_parcel(parcel, stage.office, key)
                found |= {one.epoch: one.key for one in opened if one.kind == "office"}
    return found


def opens(stage: Rehearsal, frame: bytes, keys: dict[int, bytes]) -> bool:
    with suppress(SafeconductError):
        return bool(open_frame(frame, stage.office, {at: SharedKey(k) for at, k in keys.items()}))
    return False


@pytest.mark.attack
def test_removed_device_opens_nothing_that_is_written_under_new_keys(
    stage: Rehearsal, person: Person
) -> None:
    remove(stage, "second")
    keys = forced(stage, stage.desks["second"])
    frames = written(stage, person)
    assert len(frames) == 1
    assert not any(opens(stage, frame, keys) for frame in frames)


def leave_a_key(stage: Rehearsal, *for_whom: str) -> tuple[int, Cut]:
    """Let a steward open an office epoch whose key it chose; return it, and a cut before that."""
    first, thief = stage.desks["first"], stage.desks["thief"]
    pass_on(stage, "first", "thief")
    before, epoch = cut(first, thief), (2 << 16) - 1
    held = [HeldKey("office", OFFICE_KEY, epoch, b"k" * 32)]
    sealing = first.journal.secrets.sealing_key().public
    parcel = crew.write_parcel(
        thief.journal.keys.packer(stage.world.rng), "left", [(sealing, held)]
    )
    stage.courier(thief).put_parcel(parcel)
    devices = tuple(stage.desks[name].device for name in for_whom)
    tell(thief, EpochOpened(OFFICE_KEY, epoch, crew.parcel_hash(parcel), devices))
    pass_on(stage, "thief", "first")
    assert epoch in first.journal.keychain.office
    return epoch, before


@pytest.mark.attack
def test_nothing_is_written_under_a_key_that_a_removed_steward_left(
    stage: Rehearsal, person: Person
) -> None:
    first, _ = stage.desks["first"], stage.join("thief", STEWARD)
    epoch, before = leave_a_key(stage, "first", "second", "thief")
    tell(first, DeviceSuspended((before,), "lost"))
    pass_on(stage, "first")
    assert epoch not in {frame_epoch(frame) for frame in written(stage, person)}


@pytest.mark.attack
def test_key_that_a_removed_steward_left_does_not_count_for_having_been_given_on(
    stage: Rehearsal, person: Person
) -> None:
    first, _ = stage.desks["first"], stage.join("thief", STEWARD)
    epoch, before = leave_a_key(stage, "first")
    tell(first, DeviceSuspended((before,), "lost"))
    pass_on(stage, "first")
    facts = first.journal.keys.facts()
    assert not facts.named(VaultEpoch(OFFICE_KEY, epoch))


def test_helper_who_names_an_epoch_that_nobody_holds_keeps_no_vault_from_its_new_key(
    stage: Rehearsal, person: Person
) -> None:
    first, thief = stage.desks["first"], stage.desks["second"]
    where = VaultEpoch(first.journal.hotline_vault, 9)
    tell(thief, KeysGranted(crew.key_groups([where]), b"p" * 32, (thief.device,), ()))
    pass_on(stage, "second", "first")
    assert renewable(first)


@pytest.mark.attack
def test_steward_who_opens_the_last_epoch_there_is_keeps_no_office_from_a_new_key(
    stage: Rehearsal, person: Person
) -> None:
    first, thief = stage.desks["first"], stage.join("thief", STEWARD)
    pass_on(stage, "first", "thief")
    tell(thief, EpochOpened(OFFICE_KEY, LAST_EPOCH, b"p" * 32, (thief.device,)))
    pass_on(stage, "thief", "first")
    assert renewable(first)


def renewable(desk: Desk) -> bool:
    """Tell whether a desk holds the newest key of all that it would have to renew."""
    held = desk.journal.keychain.held()
    return all(vault.newest in held for vault in desk.journal.keys.vaults().values())
