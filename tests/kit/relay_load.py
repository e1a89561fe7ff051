# SPDX-License-Identifier: AGPL-3.0-or-later
"""Load for a relay that keeps account: what was acknowledged, and whether it is still there."""

from __future__ import annotations

import http.client
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from safeconduct.kernel.log.checkpoint import TREES, Tree, parse_checkpoint
from safeconduct.kernel.log.merkle import leaf_hash, root_of
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.wire import bodies
from safeconduct.kernel.wire.bodies import BoxAsk, IntakeTerms, Letter, Terms, write_body
from safeconduct.kernel.wire.streams import parse_box_answer, parse_frames, parse_items
from safeconduct.kernel.wire.work import item_payload
from tests.kit.patience import PATIENCE
from tests.kit.relay import START, Kept, Office

FAR = START * 2
BLOB_LENGTH = 3_000
KINDS = ("frame", "item", "letter", "chunk")


class Relay(Protocol):
    """The calls that the load makes."""

    def append(self, frame: bytes) -> int:
        """Append one frame."""

    def submit(self, work: Terms, text: bytes) -> tuple[int, bytes]:
        """Send one item; return its index and bytes."""

    def post(self, address: bytes, item: bytes) -> None:
        """Put one letter into a box."""

    def upload(self, work: Terms, blob: bytes, chunk: bytes) -> None:
        """Upload a blob of one chunk."""

    def frames(self) -> list[bytes]:
        """All frames."""

    def items(self) -> dict[int, bytes]:
        """All items by index."""

    def box(self, address: bytes) -> list[bytes]:
        """What waits at an address."""

    def chunk(self, blob: bytes) -> bytes:
        """A blob's one chunk."""

    def checkpoint(self, tree: Tree) -> bytes:
        """The newest signed note."""

    def terms(self) -> IntakeTerms:
        """What a page is told."""


class OverHttp(Relay):
    """One connection to a relay."""

    def __init__(self, port: int, office: Office) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._office = office

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def call(self, method: str, path: str, body: bytes = b"", token: bytes = b"") -> bytes:
        """Make one call that must be answered 200."""
        headers = {"Authorization": f"Bearer {(token or self._office.capability()).hex()}"}
        target = f"/v1/{self._office.office.hex()}{path}"
        self._connection.request(method, target, body=body, headers=headers)
        response = self._connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer[:60]
        return answer

    def append(self, frame: bytes) -> int:
        """Append one frame."""
        answer = self.call("POST", "/log", write_body([frame]))
        return bodies.parse_appended(answer).indices[0]

    def submit(self, work: Terms, text: bytes) -> tuple[int, bytes]:
        """Send one item; return its index and bytes."""
        submission = self._office.submission(work, text)
        answer = self.call("POST", "/intake", write_body(submission))
        return bodies.parse_receipt(answer).index, submission.item

    def post(self, address: bytes, item: bytes) -> None:
        """Put one letter into a box."""
        self.call("POST", "/boxes", write_body([Letter(address, FAR, item)]))

    def upload(self, work: Terms, blob: bytes, chunk: bytes) -> None:
        """Upload a blob of one chunk."""
        self.call("POST", "/blobs", write_body(self._office.offer(work, blob, 1, BLOB_LENGTH)))
        self.call("PUT", f"/blobs/{blob.hex()}/0", chunk, b"token")

    def frames(self) -> list[bytes]:
        """All frames."""
        return parse_frames(self.call("GET", "/log?from=0"))

    def items(self) -> dict[int, bytes]:
        """All items by index."""
        return {item.at: item.body for item in parse_items(self.call("GET", "/items?from=0"))}

    def box(self, address: bytes) -> list[bytes]:
        """What waits at an address."""
        answer = parse_box_answer(self.call("POST", "/box", write_body(BoxAsk(address, 0))))
        return [waiting.item for waiting in answer.items]

    def chunk(self, blob: bytes) -> bytes:
        """A blob's one chunk."""
        return self.call("GET", f"/blobs/{blob.hex()}/0")

    def checkpoint(self, tree: Tree) -> bytes:
        """The newest signed note."""
        return self.call("GET", f"/checkpoint?tree={tree}")

    def terms(self) -> IntakeTerms:
        """What a page is told."""
        return bodies.parse_intake_terms(self.call("GET", "/intake"))


