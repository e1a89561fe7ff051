# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public door: receipts, work, closed keys, boxes and files of anyone."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from safeconduct.edges.relay.boxes import LARGEST_ANSWER
from safeconduct.kernel.errors import Malformed, UnknownVersion
from safeconduct.kernel.seal.verify import verify
from safeconduct.kernel.wire.bodies import (
    CHUNK_BYTES,
    LARGEST_BLOB,
    LARGEST_ITEM,
    LARGEST_MEETING_ITEM,
    BlobOffer,
    BoxAsk,
    Letter,
    Meeting,
    Receipt,
    Submission,
    receipt_message,
)
from safeconduct.kernel.wire.refusals import (
    BlobDiffers,
    Conflict,
    Expired,
    KeyClosed,
    MoreWork,
    NotFound,
    TooLarge,
    WordsFirst,
)
from safeconduct.kernel.wire.work import meeting_payload, solve_work
from safeconduct.kernel.words import DAY, HOUR, MINUTE, Instant, end_of_day
from tests.kit.relay import START, Disk, Kept, Office, SetClock, keep

ADDRESS = b"a" * 32
BLOB = b"b" * 32
TOKEN = b"token"


def check_receipt(kept: Kept, receipt: Receipt, item: bytes) -> None:
    message = receipt_message(receipt.index, receipt.hash, receipt.time)
    verify(kept.relay_key.short, "receipt", kept.office.office, message, receipt.signature)
    assert receipt.hash == hashlib.sha256(item).digest()


# --- intake


def test_a_receipt_is_signed_for_item_place_and_time(kept: Kept) -> None:
    submission = kept.office.submission(kept.public.terms().work, b"text")
    receipt = kept.public.submit(submission)
    check_receipt(kept, receipt, submission.item)
    assert (receipt.index, receipt.time) == (0, START)


def test_the_event_loop_gets_the_same_receipt(kept: Kept) -> None:
    submission = kept.office.submission(kept.public.terms().work, b"text")
    receipt = asyncio.run(kept.public.submit_async(submission))
    assert asyncio.run(kept.public.submit_async(submission)) == receipt
    check_receipt(kept, receipt, submission.item)
    no_work = Submission(b"s" * 16, 0, submission.item)
    assert asyncio.run(kept.public.submit_async(no_work)) == receipt


def test_the_same_item_gets_the_same_receipt_even_dropped_late_and_without_work(
    kept: Kept, clock: SetClock
) -> None:
    submission = kept.office.submission(kept.public.terms().work, b"text")
    receipt = kept.public.submit(submission)
    clock.time += HOUR
    assert kept.public.submit(submission) == receipt
    kept.desk.taken([0])
    kept.desk.publish(kept.office.certificate(2))
    assert kept.public.submit(Submission(b"s" * 16, 0, submission.item)) == receipt
    assert kept.desk.sizes().intake == 1


def test_too_little_work_is_told_what_is_asked(kept: Kept) -> None:
    item = kept.office.item(b"text")
    with pytest.raises(MoreWork) as refused:
        kept.public.submit(Submission(b"s" * 16, 0, item))
    nonce = solve_work(refused.value.seed, hashlib.sha256(item).digest(), refused.value.bits)
    assert kept.public.submit(Submission(refused.value.seed, nonce, item)).index == 0


def test_a_closed_key_is_answered_with_the_current_one(kept: Kept) -> None:
    newest = kept.office.certificate(2)
    kept.desk.publish(newest)
    work = kept.public.terms().work
    with pytest.raises(KeyClosed) as refused:
        kept.public.submit(kept.office.submission(work, b"text", epoch=1))
    assert refused.value.certificate == newest
    kept.public.submit(kept.office.submission(work, b"text", epoch=2))


def test_an_office_without_a_key_takes_no_item(kept: Kept) -> None:
    other = Office(2)
    without = keep(kept.store, other, certificate=False)
    work = kept.public.terms().work
    with pytest.raises(NotFound):
        without.public.submit(other.submission(work, b"text"))


