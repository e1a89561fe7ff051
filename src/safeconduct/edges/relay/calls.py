# SPDX-License-Identifier: AGPL-3.0-or-later
"""One call over HTTP: what was asked, and for each call of docs/spec/relay.md its few lines.

A handler gets a `Call` whose body was read within the route's limit, and returns the answer's
bytes.  What it raises from the four families of errors becomes the answer's code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from safeconduct.edges.relay.desk import KINDS, DeskDoor
from safeconduct.edges.relay.public import PublicDoor
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.log.checkpoint import Tree
from safeconduct.kernel.wire import bodies
from safeconduct.kernel.wire.bodies import NextChunk, Sizes, write_body
from safeconduct.kernel.wire.orders import parse_signed_order
from safeconduct.kernel.wire.refusals import BlobDiffers
from safeconduct.kernel.wire.streams import write_box_answer, write_frames, write_items
from safeconduct.kernel.wire.timers import parse_timer_move, parse_timer_turn
from safeconduct.kernel.wire.waits import parse_waits_ask

NOTHING: Final = write_body([])
LARGEST_NUMBER: Final = 2**63 - 1
_DIGITS: Final = 19


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `names` are the hex and number parts of its path after the office."""

    store: RelayStore
    entrance: int
    office: bytes
    names: tuple[bytes, ...]
    place: int
    query: Mapping[str, str]
    bearer: bytes | None
    body: bytes

    @property
    def public(self) -> PublicDoor:
        """The public door of the office; raises UnknownOffice."""
        return self.store.public(self.office)

    @property
    def desk(self) -> DeskDoor:
        """The desks' door of the office; raises UnknownOffice, UnknownCapability."""
        return self.store.desk(self.office, self.bearer)

    def number(self, name: str, default: int | None = None) -> int:
        """Return a number of the query; raises Malformed."""
        text = self.query.get(name)
        if text is None and default is not None:
            return default
        if text is None or len(text) > _DIGITS or not (text.isascii() and text.isdecimal()):
            raise Malformed("query")
        return min(int(text), LARGEST_NUMBER)

    def tree(self) -> Tree:
        """Return which tree the query names; raises Malformed."""
        text = self.query.get("tree")
        for tree in KINDS:
            if text == tree:
                return tree
        raise Malformed("query")


def get_intake(call: Call) -> bytes:
    """Certificate, relay key, work and limits: what a page needs before it seals."""
    return write_body(call.public.terms())


def get_first_words(call: Call) -> bytes:
    """What the office says at once, signed, the same for everybody."""
    return call.public.first_words()


async def post_intake(call: Call) -> bytes:
    """Store a sealed message; the answer is a signed receipt."""
    return write_body(await call.public.submit_async(bodies.parse_submission(call.body)))


def post_box(call: Call) -> bytes:
    """What waits at an address; an unknown one is empty."""
    return write_box_answer(call.public.box(bodies.parse_box_ask(call.body)))


def post_waits(call: Call) -> bytes:
    """Whether the intake has grown since a desk was locked."""
    return write_body(call.public.waits(parse_waits_ask(call.body)))


def post_moved(call: Call) -> bytes:
    """Put a timer off once; the answer is the same whatever is asked."""
    call.public.moved(parse_timer_move(call.body))
    return NOTHING


def post_meet(call: Call) -> bytes:
    """Put an item into a meeting box."""
    call.public.meet(bodies.parse_meeting(call.body))
    return NOTHING


def post_blobs(call: Call) -> bytes:
    """Announce a blob, with work or with a desk's capability."""
    offer = bodies.parse_blob_offer(call.body)
    door = call.public if call.bearer is None else call.desk
    return write_body(NextChunk(door.offer_blob(offer)))


def put_chunk(call: Call) -> bytes:
    """Store one sealed chunk."""
    if call.bearer is None:
        raise BlobDiffers
    (blob,) = call.names
    return write_body(NextChunk(call.public.put_chunk(blob, call.place, call.body, call.bearer)))


