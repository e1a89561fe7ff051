# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who was removed, or took one key, reaches for the office's access to its relay."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.relay import counts
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey, office_id
from safeconduct.kernel.wire.bodies import (
    CHUNK_BYTES,
    LARGEST_BLOB,
    Access,
    BlobOffer,
    Letter,
    Opening,
    RootOpening,
    Sizes,
)
from safeconduct.kernel.wire.orders import DropOrder, TracedOrder
from safeconduct.kernel.wire.refusals import Busy, Conflict, UnknownCapability
from safeconduct.kernel.words import Instant
from tests.kit.relay import START, Kept, Office, SetClock, keep, plenty, wrote

pytestmark = pytest.mark.attack

NEW_ROOT = LongSigningKey.from_seed(b"n" * 64)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def kept(tmp_path: Path, clock: SetClock) -> Iterator[Kept]:
    with RelayStore(tmp_path / "relay.db", probe=plenty, clock=clock) as store:
        yield keep(store, Office().with_root())


def hand_over(office: Office, epoch: int) -> RootOpening:
    """An opening that names the new root."""
    plain = office.unsigned(epoch)
    root = office_id(NEW_ROOT.public.raw)
    return RootOpening(3, office.office, epoch, plain.capability_hash, plain.next_control, root)


def opened(kept: Kept, access: Access) -> None:
    kept.store.open_access(kept.office.office, access)


def test_somebody_elses_root_key_opens_no_access(kept: Kept) -> None:
    enemy = LongSigningKey.from_seed(b"e" * 64)
    with pytest.raises(BadSignature):
        opened(kept, kept.office.signed(kept.office.unsigned(2), enemy))


def test_who_knows_the_root_key_but_does_not_hold_it_opens_no_access(kept: Kept) -> None:
    office, enemy = kept.office, LongSigningKey.from_seed(b"e" * 64)
    forged = office.signed(office.unsigned(2), enemy).proof[1984:]
    opening = office.opening(2).opening
    with pytest.raises(BadSignature):
        opened(kept, Access(opening, office.root.public.raw + forged))


def test_recovery_cards_that_were_replaced_open_no_access(kept: Kept) -> None:
    office = kept.office
    opened(kept, office.signed(hand_over(office, 2), office.root))
    for epoch in range(3, 8):
        with pytest.raises(BadSignature):
            opened(kept, office.signed(office.unsigned(epoch), office.root))
        opened(kept, office.signed(office.unsigned(epoch), NEW_ROOT))


def test_who_took_the_control_key_does_not_replace_the_root(kept: Kept) -> None:
    office = kept.office
    with pytest.raises(BadSignature):
        opened(kept, office.signed(hand_over(office, 2), office.control(1)))


def test_poll_of_who_was_removed_is_not_told_that_the_office_works(kept: Kept) -> None:
    office = kept.office

    async def poll() -> Sizes:
        door = kept.desk
        waiting = asyncio.ensure_future(door.wait(Sizes(0, 0), 20))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(opened, kept, office.opening(2))
        return await waiting

    with pytest.raises(UnknownCapability):
        asyncio.run(poll())


def test_what_was_under_way_when_access_ended_is_not_stored(kept: Kept) -> None:
    office, door = kept.office, kept.desk
    opened(kept, office.opening(2))
    with pytest.raises(UnknownCapability):
        door.append([b"late"])
    kept.store.desk(office.office, office.capability(2)).append([b"frame"])
    with pytest.raises(UnknownCapability):
        door.append([b"later"])


def test_counts_of_devices_are_told_to_who_holds_the_control_key_alone(kept: Kept) -> None:
    office = kept.office
    opened(kept, office.signed(office.tracing(2, 2), office.control(1)))
    enemy = SigningKey.from_seed(b"e" * 32)
    with pytest.raises(BadSignature):
        kept.store.traced(
            office.office, office.order(TracedOrder("traced", office.office, 2), enemy)
        )


def test_file_of_a_normal_epoch_tells_no_devices_apart(kept: Kept) -> None:
    office = kept.office
    opened(kept, office.signed(office.tracing(2, 3), office.control(1)))
    for device in range(3):
        kept.store.desk(office.office, office.traced(2, device)).append([bytes([device])])
    opened(kept, office.opening(3))
    kept.store.desk(office.office, office.capability(3)).append([b"frame"])
    query = "SELECT place, epoch, rest, before FROM written"
    rows = kept.store.parts.database.reader().execute(query).fetchall()
    assert rows == [(0, 3, counts.STEP, None)]


# --- an informer who would destroy keys


def drop(kept: Kept, name: bytes, signer: SigningKey) -> None:
    office = kept.office
    order = office.order(DropOrder("drop", office.office, 1, [name]), signer)
    kept.store.drop_parcels(office.office, order)


def test_informer_who_is_no_steward_lets_no_keys_go(kept: Kept) -> None:
    name = hashlib.sha256(b"parcel").digest()
    kept.desk.put_parcel(name, b"parcel")
    with pytest.raises(BadSignature):
        drop(kept, name, SigningKey.from_seed(b"e" * 32))


def test_order_that_was_seen_before_lets_no_keys_go_in_the_next_epoch(kept: Kept) -> None:
    office, plain = kept.office, kept.office.unsigned(2)
    same = Opening(1, office.office, 2, plain.capability_hash, office.control(1).public.raw)
    opened(kept, office.signed(same, office.control(1)))
    with pytest.raises(Conflict):
        drop(kept, bytes(32), office.control(1))


# --- a stolen capability that floods


def test_flood_of_frames_ends_for_the_day(kept: Kept) -> None:
    wrote(kept, rest=counts.REST_A_DAY - 8)
    kept.desk.append([b"12345678"])
    with pytest.raises(Busy):
        kept.desk.append([b"flood"])


def test_flood_of_large_frames_leaves_room_for_small_ones(kept: Kept) -> None:
    wrote(kept, rest=counts.LARGE_A_DAY)
    with pytest.raises(Busy):
        kept.desk.append([bytes(counts.SMALL_FRAME + 1)])
    kept.desk.append([bytes(counts.SMALL_FRAME)])


def test_flood_of_letters_leaves_room_for_frames(kept: Kept) -> None:
    wrote(kept, rest=counts.LARGE_A_DAY)
    with pytest.raises(Busy):
        kept.desk.post([Letter(b"a" * 32, Instant(START * 2), b"flood")])
    kept.desk.append([b"frame"])


def test_flood_of_files_ends_for_the_day(kept: Kept) -> None:
    wrote(kept, blobs=counts.BLOBS_A_DAY - LARGEST_BLOB)
    chunks = LARGEST_BLOB // CHUNK_BYTES
    with pytest.raises(Busy):
        kept.desk.offer_blob(BlobOffer(bytes(16), 0, b"b" * 32, chunks, LARGEST_BLOB, bytes(32)))
