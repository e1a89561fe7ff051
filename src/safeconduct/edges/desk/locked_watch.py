# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the process that holds no key does after a desk was locked: ask one bit, and call phones.

The desk hands over, as it locks, what is needed for that and nothing else: the server's address, a
ticket that ends after a shift and with the access epoch (docs/adr/0018), and where phones are
called, times and topics (locked_calls.py; docs/adr/0049).
Neither side of it tells a number, a name or a word of anybody.  It asks now and then, at moments
drawn by chance, and never again once something has come; a server that is away makes it ask no
more often.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from safeconduct.edges.desk.courier import Line
from safeconduct.edges.desk.locked_calls import Clock, LockedCaller
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.pager import Pager
from safeconduct.kernel.canon import Bytes16, Codec, Record, encode
from safeconduct.kernel.errors import Malformed, SafeconductError, Unreachable
from safeconduct.kernel.wire.bodies import write_body
from safeconduct.kernel.wire.waits import WaitsAsk, ask_of, parse_waits
from safeconduct.kernel.words import Instant, OfficeId
from safeconduct.rooms.duty.locked import LockedCalls

PAUSE: Final = 30.0
"""Seconds between two questions, at least."""
SPREAD: Final = 60.0
"""And as many more by chance, at most."""
LOOKS_AGAIN: Final = "20"
"""Seconds after which the page asks for itself anew, as HTTP's header `Refresh` says it."""
LONGEST_LINE: Final = 16384


class Errand(Record, frozen=True):
    """What the process without keys is given: `shows` says whether its page may tell of it."""

    url: Annotated[str, Meta(max_length=1024)]
    office: Bytes16
    ask: WaitsAsk
    shows: Annotated[int, Meta(ge=0, le=1)]
    calls: LockedCalls | None


_ERRAND: Final[Codec[Errand]] = Codec(Errand, "errand")


class Says(Enum):
    """What a locked page may say of what came since."""

    NOTHING = "nothing"
    """Nobody asked for it, or the desk ended otherwise."""
    WATCHES = "watches"
    SOMETHING = "something"
    SILENT = "silent"
    """The server does not answer."""
    OVER = "over"

    @property
    def goes_on(self) -> bool:
        """Whether it may say something else later."""
        return self in (Says.WATCHES, Says.SILENT)


def errand_of(
    way: tuple[str, bytes, bytes],
    *,
    intake: int,
    until: Instant,
    shows: bool,
    calls: LockedCalls | None,
) -> Errand:
    """Return what asks until a time whether an office's intake has another size than this.

    `way` is the server's address, the office and the capability.
    """
    url, office, capability = way
    ask = ask_of(hashlib.sha256(capability).digest(), office, until, intake)
    return Errand(url, office, ask, int(shows), calls)


def write_errand(errand: Errand) -> str:
    """Return an errand as a line of text."""
    return encode(errand).hex()


def parse_errand(line: bytes) -> Errand:
    """Return the errand that a line is.

    Raises:
        Malformed, NotCanonical: it is none.
    """
    text = line.removesuffix(b"\n")
    if len(text) > LONGEST_LINE or text.strip(b"0123456789abcdef") or len(text) % 2:
        raise Malformed("errand")
    return _ERRAND.decode(bytes.fromhex(text.decode("ascii")))


class LockedWatch:
    """Runs one errand until something has come and nobody is to be called, or its time is over."""

    def __init__(
        self,
        errand: Errand,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare; `wall` is the time in seconds since 1970, `steady` never goes back."""
        self._errand: Final = errand
        self._line: Final = Line(errand.url, OfficeId(errand.office))
        self._body: Final = write_body(errand.ask)
        self._wall: Final = wall
        self._rest: Final = rest
        self._found = Says.WATCHES
        self._caller: LockedCaller | None = None
        if errand.calls is not None:
            clock = Clock(errand.calls, wall, steady)
            self._caller = LockedCaller(errand.calls, HttpMeeting(self._line), Pager(), clock)

    @property
    def says(self) -> Says:
        """What its page may say of what came since."""
        return self._found if self._errand.shows else Says.NOTHING

    @property
    def phones(self) -> bool:
        """Whether phones are called from here."""
        return self._caller is not None and not self._caller.ended

    def start(self) -> None:
        """Ask in a thread of its own, which ends with the process."""
        threading.Thread(target=self.run, name="locked-watch", daemon=True).start()

    def run(self) -> None:
        """Ask until there is an answer that stands, and call for as long as one may."""
        while self._found.goes_on or self.phones:
            self._rest(PAUSE + SPREAD * secrets.randbelow(1000) / 1000)
            if self._found.goes_on:
                self._found = self._ask()
            if self._caller is not None:
                self._caller.look(news=self._found is Says.SOMETHING)
        self._line.close()

    @property
    def ended(self) -> bool:
        """Whether its shift is over."""
        return self._wall() * 1000 >= self._errand.ask.until

    def _ask(self) -> Says:
        if self.ended:
            return Says.OVER
        try:
            answer = parse_waits(self._line.ask("POST", "waits", self._body))
        except (Unreachable, Malformed):
            return Says.SILENT
        except SafeconductError:
            return Says.OVER
        return Says.SOMETHING if answer.grown else Says.WATCHES
