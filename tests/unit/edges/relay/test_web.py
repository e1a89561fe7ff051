# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTTP: every call of the table, every code of the table, and nothing else whatever is sent."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging

import apsw
import pytest
from litestar.testing import TestClient
from openapi_spec_validator import validate

from safeconduct.edges.relay import web as web_module
from safeconduct.edges.relay.routes import ROUTES
from safeconduct.edges.relay.web import relay_app
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.ports import ItemState
from safeconduct.kernel.wire import bodies
from safeconduct.kernel.wire.bodies import (
    BoxAsk,
    Letter,
    Meeting,
    NextChunk,
    Sizes,
    Submission,
    write_body,
)
from safeconduct.kernel.wire.first_words import FirstWords
from safeconduct.kernel.wire.refusals import parse_refusal
from safeconduct.kernel.wire.streams import parse_box_answer, parse_frames, parse_items
from safeconduct.kernel.wire.work import meeting_payload, solve_work
from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.first_words import sign_words
from tests.kit.asgi import Request, ask, ask_async
from tests.kit.relay import START, Kept
from tests.kit.relay_web import Client, refusal

ADDRESS, BLOB, TOKEN = b"a" * 32, b"b" * 32, b"token"
NOTHING = write_body([])


# --- every call


def test_a_message_comes_in_and_is_taken(client: Client) -> None:
    terms = bodies.parse_intake_terms(client.ask("GET", "/intake").body)
    submission = client.kept.office.submission(terms.work, b"text")
    reply = client.ask("POST", "/intake", write_body(submission))
    assert bodies.parse_receipt(reply.body).index == 0
    items = parse_items(client.desk("GET", "/items", query=b"from=0&most=10"))
    assert [(item.state, item.body) for item in items] == [(ItemState.WAITS, submission.item)]
    assert client.desk("POST", "/taken", write_body([0])) == NOTHING
    (item,) = parse_items(client.desk("GET", "/items"))
    assert (item.state, item.body) == (ItemState.TAKEN, submission.item)


def test_frames_are_appended_and_read_on(client: Client) -> None:
    answer = client.desk("POST", "/log", write_body([b"a", b"b"]))
    assert bodies.parse_appended(answer).indices == [0, 1]
    assert parse_frames(client.desk("GET", "/log", query=b"from=1")) == [b"b"]
    waited = client.desk("GET", "/wait", query=b"log=1&intake=0&seconds=20")
    assert bodies.parse_sizes(waited) == Sizes(2, 0)
    note = client.desk("GET", "/checkpoint", query=b"tree=log")
    assert parse_checkpoint(note, client.kept.relay_key).size == 2
    consistency = client.desk("GET", "/consistency", query=b"tree=log&first=1&second=2")
    inclusion = client.desk("GET", "/inclusion", query=b"tree=log&index=0&size=2")
    assert bodies.parse_proof(consistency) == bodies.parse_proof(inclusion)


def test_letters_and_meetings_wait_in_boxes(client: Client) -> None:
    letter = Letter(ADDRESS, START * 2, b"letter")
    assert client.desk("POST", "/boxes", write_body([letter])) == NOTHING
    work = client.kept.public.terms().work
    nonce = solve_work(work.seed, meeting_payload(ADDRESS, b"card"), work.message_bits)
    meeting = Meeting(work.seed, nonce, ADDRESS, b"card")
    assert client.ask("POST", "/meet", write_body(meeting)).body == NOTHING
    reply = client.ask("POST", "/box", write_body(BoxAsk(ADDRESS, 0)))
    assert [item.item for item in parse_box_answer(reply.body).items] == [b"card", b"letter"]


def test_a_box_that_does_not_exist_looks_like_one_with_a_letter(client: Client) -> None:
    client.desk("POST", "/boxes", write_body([Letter(ADDRESS, START + 1, b"letter")]))
    full, none = (
        client.ask("POST", "/box", write_body(BoxAsk(name * 32, 0))) for name in (b"a", b"x")
    )
    assert (full.status, len(full.body)) == (none.status, len(none.body)) == (200, 4096)


def test_a_blob_is_uploaded_and_read(client: Client) -> None:
    offer = client.kept.office.offer(client.kept.public.terms().work, BLOB, 1, 5)
    chunk, path = bytes(21), f"/blobs/{BLOB.hex()}"
    assert client.ask("POST", "/blobs", write_body(offer)).body == write_body(NextChunk(0))
    reply = client.ask("PUT", path + "/0", chunk, token=TOKEN)
    assert reply.body == write_body(NextChunk(1))
    assert bodies.parse_blob_state(client.ask("GET", path).body).next == 1
    assert client.ask("GET", path + "/0").body == chunk
    capability = client.kept.office.capability()
    assert refusal(client.ask("DELETE", path, token=capability)).code == "not_found"
    assert client.ask("GET", path + "/0").body == chunk
    assert refusal(client.ask("GET", f"/blobs/{bytes(32).hex()}")).code == "not_found"
    free = bodies.BlobOffer(bytes(16), 0, bytes(32), 1, 5, bytes(32))
    assert client.desk("POST", "/blobs", write_body(free)) == write_body(NextChunk(0))


