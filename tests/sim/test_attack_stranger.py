# SPDX-License-Identifier: AGPL-3.0-or-later
"""Anybody on the network asks the relay for what they should not get."""

import hashlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

import apsw
import pytest

from safeconduct import __version__
from safeconduct.edges.relay import database
from safeconduct.edges.relay.openapi import describe
from safeconduct.edges.relay.store import RelayStore
from safeconduct.edges.relay.work import PERIOD
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature, Malformed
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.wire.bodies import BoxAsk, Founding, Letter, Meeting, Submission
from safeconduct.kernel.wire.intake import SignedCertificate, parse_certificate, write_certificate
from safeconduct.kernel.wire.refusals import (
    BlobDiffers,
    Conflict,
    KeyClosed,
    MoreWork,
    UnknownCapability,
    WordsFirst,
)
from safeconduct.kernel.wire.streams import write_box_answer
from safeconduct.kernel.wire.waits import ask_of
from safeconduct.kernel.wire.work import (
    item_payload,
    meeting_payload,
    solve_work,
    work_done,
)
from safeconduct.kernel.words import HOUR
from tests.kit.powercut import PowerCut
from tests.kit.relay import START, Disk, Kept, Office, SetClock, keep, plenty, relay

pytestmark = pytest.mark.attack

BLOB = b"b" * 32
HALF_MIB = 1 << 19


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def kept(tmp_path: Path, clock: SetClock, disk: Disk) -> Iterator[Kept]:
    with relay(tmp_path, clock=clock, probe=disk) as kept:
        yield kept


def cheap_nonce(seed: bytes, item: bytes, bits: int) -> int:
    """A nonce that is almost the work that was asked."""
    return next(n for n in count() if bits - 4 <= work_done(seed, item_payload(item), n) < bits)


def more_work(kept: Kept, submission: Submission) -> bool:
    """Whether the relay asks for more."""
    try:
        kept.public.submit(submission)
    except MoreWork:
        return True
    return False


def test_message_with_less_work_than_asked_is_not_taken(kept: Kept) -> None:
    work, item = kept.public.terms().work, kept.office.item(b"flood")
    nonce = cheap_nonce(work.seed, item, work.message_bits)
    with pytest.raises(MoreWork):
        kept.public.submit(Submission(work.seed, nonce, item))


def test_work_of_one_message_does_not_pay_for_others(kept: Kept) -> None:
    work = kept.public.terms().work
    paid = kept.office.submission(work, b"paid for")
    kept.public.submit(paid)
    # One of a thousand others may be paid for by luck; four in a row are not.
    others = [kept.office.item(b"not paid for %d" % number) for number in range(4)]
    refused = [more_work(kept, Submission(paid.seed, paid.nonce, item)) for item in others]
    assert any(refused)


def test_message_sent_a_thousand_times_is_stored_once(kept: Kept) -> None:
    submission = kept.office.submission(kept.public.terms().work, b"once")
    assert [kept.public.submit(submission).index for _ in range(3)] == [0, 0, 0]


def test_seed_that_the_relay_did_not_announce_pays_for_nothing(kept: Kept) -> None:
    announced = kept.public.terms().work.seed
    forged = announced[:4] + bytes(2) + announced[6:]
    with pytest.raises(MoreWork):
        kept.public.submit(Submission(forged, 0, kept.office.item(b"flood")))


def test_work_of_yesterday_pays_for_nothing(kept: Kept, clock: SetClock) -> None:
    submission = kept.office.submission(kept.public.terms().work, b"stored up")
    clock.time += 3 * PERIOD
    with pytest.raises(MoreWork):
        kept.public.submit(submission)


def test_nobody_learns_which_program_runs_or_how_full_the_disk_is(kept: Kept, disk: Disk) -> None:
    disk.free = 47
    told = encode(kept.store.health()) + describe()
    assert __version__.encode() not in told
    assert encode(disk.free) not in encode(kept.store.health())


def test_log_is_closed_to_who_holds_no_capability(kept: Kept) -> None:
    with pytest.raises(UnknownCapability):
        kept.store.desk(kept.office.office, bytes(32))


def test_intake_key_is_taken_from_the_office_alone(kept: Kept) -> None:
    new = parse_certificate(kept.office.certificate(epoch=2)).certificate
    enemy = LongSigningKey.from_seed(b"e" * 64)
    signature = sign_long(enemy, "intake-key", kept.office.office, kept.office.office)
    with pytest.raises(BadSignature):
        kept.desk.publish(write_certificate(SignedCertificate(new, signature)))


