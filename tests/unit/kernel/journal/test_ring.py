# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding and opening one's entries among tags that look random (spec/journal.md 1, 5)."""

import time
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from safeconduct.kernel.errors import CannotOpen, SafeconductError
from safeconduct.kernel.journal import (
    Commit,
    EntryMisplaced,
    Fact,
    KeyDiffers,
    Ring,
    VaultEpoch,
)
from safeconduct.kernel.journal.commit import Header, sign_commit, slot_of
from safeconduct.kernel.journal.entry import entry_context, entry_tag, write_entry
from safeconduct.kernel.seal.lock import close_box
from safeconduct.kernel.seal.padding import pad
from safeconduct.kernel.words import VaultId
from tests.kit.builders import Device, Office, build_office


@pytest.fixture
def office() -> Office:
    return build_office(devices=2, vaults=3)


def fact(vault: VaultId, body: bytes = b"\xc0") -> Fact:
    """Some fact."""
    return Fact(vault, "hotline.NoteWritten", 1, body)


def bodies(ring: Ring, commit: Commit) -> list[tuple[int, bytes]]:
    """What of a commit opens."""
    return [(index, entry.body) for index, entry in ring.open(commit)]


def only(office: Office, *vaults: VaultId) -> Ring:
    """A ring with some of the keys."""
    ring = Ring()
    for vault in vaults:
        ring.add_key(VaultEpoch(vault, 1), office.vaults[vault])
    return ring


def with_entry(office: Office, device: Device, tag: bytes, sealed: bytes, salt: bytes) -> Commit:
    """A commit that a device signs over one sealed entry, whatever that is."""
    commit = office.write(device)
    header = replace_slots(commit, tag, sealed, salt)
    return sign_commit(header, (sealed,), device.signing.short)


def replace_slots(commit: Commit, tag: bytes, sealed: bytes, salt: bytes) -> Header:
    """The header, over one entry that is given."""
    return msgspec.structs.replace(commit.header, slots=(slot_of(tag, sealed),), salt=salt)


def test_a_holder_opens_all_entries_in_order(office: Office) -> None:
    device, (a, b, _) = office.devices[0], list(office.vaults)
    ring = office.ring()
    first = office.write(device, fact(a, b"1"), fact(b, b"2"), fact(a, b"3"))
    second = office.write(device, fact(a, b"4"))
    assert bodies(ring, first) == [(0, b"1"), (1, b"2"), (2, b"3")]
    assert bodies(ring, second) == [(0, b"4")]
    assert ring.counts()[VaultEpoch(a, 1)] == {device.id: 3}


def test_a_colleague_without_the_key_sees_tags_and_lengths_only(office: Office) -> None:
    device, (a, b, _) = office.devices[0], list(office.vaults)
    commit = office.write(device, fact(a, b"1"), fact(b, b"secret marker"))
    assert bodies(only(office, a), commit) == [(0, b"1")]
    assert b"secret marker" not in commit.header_bytes + b"".join(commit.sealed)
    assert bytes(b) not in commit.header_bytes


def test_an_entry_opens_once(office: Office) -> None:
    commit = office.write(office.devices[0], fact(office.hotline))
    ring = office.ring()
    assert len(ring.open(commit)) == 1
    assert ring.open(commit) == []


def test_a_key_that_came_late_finds_everything_when_read_again(office: Office) -> None:
    device, (a, b, _) = office.devices[0], list(office.vaults)
    commits = [office.write(device, fact(v, bytes([n]))) for n, v in enumerate((a, b, a, b, b))]
    ring = only(office, a)
    found = [body for commit in commits for _, body in bodies(ring, commit)]
    ring.add_key(VaultEpoch(b, 1), office.vaults[b])
    found += [body for commit in commits for _, body in bodies(ring, commit)]
    assert sorted(found) == [b"\0", b"\1", b"\2", b"\3", b"\4"]


def test_counts_take_up_where_a_store_left_off(office: Office) -> None:
    device, vault = office.devices[0], office.hotline
    early, late = office.write(device, fact(vault)), office.write(device, fact(vault, b"late"))
    before = office.ring()
    before.open(early)
    after = Ring()
    counts = before.counts()
    for where in before.held():
        after.add_key(where, before.key(where), counts[where])
    assert after.open(early) == []
    assert bodies(after, late) == [(0, b"late")]


