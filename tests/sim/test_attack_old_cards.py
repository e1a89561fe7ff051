# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody holds cards that were replaced, and goes to the server with them (spec/crew.md 6)."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import recovering
from safeconduct.edges.desk.engine import reopening
from safeconduct.edges.desk.engine.doors import AccessLost, Found
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.bodies import Opening
from safeconduct.rooms.crew.recovery import root_of
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on, sync
from tests.sim.test_access_epochs import epoch_of, look
from tests.sim.test_new_root import heeded
from tests.sim.test_recovery import let_follow, opened, use

pytestmark = pytest.mark.attack


def test_thief_of_old_cards_opens_no_access_once_new_ones_were_made(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    let_follow(stage, first)
    sync(stage, "first", "first")
    with pytest.raises(AccessLost):
        reopening.reopen(second.journal, stage.courier(second), root_of(stage.recovery_secret))
    assert look(stage, second) is Found.RENEWED


def test_thief_of_old_cards_and_of_the_servers_disk_opens_no_access_either(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    old, courier = opened(stage, first), stage.courier(first)
    let_follow(stage, first)
    stolen = [
        key.key
        for key in recovering.recovered(first.journal, courier, old)
        if key.kind == "control"
    ]
    sync(stage, "first", "first")
    assert stolen
    for seed in stolen:
        key = SigningKey.from_seed(seed)
        opening = Opening(1, stage.office, epoch_of(first) + 1, bytes(32), key.public.raw)
        proof = sign(key, "access", stage.office, encode(opening))
        with pytest.raises(BadSignature):
            courier.open_access(encode(opening), proof)


def test_rival_cards_only_put_off_that_the_relay_is_told(stage: Rehearsal, person: Person) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    use(stage, second)
    pass_on(stage, "second", "first")
    let_follow(stage, first)
    let_follow(stage, second, b"s" * 32)
    pass_on(stage, "first", "second", "first")
    sync(stage, "first")
    assert (heeded(stage), epoch_of(first)) == (stage.office, 1)
    (ours,) = [fact for fact, one in second.roster().pending.items() if one.by == first.device]
    second.removals.second(ours)
    pass_on(stage, "second", "first")
    sync(stage, "first", "first")
    assert epoch_of(first) == 2
