# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole relay without HTTP: one SQLite file, its key, and two doors (docs/spec/relay.md).

`public` is what anyone may ask, `desk` what takes the capability.  Every call that stores blocks
until what it stored would survive a power cut; `write_async` twins exist where the web needs them.

Example:
    with RelayStore(path) as store:
        store.found(Founding(store.founding_code(), card))
        store.desk(office, capability).append([frame])
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import secrets
import threading
import time
from pathlib import Path
from typing import Final, Self

import apsw

from safeconduct.edges.relay import entrances, leaving
from safeconduct.edges.relay.bell import Bell
from safeconduct.edges.relay.boxes import Boxes
from safeconduct.edges.relay.calling import Caller, Page
from safeconduct.edges.relay.counts import Counts
from safeconduct.edges.relay.database import Connect, Database, connect
from safeconduct.edges.relay.desk import DeskDoor
from safeconduct.edges.relay.disk import DiskWatch, Probe, probe_of
from safeconduct.edges.relay.keyfile import key_path, load_or_make
from safeconduct.edges.relay.offices import Offices
from safeconduct.edges.relay.parts import Parts
from safeconduct.edges.relay.public import PublicDoor
from safeconduct.edges.relay.trees import Trees, office_of
from safeconduct.edges.relay.work import WorkPolicy
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.ports import Clock, Rng
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.wire.bodies import Access, AnyFounding, Founded, Health, OfficeCard
from safeconduct.kernel.wire.orders import SignedOrder, Traced
from safeconduct.kernel.words import SECOND, Instant

RELAY_KEY: Final = "relay_key"
WORK_SECRET_LABEL: Final = b"safeconduct/work-secret/1"
CODE_BYTES: Final = 10
SWEEP_SECONDS: Final = 60


