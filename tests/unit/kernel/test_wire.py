# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every body of the relay: what is written is read back, and nothing else is read."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import (
    BadKey,
    BadSignature,
    Defect,
    Malformed,
    NotCanonical,
    Refused,
    SafeconductError,
    UnknownVersion,
    Untrusted,
)
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.kernel.seal.labels import SUITE_BYTE
from safeconduct.kernel.wire import bodies, intake, orders, refusals, streams, work
from safeconduct.kernel.words import Instant, OfficeId

H, OFFICE, S = b"h" * 32, b"o" * 16, b"s" * 16
KEY = b"k" * 1984
CARD = bodies.OfficeCard(1, OFFICE, KEY, H, H)

BODIES: list[tuple[Callable[[bytes], Any], Any]] = [
    (
        bodies.parse_intake_terms,
        bodies.IntakeTerms(b"c", KEY, bodies.Terms(S, 10, 12), bodies.Limits(1, 2), 3),
    ),
    (bodies.parse_submission, bodies.Submission(S, 2**63 - 1, b"item")),
    (bodies.parse_receipt, bodies.Receipt(0, H, 1, b"s" * 64)),
    (bodies.parse_box_ask, bodies.BoxAsk(H, 0)),
    (bodies.parse_meeting, bodies.Meeting(S, 1, H, b"item")),
    (bodies.parse_blob_offer, bodies.BlobOffer(S, 1, H, 1, 2, H)),
    (bodies.parse_next_chunk, bodies.NextChunk(7)),
    (bodies.parse_blob_state, bodies.BlobState(1, 2, 3)),
    (bodies.parse_health, bodies.Health("ok")),
    (bodies.parse_frame_list, [b"a", b""]),
    (bodies.parse_appended, bodies.Appended([1, 2], 3)),
    (bodies.parse_indices, [1, 2]),
    (bodies.parse_sizes, bodies.Sizes(1, 2)),
    (bodies.parse_proof, [H]),
    (bodies.parse_letters, [bodies.Letter(H, 5, b"item")]),
    (bodies.parse_access, bodies.Access(b"opening", b"s" * 64)),
    (bodies.parse_access, bodies.Access(b"opening", b"s" * (1984 + 3373))),
    (bodies.parse_opening, bodies.Opening(1, OFFICE, 2, H, H)),
    (bodies.parse_opening, bodies.TracingOpening(2, OFFICE, 2, [H, b"i" * 32], H)),
    (orders.parse_signed_order, orders.SignedOrder(b"order", b"s" * 64)),
    (orders.parse_traced_order, orders.TracedOrder("traced", OFFICE, 2)),
    (orders.parse_drop_order, orders.DropOrder("drop", OFFICE, 2, [H])),
    (orders.parse_drop_files_order, orders.DropFilesOrder("drop_files", OFFICE, 2, [H])),
    (orders.parse_traced, [orders.Traced(H, 7, 2, 3)]),
    (bodies.parse_opening, bodies.RootOpening(3, OFFICE, 2, H, H, OFFICE)),
    (bodies.parse_office_card, CARD),
    (bodies.parse_founding, bodies.Founding("code", CARD)),
    (bodies.parse_founding, bodies.FoundingAnew("code", CARD, 2, OFFICE)),
    (bodies.parse_founded, bodies.Founded(KEY)),
    (bodies.parse_nothing, []),
]
NAMES = [getattr(value, "__class__", list).__name__ for _, value in BODIES]


@pytest.mark.parametrize(("parse", "value"), BODIES, ids=NAMES)
def test_a_body_is_read_as_it_was_written(parse: Callable[[bytes], Any], value: Any) -> None:  # noqa: ANN401
    raw = bodies.write_body(value)
    assert parse(raw) == value
    for spoilt in (raw + b"\0", raw[:-1], b"", b"\xc0"):
        with pytest.raises(Malformed):
            parse(spoilt)


@given(st.sampled_from(BODIES), st.binary(max_size=80))
def test_other_bytes_are_refused_in_words(
    pair: tuple[Callable[[bytes], Any], Any], raw: bytes
) -> None:
    parse, _ = pair
    try:
        value = parse(raw)
    except (Malformed, NotCanonical):
        return
    assert bodies.write_body(value) == raw


