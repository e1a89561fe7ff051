# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desks' door: reading on, dropping what was taken, waiting, parcels and blobs."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time

import pytest

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.log.merkle import leaf_hash, root_of
from safeconduct.kernel.wire.bodies import (
    CHUNK_BYTES,
    LARGEST_FRAME,
    LARGEST_LETTER,
    LARGEST_PARCEL,
    BlobOffer,
    Letter,
    Sizes,
)
from safeconduct.kernel.wire.refusals import BlobDiffers, NotFound, TooLarge, WordsFirst
from safeconduct.kernel.wire.work import item_payload
from safeconduct.kernel.words import DAY, HOUR, MINUTE
from tests.kit.relay import START, Disk, Kept, Office, SetClock, keep

BLOB = b"b" * 32
NOTHING_YET = Sizes(0, 0)

# --- log and intake


def test_frames_are_read_in_runs(kept: Kept) -> None:
    frames = [bytes([n + 1]) * 100 for n in range(5)]
    kept.desk.append(frames)
    assert kept.desk.frames(0, 250) == frames[:2]
    assert kept.desk.frames(2, 0) == frames[2:3]
    assert kept.desk.frames(3, 1 << 30) == frames[3:]
    assert kept.desk.frames(5, 1000) == []
    assert kept.desk.frames(2**63 - 1, 1000) == []


def test_frames_have_a_size(kept: Kept) -> None:
    with pytest.raises(TooLarge):
        kept.desk.append([b"fine", bytes(LARGEST_FRAME + 1)])
    with pytest.raises(Malformed):
        kept.desk.append([b""])
    assert kept.desk.append([]).size == 0
    assert kept.desk.append([bytes(LARGEST_FRAME)]).indices == [0]


def unread(kept: Kept) -> int:
    return kept.store.parts.load(kept.store.parts.offices.find(kept.office.office)).unread


def test_taken_items_are_served_for_three_days_and_keep_their_place(
    kept: Kept, clock: SetClock
) -> None:
    for n in range(4):
        kept.submit(b"text %d" % n)
    waiting = kept.desk.items(0, 1 << 20)
    before = parse_checkpoint(kept.desk.checkpoint("intake"), kept.relay_key)
    kept.desk.taken([1, 2, 2, 99, 2**63 - 1])
    clock.time += 3 * DAY - 1
    kept.desk.taken([1])
    kept.store.sweep()
    items = kept.desk.items(0, 1 << 20)
    assert [item.state for item in items] == [0, 1, 1, 0]
    assert [item.body for item in items] == [item.body for item in waiting]
    assert unread(kept) == 2
    clock.time += DAY + 1
    kept.store.sweep()
    items = kept.desk.items(0, 1 << 20)
    assert [item.state for item in items] == [0, 2, 2, 0]
    assert [item.body for item in items[1:3]] == [item_payload(item.body) for item in waiting[1:3]]
    assert [item.at for item in kept.desk.items(1, 0)] == [1]
    assert len(kept.desk.items(0, 10)) == 1
    kept.desk.taken([1, 2])
    assert unread(kept) == 2
    assert parse_checkpoint(kept.desk.checkpoint("intake"), kept.relay_key) == before
    assert before.root == root_of(leaf_hash(item_payload(item.body)) for item in waiting)


def test_the_file_does_not_tell_when_an_item_was_taken(kept: Kept, clock: SetClock) -> None:
    clock.time += HOUR
    kept.submit(b"text")
    kept.desk.taken([0])
    due: int = kept.store.parts.database.reader().execute("SELECT due FROM leaving").get
    assert due % DAY == 0


def test_the_file_does_not_tell_when_colleagues_work(kept: Kept) -> None:
    kept.desk.append([b"frame"])
    query = "SELECT time FROM entries"
    assert kept.store.parts.database.reader().execute(query).fetchall() == [(0,)]


def test_taking_does_not_reach_into_the_log_or_another_office(kept: Kept) -> None:
    other = keep(kept.store, Office(2))
    kept.desk.append([b"frame"])
    other.submit(b"other")
    kept.desk.taken(list(range(10)))
    assert kept.desk.frames(0, 10) == [b"frame"]
    assert len(other.desk.items(0, 1 << 20)) == 1


# --- waiting


def wait(kept: Kept, known: Sizes, seconds: float) -> Sizes:
    """Wait in an event loop of its own."""
    return asyncio.run(kept.desk.wait(known, seconds))


def test_waiting_ends_at_once_when_there_is_more(kept: Kept) -> None:
    kept.desk.append([b"frame"])
    assert wait(kept, NOTHING_YET, 20) == Sizes(1, 0)
    assert wait(kept, Sizes(1, 0), 0) == Sizes(1, 0)


def test_a_wait_wakes_within_50_ms_of_the_commit(kept: Kept) -> None:
    ended: list[float] = []

    def one() -> None:
        assert wait(kept, NOTHING_YET, 20) != NOTHING_YET
        ended.append(time.monotonic())

    waiting = threading.Thread(target=one)
    waiting.start()
    while not kept.store.parts.bell._waiting:
        pass
    kept.desk.append([b"frame"])
    acted = time.monotonic()
    waiting.join()
    assert ended[0] - acted < 0.05


