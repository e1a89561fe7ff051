# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a letter of the telephone tells of its call, and how a voice message lies in its files.

A voice message is two letters of one conversation: the first names all pieces before a word was
said, the last tells how it ended (spec/phone.md, "Voice messages").  What it is not: a number, or
when somebody called.  Nothing here is a reason to refuse a letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from safeconduct.kernel.canon import Codec
from safeconduct.kernel.errors import SafeconductError

Left = Literal["message", "hung_up", "talk"]
"""What the person left behind: a message, nothing while waiting, or a talk with somebody."""

When = Literal["now", "night", "morning", "day", "evening"]
"""When it is safe to call somebody back, as they pressed it."""
WHENS: Final[tuple[When, ...]] = get_args(When)
Back = Literal["", When, "reached", "missed"]
"""That somebody asked to be called back, or how that went."""

EXTRA: Final = "call"
"""The key in a letter's extras."""
VERSION: Final = 1
SECONDS_MOST: Final = 86_400

RATE: Final = 8_000
"""Samples a second, of one byte each (ITU-T G.711, A-law)."""
PIECE_SECONDS: Final = 10
PIECE_BYTES: Final = PIECE_SECONDS * RATE
PIECES: Final = 18
MESSAGE_SECONDS: Final = PIECES * PIECE_SECONDS
MEDIA_TYPE: Final = "audio/pcma"
"""G.711 A-law, 8 kHz, one channel, nothing before or behind it (RFC 4856)."""
SILENCE: Final = 0xD5
"""A sample of A-law that is zero."""
_NAME: Final = "voice-{:02}"


class CallMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a call went: without a voice, under force, what was left, and of a message its length.

    A message that is not known to have ended well is `cut`: so is the one whose end never came.
    """

    version: Literal[1] = VERSION
    silent: bool = False
    duress: bool = False
    left: Left
    cut: bool = False
    seconds: Annotated[int, msgspec.Meta(ge=0, le=SECONDS_MOST)] = 0
    waits: bool = False
    """Nobody took the call, and somebody has to look at once; a message and force say so alone."""
    back: Back = ""

    @property
    def presses(self) -> bool:
        """Whether somebody has to look at once."""
        return self.waits or self.duress or self.left == "message"


_ANY: Final[Codec[Any]] = Codec(Any, "extras")


def write_call(mark: CallMark) -> dict[str, Any]:
    """Return what goes into a letter's extras."""
    return {EXTRA: msgspec.to_builtins(mark)}


def parse_call(extras: bytes) -> CallMark | None:
    """Return what a letter's encoded extras tell of a call; None where they tell nothing of one."""
    if not extras:
        return None
    try:
        beside = _ANY.decode_own(extras)
        if not isinstance(beside, dict) or EXTRA not in beside:
            return None
        return msgspec.convert(beside[EXTRA], CallMark)
    except (SafeconductError, msgspec.ValidationError):
        return None


def piece_name(index: int) -> str:
    """Return the name of the piece that begins at ten times `index` seconds."""
    return _NAME.format(index + 1)


def piece_at(name: str, media_type: str, size: int) -> int | None:
    """Return which piece of a voice message a file is; None for any other file."""
    if media_type != MEDIA_TYPE or size != PIECE_BYTES:
        return None
    return next((index for index in range(PIECES) if name == piece_name(index)), None)


def said_of(mark: CallMark, index: int) -> int:
    """Return how many bytes of a piece were said; what follows in it is filling."""
    return min(max(mark.seconds * RATE - index * PIECE_BYTES, 0), PIECE_BYTES)


def as_one(marks: Iterable[CallMark]) -> CallMark | None:
    """Return what the marks of one call, in the order of arrival, say together; None of none.

    Once under force or without a voice is always; of a message's end the longest tells, and of
    those the one that ended well.  Whether somebody waits, and is to be called back, the last says.
    """
    told = list(marks)
    if not told:
        return None
    ends = [mark for mark in told if mark.left == "message"]
    end = max(ends, key=lambda mark: (mark.seconds, not mark.cut), default=told[-1])
    silent, duress = any(mark.silent for mark in told), any(mark.duress for mark in told)
    waits, back = told[-1].waits, next((mark.back for mark in reversed(told) if mark.back), "")
    marked = {"silent": silent, "duress": duress, "waits": waits, "back": back}
    return msgspec.structs.replace(end, **marked)