def test_a_long_form_of_a_number_is_not_canonical() -> None:
    with pytest.raises(NotCanonical):
        bodies.parse_next_chunk(b"\x91\xcc\x07")


@pytest.mark.parametrize(
    "value", [[b"h" * 31, 0], [H, -1], [H, 2**63], [H.decode(), 0], [H], [H, 0, 0]]
)
def test_sizes_and_ranges_are_held(value: list[object]) -> None:
    with pytest.raises(Malformed):
        bodies.parse_box_ask(encode(value))


# --- runs and boxes


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_frames_round_trip(frames: list[bytes]) -> None:
    assert streams.parse_frames(streams.write_frames(frames)) == frames


@given(
    st.integers(0, 2**62),
    st.lists(st.tuples(st.sampled_from(ItemState), st.binary(max_size=40)), max_size=8),
)
def test_items_round_trip(start: int, drawn: list[tuple[ItemState, bytes]]) -> None:
    items = [
        IntakeItem(at, Instant(at // 2), state, body.ljust(32)[:32] if state == 2 else body)
        for at, (state, body) in enumerate(drawn, start)
    ]
    assert streams.parse_items(streams.write_items(items)) == items


@pytest.mark.parametrize("raw", [b"\0", b"\0\0\0\1", b"\0\0\0\2a"])
def test_a_run_that_ends_early_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        streams.parse_frames(raw)
    with pytest.raises(Malformed):
        streams.parse_items(raw)


def item(at: int, time: int = 0, state: int = 0, body: bytes = b"a") -> IntakeItem:
    return IntakeItem(at, Instant(time), state, body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "items",
    [
        [item(1), item(1)],
        [item(1), item(3)],
        [item(1), item(0)],
        [item(1, state=3)],
        [item(1, state=2, body=bytes(31))],
        [item(1, state=2, body=bytes(33))],
    ],
)
def test_items_that_pass_one_over_or_are_in_no_state_are_refused(items: list[IntakeItem]) -> None:
    with pytest.raises(Malformed):
        streams.parse_items(streams.write_items(items))


@pytest.mark.parametrize(("index", "time"), [(2**63, 0), (0, 2**63)])
def test_items_with_numbers_that_no_store_takes_are_refused(index: int, time: int) -> None:
    raw = streams.write_items([item(index, time)])
    with pytest.raises(Malformed):
        streams.parse_items(raw)


@given(st.lists(st.binary(max_size=3000), max_size=4), st.booleans())
def test_a_box_answer_hides_its_length(items: list[bytes], more: bool) -> None:
    answer = streams.BoxAnswer([streams.BoxItem(i, 9, item) for i, item in enumerate(items)], more)
    raw = streams.write_box_answer(answer)
    assert streams.parse_box_answer(raw) == answer
    assert len(raw) >= 4096
    assert len(raw) & (len(raw) - 1) == 0


@pytest.mark.parametrize("size", [4095, 4096, 4097])
def test_a_box_answer_grows_only_beyond_its_mark(size: int) -> None:
    overhead = (
        len(encode(streams.BoxAnswer([streams.BoxItem(0, 0, b"i" * 3000)], more=False))) - 3000
    )
    item = streams.BoxItem(0, 0, b"i" * (size - 1 - overhead))
    raw = streams.write_box_answer(streams.BoxAnswer([item], more=False))
    assert len(raw) == (8192 if size > 4096 else 4096)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        bytes(4096),
        streams.write_box_answer(streams.BoxAnswer([], more=False))[:-1],
        streams.write_box_answer(streams.BoxAnswer([], more=False)) + bytes(4096),
        b"\x80".ljust(4096, b"\0"),
    ],
)
def test_a_box_answer_padded_otherwise_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        streams.parse_box_answer(raw)


# --- certificates and items


def certificate(**changes: Any) -> intake.SignedCertificate:  # noqa: ANN401
    fields = {"version": 1, "office": OFFICE, "epoch": 1, "intake_key": bytes(1216)}
    fields |= {"opened": 0, "closes": 1} | changes
    return intake.SignedCertificate(intake.Certificate(**fields), bytes(3373))  # type: ignore[arg-type]


def test_a_certificate_round_trips() -> None:
    signed = certificate()
    assert intake.parse_certificate(intake.write_certificate(signed)) == signed


