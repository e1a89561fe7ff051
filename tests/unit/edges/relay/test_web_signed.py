# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTTP: the calls that need a signature or a founding code, and no capability."""

from __future__ import annotations

import hashlib

import pytest

from safeconduct.kernel.canon import Record
from safeconduct.kernel.wire import bodies
from safeconduct.kernel.wire.bodies import BlobOffer, Founding, stored_length, write_body
from safeconduct.kernel.wire.orders import DropFilesOrder, DropOrder, TracedOrder, parse_traced
from safeconduct.kernel.words import DAY, OfficeId
from tests.kit.relay import Office, SetClock
from tests.kit.relay_web import Client, refusal

NOTHING = write_body([])


def test_offices_are_founded_and_epochs_opened_without_a_capability(client: Client) -> None:
    other = Office(2)
    founding = Founding(client.kept.store.new_founding_code(), other.card)
    reply = client.ask("POST", "/v1/offices", write_body(founding))
    assert bodies.parse_founded(reply.body).relay_key == client.kept.store.relay_key
    path = f"/v1/{other.office.hex()}/access"
    assert client.ask("POST", path, write_body(other.opening(2))).body == NOTHING
    client.kept.store.desk(other.office, other.capability(2))


def test_counts_of_a_tracing_epoch_are_read_with_the_control_key(client: Client) -> None:
    office = client.kept.office
    access = office.signed(office.tracing(2, 1), office.control(1))
    assert client.ask("POST", "/access", write_body(access)).body == NOTHING
    frames = write_body([b"frame"])
    assert client.ask("POST", "/log", frames, token=office.traced(2, 0)).status == 200
    order = office.order(TracedOrder("traced", office.office, 2), office.control(2))
    (count,) = parse_traced(client.ask("POST", "/traced", write_body(order)).body)
    assert (count.written, count.files, count.rest) == (len(b"frame"), 0, len(b"frame"))
    foreign = office.order(TracedOrder("traced", office.office, 2), office.control(1))
    reply = client.ask("POST", "/traced", write_body(foreign))
    assert refusal(reply).code == "bad_signature"


def test_parcels_go_by_a_stewards_order_alone(client: Client, clock: SetClock) -> None:
    office = client.kept.office
    names = [hashlib.sha256(parcel).digest() for parcel in (b"one", b"two")]
    for name, parcel in zip(names, (b"one", b"two"), strict=True):
        client.desk("PUT", f"/parcels/{name.hex()}", parcel)
    path = f"/parcels/{names[0].hex()}"
    assert refusal(client.ask("DELETE", path, token=office.capability())).code == "not_found"
    order = DropOrder("drop", office.office, 1, names)
    foreign = write_body(office.order(order, office.control(2)))
    for token in (None, office.capability()):
        reply = client.ask("POST", "/parcels", foreign, token=token)
        assert refusal(reply).code == "bad_signature"
    signed = write_body(office.order(order, office.control(1)))
    assert client.ask("POST", "/parcels", signed).body == NOTHING
    assert client.desk("GET", path) == b"one"
    clock.time += 4 * DAY
    client.kept.store.sweep()
    assert refusal(client.ask("GET", path, token=office.capability())).code == "not_found"


def test_files_go_by_a_stewards_order_alone_some_days_later(
    client: Client, clock: SetClock
) -> None:
    office, blob, token = client.kept.office, b"b" * 32, b"t" * 32
    offer = BlobOffer(bytes(16), 0, blob, 1, 1024, hashlib.sha256(token).digest())
    assert client.desk("POST", "/blobs", write_body(offer))
    path = f"/blobs/{blob.hex()}/0"
    chunk = bytes(stored_length(1024, 0))
    client.ask("PUT", path, chunk, token=token)
    order = DropFilesOrder("drop_files", office.office, 1, [blob])
    foreign = write_body(office.order(order, office.control(2)))
    reply = client.ask("POST", "/parcels", foreign, token=office.capability())
    assert refusal(reply).code == "bad_signature"
    signed = write_body(office.order(order, office.control(1)))
    assert client.ask("POST", "/parcels", signed).body == NOTHING
    clock.time += 2 * DAY
    client.kept.store.sweep()
    assert client.ask("GET", path).body == chunk
    clock.time += 2 * DAY
    client.kept.store.sweep()
    assert refusal(client.ask("GET", path)).code == "not_found"


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (DropOrder("drop", OfficeId(bytes(16)), 1, [bytes(32)]), "malformed"),
        (DropOrder("drop", Office().office, 2, [bytes(32)]), "conflict"),
        (DropOrder("drop", Office().office, 1, []), "malformed"),
        (TracedOrder("traced", Office().office, 1), "malformed"),
        (Office().unsigned(2), "malformed"),
    ],
)
def test_what_is_no_order_of_this_epoch_drops_nothing(
    client: Client, order: Record, code: str
) -> None:
    office = client.kept.office
    body = write_body(office.order(order, office.control(1)))
    assert refusal(client.ask("POST", "/parcels", body)).code == code
