# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a commit is to its chain (spec/journal.md 5, 4)."""

from dataclasses import replace

from safeconduct.kernel.journal import Chains, Commit, Head, Pen, Step
from safeconduct.kernel.journal.commit import FIRST
from safeconduct.kernel.words import CommitId, DeviceId
from tests.kit.builders import Device, Office, build_office


def branches(shared: int = 2, own: int = 2) -> tuple[Office, list[Commit], list[Commit]]:
    """Two branches of one device that has signed some sequence numbers twice."""
    office = build_office(devices=1)
    device = office.devices[0]
    trunk = [office.write(device) for _ in range(shared)]
    pen: Pen = device.pen
    one = [office.write(device) for _ in range(own)]
    device.pen = replace(pen)
    office.clock.move(1)
    two = [office.write(device) for _ in range(own)]
    return office, trunk + one, trunk + two


def follow(chains: Chains, commits: list[Commit]) -> list[Step]:
    """Step each."""
    return [chains.step(commit) for commit in commits]


def device_of(commits: list[Commit]) -> DeviceId:
    return commits[0].device


def test_a_device_that_wrote_nothing_has_an_empty_head() -> None:
    chains = Chains()
    assert chains.head(DeviceId(bytes(16))) == Head(0, FIRST)
    assert chains.devices() == []


def test_a_chain_follows_and_each_commit_counts_once() -> None:
    _, commits, _ = branches()
    chains = Chains()
    assert follow(chains, commits) == [Step.FOLLOWS] * 4
    assert follow(chains, commits) == [Step.KNOWN] * 4
    assert chains.head(device_of(commits)) == Head(4, commits[-1].id)
    assert chains.devices() == [device_of(commits)]


def test_a_gap_waits_and_moves_nothing() -> None:
    _, commits, _ = branches()
    chains = Chains()
    assert chains.step(commits[1]) is Step.WAITS
    assert chains.devices() == []
    assert follow(chains, commits[:2]) == [Step.FOLLOWS] * 2


def test_the_first_commit_follows_nothing() -> None:
    _, commits, _ = branches(shared=0)
    office = build_office(devices=1)
    device: Device = office.devices[0]
    device.pen = replace(device.pen, previous=CommitId(b"x" * 32))
    chains = Chains()
    assert chains.step(office.write(device)) is Step.FORKS
    assert Chains().step(commits[0]) is Step.FOLLOWS


def test_a_sequence_signed_twice_suspends_from_there() -> None:
    _, one, two = branches()
    for first, second in ((one, two), (two, one)):
        chains = Chains()
        follow(chains, first)
        assert chains.step(second[2]) is Step.FORKS
        assert chains.head(device_of(one)).forked_at == 3
        assert chains.head(device_of(one)).commit == first[-1].id


def test_a_fork_far_below_the_head_is_found_without_a_store() -> None:
    _, one, two = branches(shared=1, own=6)
    chains = Chains()
    follow(chains, one)
    assert chains.step(two[1]) is Step.FORKS
    assert chains.head(device_of(one)).forked_at == 2


def test_a_fork_below_a_restored_head_is_found_by_the_stores_id() -> None:
    _, one, two = branches()
    chains = Chains()
    chains.restore(device_of(one), Head(4, one[-1].id))
    assert chains.step(two[2]) is Step.KNOWN  # Nobody was asked.
    assert chains.step(one[2], one[2].id) is Step.KNOWN
    assert chains.step(two[2], one[2].id) is Step.FORKS


def test_restoring_a_head_forgets_what_was_accepted_before() -> None:
    _, one, two = branches()
    chains = Chains()
    follow(chains, one)
    chains.restore(device_of(one), Head(2, one[1].id))
    assert follow(chains, two[2:]) == [Step.FOLLOWS] * 2
    assert follow(chains, two[2:]) == [Step.KNOWN] * 2
    assert chains.step(one[2]) is Step.FORKS


def test_after_a_fork_nothing_of_the_device_follows() -> None:
    _, one, two = branches(own=3)
    chains = Chains()
    follow(chains, one[:3])
    assert chains.step(two[2]) is Step.FORKS
    assert chains.step(one[3]) is Step.AFTER_FORK
    assert chains.step(two[3]) is Step.AFTER_FORK
    assert chains.step(one[4]) is Step.AFTER_FORK


def test_the_lowest_fork_stands_whatever_came_first() -> None:
    _, one, two = branches()
    chains = Chains()
    follow(chains, one)
    assert chains.step(two[3]) is Step.FORKS
    assert chains.head(device_of(one)).forked_at == 4
    assert chains.step(two[2]) is Step.FORKS
    assert chains.step(two[3]) is Step.FORKS
    assert chains.head(device_of(one)).forked_at == 3


def test_looking_changes_nothing() -> None:
    _, one, two = branches()
    chains = Chains()
    follow(chains, one[:3])
    head = chains.head(device_of(one))
    assert chains.look(two[2]) is Step.FORKS
    assert chains.look(two[3]) is Step.FORKS
    assert chains.look(one[3]) is Step.FOLLOWS
    assert chains.head(device_of(one)) == head
