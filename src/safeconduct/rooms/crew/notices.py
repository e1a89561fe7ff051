# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people are told when the office's page is elsewhere (spec/crew.md 9).

Signed by the key that signs intake keys, which every page and every letter's writer knows; so
nobody can lead people to a page of their own with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Codec, Count, Record, encode
from safeconduct.kernel.groups import parse_groups, write_groups
from safeconduct.kernel.seal.keys import LONG_SIGNATURE_BYTES
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew.move_facts import URL_MOST
from safeconduct.rooms.crew.moves import OfAnotherOffice

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey

Url = Annotated[str, Meta(min_length=1, max_length=URL_MOST)]


class Notice(Record, frozen=True):
    """Where the office's page and relay are since a time."""

    format: int
    office: Bytes16
    portal_url: Url
    relay_url: Url
    relay_key: Annotated[bytes, Meta(min_length=1984, max_length=1984)]
    time: Count


NOTICE: Final[Codec[Notice]] = Codec(Notice, "notice", version=1)


def write_notice(notice: Notice, key: LongSigningKey) -> str:
    """Return the notice as text, signed by the key that signs intake keys."""
    raw = encode(notice)
    return write_groups(raw + sign_long(key, "notice", OfficeId(notice.office), raw))


def parse_notice(text: str, office: OfficeId, key: LongVerifyKey) -> Notice:
    """Return what a notice of this office says.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the text is not whole.
        OfAnotherOffice: it is not this office's.
        BadSignature: the office did not sign it.
    """
    signed = parse_groups(text, "notice")
    raw, signature = signed[:-LONG_SIGNATURE_BYTES], signed[-LONG_SIGNATURE_BYTES:]
    notice = NOTICE.decode(raw)
    if notice.office != office:
        raise OfAnotherOffice
    verify_long(key, "notice", office, raw, signature)
    return notice