class KeyIsMissing(Refused):
    """The key file beside the database is not the one its receipts were signed with."""

    code = "relay_key_is_missing"


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> Instant:
        """Return milliseconds since 1970."""
        return Instant(time.time_ns() * SECOND // 1_000_000_000)


class SystemRng:
    """The operating system's random bytes."""

    def bytes(self, count: int) -> bytes:
        """Return fresh random bytes."""
        return secrets.token_bytes(count)


class RelayStore:
    """Keeps everything of spec/relay.md 1 for any number of offices.  Safe to use from threads."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock | None = None,
        rng: Rng | None = None,
        probe: Probe | None = None,
        connect: Connect = connect,
    ) -> None:
        """Open the relay's file, or make it; it calls nobody until `call_by`.

        Raises:
            MadeByNewer: a newer program used the file; nothing was changed.
            KeyIsMissing: the key beside it is not its own.
        """
        clock, self._rng = clock or SystemClock(), rng or SystemRng()
        self._database = Database(path, connect)
        try:
            seed = load_or_make(key_path(path), self._rng)
            key = LongSigningKey.from_seed(seed)
            self._check_key(key)
            bell = Bell()
            trees = Trees(lambda grown: bell.ring({office_of(tree) for tree in grown}))
            counts = Counts(clock)
            self._database.attend(trees)
            self._database.attend(counts)
            self.parts: Final = Parts(
                database=self._database,
                trees=trees,
                offices=Offices(self._database, counts),
                boxes=Boxes(clock, self._rng),
                counts=counts,
                work=WorkPolicy(hmac.digest(seed, WORK_SECRET_LABEL, "sha256"), clock),
                disk=DiskWatch(probe or probe_of(path.parent), self._unused_bytes, clock),
                bell=bell,
                key=key,
                clock=clock,
                caller=Caller(self._database, clock),
            )
        except BaseException:
            self._database.close()
            raise
        self._closing = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_on, name="relay-sweeper", daemon=True)
        self._sweeper.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call_by(self, page: Page) -> None:
        """Call phones from now on, and so keep timers."""
        self.parts.caller.start(page, self._closing)

    @property
    def closing(self) -> bool:
        """Whether `close` or `stop_waiting` was called."""
        return self._closing.is_set()

    @property
    def relay_key(self) -> bytes:
        """The public long key that receipts and checkpoints are checked with."""
        return self.parts.key.public.raw

    def stop_waiting(self) -> None:
        """Answer all long polls now, so that a server can end."""
        self._closing.set()
        self.parts.bell.ring_all()

    def close(self) -> None:
        """Finish what was asked and close the file."""
        self.stop_waiting()
        self._sweeper.join()
        self.parts.caller.join()
        self._database.close()

    def public(self, office: bytes) -> PublicDoor:
        """Return what anyone may ask of an office.

        Raises:
            UnknownOffice: this relay does not keep it.
        """
        return PublicDoor(self.parts, self.parts.offices.find(office))

    def desk(self, office: bytes, capability: bytes | None) -> DeskDoor:
        """Return what the holder of the current capability may ask; take a new door each time.

        Raises:
            UnknownOffice: this relay does not keep it.
            UnknownCapability: missing or wrong.
        """
        found = self.parts.offices.find(office)
        return DeskDoor(self.parts, found, found.holder(capability), self._closing)

    def first_office(self, entrance: int = entrances.FIRST) -> OfficeCard | None:
        """Return the card of an entrance's first office; None when there is none yet."""
        return self.parts.offices.first(entrance)

    def is_met(self, office: bytes, entrance: int) -> bool:
        """Tell whether an office, if it is kept here, is met at this entrance."""
        return self.parts.offices.is_met(office, entrance)

    def founding_code(self, entrance: int = entrances.FIRST) -> str | None:
        """Return the code that founds an entrance's first office; None when one is kept."""
        if self.first_office(entrance) is not None:
            return self._stored_code(entrance)
        return self._stored_code(entrance) or self.new_founding_code(entrance)

    def new_founding_code(self, entrance: int = entrances.FIRST) -> str:
        """Make a code for one more office; one that was not used yet is replaced."""
        code = base64.b32encode(self._rng.bytes(CODE_BYTES)).decode().lower()
        row = (entrances.code_name(entrance), code.encode())
        query = "REPLACE INTO meta VALUES (?, ?)"
        self._database.write(lambda connection: connection.execute(query, row).fetchall())
        return code

    def found(self, founding: AnyFounding, entrance: int = entrances.FIRST) -> Founded:
        """Keep a new office; raises Conflict, BadKey."""
        self.parts.offices.found(founding, entrance)
        return Founded(self.relay_key)

    def open_access(self, office: bytes, access: Access) -> None:
        """Open the next access epoch, and end the polls of the last one's capability.

        Raises:
            UnknownOffice: this relay does not keep it.
            BadSignature, Conflict, Malformed, BadKey: see `Offices.open_access`.
        """
        self.parts.offices.open_access(office, access)
        self.parts.bell.ring({self.parts.offices.find(office).number})

    def traced(self, office: bytes, signed: SignedOrder) -> list[Traced]:
        """Return what each capability of a tracing epoch wrote; see `Offices.traced`."""
        return self.parts.offices.traced(office, signed, self.parts.clock.now())

    def drop_parcels(self, office: bytes, signed: SignedOrder) -> None:
        """Let parcels go by a steward's order; see `Offices.drop_parcels`."""
        self.parts.offices.drop_parcels(office, signed, self.parts.clock.now())

    def health(self) -> Health:
        """Return how the relay is, as anyone may know: nothing by which to choose an attack."""
        return Health("words_first" if self.parts.disk.low() else "ok")

    def sweep(self) -> None:
        """Delete what has expired and what was let go, in small steps."""
        write = self._database.write
        steps = (self.parts.boxes.sweep, self._drop_due)
        while any(write(step) for step in steps):
            if self._closing.is_set():
                return

    def _sweep_on(self) -> None:
        """Sweep from time to time; what fails now is tried again the next time."""
        while not self._closing.wait(SWEEP_SECONDS):
            with contextlib.suppress(apsw.Error, SafeconductError):
                self.sweep()

    def _drop_due(self, connection: apsw.Connection) -> bool:
        return leaving.drop_due(connection, self.parts.clock.now())

    def _stored_code(self, entrance: int) -> str | None:
        query, name = "SELECT value FROM meta WHERE name = ?", entrances.code_name(entrance)
        code: bytes | None = self._database.reader().execute(query, (name,)).get
        return None if code is None else code.decode()

    def _check_key(self, key: LongSigningKey) -> None:
        """Hold the database to the key that it began with."""
        public = key.public.raw

        def job(connection: apsw.Connection) -> bytes:
            query = "INSERT OR IGNORE INTO meta VALUES (?, ?)"
            connection.execute(query, (RELAY_KEY, public))
            query = "SELECT value FROM meta WHERE name = ?"
            stored: bytes = connection.execute(query, (RELAY_KEY,)).get
            return stored

        if self._database.write(job) != public:
            raise KeyIsMissing

    def _unused_bytes(self) -> int:
        reader = self._database.reader()
        return int(reader.pragma("freelist_count")) * int(reader.pragma("page_size"))
