# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk's way to one relay over HTTP (spec/relay.md 2 and 4).

Brings bytes and checks none of them, but the hash of a parcel.  What the relay declines is raised
as the error that its body names; no answer, a broken one or a bare HTTP error is `Unreachable`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple, TypeVar

import urllib3
from msgspec.structs import astuple

from safeconduct.kernel.errors import Malformed, SafeconductError, Unreachable, Untrusted
from safeconduct.kernel.ports import Counted, IntakeItem
from safeconduct.kernel.wire import bodies
from safeconduct.kernel.wire.bodies import Letter, write_body
from safeconduct.kernel.wire.orders import SignedOrder, parse_traced
from safeconduct.kernel.wire.refusals import MoreWork, parse_refusal
from safeconduct.kernel.wire.streams import parse_box_answer, parse_frames, parse_items
from safeconduct.kernel.wire.work import meeting_payload, solve_work
from safeconduct.kernel.words import Address, BlobId, Instant, OfficeId

T = TypeVar("T")

CONNECT_SECONDS: Final = 20.0
READ_SECONDS: Final = 60.0
WAIT_MOST: Final = 25
POOL: Final = 6
OK: Final = 200
NO_SEED: Final = bytes(16)
TRIES_FOR_WORK: Final = 5


class ParcelChanged(Untrusted):
    """The relay handed over other bytes than the named parcel."""

    code = "parcel_changed"


