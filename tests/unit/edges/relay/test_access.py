# SPDX-License-Identifier: AGPL-3.0-or-later
"""Access epochs: the root key beside the control key, at restarts, steps and power cuts."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest

from safeconduct.edges.relay import database
from safeconduct.edges.relay.desk import DeskDoor
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import BadKey, BadSignature, Malformed
from safeconduct.kernel.seal.keys import LongSigningKey, office_id
from safeconduct.kernel.wire.bodies import (
    CHUNK_BYTES,
    Access,
    BlobOffer,
    Letter,
    Opening,
    RootOpening,
    TracingOpening,
)
from safeconduct.kernel.wire.orders import Traced, TracedOrder
from safeconduct.kernel.wire.refusals import Busy, Conflict, NotFound, UnknownCapability
from safeconduct.kernel.words import DAY, Instant
from tests.kit.powercut import PowerCut
from tests.kit.relay import Kept, Office, SetClock, keep, plenty

NEW_ROOT = LongSigningKey.from_seed(b"n" * 64)


@pytest.fixture
def rooted(tmp_path: Path) -> Iterator[Kept]:
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        yield keep(store, Office().with_root())


def hand_over(office: Office, epoch: int) -> Access:
    """An opening that names the new root, by the one before."""
    plain = office.unsigned(epoch)
    root = office_id(NEW_ROOT.public.raw)
    opening = RootOpening(3, office.office, epoch, plain.capability_hash, plain.next_control, root)
    return office.signed(opening, office.root)


def test_the_root_key_puts_another_control_key_in_the_place_of_a_stolen_one(rooted: Kept) -> None:
    office, store = rooted.office, rooted.store
    store.open_access(office.office, office.opening(2))
    access = office.signed(office.unsigned(3), office.root)
    store.open_access(office.office, access)
    store.open_access(office.office, access)
    with pytest.raises(UnknownCapability):
        store.desk(office.office, office.capability(2))
    with pytest.raises(BadSignature):
        store.open_access(office.office, office.opening(4, signer=office.control(2)))
    store.open_access(office.office, office.opening(4))
    store.desk(office.office, office.capability(4)).append([b"frame"])


def test_the_root_key_skips_no_epoch_and_repeats_none(rooted: Kept) -> None:
    office, store = rooted.office, rooted.store
    for epoch in (1, 3):
        with pytest.raises(Conflict):
            store.open_access(office.office, office.signed(office.unsigned(epoch), office.root))


def test_what_is_no_opening_or_no_proof_changes_nothing(rooted: Kept) -> None:
    office, store = rooted.office, rooted.store
    good = office.opening(2)
    small = Opening(1, office.office, 2, bytes(32), bytes(32))
    with pytest.raises(BadKey):
        store.open_access(office.office, office.signed(small, office.control(1)))
    for proof in (good.proof + b"\0", office.root.public.raw):
        with pytest.raises(Malformed):
            store.open_access(office.office, Access(good.opening, proof))
    for opening in (b"", b"\x95", b"\x95\x09", good.opening + b"\0"):
        with pytest.raises(Malformed):
            store.open_access(office.office, Access(opening, good.proof))
    rooted.desk.append([b"frame"])


def test_the_root_that_was_named_outlasts_a_restart(tmp_path: Path) -> None:
    path, office = tmp_path / "relay.db", Office().with_root()
    with RelayStore(path, probe=plenty) as store:
        keep(store, office)
        store.open_access(office.office, hand_over(office, 2))
    with RelayStore(path, probe=plenty) as store:
        with pytest.raises(BadSignature):
            store.open_access(office.office, office.signed(office.unsigned(3), office.root))
        store.open_access(office.office, office.signed(office.unsigned(3), NEW_ROOT))


def test_of_openings_that_come_at_once_one_wins(rooted: Kept) -> None:
    office, store = rooted.office, rooted.store
    key = office.control(3).public.raw
    rivals = [Opening(1, office.office, 2, bytes([rival]) * 32, key) for rival in range(8)]

    def one(rival: Opening) -> bool:
        try:
            store.open_access(office.office, office.signed(rival, office.control(1)))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        won = [rival for rival, done in zip(rivals, threads.map(one, rivals), strict=True) if done]
    assert [rival.capability_hash for rival in won] == store.parts.offices.find(
        office.office
    ).capability_hashes


# --- tracing epochs


def trace(kept: Kept, epoch: int, devices: int) -> list[DeskDoor]:
    """Open a tracing epoch; return a door for each device."""
    office = kept.office
    opening = office.tracing(epoch, devices)
    kept.store.open_access(office.office, office.signed(opening, office.control(epoch - 1)))
    capabilities = [office.traced(epoch, device) for device in range(devices)]
    return [kept.store.desk(office.office, capability) for capability in capabilities]


def written(kept: Kept, epoch: int) -> list[int]:
    """What the relay says that each capability wrote."""
    return [count.written for count in counted(kept, epoch)]


def counted(kept: Kept, epoch: int) -> list[Traced]:
    """What the relay says of each capability, in the order of the opening."""
    office = kept.office
    order = office.order(TracedOrder("traced", office.office, epoch), office.control(epoch))
    counts = kept.store.traced(office.office, order)
    hashes = office.tracing(epoch, len(counts)).capability_hashes
    assert [count.capability_hash for count in counts] == hashes
    return counts


def test_a_tracing_epoch_counts_what_each_device_writes(rooted: Kept) -> None:
    one, two, _ = trace(rooted, 2, 3)
    one.append([b"frame", b"another"])
    one.append([b"frame"])  # Stored already: not written again.
    letter = Letter(b"a" * 32, Instant(2**62), b"letter")
    two.post([letter, letter])
    two.post([letter])
    for _ in range(2):
        two.put_parcel(hashlib.sha256(b"parcel").digest(), b"parcel")
        two.offer_blob(BlobOffer(bytes(16), 0, b"b" * 32, 2, CHUNK_BYTES + 5, bytes(32)))
    assert written(rooted, 2) == [12, 12 + CHUNK_BYTES + 5 + 2 * 16, 0]


def test_counts_of_a_tracing_epoch_tell_the_day_apart_by_kind(tmp_path: Path) -> None:
    clock = SetClock()
    with RelayStore(tmp_path / "relay.db", probe=plenty, clock=clock) as store:
        kept = keep(store, Office().with_root())
        (one,) = trace(kept, 2, 1)
        one.append([b"frame"])
        one.offer_blob(BlobOffer(bytes(16), 0, b"b" * 32, 1, 100, bytes(32)))
        (today,) = counted(kept, 2)
        assert (today.written, today.files, today.rest) == (121, 116, 5)
        clock.time += DAY
        (later,) = counted(kept, 2)
        assert (later.written, later.files, later.rest) == (121, 0, 0)
        one.append([b"another"])
        (later,) = counted(kept, 2)
        assert (later.written, later.files, later.rest) == (128, 0, 7)


def test_counts_of_a_tracing_epoch_go_on_over_days_and_restarts(tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "relay.db"
    with RelayStore(path, probe=plenty, clock=clock) as store:
        kept = keep(store, Office().with_root())
        one, two = trace(kept, 2, 2)
        one.append([b"frame"])
        clock.time += DAY
        one.append([b"frames"])
        two.append([b"a"])
        assert written(kept, 2) == [11, 1]
    with RelayStore(path, probe=plenty, clock=clock) as store:
        assert written(Kept(store, kept.office), 2) == [11, 1]


def test_every_traced_capability_ends_with_its_epoch(rooted: Kept) -> None:
    office = rooted.office
    trace(rooted, 2, 2)
    rooted.store.open_access(office.office, office.opening(3))
    for capability in (office.traced(2, 0), office.traced(2, 1)):
        with pytest.raises(UnknownCapability):
            rooted.store.desk(office.office, capability)
    with pytest.raises(NotFound):
        written(rooted, 3)
    with pytest.raises(BadSignature):
        written(rooted, 2)


def test_a_capability_named_twice_is_malformed(rooted: Kept) -> None:
    office = rooted.office
    plain = office.tracing(2, 2)
    twice = [plain.capability_hashes[0]] * 2
    for hashes in (twice, [], [bytes([n, m]) * 16 for n in range(2) for m in range(129)]):
        opening = TracingOpening(2, office.office, 2, hashes, plain.next_control)
        with pytest.raises(Malformed):
            rooted.store.open_access(office.office, office.signed(opening, office.control(1)))


# --- power cuts


def open_until_the_power_fails(folder: Path, cut: PowerCut, office: Office) -> int:
    """Open epochs until the power fails; return the last one that was acknowledged."""
    done = 1

    def connect(path: str) -> apsw.Connection:
        return database.connect(path, vfs=cut.name)

    with RelayStore(folder / "relay.db", probe=plenty, connect=connect) as store:
        while not cut.dead.is_set() and done < 200:
            try:
                store.open_access(office.office, office.opening(done + 1))
            except (apsw.Error, Busy):
                break
            done += not cut.dead.is_set()
    return done


@pytest.mark.parametrize("seed", range(5))
def test_an_opening_that_was_acknowledged_outlasts_a_power_cut(tmp_path: Path, seed: int) -> None:
    office = Office()
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    with RelayStore(before / "relay.db", probe=plenty) as store:
        keep(store, office)
    shutil.copytree(before, after)
    rng = random.Random(seed)
    cut = PowerCut(f"access-cut-{seed}", rng.randrange(20, 300), rng)
    done = open_until_the_power_fails(before, cut, office)
    cut.unregister()
    assert cut.dead.is_set()
    cut.restore(after)
    with RelayStore(after / "relay.db", probe=plenty) as store:
        row = store.parts.offices.find(office.office)
        assert row.epoch in {done, done + 1}
        store.desk(office.office, office.capability(row.epoch))