def test_a_wait_ends_without_news(kept: Kept) -> None:
    started = time.monotonic()
    assert wait(kept, NOTHING_YET, 0.05) == NOTHING_YET
    assert 0.04 < time.monotonic() - started < 2


def test_another_office_does_not_end_a_wait(kept: Kept) -> None:
    other = keep(kept.store, Office(2))
    timer = threading.Timer(0.02, lambda: other.desk.append([b"frame"]))
    timer.start()
    assert wait(kept, NOTHING_YET, 0.1) == NOTHING_YET
    timer.join()


def test_a_wait_that_must_make_room_is_answered_as_things_stand(kept: Kept) -> None:
    kept.store.parts.bell.most = 2
    kept.desk.append([b"frame"])

    async def three() -> None:
        waits = [asyncio.create_task(kept.desk.wait(Sizes(1, 0), 20)) for _ in range(3)]
        assert await asyncio.wait_for(waits[0], 5) == Sizes(1, 0)
        assert not waits[1].done()
        kept.submit(b"text")
        for more in waits[1:]:
            assert await asyncio.wait_for(more, 5) == Sizes(1, 1)

    asyncio.run(three())
    assert not kept.store.parts.bell._waiting


def test_a_relay_that_ends_lets_nobody_wait(kept: Kept) -> None:
    timer = threading.Timer(0.02, kept.store.stop_waiting)
    timer.start()
    started = time.monotonic()
    assert wait(kept, NOTHING_YET, 20) == NOTHING_YET
    assert time.monotonic() - started < 5
    assert kept.store.closing
    assert not kept.store.parts.bell._waiting


# --- boxes, parcels, blobs


def test_letters_have_a_size(kept: Kept) -> None:
    for item, error in ((bytes(LARGEST_LETTER + 1), TooLarge), (b"", Malformed)):
        with pytest.raises(error):
            kept.desk.post([Letter(b"a" * 32, START * 2, item)])


def later(kept: Kept, clock: SetClock, after: int) -> None:
    """Let time pass, and the relay drop what is due."""
    clock.time += after
    kept.store.sweep()


def test_what_is_brought_again_stays(kept: Kept, clock: SetClock) -> None:
    name = hashlib.sha256(b"parcel").digest()
    for _ in range(2):
        kept.desk.put_parcel(name, b"parcel")
        kept.drop(name)
    kept.desk.put_parcel(name, b"parcel")
    later(kept, clock, 5 * DAY)
    assert kept.desk.parcel(name) == b"parcel"


def test_what_an_earlier_build_let_go_takes_no_parcel_with_it(kept: Kept, clock: SetClock) -> None:
    """It numbered files 1 and parcels 2; files are not let go any more."""
    parcels = [b"one", b"two"]
    names = [hashlib.sha256(parcel).digest() for parcel in parcels]
    for name, parcel in zip(names, parcels, strict=True):
        kept.desk.put_parcel(name, parcel)
    query = "INSERT INTO leaving VALUES (1, 1, 0), (2, 2, 0)"
    kept.store._database.write(lambda connection: connection.execute(query).fetchall())
    later(kept, clock, DAY)
    assert kept.desk.parcel(names[0]) == b"one"
    with pytest.raises(NotFound):
        kept.desk.parcel(names[1])


def test_parcels_are_named_by_their_hash(kept: Kept, clock: SetClock) -> None:
    name = hashlib.sha256(b"parcel").digest()
    for _ in range(2):
        kept.desk.put_parcel(name, b"parcel")
    assert kept.desk.parcel(name) == b"parcel"
    with pytest.raises(NotFound):
        keep(kept.store, Office(2)).desk.parcel(name)
    kept.drop(name)
    kept.drop(name)
    later(kept, clock, 3 * DAY - 1)
    assert kept.desk.parcel(name) == b"parcel"
    later(kept, clock, DAY)
    with pytest.raises(NotFound):
        kept.desk.parcel(name)
    kept.drop(name)
    with pytest.raises(Malformed):
        kept.desk.put_parcel(name, b"other")
    with pytest.raises(TooLarge):
        kept.desk.put_parcel(name, bytes(LARGEST_PARCEL + 1))


def blob_of(chunks: int) -> BlobOffer:
    token_hash = hashlib.sha256(b"token").digest()
    return BlobOffer(bytes(16), 0, BLOB, chunks, chunks * CHUNK_BYTES, token_hash)


def test_desks_offer_blobs_without_work_but_not_without_room(
    kept: Kept, disk: Disk, clock: SetClock
) -> None:
    assert kept.desk.offer_blob(blob_of(1)) == 0
    with pytest.raises(BlobDiffers):
        kept.desk.offer_blob(blob_of(2))
    with pytest.raises(Malformed):
        kept.desk.offer_blob(BlobOffer(bytes(16), 0, BLOB, 1, 0, bytes(32)))
    disk.free = 19
    clock.time += MINUTE
    with pytest.raises(WordsFirst):
        kept.desk.offer_blob(blob_of(1))


def test_room_that_was_freed_in_the_file_counts(kept: Kept, clock: SetClock) -> None:
    parcel = bytes(LARGEST_PARCEL)
    name = hashlib.sha256(parcel).digest()
    kept.desk.put_parcel(name, parcel)
    before = kept.store._unused_bytes()
    kept.drop(name)
    later(kept, clock, 4 * DAY)
    assert kept.store._unused_bytes() - before > LARGEST_PARCEL // 2