class Line:
    """HTTP to one relay; safe to use from threads."""

    def __init__(self, url: str, office: OfficeId, *, proxy: str | None = None) -> None:
        """Talk to the relay at `url`, an onion address through a `socks5h` or HTTP proxy."""
        self._base: Final = url.rstrip("/") + "/v1/"
        self.office: Final = office
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        retries = urllib3.Retry(0, redirect=False)
        self._pool: urllib3.PoolManager = (
            urllib3.ProxyManager(proxy, timeout=timeout, retries=retries, maxsize=POOL)
            if proxy
            else urllib3.PoolManager(timeout=timeout, retries=retries, maxsize=POOL)
        )

    def close(self) -> None:
        """Drop all connections."""
        self._pool.clear()

    def ask(
        self, method: str, path: str, body: bytes | None = None, bearer: bytes | None = None
    ) -> bytes:
        """Make one call below the office; return the body.

        Raises:
            Unreachable: no answer, or none of a relay.
            Refused and others: what the relay's error names.
        """
        return self.call(method, f"{self.office.hex()}/{path}", body, bearer)

    def call(
        self, method: str, path: str, body: bytes | None = None, bearer: bytes | None = None
    ) -> bytes:
        """Make one call below `/v1/`; as `ask`."""
        headers = {"Content-Type": "application/msgpack"}
        if bearer is not None:
            headers["Authorization"] = "Bearer " + bearer.hex()
        try:
            answer = self._pool.request(method, self._base + path, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable from error
        if answer.status == OK:
            return answer.data
        raise _refusal(answer.data)


def _refusal(data: bytes) -> SafeconductError:
    try:
        return parse_refusal(data)
    except SafeconductError:
        # A proxy's or captive portal's page, or a relay newer than this program.
        return Unreachable()


def _read(parse: Callable[[], T]) -> T:
    """Parse an answer; what is not one comes from somebody else than a relay."""
    try:
        return parse()
    except Malformed as error:
        raise Unreachable from error


class HttpCourier:
    """Implements `kernel.ports.Courier`."""

    def __init__(self, line: Line, capability: bytes) -> None:
        """Use a line with the office's capability."""
        self._line: Final = line
        self._capability = capability

    @property
    def office(self) -> OfficeId:
        """The office whose capability this courier carries."""
        return self._line.office

    def close(self) -> None:
        """Drop all connections."""
        self._line.close()

    def append(self, frames: list[bytes]) -> list[int]:
        """Append frames to the log; return their indices."""
        raw = self._ask("POST", "log", write_body(frames))
        return _read(lambda: bodies.parse_appended(raw)).indices

    def frames(self, start: int, most: int) -> list[bytes]:
        """Return frames from `start` on."""
        raw = self._ask("GET", f"log?from={start}&most={most}")
        return _read(lambda: parse_frames(raw))

    def items(self, start: int, most: int) -> list[IntakeItem]:
        """Return intake items from `start` on."""
        raw = self._ask("GET", f"items?from={start}&most={most}")
        return _read(lambda: parse_items(raw))

    def taken(self, indices: list[int]) -> None:
        """Let the relay drop the bytes of these intake items, some days from now."""
        self._ask("POST", "taken", write_body(indices))

    def now(self) -> Instant:
        """Return where the relay's clock stands."""
        raw = self._line.ask("GET", "intake")
        return Instant(_read(lambda: bodies.parse_intake_terms(raw)).now)

    def wait(self, log: int, intake: int, seconds: float) -> tuple[int, int]:
        """Return (log size, intake size) once either is larger, or after `seconds`."""
        whole = max(0, min(WAIT_MOST, round(seconds)))
        raw = self._ask("GET", f"wait?log={log}&intake={intake}&seconds={whole}")
        sizes = _read(lambda: bodies.parse_sizes(raw))
        return sizes.log, sizes.intake

    def checkpoint(self, tree: str) -> bytes:
        """Return the newest signed note."""
        return self._ask("GET", f"checkpoint?tree={tree}")

    def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
        """Put sealed items into boxes."""
        self._ask("POST", "boxes", write_body([Letter(*letter) for letter in letters]))

    def collect(self, address: Address, after: int) -> list[tuple[int, Instant, bytes]]:
        """Return what waits at an address beyond a number, as much as one answer holds."""
        return _collect(self._line, address, after).items

    def put_parcel(self, parcel: bytes) -> None:
        """Store a key parcel under its hash."""
        self._ask("PUT", "parcels/" + hashlib.sha256(parcel).hexdigest(), parcel)

    def parcel(self, name: bytes) -> bytes:
        """Return the parcel with this SHA-256.

        Raises:
            ParcelChanged: other bytes came.
        """
        raw = self._ask("GET", "parcels/" + name.hex())
        if hashlib.sha256(raw).digest() != name:
            raise ParcelChanged
        return raw

    def drop_parcels(self, order: bytes, signature: bytes) -> None:
        """Let parcels go by a steward's order."""
        self._line.ask("POST", "parcels", write_body(SignedOrder(order, signature)))

    def traced(self, order: bytes, signature: bytes) -> list[Counted]:
        """Return what each capability of a tracing epoch wrote."""
        raw = self._line.ask("POST", "traced", write_body(SignedOrder(order, signature)))
        return [Counted(*astuple(one)) for one in _read(lambda: parse_traced(raw))]

    def open_access(self, opening: bytes, proof: bytes) -> None:
        """Open the next access epoch."""
        self._line.ask("POST", "access", write_body(bodies.Access(opening, proof)))

    def renew(self, capability: bytes) -> None:
        """Show this capability from now on."""
        self._capability = capability

    def publish(self, certificate: bytes) -> None:
        """Make this the current intake certificate."""
        self._ask("PUT", "certificate", certificate)

    def say_first(self, words: bytes) -> None:
        """Make these the first words that everybody is shown."""
        self._ask("PUT", "first-words", words)

    def first_words(self) -> bytes:
        """Return the first words that everybody is shown, as anyone may ask."""
        return self._line.ask("GET", "first-words")

    def timers(self) -> bytes:
        """Return what the relay keeps of timers."""
        return self._ask("GET", "timers")

    def turn(self, body: bytes) -> None:
        """Let timers leave and as many come; raises Conflict when a colleague's desk did."""
        self._ask("POST", "timers", body)

    def open_blob(self, blob: BlobId, chunks: int, length: int, token: bytes) -> int:
        """Announce a blob; return the next missing chunk."""
        hashed = hashlib.sha256(token).digest()
        offer = bodies.BlobOffer(NO_SEED, 0, blob, chunks, length, hashed)
        raw = self._ask("POST", "blobs", write_body(offer))
        return _read(lambda: bodies.parse_next_chunk(raw)).next

    def put_chunk(self, blob: BlobId, index: int, chunk: bytes, token: bytes) -> int:
        """Store one sealed chunk; return the next missing one."""
        raw = self._line.ask("PUT", f"blobs/{blob.hex()}/{index}", chunk, token)
        return _read(lambda: bodies.parse_next_chunk(raw)).next

    def blob_state(self, blob: BlobId) -> tuple[int, int, int]:
        """Return (chunks, length, next missing chunk)."""
        raw = self._line.ask("GET", f"blobs/{blob.hex()}")
        state = _read(lambda: bodies.parse_blob_state(raw))
        return state.chunks, state.length, state.next

    def chunk(self, blob: BlobId, index: int) -> bytes:
        """Return one sealed chunk."""
        return self._line.ask("GET", f"blobs/{blob.hex()}/{index}")

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        return self._line.ask(method, path, body, self._capability)


def collect(line: Line, address: Address, after: int) -> list[tuple[int, Instant, bytes]]:
    """Return everything that waits at an address beyond a number, as anyone may ask."""
    items: list[tuple[int, Instant, bytes]] = []
    while True:
        answer = _collect(line, address, after)
        items += answer.items
        if not answer.more or not answer.items:
            return items
        after = answer.items[-1][0]


class _Waiting(NamedTuple):
    """One answer of a box, and whether more waits."""

    items: list[tuple[int, Instant, bytes]]
    more: bool


def _collect(line: Line, address: Address, after: int) -> _Waiting:
    raw = line.ask("POST", "box", write_body(bodies.BoxAsk(address, after)))
    answer = _read(partial(parse_box_answer, raw))
    items = [(item.number, Instant(item.expires), item.item) for item in answer.items]
    return _Waiting(items, answer.more)


def meet(line: Line, address: Address, item: bytes) -> None:
    """Put an item into a meeting box, doing the work that is asked (spec/relay.md 3)."""
    seed, nonce = NO_SEED, 0
    for _ in range(TRIES_FOR_WORK):
        try:
            line.ask("POST", "meet", write_body(bodies.Meeting(seed, nonce, address, item)))
        except MoreWork as asked:
            seed = asked.seed
            nonce = solve_work(seed, meeting_payload(address, item), asked.bits)
        else:
            return
    raise Unreachable


def register(line: Line, founding: bodies.AnyFounding) -> bytes:
    """Found the office at a relay; return the relay's public long key."""
    raw = line.call("POST", "offices", write_body(founding))
    return _read(lambda: bodies.parse_founded(raw)).relay_key