def get_blob(call: Call) -> bytes:
    """How much of a blob is there."""
    (blob,) = call.names
    return write_body(call.public.blob_state(blob))


def get_chunk(call: Call) -> bytes:
    """One sealed chunk."""
    (blob,) = call.names
    return call.public.chunk(blob, call.place)


def get_health(call: Call) -> bytes:
    """How the relay is."""
    return write_body(call.store.health())


def post_log(call: Call) -> bytes:
    """Append frames to the log."""
    return write_body(call.desk.append(bodies.parse_frame_list(call.body)))


def get_log(call: Call) -> bytes:
    """Frames from a number on."""
    start, most = call.number("from", 0), call.number("most", bodies.LARGEST_RUN)
    return write_frames(call.desk.frames(start, most))


def get_items(call: Call) -> bytes:
    """Intake items from a number on; of dropped ones the id."""
    start, most = call.number("from", 0), call.number("most", bodies.LARGEST_RUN)
    return write_items(call.desk.items(start, most))


def post_taken(call: Call) -> bytes:
    """Let go intake items that a desk has in its journal; they stay for three days more."""
    call.desk.taken(bodies.parse_indices(call.body))
    return NOTHING


async def get_wait(call: Call) -> bytes:
    """The sizes of log and intake, as soon as one is larger than given."""
    known = Sizes(call.number("log", 0), call.number("intake", 0))
    return write_body(await call.desk.wait(known, call.number("seconds", 25)))


def get_checkpoint(call: Call) -> bytes:
    """The newest signed note of a tree."""
    return call.desk.checkpoint(call.tree())


def get_consistency(call: Call) -> bytes:
    """The proof that one size of a tree extends another."""
    first, second = call.number("first"), call.number("second")
    return write_body(call.desk.consistency(call.tree(), first, second))


def get_inclusion(call: Call) -> bytes:
    """The path from an entry to the root of a size."""
    index, size = call.number("index"), call.number("size")
    return write_body(call.desk.inclusion(call.tree(), index, size))


def post_boxes(call: Call) -> bytes:
    """Put sealed items into boxes."""
    call.desk.post(bodies.parse_letters(call.body))
    return NOTHING


def get_timers(call: Call) -> bytes:
    """All timers of the office."""
    return write_body(call.desk.timers())


def post_timers(call: Call) -> bytes:
    """Let some timers leave and as many come."""
    call.desk.turn(parse_timer_turn(call.body))
    return NOTHING


def put_parcel(call: Call) -> bytes:
    """Store a key parcel under its hash."""
    (name,) = call.names
    call.desk.put_parcel(name, call.body)
    return NOTHING


def get_parcel(call: Call) -> bytes:
    """A key parcel."""
    (name,) = call.names
    return call.desk.parcel(name)


def post_parcels(call: Call) -> bytes:
    """Let go key parcels or files, which stay for three days more; the control key signs it."""
    call.store.drop_parcels(call.office, parse_signed_order(call.body))
    return NOTHING


def put_certificate(call: Call) -> bytes:
    """Publish the current intake certificate."""
    call.desk.publish(call.body)
    return NOTHING


def put_first_words(call: Call) -> bytes:
    """Make these the first words that everybody is shown."""
    call.desk.say_first(call.body)
    return NOTHING


def post_access(call: Call) -> bytes:
    """Open the next access epoch, signed by the relay-control key."""
    call.store.open_access(call.office, bodies.parse_access(call.body))
    return NOTHING


def post_traced(call: Call) -> bytes:
    """What each capability of a tracing epoch wrote; the order is signed by the control key."""
    return write_body(call.store.traced(call.office, parse_signed_order(call.body)))


def post_offices(call: Call) -> bytes:
    """Found an office with the code that the relay printed."""
    return write_body(call.store.found(bodies.parse_founding(call.body), call.entrance))
