# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's public calls (spec/relay.md 2 and 7), as a person's device makes them.

Calls are repeated for a while when the relay does not answer or asks for more work; every call
here is safe to repeat.  What comes back is parsed and not yet trusted.
"""

from __future__ import annotations

import hashlib
import http.client
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from safeconduct.kernel.errors import Malformed, SafeconductError, Unreachable
from safeconduct.kernel.wire.bodies import (
    BlobOffer,
    BoxAsk,
    IntakeTerms,
    Receipt,
    Submission,
    parse_intake_terms,
    parse_next_chunk,
    parse_receipt,
    write_body,
)
from safeconduct.kernel.wire.refusals import Busy, MoreWork, parse_refusal
from safeconduct.kernel.wire.streams import BoxAnswer, parse_box_answer
from safeconduct.kernel.wire.work import blob_payload, item_payload, solve_work

if TYPE_CHECKING:
    from safeconduct.kernel.seal.lock import BlobPlan
    from safeconduct.kernel.words import Address, BlobId, OfficeId

T = TypeVar("T")

CALL_SECONDS: Final = 20.0
PATIENCE_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 0.5
LARGEST_ANSWER: Final = 2 << 20
# Beyond this a request would hold a lane for minutes; the person is asked to come again.
MOST_BITS: Final = 24
MSGPACK: Final = "application/msgpack"
OK: Final = 200


class Courier:
    """One office at one relay, for the length of one request; used by one thread at a time."""

    def __init__(self, relay: str, office: OfficeId) -> None:
        """Connect to nothing yet."""
        url = urlsplit(relay)
        over = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        self._connection: Final = over(url.hostname or "", url.port, timeout=CALL_SECONDS)
        self._base: Final = f"/v1/{office.hex()}"

    def close(self) -> None:
        """Let the connection go, where the process does not end with the request."""
        self._connection.close()

    def terms(self) -> IntakeTerms:
        """Return what the relay says of its intake.

        Raises:
            Unreachable: no relay, or no certificate yet.
        """
        return self._persist(lambda: parse_intake_terms(self._call("GET", "/intake")))

    def first_words(self) -> bytes:
        """Return what the office says at once; asked once, since pages have words of their own.

        Raises:
            Unreachable: there are none to be had now.
        """
        return self._call("GET", "/first-words")

    def submit(self, item: bytes, terms: IntakeTerms) -> Receipt:
        """Store a sealed item.

        Raises:
            KeyClosed: seal again to the key in it.
            Unreachable, Refused: it was not stored.
        """
        payload = item_payload(item)

        def call(seed: bytes, nonce: int) -> Receipt:
            body = write_body(Submission(seed, nonce, item))
            return parse_receipt(self._call("POST", "/intake", body))

        return self._worked(call, payload, terms.work.seed, terms.work.message_bits)

    def box(self, address: Address, after: int) -> BoxAnswer:
        """Return what waits at an address beyond a number."""
        body = write_body(BoxAsk(address, after))
        return self._persist(lambda: parse_box_answer(self._call("POST", "/box", body)))

    def offer(self, plan: BlobPlan, token: bytes, terms: IntakeTerms) -> int:
        """Announce a blob; return the next missing chunk.

        Raises:
            WordsFirst: the relay keeps its disk for text now.
        """
        payload = blob_payload(plan.blob, plan.chunks, plan.padded)
        token_hash = hashlib.sha256(token).digest()

        def call(seed: bytes, nonce: int) -> int:
            offer = BlobOffer(seed, nonce, plan.blob, plan.chunks, plan.padded, token_hash)
            return parse_next_chunk(self._call("POST", "/blobs", write_body(offer))).next

        return self._worked(call, payload, terms.work.seed, terms.work.blob_bits)

    def put(self, blob: BlobId, index: int, chunk: bytes, token: bytes) -> int:
        """Store one sealed chunk; return the next missing one."""
        path = f"/blobs/{blob.hex()}/{index}"
        headers = {
            "Authorization": f"Bearer {token.hex()}",
            "Content-Type": "application/octet-stream",
        }
        return self._persist(lambda: parse_next_chunk(self._call("PUT", path, chunk, headers)).next)

    def chunk(self, blob: BlobId, index: int) -> bytes:
        """Return one sealed chunk."""
        return self._persist(lambda: self._call("GET", f"/blobs/{blob.hex()}/{index}"))

    def _worked(self, call: Callable[[bytes, int], T], payload: bytes, seed: bytes, bits: int) -> T:
        """Make a call with work, and again when more is asked, for a while."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            if bits > MOST_BITS:
                raise Busy(60)
            nonce = solve_work(seed, payload, bits)
            try:
                return self._persist(lambda: call(seed, nonce))  # noqa: B023  (used at once)
            except MoreWork as more:
                if time.monotonic() > end:
                    raise Busy(60) from more
                seed, bits = more.seed, more.bits

    def _persist(self, attempt: Callable[[], T]) -> T:
        """Try until the relay answers, for a while."""
        end = time.monotonic() + PATIENCE_SECONDS
        pause = PAUSE_SECONDS
        while True:
            try:
                return attempt()
            except Unreachable:
                if time.monotonic() + pause > end:
                    raise
            time.sleep(pause)
            pause = 2 * pause

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        headers = headers or ({"Content-Type": MSGPACK} if body is not None else {})
        try:
            self._connection.request(method, self._base + path, body, headers)
            answer = self._connection.getresponse()
            raw = answer.read(LARGEST_ANSWER + 1)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Unreachable from error
        if len(raw) > LARGEST_ANSWER:
            raise Malformed("answer")
        if answer.status != OK:
            raise _refusal(raw)
        return raw


def _refusal(raw: bytes) -> SafeconductError:
    """Return the relay's error; an answer that no relay wrote means that none is there."""
    try:
        return parse_refusal(raw)
    except SafeconductError:
        return Unreachable()