@pytest.mark.parametrize(
    ("item", "error"),
    [
        (b"", Malformed),
        (b"\1short", Malformed),
        (Office(2).item(b"of another office"), Malformed),
        (b"\2" + Office(1).item(b"of a newer page")[1:], UnknownVersion),
        (Office(1).item(b"")[:21] + b"\2" * 40, UnknownVersion),
        (bytes(LARGEST_ITEM + 1), TooLarge),
    ],
)
def test_what_is_no_item_of_the_office_is_refused(
    kept: Kept, item: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        kept.public.submit(Submission(b"s" * 16, 0, item))


def test_the_largest_item_is_taken(kept: Kept) -> None:
    head = len(kept.office.item(b""))
    work = kept.public.terms().work
    submission = kept.office.submission(work, bytes(LARGEST_ITEM - head))
    assert kept.public.submit(submission).index == 0


def test_a_full_disk_still_takes_words(kept: Kept, disk: Disk, clock: SetClock) -> None:
    idle = kept.public.terms().work
    disk.free = 19
    clock.time += MINUTE
    work = kept.public.terms().work
    assert work.message_bits == idle.message_bits + 1
    assert kept.submit(b"text") == 0
    assert kept.store.health().status == "words_first"


# --- boxes


def read(kept: Kept, address: bytes = ADDRESS, after: int = 0) -> list[bytes]:
    return [waiting.item for waiting in kept.public.box(BoxAsk(address, after)).items]


def test_a_box_gives_what_is_newer_than_a_number(kept: Kept) -> None:
    letters = [Letter(ADDRESS, START + HOUR, b"one"), Letter(ADDRESS, START + HOUR, b"two")]
    kept.desk.post(letters)
    answer = kept.public.box(BoxAsk(ADDRESS, 0))
    assert [waiting.item for waiting in answer.items] == [b"one", b"two"]
    assert not answer.more
    assert read(kept, after=answer.items[0].number) == [b"two"]
    assert read(kept, b"x" * 32) == []


def test_an_item_is_in_a_box_once(kept: Kept) -> None:
    for _ in range(2):
        kept.desk.post([Letter(ADDRESS, START + HOUR, b"one")] * 2)
    kept.desk.post([Letter(b"x" * 32, START + HOUR, b"one")])
    assert read(kept) == [b"one"]
    assert read(kept, b"x" * 32) == [b"one"]


def test_items_leave_when_they_expire(kept: Kept, clock: SetClock) -> None:
    kept.desk.post([Letter(ADDRESS, START + HOUR, b"one")])
    assert read(kept) == [b"one"]
    clock.time += DAY
    assert kept.public.box(BoxAsk(ADDRESS, 0)) == kept.public.box(BoxAsk(b"x" * 32, 0))
    kept.store.sweep()
    query = "SELECT count(*) FROM boxes"
    assert kept.store.parts.database.reader().execute(query).get == 0


def test_what_has_ended_is_refused_with_all_that_came_with_it(kept: Kept) -> None:
    with pytest.raises(Expired):
        kept.desk.post([Letter(ADDRESS, START + HOUR, b"one"), Letter(ADDRESS, START, b"late")])
    assert read(kept) == []


def test_numbers_are_never_used_again(kept: Kept, clock: SetClock) -> None:
    kept.desk.post([Letter(ADDRESS, START + HOUR, b"one")])
    last = kept.public.box(BoxAsk(ADDRESS, 0)).items[0].number
    for round_ in range(20):
        clock.time += DAY
        kept.store.sweep()
        assert read(kept) == []
        clock.time -= DAY  # The clock is set back while the box is empty.
        item = b"%d" % round_
        kept.desk.post([Letter(ADDRESS, START + HOUR, item)])
        assert read(kept, after=last) == [item]
        last = kept.public.box(BoxAsk(ADDRESS, 0)).items[0].number
    assert last < 2**53, "a browser would not count exactly"


def test_strangers_do_not_raise_the_numbers_of_letters(kept: Kept, clock: SetClock) -> None:
    for round_ in range(20):
        kept.public.meet(meeting(kept, b"%d" % round_))
        clock.time += 2 * HOUR
        kept.store.sweep()
    kept.desk.post([Letter(b"x" * 32, clock.time + HOUR, b"letter")])
    (letter,) = kept.public.box(BoxAsk(b"x" * 32, 0)).items
    kept.public.meet(meeting(kept, b"later", b"x" * 32))
    assert letter.number <= 2**52 + 2**24
    assert read(kept, b"x" * 32) == [b"later", b"letter"]


def test_an_item_goes_at_the_end_of_a_day(kept: Kept) -> None:
    for hours in range(48):
        kept.desk.post([Letter(ADDRESS, START + hours * HOUR + 1, b"%d" % hours)])
    ends = {one.expires for one in kept.public.box(BoxAsk(ADDRESS, 0)).items}
    assert ends == {START // DAY * DAY + days * DAY for days in (1, 2, 3)}


def test_no_item_stays_longer_than_31_days(kept: Kept) -> None:
    kept.desk.post([Letter(ADDRESS, Instant(2**63 - 1), b"for ever")])
    (kept_for_now,) = kept.public.box(BoxAsk(ADDRESS, 0)).items
    assert kept_for_now.expires == end_of_day(START + 31 * DAY)


def test_a_long_box_is_read_in_parts(kept: Kept) -> None:
    items = [bytes([n]) * (60 << 10) for n in range(20)]
    kept.desk.post([Letter(ADDRESS, START + HOUR, item) for item in items])
    got: list[bytes] = []
    after, more = 0, True
    while more:
        answer = kept.public.box(BoxAsk(ADDRESS, after))
        size = sum(len(waiting.item) for waiting in answer.items)
        assert 0 < size <= LARGEST_ANSWER
        got += [waiting.item for waiting in answer.items]
        after, more = answer.items[-1].number, answer.more
    assert got == items


def meeting(kept: Kept, item: bytes, address: bytes = ADDRESS) -> Meeting:
    work = kept.public.terms().work
    nonce = solve_work(work.seed, meeting_payload(address, item), work.message_bits)
    return Meeting(work.seed, nonce, address, item)


def test_anyone_may_meet_with_work(kept: Kept) -> None:
    for _ in range(2):
        kept.public.meet(meeting(kept, b"card"))
    assert read(kept) == [b"card"]
    with pytest.raises(MoreWork):
        kept.public.meet(Meeting(b"s" * 16, 0, ADDRESS, b"more"))
    with pytest.raises(TooLarge):
        kept.public.meet(Meeting(b"s" * 16, 0, ADDRESS, bytes(LARGEST_MEETING_ITEM + 1)))


def test_a_meeting_box_is_small_and_short_lived(kept: Kept, clock: SetClock) -> None:
    for n in range(8):
        kept.public.meet(meeting(kept, bytes([n + 1])))
        clock.time += MINUTE
    with pytest.raises(Conflict):
        kept.public.meet(meeting(kept, b"ninth"))
    assert len(read(kept)) == 8
    clock.time = START + HOUR
    assert read(kept) == []
    kept.public.meet(meeting(kept, b"again"))
    assert read(kept) == [b"again"]


# --- blobs


def offer(kept: Kept, length: int, chunks: int = 1) -> BlobOffer:
    return kept.office.offer(kept.public.terms().work, BLOB, chunks, length)


def test_chunks_arrive_in_any_order_and_once(kept: Kept) -> None:
    length = 2 * CHUNK_BYTES + 5
    parts = [bytes([n]) * (CHUNK_BYTES + 16) for n in range(2)] + [b"last!" + bytes(16)]
    assert kept.public.offer_blob(offer(kept, length, 3)) == 0
    assert kept.public.put_chunk(BLOB, 1, parts[1], TOKEN) == 0
    assert kept.public.put_chunk(BLOB, 0, parts[0], TOKEN) == 2
    assert kept.public.put_chunk(BLOB, 0, parts[0], TOKEN) == 2
    assert kept.public.offer_blob(offer(kept, length, 3)) == 2
    for missing in (2, 3):
        with pytest.raises(NotFound):
            kept.public.chunk(BLOB, missing)
    assert kept.public.put_chunk(BLOB, 2, parts[2], TOKEN) == 3
    assert [kept.public.chunk(BLOB, n) for n in range(3)] == parts
    state = kept.public.blob_state(BLOB)
    assert (state.chunks, state.length, state.next) == (3, length, 3)


def test_the_first_gap_is_what_is_missing(kept: Kept) -> None:
    full = CHUNK_BYTES + 16
    kept.public.offer_blob(offer(kept, 4 * CHUNK_BYTES, 4))
    missing = [kept.public.put_chunk(BLOB, n, bytes(full), TOKEN) for n in (3, 0, 2, 1)]
    assert missing == [0, 1, 1, 4]


def test_only_the_tokens_holder_writes_and_only_once(kept: Kept) -> None:
    kept.public.offer_blob(offer(kept, 5))
    chunk = bytes(21)
    with pytest.raises(BlobDiffers):
        kept.public.put_chunk(BLOB, 0, chunk, b"wrong")
    with pytest.raises(NotFound):
        kept.public.put_chunk(BLOB, 1, chunk, TOKEN)
    with pytest.raises(Malformed):
        kept.public.put_chunk(BLOB, 0, chunk + b"x", TOKEN)
    kept.public.put_chunk(BLOB, 0, chunk, TOKEN)
    with pytest.raises(BlobDiffers):
        kept.public.put_chunk(BLOB, 0, b"x" * 21, TOKEN)
    assert kept.public.chunk(BLOB, 0) == chunk


def test_an_id_stands_for_one_blob(kept: Kept) -> None:
    kept.public.offer_blob(offer(kept, 5))
    with pytest.raises(BlobDiffers):
        kept.public.offer_blob(offer(kept, 6))


@pytest.mark.parametrize(("length", "chunks"), [(0, 0), (0, 1), (5, 2), (CHUNK_BYTES + 1, 1)])
def test_a_blobs_numbers_must_fit(kept: Kept, length: int, chunks: int) -> None:
    with pytest.raises(Malformed):
        kept.public.offer_blob(offer(kept, length, chunks))


def test_a_blob_needs_room_and_work(kept: Kept, disk: Disk, clock: SetClock) -> None:
    with pytest.raises(MoreWork):
        kept.public.offer_blob(BlobOffer(b"s" * 16, 0, BLOB, 1, 5, bytes(32)))
    with pytest.raises(TooLarge):
        kept.public.offer_blob(offer(kept, LARGEST_BLOB + 1, 513))
    kept.public.offer_blob(offer(kept, 5))
    disk.free = 19
    clock.time += MINUTE
    with pytest.raises(WordsFirst):
        kept.public.offer_blob(offer(kept, 5))
    with pytest.raises(WordsFirst):
        kept.public.put_chunk(BLOB, 0, bytes(21), TOKEN)
    disk.free = 20
    clock.time += MINUTE
    assert kept.public.put_chunk(BLOB, 0, bytes(21), TOKEN) == 1


def test_a_blob_that_nobody_announced_is_not_found(kept: Kept) -> None:
    for ask in (kept.public.blob_state, lambda blob: kept.public.chunk(blob, 0)):
        with pytest.raises(NotFound):
            ask(BLOB)
    with pytest.raises(NotFound):
        kept.public.put_chunk(BLOB, 0, bytes(21), TOKEN)