def test_parcels_and_certificates(client: Client) -> None:
    path = f"/parcels/{hashlib.sha256(b'parcel').hexdigest()}"
    assert client.desk("PUT", path, b"parcel") == NOTHING
    assert client.desk("GET", path) == b"parcel"
    certificate = client.kept.office.certificate(2)
    assert client.desk("PUT", "/certificate", certificate) == NOTHING
    assert client.kept.public.terms().certificate == certificate


def test_first_words_are_the_same_for_everybody_until_they_end(client: Client) -> None:
    office, clock = client.kept.office, client.kept.store.parts.clock
    assert client.ask("GET", "/first-words").body == b""
    words = FirstWords(1, office.office, clock.now(), clock.now() + DAY, {"en": "Wait."})
    signed = sign_words(words, office.intake_signing)
    assert client.desk("PUT", "/first-words", signed) == NOTHING
    assert client.desk("PUT", "/first-words", signed) == NOTHING
    assert client.ask("GET", "/first-words").body == signed
    ahead = FirstWords(1, office.office, clock.now() + 2 * DAY, clock.now() + 2 * DAY, {})
    raw, token = sign_words(ahead, office.intake_signing), office.capability()
    assert refusal(client.ask("PUT", "/first-words", raw, token=token)).code == "malformed"


def test_every_route_was_asked_above() -> None:
    # Who adds a call adds it here, to test_web_signed, test_waits or test_timers.
    assert len(ROUTES) == 31


# --- the words around calls


def test_health_and_description_are_for_anyone(client: Client) -> None:
    assert bodies.parse_health(client.ask("GET", "/v1/health").body).status == "ok"
    reply = client.ask("GET", "/v1/openapi.json")
    assert reply.headers[b"content-type"] == b"application/json"
    described = json.loads(reply.body)
    validate(described)
    assert sum(len(methods) for methods in described["paths"].values()) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_answers_are_not_stored_and_public_ones_are_for_any_origin(
    client: Client, route: object
) -> None:
    path = route.path.format(office="00" * 16, id="00" * 32, i=0, hash="00" * 32)  # type: ignore[attr-defined]
    reply = client.ask(route.method, path)  # type: ignore[attr-defined]
    assert reply.headers[b"cache-control"] == b"no-store"
    assert b"set-cookie" not in reply.headers
    assert b"access-control-allow-credentials" not in reply.headers
    shared = {route.path for route in ROUTES if route.audience == "public"}
    is_shared = route.path in shared  # type: ignore[attr-defined]
    assert (reply.headers.get(b"access-control-allow-origin") == b"*") == is_shared
    preflight = client.ask("OPTIONS", path)
    assert (preflight.status == 204) == is_shared
    assert (b"access-control-allow-methods" in preflight.headers) == is_shared


def test_desk_calls_need_the_capability_before_a_byte_is_read(client: Client) -> None:
    for route in ROUTES:
        if route.audience == "desk":
            path = route.path.format(
                office=client.kept.office.office.hex(), id="00" * 32, hash="00" * 32
            )
            for headers in ([], [(b"authorization", b"Bearer 00")], [(b"authorization", b"x")]):
                reply = ask(client.web, Request(route.method, path, headers=headers, parts=()))
                assert refusal(reply).code == "unknown_capability"


@pytest.mark.parametrize("scheme", [b"Bearer ", b"bearer ", b"BEARER "])
def test_the_scheme_of_a_token_has_no_case(client: Client, scheme: bytes) -> None:
    token = client.kept.office.capability().hex().encode()
    headers = [(b"x-other", b"1"), (b"authorization", scheme + token)]
    reply = ask(client.web, Request("GET", client.base + "/log", headers=headers))
    assert reply.status == 200


@pytest.mark.parametrize("token", [b"Bearer zz", b"Bearer \xff\xff", b"Basic 00"])
def test_what_is_no_token_is_none(client: Client, token: bytes) -> None:
    headers = [(b"authorization", token)]
    reply = ask(client.web, Request("GET", client.base + "/log", headers=headers))
    assert refusal(reply).code == "unknown_capability"
    chunk = Request("PUT", f"{client.base}/blobs/{BLOB.hex()}/0", headers=headers)
    assert refusal(ask(client.web, chunk)).code == "blob_differs"


# --- every refusal


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/{office}",
        "/v1/{office}/nothing",
        "/v1/{office}/intake/",
        "/v1/{office}/intake/more",
        "/v1/{office}/blobs/zz",
        "/v1/{office}/blobs/{blob}x",
        "/v1/{office}/blobs/{blob}/01",
        "/v1/{office}/blobs/{blob}/-1",
        "/v1/{office}/blobs/{blob}/1234567",
        "/v1/{office}/blobs/{blob}/0/0",
        "/v2/health",
        "/",
        "",
    ],
)
def test_other_paths_are_not_found(client: Client, path: str) -> None:
    target = path.format(office=client.kept.office.office.hex(), blob=BLOB.hex())
    assert refusal(ask(client.web, Request("GET", target))).code == "not_found"


