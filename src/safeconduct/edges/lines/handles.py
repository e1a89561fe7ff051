# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who writes by a line, without a list of them (spec/lines.md 2, docs/adr/0089).

A contact's voice and return code follow from the line's secret and the contact; to whom an answer
goes stands in the handle, which the line seals to itself and gets back with the answer.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.lines.secret import LineKeys
from safeconduct.kernel.errors import CannotOpen, Refused
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.lock import close_box, derive
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.unlock import open_box
from safeconduct.rooms.hotline.by_line import CODE_DIGITS, HANDLE_MOST

CONTACT_MOST: Final = 254
CONTACT_LEAST: Final = 256
"""To so many bytes every contact is filled, so that a handle does not tell how long one is."""
NONCE_BYTES: Final = 16


class ContactTooLong(Refused):
    """What the channel calls a person is longer than a handle holds."""

    code = "contact_too_long"


def voice_of(keys: LineKeys, contact: bytes) -> bytes:
    """Return the voice of a contact: the same for all that they write by this line."""
    return derive(keys.contact, "line-part", contact)[0]


def code_of(keys: LineKeys, contact: bytes) -> str:
    """Return the return code of a contact: eight digits that say nothing of it."""
    number = int.from_bytes(derive(keys.code, "line-part", contact)[0][:8], "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def write_handle(keys: LineKeys, contact: bytes, rng: Rng) -> bytes:
    """Seal a contact to the line itself; another handle each time.

    Raises:
        ContactTooLong: it has more than 254 bytes.
    """
    if len(contact) > CONTACT_MOST:
        raise ContactTooLong
    nonce = rng.bytes(NONCE_BYTES)
    return nonce + close_box(keys.handle, "line-handle", nonce, pad(contact, CONTACT_LEAST))


def parse_handle(keys: LineKeys, handle: bytes) -> bytes:
    """Return the contact of a handle that this line made.

    Raises:
        CannotOpen, Malformed: it made none such.
    """
    if not NONCE_BYTES < len(handle) <= HANDLE_MOST:
        raise CannotOpen("line-handle")
    nonce, box = handle[:NONCE_BYTES], handle[NONCE_BYTES:]
    return unpad(open_box(keys.handle, "line-handle", nonce, box))
