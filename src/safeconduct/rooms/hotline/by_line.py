# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a letter tells of the line that it came by: telephone or messenger (spec/lines.md 3).

What it is: the channel's kind, whether it carries what the office writes, and what the line must
get back to know to whom an answer goes.  What it is not: a number, an address or a name of the
person; those stand in the handle, which only the line itself opens.
Nothing here is a reason to refuse a letter.
"""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

import msgspec

from safeconduct.kernel.canon import Bytes32, Bytes64, Codec, Record, encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.seal.keys import SigningKey, VerifyKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.seal.verify import verify
from safeconduct.kernel.words import OfficeId

Kind = Literal["phone", "deltachat", "mail", "signal", "matrix", "sms", "telegram", "whatsapp"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CARRIES: Final[frozenset[Kind]] = frozenset({"deltachat", "signal", "matrix"})
"""These carry what the office writes."""
DOORS: Final[frozenset[Kind]] = frozenset({"mail", "sms", "telegram", "whatsapp"})
"""By these goes one fixed text, which says how to come to the page."""
FORGED: Final[frozenset[Kind]] = frozenset({"mail", "sms"})
"""By these anybody can write in another's name."""
RISKY: Final[frozenset[Kind]] = frozenset({"telegram", "whatsapp"})
"""A steward signs a risk note before the office lets these be."""
Alarm = Literal[
    "", "crowded", "files_left", "outdated", "quiet", "refused", "restarted", "undelivered"
]
"""What a line says of itself.

`undelivered` and `files_left` stand in the conversation of whom it could not answer, or not whole.
"""

EXTRA: Final = "line"
"""The key in a letter's extras, and in a reply's, where it is the handle alone."""
VERSION: Final = 1
CODE_DIGITS: Final = 8
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
"""Those of Arabic and Persian keyboards, as a page reads them (edges/portal/browser/contact.js)."""
_BETWEEN: Final = frozenset(" -.,\u00a0\n\t")
HANDLE_MOST: Final = 512


class LineMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a line says of itself and of who wrote, in a letter that it sealed."""

    version: Literal[1] = VERSION
    kind: Kind
    key: Bytes32
    voice: Bytes32
    handle: bytes
    code: str = ""
    said: str = ""
    alarm: Alarm = ""
    signature: Bytes64

    @property
    def of_itself(self) -> bool:
        """Whether the line speaks of itself here, and nobody wrote by it."""
        return bool(self.alarm) and not self.handle


class Sender(Record, frozen=True):
    """What of a letter a line signs beside its own words: nobody takes them over for another."""

    voice: Bytes32
    address: Bytes32
    key: bytes


_ANY: Final[Codec[Any]] = Codec(Any, "extras")


def sign_mark(mark: LineMark, office: OfficeId, sender: Sender, key: SigningKey) -> LineMark:
    """Return what a line says with its signature; `mark` has any 64 bytes in its place."""
    return msgspec.structs.replace(mark, signature=sign(key, "line", office, _signed(mark, sender)))


def write_mark(mark: LineMark) -> dict[str, Any]:
    """Return what goes into a letter's extras."""
    return {EXTRA: msgspec.to_builtins(mark, builtin_types=(bytes,))}


def parse_mark(extras: bytes, office: OfficeId, sender: Sender) -> LineMark | None:
    """Return what a letter's encoded extras tell of a line; None where no line signed it.

    That the signature holds says that who has this key sealed the letter, and not that the office
    admitted it.
    """
    if not extras:
        return None
    try:
        beside = _ANY.decode_own(extras)
        if not isinstance(beside, dict) or EXTRA not in beside:
            return None
        mark = msgspec.convert(beside[EXTRA], LineMark, builtin_types=(bytes,))
        key = VerifyKey.parse(mark.key)
        verify(key, "line", office, _signed(mark, sender), mark.signature)
    except (SafeconductError, msgspec.ValidationError):
        return None
    return mark if len(mark.handle) <= HANDLE_MOST else None


def read_code(typed: str) -> str:
    """Return the return code that somebody typed or said, whatever stands between; else nothing."""
    digits = "".join(one for one in typed.translate(_DIGITS) if one not in _BETWEEN)
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdecimal()):
        return ""
    return digits


def _signed(mark: LineMark, sender: Sender) -> bytes:
    own = (mark.voice, mark.handle, mark.code, mark.said, mark.alarm)
    return encode([mark.kind, sender.voice, sender.address, sender.key, *own])