@pytest.mark.parametrize("raw", [b"", bytes(3373), intake.write_certificate(certificate())[1:]])
def test_what_is_no_certificate_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        intake.parse_certificate(raw)


@given(st.integers(0, 2**32 - 1), st.binary(min_size=11, max_size=50))
def test_an_item_round_trips(epoch: int, rest: bytes) -> None:
    head, sealed = intake.ItemHead(OfficeId(OFFICE), epoch), SUITE_BYTE + rest
    assert intake.parse_item(intake.write_item(head, sealed)) == (head, sealed)


def test_an_item_as_short_as_an_id_or_of_another_version_is_refused() -> None:
    head = intake.ItemHead(OfficeId(OFFICE), 1)
    for length in (0, 11):
        with pytest.raises(Malformed):
            intake.parse_item(intake.write_item(head, SUITE_BYTE * length))
    assert intake.parse_item(intake.write_item(head, SUITE_BYTE * 12))[0] == head
    assert bytes([intake.SEALED_SUITE]) == SUITE_BYTE
    for suite in (0, 2, 255):
        with pytest.raises(UnknownVersion):
            intake.parse_item(intake.write_item(head, bytes([suite]) * 40))
    with pytest.raises(UnknownVersion):
        intake.parse_item(b"\2" * 40)


# --- refusals

REFUSALS: list[SafeconductError] = [
    Malformed("box"),
    BadSignature("access"),
    refusals.TooLarge(5),
    refusals.MoreWork(S, 12),
    refusals.KeyClosed(b"certificate"),
    refusals.WordsFirst(),
    refusals.UnknownCapability(),
    refusals.UnknownOffice(),
    refusals.NotFound(),
    refusals.BlobDiffers(),
    refusals.Conflict(),
    refusals.Expired(),
    refusals.Busy(5),
    Defect(),
]


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: error.code)
def test_a_refusal_round_trips_with_its_fields(error: SafeconductError) -> None:
    again = refusals.parse_refusal(refusals.write_refusal(error))
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert error.code in refusals.STATUS


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotCanonical("box"), "malformed"),
        (UnknownVersion("item", 9), "malformed"),
        (BadKey(), "malformed"),
        (Refused(), "defect"),
        (Untrusted(), "defect"),
    ],
)
def test_other_errors_are_told_as_the_table_knows_them(error: SafeconductError, code: str) -> None:
    assert refusals.parse_refusal(refusals.write_refusal(error)).code == code


@pytest.mark.parametrize(
    "value", [[], ["nothing_known"], [5], ["busy"], ["busy", "soon"], ["not_found", 1]]
)
def test_what_names_no_refusal_is_malformed(value: list[object]) -> None:
    with pytest.raises(Malformed):
        refusals.parse_refusal(msgspec.msgpack.encode(value))


# --- work


@pytest.mark.parametrize("bits", [0, 1, 8, 11])
def test_solved_work_holds(bits: int) -> None:
    payload = work.item_payload(b"item")
    nonce = work.solve_work(S, payload, bits)
    assert work.work_done(S, payload, nonce) >= bits


def test_work_is_bound_to_seed_and_payload() -> None:
    payload = work.item_payload(b"item")
    nonce = work.solve_work(S, payload, 16)
    assert work.work_done(S, work.item_payload(b"other"), nonce) < 16
    assert work.work_done(b"t" * 16, payload, nonce) < 16


def test_payloads_of_different_calls_differ() -> None:
    hashes = {
        work.item_payload(H + b"item"),
        work.meeting_payload(H, b"item"),
        work.blob_payload(H, 1, 2),
        work.blob_payload(H, 2, 1),
    }
    assert len(hashes) == 3  # A meeting's payload is that of address and item as one.


def test_a_stored_chunk_is_longer_by_its_tag() -> None:
    assert bodies.stored_length(1, 0) == 17
    assert bodies.stored_length(bodies.CHUNK_BYTES + 5, 0) == bodies.CHUNK_BYTES + 16
    assert bodies.stored_length(bodies.CHUNK_BYTES + 5, 1) == 21


def test_a_receipt_signs_place_hash_and_time() -> None:
    assert bodies.receipt_message(1, H, 2) == (1).to_bytes(8, "big") + H + (2).to_bytes(8, "big")