@contextmanager
def over_http(port: int, office: Office) -> Iterator[OverHttp]:
    """A connection that is closed afterwards."""
    relay = OverHttp(port, office)
    try:
        yield relay
    finally:
        relay.close()


class InProcess(Relay):
    """A store in this process."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def append(self, frame: bytes) -> int:
        """Append one frame."""
        return self._kept.desk.append([frame]).indices[0]

    def submit(self, work: Terms, text: bytes) -> tuple[int, bytes]:
        """Send one item; return its index and bytes."""
        submission = self._kept.office.submission(work, text)
        return self._kept.public.submit(submission).index, submission.item

    def post(self, address: bytes, item: bytes) -> None:
        """Put one letter into a box."""
        self._kept.desk.post([Letter(address, FAR, item)])

    def upload(self, work: Terms, blob: bytes, chunk: bytes) -> None:
        """Upload a blob of one chunk."""
        self._kept.public.offer_blob(self._kept.office.offer(work, blob, 1, BLOB_LENGTH))
        self._kept.public.put_chunk(blob, 0, chunk, b"token")

    def frames(self) -> list[bytes]:
        """All frames."""
        return self._kept.desk.frames(0, bodies.LARGEST_RUN)

    def items(self) -> dict[int, bytes]:
        """All items by index."""
        return {item.at: item.body for item in self._kept.desk.items(0, bodies.LARGEST_RUN)}

    def box(self, address: bytes) -> list[bytes]:
        """What waits at an address."""
        return [waiting.item for waiting in self._kept.public.box(BoxAsk(address, 0)).items]

    def chunk(self, blob: bytes) -> bytes:
        """A blob's one chunk."""
        return self._kept.public.chunk(blob, 0)

    def checkpoint(self, tree: Tree) -> bytes:
        """The newest signed note."""
        return self._kept.desk.checkpoint(tree)

    def terms(self) -> IntakeTerms:
        """What a page is told."""
        return self._kept.public.terms()


@dataclass(frozen=True)
class Acknowledged:
    """One thing that the relay said it has."""

    kind: str
    name: bytes
    place: int
    body: bytes


def write_one(relay: Relay, work: Terms, rng: random.Random) -> Acknowledged:
    """Write one thing of any kind."""
    kind, name = rng.choice(KINDS), rng.randbytes(32)
    body = name * rng.randrange(1, 100)
    place = 0
    if kind == "frame":
        place = relay.append(body)
    elif kind == "item":
        place, body = relay.submit(work, body)
    elif kind == "letter":
        relay.post(name, body)
    else:
        body = name.ljust(BLOB_LENGTH + bodies.CHUNK_TAG_BYTES, b"c")
        relay.upload(work, name, body)
    return Acknowledged(kind, name, place, body)


def write_on(
    relay: Relay,
    work: Terms,
    kept: list[Acknowledged],
    *,
    counts: Callable[[], bool],
    seed: int,
) -> None:
    """Write one thing after the other, until what is acknowledged does not count any more."""
    rng = random.Random(seed)
    while True:
        acknowledged = write_one(relay, work, rng)
        if not counts():
            return
        kept.append(acknowledged)


def lost(relay: Relay, kept: list[Acknowledged]) -> int:
    """Count what was acknowledged and is not there."""
    frames, items = relay.frames(), relay.items()

    def there(one: Acknowledged) -> bool:
        if one.kind == "frame":
            return frames[one.place : one.place + 1] == [one.body]
        if one.kind == "item":
            return items.get(one.place) == one.body
        if one.kind == "letter":
            return relay.box(one.name) == [one.body]
        try:
            return relay.chunk(one.name) == one.body
        except Exception:  # noqa: BLE001  (whatever it says, the chunk is not there)
            return False

    return sum(not there(one) for one in kept)


def check_roots(relay: Relay) -> None:
    """The signed roots are those of what is served, without gaps."""
    items = relay.items()
    assert sorted(items) == list(range(len(items)))
    served = {
        "log": relay.frames(),
        "intake": [item_payload(items[place]) for place in sorted(items)],
    }
    key = LongVerifyKey.parse(relay.terms().relay_key)
    for tree in TREES:
        checkpoint = parse_checkpoint(relay.checkpoint(tree), key)
        assert checkpoint.size == len(served[tree])
        assert checkpoint.root == root_of(map(leaf_hash, served[tree]))
