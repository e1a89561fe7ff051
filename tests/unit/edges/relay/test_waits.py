# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a locked desk may ask: one bit, until its shift ends, and nothing of anybody else's."""

from __future__ import annotations

import hashlib

import pytest

from safeconduct.kernel.wire.bodies import write_body
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.kernel.wire.waits import WaitsAsk, ask_of, parse_waits
from safeconduct.kernel.words import HOUR
from tests.kit.relay import START, Kept
from tests.kit.relay_web import Client, refusal

UNTIL = START + HOUR


def question(kept: Kept, size: int, capability: bytes | None = None) -> WaitsAsk:
    """What a desk that knew so much of the intake lets ask."""
    digest = hashlib.sha256(capability or kept.office.capability()).digest()
    return ask_of(digest, kept.office.office, UNTIL, size)


def answer(client: Client, ask: WaitsAsk) -> int:
    """The one bit."""
    reply = client.ask("POST", "/waits", write_body(ask))
    assert reply.status == 200, reply.body
    return parse_waits(reply.body).grown


def test_it_tells_that_something_came_and_never_how_much(client: Client) -> None:
    kept = client.kept
    asks = question(kept, 0)
    assert answer(client, asks) == 0
    kept.submit(b"one")
    assert answer(client, asks) == 1
    kept.submit(b"two")
    assert answer(client, asks) == 1
    assert answer(client, question(kept, 2)) == 0


def test_what_the_log_gains_is_not_told(client: Client) -> None:
    asks = question(client.kept, 0)
    client.kept.desk.append([b"a frame of a colleague"])
    assert answer(client, asks) == 0


def test_ticket_of_no_capability_or_of_another_moment_is_refused(client: Client) -> None:
    ours = question(client.kept, 0)
    stranger = question(client.kept, 0, bytes(32))
    longer = WaitsAsk(UNTIL + HOUR, ours.ticket, ours.mark)
    for ask in (stranger, longer):
        reply = client.ask("POST", "/waits", write_body(ask))
        assert isinstance(refusal(reply), UnknownCapability)


def test_ticket_ends_with_its_access_epoch(client: Client) -> None:
    kept = client.kept
    ours = question(kept, 0)
    kept.store.open_access(kept.office.office, kept.office.opening(2))
    with pytest.raises(UnknownCapability):
        kept.public.waits(ours)


def test_every_device_of_a_tracing_epoch_may_leave_one(client: Client) -> None:
    kept = client.kept
    opening = kept.office.signed(kept.office.tracing(2, 3), kept.office.control(1))
    kept.store.open_access(kept.office.office, opening)
    for device in range(3):
        asks = question(kept, 0, kept.office.traced(2, device))
        assert kept.public.waits(asks).grown == 0


def test_it_opens_no_call_of_desks(client: Client) -> None:
    ours = question(client.kept, 0)
    for token in (ours.ticket, ours.mark):
        assert client.ask("GET", "/log", token=token).status == 401
        assert client.ask("GET", "/items", token=token).status == 401
        assert client.ask("GET", "/wait", token=token).status == 401
