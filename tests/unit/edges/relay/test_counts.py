# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a capability may write in a day: what counts, when it ends, what goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from safeconduct.edges.relay import counts
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.wire.bodies import (
    LARGEST_LETTER,
    BlobOffer,
    BoxAsk,
    Letter,
    Meeting,
)
from safeconduct.kernel.wire.refusals import Busy, Expired
from safeconduct.kernel.wire.work import meeting_payload, solve_work
from safeconduct.kernel.words import DAY, Instant
from tests.kit.relay import START, Kept, Office, SetClock, keep, plenty, wrote

PARCEL = b"parcel"
LATER = Instant(START * 2)


def letter(text: bytes) -> Letter:
    return Letter(b"a" * 32, LATER, text)


def blob(name: bytes) -> BlobOffer:
    return BlobOffer(bytes(16), 0, name * 32, 1, 100, bytes(32))


def put_parcel(kept: Kept) -> None:
    kept.desk.put_parcel(hashlib.sha256(PARCEL).digest(), PARCEL)


def counted(kept: Kept) -> tuple[int, int]:
    """The bytes of today: of blobs, and of the rest."""
    (row,) = kept.store.parts.counts._rows.values()
    return row.blobs, row.rest


def exhaust(kept: Kept) -> None:
    """Let nothing be left of this day."""
    wrote(kept, rest=counts.REST_A_DAY, blobs=counts.BLOBS_A_DAY)


def test_what_is_stored_counts_once(kept: Kept) -> None:
    for _ in range(2):
        kept.desk.append([b"frame", b"frame"])
        kept.desk.post([letter(b"one"), letter(b"one")])
        put_parcel(kept)
        kept.desk.offer_blob(blob(b"b"))
    assert counted(kept) == (100 + 16, len(b"frame") + len(b"one") + len(PARCEL))


def test_what_is_refused_does_not_count(kept: Kept) -> None:
    kept.desk.append([b"frame"])
    with pytest.raises(Expired):
        kept.desk.post([letter(b"one"), Letter(b"a" * 32, START, b"late")])

    def fail(connection: apsw.Connection) -> None:
        holder = kept.desk._holder
        kept.store.parts.counts.other(connection, holder, counts.STEP)
        connection.execute("INSERT INTO nothing VALUES (1)")

    with pytest.raises(apsw.SQLError):
        kept.store.parts.database.write(fail)
    assert counted(kept) == (0, len(b"frame"))


def test_a_restart_takes_at_most_a_step_of_the_day(tmp_path: Path) -> None:
    path, clock = tmp_path / "relay.db", SetClock()
    with RelayStore(path, probe=plenty, clock=clock) as store:
        kept = keep(store, Office())
        for number in range(3):
            kept.desk.append([bytes([number]) * 400_000])
        assert counted(kept) == (0, 1_200_000)
    for _ in range(2):  # A restart without writing takes nothing.
        with RelayStore(path, probe=plenty, clock=clock) as store:
            kept = Kept(store, Office())
    with RelayStore(path, probe=plenty, clock=clock) as store:
        kept = Kept(store, Office())
        kept.desk.append([b"frame"])
        assert counted(kept) == (0, 2 * counts.STEP + len(b"frame"))


def test_a_day_that_turned_is_written_down_at_once(tmp_path: Path) -> None:
    path, clock = tmp_path / "relay.db", SetClock()
    with RelayStore(path, probe=plenty, clock=clock) as store:
        kept = keep(store, Office())
        kept.desk.append([bytes(counts.SMALL_FRAME)])
        clock.time += DAY
        kept.desk.append([b"frame"])
    with RelayStore(path, probe=plenty, clock=clock) as store:
        kept = Kept(store, Office())
        kept.desk.append([b"another"])
        assert counted(kept) == (0, counts.STEP + len(b"another"))


@pytest.mark.parametrize(
    "write",
    [
        lambda kept: kept.desk.append([b"frame"]),
        lambda kept: kept.desk.post([letter(b"letter")]),
        put_parcel,
        lambda kept: kept.desk.offer_blob(blob(b"b")),
    ],
)
def test_the_day_after_takes_more(
    kept: Kept, clock: SetClock, write: Callable[[Kept], None]
) -> None:
    clock.time = START // DAY * DAY + DAY - 1_500
    exhaust(kept)
    with pytest.raises(Busy) as met:
        write(kept)
    assert met.value.seconds == 2
    clock.time += met.value.seconds * 1000
    write(kept)


def test_a_new_epoch_takes_more_at_once(kept: Kept) -> None:
    office = kept.office
    exhaust(kept)
    kept.store.open_access(office.office, office.opening(2))
    kept.store.desk(office.office, office.capability(2)).append([b"frame"])


def test_what_was_stored_is_answered_again_when_the_day_is_full(kept: Kept) -> None:
    kept.desk.append([b"frame"])
    kept.desk.post([letter(b"letter")])
    put_parcel(kept)
    kept.desk.offer_blob(blob(b"b"))
    exhaust(kept)
    assert kept.desk.append([b"frame"]).indices == [0]
    kept.desk.post([letter(b"letter")])
    put_parcel(kept)
    assert kept.desk.offer_blob(blob(b"b")) == 0


def test_a_request_with_a_large_frame_is_refused_whole(kept: Kept) -> None:
    wrote(kept, rest=counts.LARGE_A_DAY)
    small, large = b"small", bytes(counts.SMALL_FRAME + 1)
    with pytest.raises(Busy):
        kept.desk.append([small, large])
    assert kept.desk.append([small]).size == 1


def test_a_full_day_outlasts_a_restart(tmp_path: Path) -> None:
    path, clock = tmp_path / "relay.db", SetClock()
    with RelayStore(path, probe=plenty, clock=clock) as store:
        exhaust(keep(store, Office()))
    with RelayStore(path, probe=plenty, clock=clock) as store, pytest.raises(Busy):
        Kept(store, Office()).desk.append([b"frame"])


def test_one_office_does_not_use_up_the_day_of_another(kept: Kept) -> None:
    other = keep(kept.store, Office(2))
    exhaust(kept)
    other.desk.append([b"frame"])


def test_one_traced_device_does_not_use_up_the_day_of_another(kept: Kept) -> None:
    office = kept.office
    kept.store.open_access(office.office, office.signed(office.tracing(2, 2), office.control(1)))
    one, two = (kept.store.desk(office.office, office.traced(2, device)) for device in (0, 1))
    one.append([b"frame"])
    query = "UPDATE written SET rest = ? WHERE place = 0"
    full = (counts.REST_A_DAY,)
    kept.store.parts.database.write(lambda each: each.execute(query, full).fetchall())
    kept.store.parts.counts._rows.clear()
    with pytest.raises(Busy):
        one.append([b"flood"])
    two.append([b"flood"])


def test_public_calls_go_on_when_the_day_is_full(kept: Kept) -> None:
    kept.desk.post([letter(bytes(LARGEST_LETTER))])
    exhaust(kept)
    assert kept.submit(b"help") == 0
    work = kept.public.terms().work
    nonce = solve_work(work.seed, meeting_payload(b"m" * 32, b"card"), work.message_bits)
    kept.public.meet(Meeting(work.seed, nonce, b"m" * 32, b"card"))
    kept.public.offer_blob(kept.office.offer(work, b"b" * 32, 1, 5))
    kept.public.put_chunk(b"b" * 32, 0, bytes(21), b"token")
    assert len(kept.public.box(BoxAsk(b"a" * 32, 0)).items) == 1
    assert kept.desk.frames(0, 1) == []
