# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever is sent to whatever path: a code of the table, and never a defect."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.edges.relay.routes import ROUTES
from safeconduct.kernel.canon import encode
from tests.kit.asgi import Request, ask
from tests.kit.relay_web import Client, refusal

SEGMENTS = st.one_of(
    st.sampled_from(["", "v1", "01" * 16, "ff" * 32, "0", "1", "offices", "health", "..", "%2e"]),
    st.sampled_from(sorted({part for route in ROUTES for part in route.path.split("/")})),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=70),
)
PATHS = st.one_of(
    st.sampled_from([route.path for route in ROUTES]).map(
        lambda path: path.format(office="01" * 16, id="62" * 32, i=0, hash="00" * 32)
    ),
    st.lists(SEGMENTS, max_size=6).map(lambda parts: "/" + "/".join(parts)),
)
BODIES = st.one_of(
    st.binary(max_size=300),
    st.recursive(
        st.one_of(st.binary(max_size=40), st.integers(-(2**63), 2**64 - 1), st.text(max_size=5)),
        lambda inner: st.lists(inner, max_size=7),
        max_leaves=12,
    ).map(encode),
)
QUERIES = st.one_of(
    st.binary(max_size=30),
    st.lists(
        st.tuples(
            st.sampled_from(["from", "most", "tree", "first", "second", "index", "size", "log"]),
            st.one_of(st.integers(-5, 2**70).map(str), st.sampled_from(["log", "intake", "x"])),
        ),
        max_size=4,
    ).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).encode()),
    st.just(b"seconds=0"),
)


@settings(
    max_examples=400,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"]),
    path=PATHS,
    query=QUERIES,
    parts=st.lists(BODIES, min_size=1, max_size=2),
    trusted=st.booleans(),
)
def test_whatever_is_sent_is_answered_by_a_code_of_the_table(
    client: Client, method: str, path: str, query: bytes, parts: Sequence[bytes], *, trusted: bool
) -> None:
    token = client.kept.office.capability().hex().encode() if trusted else b"00"
    if "wait" in path:
        query = b"seconds=0"
    headers = [(b"authorization", b"Bearer " + token)]
    reply = ask(client.web, Request(method, path, query, headers, parts))
    if reply.status not in {200, 204}:
        assert refusal(reply).code != "defect"
