# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTTP: the calls that need a signature or a founding code, and no capability."""

from __future__ import annotations

from safeconduct.kernel.wire import bodies
from safeconduct.kernel.wire.bodies import Founding, write_body
from safeconduct.kernel.wire.orders import TracedOrder, parse_traced
from tests.kit.relay import Office
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
    assert count.written == len(b"frame")
    foreign = office.order(TracedOrder("traced", office.office, 2), office.control(1))
    reply = client.ask("POST", "/traced", write_body(foreign))
    assert refusal(reply).code == "bad_signature"
