# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may open the next access epoch of an office (docs/spec/relay.md 4, docs/spec/crew.md 6).

The relay-control key that the last opening named, or the root key: so who took the control key
keeps the office out only until its people bring their recovery cards together.  The root that
counts is the one whose hash is the office id, until an opening that it signed names another.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.kernel.errors import BadSignature, Malformed
from safeconduct.kernel.seal.keys import (
    LONG_SIGNATURE_BYTES,
    LONG_VERIFY_KEY_BYTES,
    SIGNATURE_BYTES,
    LongVerifyKey,
    VerifyKey,
    office_id,
)
from safeconduct.kernel.seal.verify import verify, verify_long
from safeconduct.kernel.wire.bodies import (
    Access,
    AnyOpening,
    RootOpening,
    TracingOpening,
    parse_opening,
)
from safeconduct.kernel.wire.orders import (
    DropFilesOrder,
    DropOrder,
    SignedOrder,
    TracedOrder,
    parse_drop_files_order,
    parse_drop_order,
)
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.kernel.words import OfficeId


@dataclass(frozen=True, slots=True)
class Keys:
    """What stands of an office: its public control key, and 16 bytes of its root key's hash."""

    office: OfficeId
    control: bytes
    root: bytes


def read_opening(office: bytes, access: Access) -> AnyOpening:
    """Return an opening for this office, whoever signed it.

    Raises:
        Malformed: it is none, for another office, or names a capability twice.
        BadKey: the next control key is refused.
    """
    opening = parse_opening(access.opening)
    if opening.office != office:
        raise Malformed("opening")
    if len(set(capabilities := capability_hashes(opening))) != len(capabilities):
        raise Malformed("opening")
    VerifyKey.parse(opening.next_control)
    return opening


def capability_hashes(opening: AnyOpening) -> list[bytes]:
    """Return the hash of each capability that an opening gives: one, unless it traces."""
    if isinstance(opening, TracingOpening):
        return opening.capability_hashes
    return [opening.capability_hash]


def check_proof(keys: Keys, access: Access, opening: AnyOpening) -> None:
    """Hold an opening to the keys that stand.

    Raises:
        BadSignature: neither by the control key nor by the root key; or it names another root,
            which the root key alone may do.
        Malformed: the proof has the length of neither.
        BadKey: the root key is refused.
    """
    proof = access.proof
    if len(proof) == SIGNATURE_BYTES:
        if isinstance(opening, RootOpening):
            raise BadSignature("access")
        key = VerifyKey.parse(keys.control)
        verify(key, "access", keys.office, access.opening, proof)
        return
    if len(proof) != LONG_VERIFY_KEY_BYTES + LONG_SIGNATURE_BYTES:
        raise Malformed("access")
    root, signature = proof[:LONG_VERIFY_KEY_BYTES], proof[LONG_VERIFY_KEY_BYTES:]
    if office_id(root) != keys.root:
        raise BadSignature("access")
    verify_long(LongVerifyKey.parse(root), "access", keys.office, access.opening, signature)


def check_order(keys: Keys, signed: SignedOrder) -> None:
    """Hold an order to the control key that stands.

    Raises:
        BadSignature: it is not by that key.
    """
    key = VerifyKey.parse(keys.control)
    verify(key, "access", keys.office, signed.order, signed.signature)


def check_place(keys: Keys, epoch: int, order: TracedOrder | DropOrder | DropFilesOrder) -> None:
    """Refuse an order that was meant for another office or another epoch.

    Raises:
        Malformed: for another office.
        Conflict: of an epoch that does not stand.
    """
    if order.office != keys.office:
        raise Malformed("order")
    if order.epoch != epoch:
        raise Conflict


def read_drop_order(raw: bytes) -> DropOrder | DropFilesOrder:
    """Return an order to let parcels go, or files.

    Raises:
        Malformed, NotCanonical: it is neither.
    """
    try:
        return parse_drop_order(raw)
    except Malformed:
        return parse_drop_files_order(raw)