def test_intake_key_never_goes_back(kept: Kept) -> None:
    kept.desk.publish(kept.office.certificate(epoch=3))
    with pytest.raises(Conflict):
        kept.desk.publish(kept.office.certificate(epoch=2))


def test_access_is_opened_by_the_control_key_alone(kept: Kept) -> None:
    enemy = SigningKey.from_seed(b"e" * 32)
    with pytest.raises(BadSignature):
        kept.store.open_access(kept.office.office, kept.office.opening(2, enemy))


def test_second_office_is_not_founded_with_a_used_code(tmp_path: Path) -> None:
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        code = store.founding_code() or ""
        store.found(Founding(code, Office(1).card))
        with pytest.raises(Conflict):
            store.found(Founding(code, Office(2).card))


def test_message_to_a_closed_key_is_not_taken(kept: Kept) -> None:
    kept.desk.publish(kept.office.certificate(epoch=2))
    with pytest.raises(KeyClosed):
        kept.public.submit(kept.office.submission(kept.public.terms().work, b"late", epoch=1))


def test_message_for_another_office_is_not_taken(kept: Kept) -> None:
    other = Office(2).submission(kept.public.terms().work, b"astray")
    with pytest.raises(Malformed):
        kept.public.submit(other)


def test_upload_goes_on_for_who_began_it_alone(kept: Kept) -> None:
    kept.public.offer_blob(kept.office.offer(kept.public.terms().work, BLOB, 1, HALF_MIB))
    with pytest.raises(BlobDiffers):
        kept.public.put_chunk(BLOB, 0, bytes(HALF_MIB + 16), b"another token")


def test_attachments_leave_the_last_fifth_of_the_disk_to_words(
    kept: Kept, disk: Disk, clock: SetClock
) -> None:
    offer = kept.office.offer(kept.public.terms().work, BLOB, 1, HALF_MIB)
    disk.free = 19
    clock.time += HOUR // 60
    assert kept.submit(b"words still pass") == 0
    with pytest.raises(WordsFirst):
        kept.public.offer_blob(offer)


def test_box_that_is_not_there_looks_like_an_empty_one_and_like_a_small_one(kept: Kept) -> None:
    kept.desk.post([Letter(b"a" * 32, START + HOUR, b"an answer")])
    full, none = (kept.public.box(BoxAsk(bytes([name]) * 32, 0)) for name in b"az")
    assert full.items
    assert not none.items
    assert len(write_box_answer(full)) == len(write_box_answer(none))


def test_meeting_box_is_not_filled_without_end(kept: Kept) -> None:
    work, address = kept.public.terms().work, b"m" * 32

    def meet(number: int) -> None:
        item = b"somebody %d" % number
        nonce = solve_work(work.seed, meeting_payload(address, item), work.message_bits)
        kept.public.meet(Meeting(work.seed, nonce, address, item))

    for number in range(8):
        meet(number)
    with pytest.raises(Conflict):
        meet(9)


def test_parcel_stands_under_its_own_hash_alone(kept: Kept) -> None:
    with pytest.raises(Malformed):
        kept.desk.put_parcel(hashlib.sha256(b"good keys").digest(), b"bad keys")


def test_receipt_is_given_for_what_survives_a_power_cut(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    cut = PowerCut("attack", 10**9, Random(1))

    def connect(path: str) -> apsw.Connection:
        return database.connect(path, vfs=cut.name)

    with RelayStore(before / "relay.db", probe=plenty) as store:
        keep(store, Office())
    with RelayStore(before / "relay.db", probe=plenty, connect=connect) as store:
        kept = Kept(store, Office())
        kept.submit(b"acknowledged")
        cut._left = 1
        cut.tick()
    cut.unregister()
    cut.restore(after)
    (after / "relay.db.key").write_bytes((before / "relay.db.key").read_bytes())
    with RelayStore(after / "relay.db", probe=plenty) as store:
        items = store.desk(kept.office.office, kept.office.capability()).items(0, 1 << 20)
        assert [item.body for item in items] == [kept.office.item(b"acknowledged")]


def test_ticket_of_a_locked_screen_tells_nothing_after_its_shift(
    kept: Kept, clock: SetClock
) -> None:
    digest = hashlib.sha256(kept.office.capability()).digest()
    ask = ask_of(digest, kept.office.office, clock.time + HOUR, 0)
    clock.time += HOUR - 1
    assert not kept.public.waits(ask).grown
    clock.time += 1
    with pytest.raises(UnknownCapability):
        kept.public.waits(ask)
