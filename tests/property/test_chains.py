# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chains and rings: whatever the order, the same commits give the same heads and entries."""

from dataclasses import replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.journal import (
    Chains,
    Commit,
    Fact,
    Ring,
    Step,
    VaultEpoch,
    follow,
    instant_of,
    tick,
)
from safeconduct.kernel.words import DAY, DeviceId, Instant, VaultId
from tests.kit.builders import Office, build_office
from tests.kit.clocks import NOON

DEVICES, COMMITS, VAULTS = 3, 5, 4


@cache
def written() -> tuple[Office, list[list[Commit]]]:
    """Each device's commits; every commit holds entries of several vaults."""
    office = build_office(DEVICES, VAULTS, seed="chains")
    vaults = list(office.vaults)
    for number in range(COMMITS):
        for place, device in enumerate(office.devices):
            facts = [
                Fact(vaults[(number + place + i) % VAULTS], "a.A", 1, bytes([place, number, i]))
                for i in range(3)
            ]
            office.write(device, *facts)
    return office, [device.commits for device in office.devices]


@cache
def forked() -> tuple[list[Commit], list[Commit]]:
    """Two branches of one device, that part after the second commit."""
    office = build_office(1, seed="forked")
    device = office.devices[0]
    trunk = [office.write(device) for _ in range(2)]
    pen = device.pen
    one = [office.write(device) for _ in range(4)]
    device.pen = replace(pen)
    office.clock.move(1)
    two = [office.write(device) for _ in range(4)]
    return trunk + one, two


@st.composite
def interleavings(draw: st.DrawFn, lanes: list[list[Commit]]) -> list[Commit]:
    """One order of many that keeps each lane's own."""
    left = [list(lane) for lane in lanes]
    order = []
    while any(left):
        lane = draw(st.sampled_from([lane for lane in left if lane]))
        order.append(lane.pop(0))
    return order


def settle(commits: list[Commit]) -> Chains:
    """Step commits as a reader does: what waits is offered again when something has followed."""
    chains, waiting = Chains(), []
    for commit in commits:
        waiting.append(commit)
        moved = True
        while moved:
            steps = [(item, chains.step(item)) for item in waiting]
            waiting = [item for item, step in steps if step is Step.WAITS]
            moved = any(step is Step.FOLLOWS for _, step in steps)
    return chains


def heads(chains: Chains) -> dict[DeviceId, object]:
    """Every head."""
    return {device: chains.head(device) for device in chains.devices()}


@given(st.data())
def test_any_order_that_keeps_each_chain_gives_the_same_heads(data: st.DataObject) -> None:
    _, lanes = written()
    chains = Chains()
    for commit in data.draw(interleavings(lanes)):
        assert chains.step(commit) is Step.FOLLOWS
    assert heads(chains) == {lane[0].device: (COMMITS, lane[-1].id, None) for lane in lanes}


@given(st.data())
def test_any_order_at_all_gives_the_same_heads_once_nothing_waits(data: st.DataObject) -> None:
    _, lanes = written()
    order = data.draw(st.permutations([commit for lane in lanes for commit in lane]))
    repeated = order + data.draw(st.lists(st.sampled_from(order), max_size=5))
    assert heads(settle(repeated)) == heads(settle([c for lane in lanes for c in lane]))


@given(st.data())
def test_a_fork_is_found_at_its_place_whatever_the_order(data: st.DataObject) -> None:
    one, two = forked()
    chains = settle(data.draw(st.permutations(one + two)))
    head = chains.head(one[0].device)
    assert head.forked_at == 3


@given(st.data())
def test_one_commit_of_the_other_branch_is_enough(data: st.DataObject) -> None:
    one, two = forked()
    stray = data.draw(st.sampled_from(two))
    order = list(one)
    order.insert(data.draw(st.integers(0, len(one))), stray)
    assert settle(order).head(one[0].device).forked_at == stray.header.sequence


@given(st.data())
def test_looking_foretells_the_step_and_moves_nothing(data: st.DataObject) -> None:
    one, two = forked()
    chains = Chains()
    for commit in data.draw(st.permutations(one + two)):
        before = heads(chains)
        foretold = chains.look(commit)
        assert heads(chains) == before
        assert chains.step(commit) is foretold


def bodies(ring: Ring, commits: list[Commit]) -> list[bytes]:
    """What opens."""
    return [entry.body for commit in commits for _, entry in ring.open(commit)]


def everything() -> list[bytes]:
    """The body of every entry that was written."""
    return sorted(
        bytes([place, number, i])
        for place in range(DEVICES)
        for number in range(COMMITS)
        for i in range(3)
    )


@given(st.data())
def test_every_holder_finds_every_entry_in_any_order_of_devices(data: st.DataObject) -> None:
    office, lanes = written()
    order = data.draw(interleavings(lanes))
    assert sorted(bodies(office.ring(), order)) == everything()


@given(st.data())
def test_a_key_that_came_in_the_middle_finds_all_when_read_again(data: st.DataObject) -> None:
    office, lanes = written()
    order = data.draw(interleavings(lanes))
    late = data.draw(st.sampled_from(list(office.vaults)), label="late")
    cut = data.draw(st.integers(0, len(order)), label="cut")
    ring = Ring()
    for vault, key in office.vaults.items():
        if vault != late:
            ring.add_key(VaultEpoch(vault, 1), key)
    found = bodies(ring, order[:cut])
    ring.add_key(VaultEpoch(late, 1), office.vaults[late])
    found += bodies(ring, order[:cut])  # Read again for what the key finds.
    found += bodies(ring, order[cut:])
    assert sorted(found) == everything()


@given(st.data())
def test_a_ring_made_of_counts_goes_on_where_it_was(data: st.DataObject) -> None:
    office, lanes = written()
    order = data.draw(interleavings(lanes))
    cut = data.draw(st.integers(0, len(order)), label="cut")
    before, after = office.ring(), Ring()
    found = bodies(before, order[:cut])
    counts = before.counts()
    for where in before.held():
        after.add_key(where, before.key(where), counts.get(where, {}))
    found += bodies(after, order[cut:])
    assert sorted(found) == everything()


@given(st.data())
def test_a_colleague_opens_what_its_keys_open_and_nothing_else(data: st.DataObject) -> None:
    office, lanes = written()
    some = data.draw(st.sets(st.sampled_from(list(office.vaults))), label="held")
    ring = Ring()
    for vault in some:
        ring.add_key(VaultEpoch(vault, 1), office.vaults[vault])
    opened = [entry for lane in lanes for commit in lane for _, entry in ring.open(commit)]
    assert {VaultId(entry.vault) for entry in opened} == some


@given(st.lists(st.integers(-5 * DAY, 5 * DAY), max_size=20), st.integers(0, 2**16))
def test_time_always_rises_and_is_never_dragged_far(offsets: list[int], start: int) -> None:
    newest, now = (NOON << 16) + start, Instant(NOON)
    for offset in offsets:
        heard = follow(newest, max(0, NOON + offset) << 16, now)
        assert heard >= newest
        assert tick(heard, now) > heard
        newest = heard
    assert instant_of(newest) <= NOON + DAY
