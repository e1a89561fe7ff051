# SPDX-License-Identifier: AGPL-3.0-or-later
"""The raw answers: runs of frames and of items, and the padded box (spec/relay.md 4 and 5).

Runs are not MessagePack, so that a desk can cut frames out of 16 MiB without copying twice.
"""

from __future__ import annotations

import struct
from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.kernel.words import HASH_BYTES, Instant

LEAST_BOX_ANSWER: Final = 4096
_MARK: Final = b"\x80"
_LENGTH: Final = struct.Struct(">I")
_ITEM_HEAD: Final = struct.Struct(">QQBI")
FRAME_HEAD_BYTES: Final = _LENGTH.size
ITEM_HEAD_BYTES: Final = _ITEM_HEAD.size
_STATES: Final = {int(state): state for state in ItemState}
_MOST: Final = 2**63 - 1
_U64 = Annotated[int, Meta(ge=0, le=_MOST)]


def write_frames(frames: list[bytes]) -> bytes:
    """Return `u32 length || frame`, repeated."""
    return b"".join(part for frame in frames for part in (_LENGTH.pack(len(frame)), frame))


def parse_frames(raw: bytes) -> list[bytes]:
    """Return the frames of a run.

    Raises:
        Malformed: a length goes beyond the end.
    """
    frames, at = [], 0
    while at < len(raw):
        at, (length,) = _head(_LENGTH, raw, at, "frames")
        frames.append(raw[at : at + length])
        at += length
    return frames


def write_items(items: list[IntakeItem]) -> bytes:
    """Return `u64 index || u64 time || u8 state || u32 length || item or id`, repeated."""
    parts = (
        (_ITEM_HEAD.pack(item.at, item.arrived, item.state, len(item.body)), item.body)
        for item in items
    )
    return b"".join(part for pair in parts for part in pair)


def parse_items(raw: bytes) -> list[IntakeItem]:
    """Return the items of a run.

    Raises:
        Malformed: a length goes beyond the end, an index is passed over, a number is too large,
            a state is unknown, or what was dropped has no id.
    """
    items: list[IntakeItem] = []
    at, following = 0, None
    while at < len(raw):
        at, (index, time, state, length) = _head(_ITEM_HEAD, raw, at, "items")
        if following not in (None, index) or max(index, time) > _MOST or state not in _STATES:
            raise Malformed("items")
        if _STATES[state] is ItemState.DROPPED and length != HASH_BYTES:
            raise Malformed("items")
        body = raw[at : at + length]
        items.append(IntakeItem(index, Instant(time), _STATES[state], body))
        at, following = at + length, index + 1
    return items


def _head(shape: struct.Struct, raw: bytes, at: int, name: str) -> tuple[int, tuple[int, ...]]:
    """Read one fixed head, whose last field is the length of what follows."""
    end = at + shape.size
    if end > len(raw):
        raise Malformed(name)
    fields: tuple[int, ...] = shape.unpack_from(raw, at)
    if end + fields[-1] > len(raw):
        raise Malformed(name)
    return end, fields


class BoxItem(Record, frozen=True):
    """One item that waits in a box; numbers rise, with gaps that say nothing."""

    number: _U64
    expires: _U64
    item: bytes


class BoxAnswer(Record, frozen=True):
    """What waits at an address, and whether more does."""

    items: list[BoxItem]
    more: bool


_BOX: Final[Codec[BoxAnswer]] = Codec(BoxAnswer, "box")


def write_box_answer(answer: BoxAnswer) -> bytes:
    """Return the padded answer: at least 4,096 bytes, and a power of two."""
    body = encode(answer) + _MARK
    size = max(LEAST_BOX_ANSWER, 1 << (len(body) - 1).bit_length())
    return body.ljust(size, b"\0")


def parse_box_answer(raw: bytes) -> BoxAnswer:
    """Return what a padded box answer holds.

    Raises:
        Malformed: no mark, another length than the padding gives, or not a box.
        NotCanonical: not in the one encoding.
    """
    body = raw.rstrip(b"\0")
    if body[-1:] != _MARK:
        raise Malformed("box")
    answer = _BOX.decode(body[:-1])
    if write_box_answer(answer) != raw:
        raise Malformed("box")
    return answer