def test_a_key_given_twice_is_one_key_and_another_is_refused(office: Office) -> None:
    device, vault = office.devices[0], office.hotline
    where, ring = VaultEpoch(vault, 1), office.ring()
    ring.open(office.write(device, fact(vault)))
    ring.add_key(where, office.vaults[vault])
    assert ring.counts()[where] == {device.id: 1}
    ring.add_key(where, office.vaults[vault], {device.id: 0})
    assert ring.counts()[where] == {device.id: 0}
    with pytest.raises(KeyDiffers):
        ring.add_key(where, bytes(32))
    assert ring.key(where) == office.vaults[vault]


def test_new_counts_forget_what_was_expected_before(office: Office) -> None:
    device, vault = office.devices[0], office.hotline
    ring = office.ring()
    commits = [office.write(device, fact(vault, bytes([n]))) for n in range(3)]
    for commit in commits[:2]:
        ring.open(commit)
    ring.add_key(VaultEpoch(vault, 1), office.vaults[vault], {device.id: 0})
    assert ring.open(commits[2]) == []
    assert [bodies(ring, commit) for commit in commits] == [
        [(0, b"\0")],
        [(0, b"\1")],
        [(0, b"\2")],
    ]


def test_a_key_that_is_not_held_is_a_bug_of_the_caller(office: Office) -> None:
    with pytest.raises(KeyError):
        Ring().key(VaultEpoch(office.hotline, 1))


def test_adding_a_device_again_changes_nothing(office: Office) -> None:
    device, ring = office.devices[0], office.ring()
    ring.add_device(device.id)
    ring.open(office.write(device, fact(office.hotline)))
    counts = ring.counts()
    ring.add_device(device.id)
    assert ring.counts() == counts


def test_another_device_cannot_pass_a_colleagues_entry_off_as_its_own(office: Office) -> None:
    victim, thief = office.devices
    ring = office.ring()
    for device in office.devices:
        ring.add_device(device.id)
    withheld = office.write(victim, fact(office.hotline, b"withheld"))
    slot, salt = withheld.header.slots[0], withheld.header.salt
    stolen = with_entry(office, thief, slot.tag, withheld.sealed[0], salt)
    with pytest.raises(EntryMisplaced):
        ring.open(stolen)
    assert bodies(ring, withheld) == [(0, b"withheld")]


def bad(office: Office, device: Device, **changed: Any) -> Commit:  # noqa: ANN401  (see below)
    """A commit whose entry stands under the right tag and is wrong in one way."""
    vault, salt = office.hotline, b"s" * 16
    told: dict[str, Any] = {
        "epoch": 1,
        "n": 0,
        "vault": vault,
        "index": 0,
        "key": office.vaults[vault],
    } | changed
    commit = office.write(device)
    context = entry_context(device.id, commit.header.sequence, salt, told["index"])
    plain = write_entry(replace(fact(vault), vault=told["vault"]), told["epoch"], told["n"])
    sealed = close_box(told["key"], "entry", context, pad(plain, 128))
    tag = entry_tag(office.vaults[vault], device.id, 0)
    return sign_commit(replace_slots(commit, tag, sealed, salt), (sealed,), device.signing.short)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"epoch": 2}, EntryMisplaced),
        ({"n": 1}, EntryMisplaced),
        ({"vault": bytes(16)}, EntryMisplaced),
        ({"index": 1}, CannotOpen),
        ({"key": bytes(32)}, CannotOpen),
    ],
)
def test_an_entry_that_is_not_what_its_tag_says_is_refused(
    office: Office, changed: dict[str, Any], error: type[SafeconductError]
) -> None:
    with pytest.raises(error):
        office.ring().open(bad(office, office.devices[0], **changed))


def test_a_bad_entry_does_not_hide_those_after_it(office: Office) -> None:
    device, vault = office.devices[0], office.hotline
    ring = office.ring()
    with pytest.raises(CannotOpen):
        ring.open(bad(office, device, key=bytes(32)))
    device.pen = replace(device.pen, counts={VaultEpoch(vault, 1): 1})
    assert bodies(ring, office.write(device, fact(vault, b"after"))) == [(0, b"after")]


def test_keys_of_a_thousand_cases_are_held_without_going_over_all_for_each() -> None:
    office = build_office(devices=20)
    ring = Ring()
    for device in office.devices:
        ring.add_device(device.id)
    began = time.process_time()
    for number in range(6_000):
        key = number.to_bytes(32, "big")
        ring.add_key(VaultEpoch(VaultId(key[:16]), number), key)
    # A second; it was a minute when each key went over what the others expect.
    assert time.process_time() - began < 15
    assert len(list(ring.held())) == 6_000
