# SPDX-License-Identifier: AGPL-3.0-or-later
"""The offices that a relay keeps: cards, access epochs, certificates (docs/spec/relay.md 4).

All offices stand in memory too, because every call asks for one; the tables are the truth.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass
from typing import Any, Final

import apsw

from safeconduct.edges.relay import blobs, entrances
from safeconduct.edges.relay.access import (
    Keys,
    capability_hashes,
    check_order,
    check_place,
    check_proof,
    read_drop_order,
    read_opening,
)
from safeconduct.edges.relay.counts import Counts, Holder, totals
from safeconduct.edges.relay.database import Database
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.keys import LongVerifyKey, VerifyKey
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.kernel.wire.bodies import (
    Access,
    AnyFounding,
    AnyOpening,
    FoundingAnew,
    OfficeCard,
    RootOpening,
    TracingOpening,
    parse_office_card,
)
from safeconduct.kernel.wire.first_words import CLOCKS_APART, parse_first_words
from safeconduct.kernel.wire.intake import parse_certificate
from safeconduct.kernel.wire.orders import (
    SignedOrder,
    Traced,
    parse_traced_order,
)
from safeconduct.kernel.wire.refusals import Conflict, NotFound, UnknownCapability, UnknownOffice
from safeconduct.kernel.wire.waits import WaitsAsk, ticket_of
from safeconduct.kernel.words import HASH_BYTES, Instant, OfficeId

FIRST_EPOCH: Final = 1
_COLUMNS: Final = (
    "number, office, card, epoch, opening, capability_hash, control, certificate, root, first_words"
)


@dataclass(frozen=True, slots=True)
class Office:
    """One office as its row stands; `number` is short for its id in other tables."""

    number: int
    office: OfficeId
    card: bytes
    epoch: int
    opening: bytes | None
    capability_hash: bytes
    control: bytes
    certificate: bytes | None
    root: bytes | None
    first_words: bytes | None

    @property
    def keys(self) -> Keys:
        """Who may open the next access epoch."""
        return Keys(self.office, self.control, self.root or self.office)

    @property
    def intake_epoch(self) -> int:
        """The epoch of the current intake key, 0 before the first."""
        if self.certificate is None:
            return 0
        return parse_certificate(self.certificate).certificate.epoch

    @property
    def capability_hashes(self) -> list[bytes]:
        """The hash of each capability of this epoch: one, unless it traces."""
        raw = self.capability_hash
        return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]

    def holder(self, capability: bytes | None) -> Holder:
        """Return who shows a capability of this epoch.

        Raises:
            UnknownCapability: missing or wrong.
        """
        shown = hashlib.sha256(capability or b"").digest()
        for at in range(0, len(self.capability_hash), HASH_BYTES):
            stored = self.capability_hash[at : at + HASH_BYTES]
            if capability is not None and hmac.compare_digest(shown, stored):
                return Holder(self.number, at // HASH_BYTES, self.epoch)
        raise UnknownCapability

    def let_ask(self, ask: WaitsAsk) -> bytes:
        """Return the hash of the capability whose holder lets ask what waits.

        Raises:
            UnknownCapability: no holder of one of this epoch does.
        """
        for stored in self.capability_hashes:
            if hmac.compare_digest(ask.ticket, ticket_of(stored, self.office, ask.until)):
                return stored
        raise UnknownCapability


class Offices:
    """Finds offices and changes them."""

    def __init__(self, database: Database, counts: Counts) -> None:
        """Read all offices; `counts` begins anew with each epoch."""
        self._database: Final = database
        self._counts: Final = counts
        self._lock: Final = threading.Lock()
        self._rows: dict[bytes, tuple[Office, int]] = {}
        self._entrances: dict[bytes, int] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read all offices again, after one changed."""
        with self._lock:
            query = f"SELECT {_COLUMNS} FROM offices"  # noqa: S608
            rows = [Office(*row) for row in self._database.reader().execute(query)]
            self._rows = {row.office: (row, row.intake_epoch) for row in rows}
            self._entrances = entrances.bound(self._database.reader())

    def find(self, office: bytes) -> Office:
        """Return an office.

        Raises:
            UnknownOffice: this relay does not keep it.
        """
        return self._find(office)[0]

    def intake_epoch(self, office: bytes) -> int:
        """Return the epoch of an office's current intake key, 0 before the first."""
        return self._find(office)[1]

    def _find(self, office: bytes) -> tuple[Office, int]:
        try:
            return self._rows[office]
        except KeyError:
            raise UnknownOffice from None

    def first(self, entrance: int) -> OfficeCard | None:
        """Return the card of an entrance's first office; None when there is none yet."""
        rows = [row for row, _ in self._rows.values() if self.is_met(row.office, entrance)]
        rows.sort(key=lambda row: row.number)
        return parse_office_card(rows[0].card) if rows else None

    def is_met(self, office: bytes, entrance: int) -> bool:
        """Tell whether an office, if it is kept here, is met at this entrance."""
        return self._entrances.get(office, entrances.FIRST) == entrance

    def found(self, founding: AnyFounding, entrance: int) -> None:
        """Keep a new office, or one whose relay is gone, which goes on in the epoch it names.

        It is met at the entrance whose founding code it shows.

        Raises:
            Conflict: the code is used or wrong, or the office stands with another card.
            BadKey: a key of the card is refused.
        """
        card = founding.card
        LongVerifyKey.parse(card.intake_signing)
        VerifyKey.parse(card.control)
        self._database.write(lambda connection: self._found(connection, founding, entrance))
        self.refresh()

    def open_access(self, office: bytes, access: Access) -> None:
        """Open the next access epoch; from then on only its capability counts.

        Raises:
            BadSignature: neither by the relay-control key nor by the root key.
            Conflict: the epoch is open with another opening, or is not the next.
            Malformed: for another office.
            BadKey: a key is refused.
        """
        row = self.find(office)
        opening = read_opening(row.office, access)

        def job(connection: apsw.Connection) -> None:
            now = _read(connection, row.office)
            if now.opening == access.opening:
                return
            if opening.epoch != now.epoch + 1:
                raise Conflict
            check_proof(now.keys, access, opening)
            places = _open(connection, now, access.opening, opening)
            holders = [Holder(now.number, place, opening.epoch) for place in range(places)]
            self._counts.begin(connection, holders, traces=isinstance(opening, TracingOpening))

        self._database.write(job)
        self.refresh()

    def traced(self, office: bytes, signed: SignedOrder, at: Instant) -> list[Traced]:
        """Return what each capability of a tracing epoch wrote; `at` is a time of this day.

        Raises:
            BadSignature: the order is not by the relay-control key.
            Conflict: it is for an epoch that does not stand.
            Malformed: it is none, or for another office.
            NotFound: this epoch does not trace.
        """
        now = self.find(office)
        check_order(now.keys, signed)
        check_place(now.keys, now.epoch, parse_traced_order(signed.order))
        written = totals(self._database.reader(), now.number, now.epoch, at)
        if not written:
            raise NotFound
        pairs = zip(now.capability_hashes, written, strict=True)
        return [Traced(digest, *total) for digest, total in pairs]

    def drop_parcels(self, office: bytes, signed: SignedOrder, at: Instant) -> None:
        """Let parcels or files be dropped some days from a time; what is not there is as good.

        Raises:
            BadSignature: the order is not by the relay-control key.
            Conflict: it is for an epoch that does not stand.
            Malformed: it is none, or for another office.
        """
        row = self.find(office)

        def job(connection: apsw.Connection) -> None:
            now = _read(connection, row.office)
            check_order(now.keys, signed)
            order = read_drop_order(signed.order)
            check_place(now.keys, now.epoch, order)
            blobs.delete_ordered(connection, now.number, order, at)

        self._database.write(job)

    def put_certificate(self, office: bytes, raw: bytes) -> None:
        """Make an intake certificate the current one.

        Raises:
            BadSignature: not by the office's intake-signing key.
            Conflict: older than the current one, or of the same epoch but different.
            Malformed: not a certificate of this office.
        """
        row = self.find(office)
        signed = parse_certificate(raw)
        new = signed.certificate
        if new.office != office:
            raise Malformed("certificate")
        verify_long(_intake_signer(row), "intake-key", row.office, signed.message, signed.signature)

        def job(connection: apsw.Connection) -> None:
            now = _read(connection, row.office)
            # Signing again gives other bytes, so the certificates themselves are compared.
            if now.certificate and parse_certificate(now.certificate).certificate == new:
                return
            if new.epoch <= now.intake_epoch:
                raise Conflict
            connection.execute(
                "UPDATE offices SET certificate = ? WHERE number = ?", (raw, now.number)
            )

        self._database.write(job)
        self.refresh()

    def put_first_words(self, office: bytes, raw: bytes, at: Instant) -> None:
        """Make these the first words that everybody is shown.

        Raises:
            BadSignature: not by the office's intake-signing key.
            Conflict: older than those that stand, or made at the same time but different.
            Malformed: no first words of this office, or from days ahead.
        """
        row = self.find(office)
        signed = parse_first_words(raw)
        new = signed.words
        if new.office != office or new.made > at + CLOCKS_APART:
            raise Malformed("first_words")
        verify_long(
            _intake_signer(row), "first-words", row.office, signed.message, signed.signature
        )

        def job(connection: apsw.Connection) -> None:
            now = _read(connection, row.office)
            before = now.first_words
            if before == raw:
                return
            if before is not None and parse_first_words(before).words.made >= new.made:
                raise Conflict
            connection.execute(
                "UPDATE offices SET first_words = ? WHERE number = ?", (raw, now.number)
            )

        self._database.write(job)
        self.refresh()

    def _found(self, connection: apsw.Connection, founding: AnyFounding, entrance: int) -> None:
        card = founding.card
        raw = encode(card)
        stored = connection.execute("SELECT card FROM offices WHERE office = ?", (card.office,)).get
        if stored is not None:
            if stored != raw or not self.is_met(card.office, entrance):
                raise Conflict
            return
        if not entrances.use_code(connection, entrance, founding.code):
            raise Conflict
        entrances.bind(connection, entrance, card.office)
        self._insert(connection, founding, raw)

    def _insert(self, connection: apsw.Connection, founding: AnyFounding, raw: bytes) -> None:
        card, epoch, root = founding.card, FIRST_EPOCH, None
        if isinstance(founding, FoundingAnew):
            epoch, root = founding.epoch, founding.root
        connection.execute(
            "INSERT INTO offices (office, card, epoch, capability_hash, control, root)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (card.office, raw, epoch, card.capability_hash, card.control, root),
        )
        first = Holder(connection.last_insert_rowid(), 0, epoch)
        self._counts.begin(connection, [first], traces=False)


def _read(connection: apsw.Connection, office: OfficeId) -> Office:
    query = f"SELECT {_COLUMNS} FROM offices WHERE office = ?"  # noqa: S608
    rows: list[Any] = connection.execute(query, (office,)).fetchall()
    return Office(*rows[0])


def _open(connection: apsw.Connection, now: Office, raw: bytes, opening: AnyOpening) -> int:
    """Let an opening stand; return how many capabilities it gives."""
    hashes = capability_hashes(opening)
    root = opening.root if isinstance(opening, RootOpening) else now.root
    connection.execute(
        "UPDATE offices SET epoch = ?, opening = ?, capability_hash = ?, control = ?, root = ?"
        " WHERE number = ?",
        (opening.epoch, raw, b"".join(hashes), opening.next_control, root, now.number),
    )
    return len(hashes)


def _intake_signer(row: Office) -> LongVerifyKey:
    return LongVerifyKey.parse(parse_office_card(row.card).intake_signing)
