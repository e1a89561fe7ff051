# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of calls: docs/spec/relay.md 2 and 4 as data, for the server and for its description.

A path is found by its shape: `/v1/{office}/blobs/{id}/{i}` has the shape `blobs//`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from safeconduct.edges.relay import calls
from safeconduct.edges.relay.calls import Call
from safeconduct.kernel.wire import bodies, orders, timers, waits
from safeconduct.kernel.wire.bodies import (
    CHUNK_BYTES,
    CHUNK_TAG_BYTES,
    LARGEST_ITEM,
    LARGEST_MEETING_ITEM,
    LARGEST_PARCEL,
    LARGEST_RUN,
)

Audience = Literal["public", "desk", "signed"]
Handler = Callable[[Call], bytes]
LoopHandler = Callable[[Call], Awaitable[bytes]]
Raw: Final = bytes
Nothing: Final = None

SMALL: Final = 16 << 10
LARGEST_FIRST_WORDS: Final = 32 << 10
HEADROOM: Final = 256


@dataclass(frozen=True, slots=True)
class Route:
    """One call: who may ask it, how much it takes, and what answers it.

    A handler runs in a thread, or `in_loop` in the event loop: what comes in floods, what waits.
    """

    method: str
    path: str
    audience: Audience
    handler: Handler | LoopHandler
    asks: Any = Nothing
    answers: Any = Nothing
    largest: int = 0
    query: tuple[str, ...] = ()
    in_loop: bool = False

    @property
    def summary(self) -> str:
        """One line of what it does."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]


def _intake(size: int) -> int:
    """Return the largest body around something of this size."""
    return size + HEADROOM


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/v1/{office}/intake",
        "public",
        calls.get_intake,
        answers=bodies.IntakeTerms,
    ),
    Route(
        "POST",
        "/v1/{office}/intake",
        "public",
        calls.post_intake,
        asks=bodies.Submission,
        answers=bodies.Receipt,
        in_loop=True,
        largest=_intake(LARGEST_ITEM),
    ),
    Route("GET", "/v1/{office}/first-words", "public", calls.get_first_words, answers=Raw),
    Route(
        "POST",
        "/v1/{office}/box",
        "public",
        calls.post_box,
        asks=bodies.BoxAsk,
        answers=Raw,
        largest=HEADROOM,
    ),
    Route(
        "POST",
        "/v1/{office}/waits",
        "public",
        calls.post_waits,
        asks=waits.WaitsAsk,
        answers=waits.Waits,
        largest=HEADROOM,
    ),
    Route(
        "POST",
        "/v1/{office}/moved",
        "public",
        calls.post_moved,
        asks=timers.TimerMove,
        answers=list[bytes],
        largest=HEADROOM,
    ),
    Route(
        "POST",
        "/v1/{office}/meet",
        "public",
        calls.post_meet,
        asks=bodies.Meeting,
        answers=list[bytes],
        largest=_intake(LARGEST_MEETING_ITEM),
    ),
    Route(
        "POST",
        "/v1/{office}/blobs",
        "public",
        calls.post_blobs,
        asks=bodies.BlobOffer,
        answers=bodies.NextChunk,
        largest=HEADROOM,
    ),
    Route(
        "PUT",
        "/v1/{office}/blobs/{id}/{i}",
        "public",
        calls.put_chunk,
        asks=Raw,
        answers=bodies.NextChunk,
        largest=CHUNK_BYTES + CHUNK_TAG_BYTES,
    ),
    Route("GET", "/v1/{office}/blobs/{id}", "public", calls.get_blob, answers=bodies.BlobState),
    Route("GET", "/v1/{office}/blobs/{id}/{i}", "public", calls.get_chunk, answers=Raw),
    Route("GET", "/v1/health", "public", calls.get_health, answers=bodies.Health),
    Route(
        "POST",
        "/v1/{office}/log",
        "desk",
        calls.post_log,
        asks=list[bytes],
        answers=bodies.Appended,
        largest=LARGEST_RUN,
    ),
    Route(
        "GET",
        "/v1/{office}/log",
        "desk",
        calls.get_log,
        answers=Raw,
        query=("from", "most"),
    ),
    Route(
        "GET",
        "/v1/{office}/items",
        "desk",
        calls.get_items,
        answers=Raw,
        query=("from", "most"),
    ),
    Route(
        "POST",
        "/v1/{office}/taken",
        "desk",
        calls.post_taken,
        asks=list[int],
        answers=list[bytes],
        largest=1 << 20,
    ),
    Route(
        "GET",
        "/v1/{office}/wait",
        "desk",
        calls.get_wait,
        answers=bodies.Sizes,
        in_loop=True,
        query=("log", "intake", "seconds"),
    ),
    Route(
        "GET",
        "/v1/{office}/checkpoint",
        "desk",
        calls.get_checkpoint,
        answers=Raw,
        query=("tree",),
    ),
    Route(
        "GET",
        "/v1/{office}/consistency",
        "desk",
        calls.get_consistency,
        answers=list[bytes],
        query=("tree", "first", "second"),
    ),
    Route(
        "GET",
        "/v1/{office}/inclusion",
        "desk",
        calls.get_inclusion,
        answers=list[bytes],
        query=("tree", "index", "size"),
    ),
    Route(
        "POST",
        "/v1/{office}/boxes",
        "desk",
        calls.post_boxes,
        asks=list[bodies.Letter],
        answers=list[bytes],
        largest=LARGEST_RUN,
    ),
    Route("GET", "/v1/{office}/timers", "desk", calls.get_timers, answers=timers.TimersKept),
    Route(
        "POST",
        "/v1/{office}/timers",
        "desk",
        calls.post_timers,
        asks=timers.TimerTurn,
        answers=list[bytes],
        largest=SMALL,
    ),
    Route(
        "PUT",
        "/v1/{office}/parcels/{hash}",
        "desk",
        calls.put_parcel,
        asks=Raw,
        answers=list[bytes],
        largest=LARGEST_PARCEL,
    ),
    Route("GET", "/v1/{office}/parcels/{hash}", "desk", calls.get_parcel, answers=Raw),
    Route(
        "PUT",
        "/v1/{office}/certificate",
        "desk",
        calls.put_certificate,
        asks=Raw,
        answers=list[bytes],
        largest=SMALL,
    ),
    Route(
        "PUT",
        "/v1/{office}/first-words",
        "desk",
        calls.put_first_words,
        asks=Raw,
        answers=list[bytes],
        largest=LARGEST_FIRST_WORDS,
    ),
    Route(
        "POST",
        "/v1/{office}/access",
        "signed",
        calls.post_access,
        asks=bodies.Access,
        answers=list[bytes],
        largest=SMALL,
    ),
    Route(
        "POST",
        "/v1/{office}/parcels",
        "signed",
        calls.post_parcels,
        asks=orders.SignedOrder,
        answers=list[bytes],
        largest=SMALL,
    ),
    Route(
        "POST",
        "/v1/{office}/traced",
        "signed",
        calls.post_traced,
        asks=orders.SignedOrder,
        answers=list[orders.Traced],
        largest=HEADROOM,
    ),
    Route(
        "POST",
        "/v1/offices",
        "signed",
        calls.post_offices,
        asks=bodies.Founding,
        answers=bodies.Founded,
        largest=SMALL,
    ),
)