@pytest.mark.parametrize("office", ["ff" * 16, "FF" * 16, "f", "%66" + "6" * 31, "é" * 16])
def test_other_offices_are_unknown(client: Client, office: str) -> None:
    reply = client.ask("GET", f"/v1/{office}/intake")
    assert refusal(reply).code == "unknown_office"


@pytest.mark.parametrize("method", ["HEAD", "DELETE", "PATCH", "TRACE", "get"])
def test_other_methods_are_not_found(client: Client, method: str) -> None:
    assert refusal(client.ask(method, "/intake")).code == "not_found"


@pytest.mark.parametrize(
    "query",
    [
        *(b"from=-1", b"from=x", b"from=", b"from=1&from=2", b"other=1", b"from", b"\xff=1"),
        *(b"from=1e3", b"from=" + b"1" * 20, b"&".join([b"a=1"] * 9), "from=٣".encode()),
    ],
)
def test_queries_are_strict(client: Client, query: bytes) -> None:
    token = client.kept.office.capability()
    error = refusal(client.ask("GET", "/log", token=token, query=query))
    assert isinstance(error, Malformed)
    assert error.format == "query"


@pytest.mark.parametrize("query", [b"", b"tree=other", b"tree="])
def test_a_tree_must_be_named(client: Client, query: bytes) -> None:
    token = client.kept.office.capability()
    reply = client.ask("GET", "/checkpoint", token=token, query=query)
    assert refusal(reply).code == "malformed"


def test_a_missing_number_is_malformed(client: Client) -> None:
    token = client.kept.office.capability()
    reply = client.ask("GET", "/inclusion", token=token, query=b"tree=log&index=0")
    assert refusal(reply).code == "malformed"


def test_a_long_body_is_cut_off_while_it_is_read(client: Client) -> None:
    long = Request("POST", client.base + "/box", parts=[b"x" * 200] * 1000)
    assert refusal(ask(client.web, long)).code == "too_large"
    announced = Request(
        "POST", client.base + "/box", headers=[(b"content-length", b"99999")], parts=()
    )
    assert refusal(ask(client.web, announced)).code == "too_large"
    odd = Request("POST", client.base + "/box", headers=[(b"content-length", b"x")])
    assert refusal(ask(client.web, odd)).code == "malformed"


def test_who_goes_away_is_not_answered(client: Client) -> None:
    cut = Request("POST", client.base + "/box", parts=(b"part", None))
    assert asyncio.run(ask_async(client.web, cut)) is None


def test_who_sends_nothing_for_long_is_told_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_module, "IDLE_SECONDS", 0.01)
    sent: list[dict[str, object]] = []

    async def never() -> dict[str, object]:
        await asyncio.sleep(20)
        return {}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = Request("POST", client.base + "/box").scope
    asyncio.run(client.web(scope, never, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 503


def test_refusals_carry_their_fields(client: Client) -> None:
    item = client.kept.office.item(b"text")
    error = refusal(client.ask("POST", "/intake", write_body(Submission(bytes(16), 0, item))))
    assert error.code == "more_work"
    client.desk("PUT", "/certificate", client.kept.office.certificate(2))
    submission = client.kept.office.submission(client.kept.public.terms().work, b"text")
    assert refusal(client.ask("POST", "/intake", write_body(submission))).code == "key_closed"
    forged = client.kept.office.certificate(3)[:-1] + b"x"
    token = client.kept.office.capability()
    reply = client.ask("PUT", "/certificate", forged, token=token)
    assert refusal(reply).code == "bad_signature"


@pytest.mark.parametrize(
    ("error", "code"),
    [(ValueError("secret"), "defect"), (apsw.FullError("x"), "busy"), (MemoryError(), "defect")],
)
def test_what_goes_wrong_here_is_told_by_its_code_alone(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    code: str,
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(client.kept.store, "health", fail)
    with caplog.at_level(logging.DEBUG):
        reply = client.ask("GET", "/v1/health")
    assert refusal(reply).code == code
    assert b"secret" not in reply.body
    assert [record.getMessage() for record in caplog.records if record.name != "asyncio"] == (
        ["defect"] if code == "defect" else []
    )
    assert all(record.exc_info is None for record in caplog.records)


# --- in the one application


def test_the_relay_is_mounted_whole(kept: Kept) -> None:
    with TestClient(relay_app(kept.store)) as client:
        assert client.get("/v1/health").status_code == 200
        reply = client.get(f"/v1/{kept.office.office.hex()}/intake")
        assert bodies.parse_intake_terms(reply.content).certificate
        assert parse_refusal(client.get("/v1/nothing").content).code == "not_found"
        assert client.get("/elsewhere").status_code == 404


def test_a_socket_is_not_answered(client: Client) -> None:
    async def never() -> None:
        raise AssertionError

    asyncio.run(client.web({"type": "websocket"}, never, never))  # type: ignore[arg-type]
