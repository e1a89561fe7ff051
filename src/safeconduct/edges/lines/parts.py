# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message in parts that letters hold, whatever stands in it (spec/lines.md 6).

A relay takes no item of more than 256 KiB.  A name or media type of any length, or many files,
must never make a letter that no relay takes: it would be tried for ever, and hold up all that comes
after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from safeconduct.rooms.hotline.sealed_files import SealedFile

TEXT_BYTES: Final = 200_000
"""A letter holds no longer text; what is longer goes as several."""
FILES_MOST: Final = 100
"""So many files a letter names at most."""
BODY_BYTES: Final = 230_000
"""So much its text and what it says of files take together: the rest is the line's, and padding."""
LETTER_BYTES: Final = 250_000
"""A letter that is no longer, is padded and sealed no item that a relay refuses."""
FILE_BYTES: Final = 128
"""So much a file takes beside its name and media type."""
NAME_MOST: Final = 200
ENDING_MOST: Final = 20
MEDIA_TYPE_MOST: Final = 100
ANY_TYPE: Final = "application/octet-stream"
_MEDIA_TYPE: Final = re.compile(r"[\x21-\x7e]+(; ?[\x21-\x7e]+)*")


class Part(NamedTuple):
    """What one letter says: a text, and files."""

    text: str
    files: tuple[SealedFile, ...]


def parts_of(text: str, files: Iterable[SealedFile]) -> list[Part]:
    """Return a message in parts that a letter holds each; nothing is left out."""
    texts, groups = _cut(text), list[list[SealedFile]]()
    room = 0
    for file in files:
        size = size_of(file)
        if not groups or size > room or len(groups[-1]) == FILES_MOST:
            beside = texts[len(groups)] if len(groups) < len(texts) else ""
            room = BODY_BYTES - len(beside.encode())
            groups.append([])
        groups[-1].append(file)
        room -= size
    count = max(len(texts), len(groups))
    texts += [""] * (count - len(texts))
    groups += [[] for _ in range(count - len(groups))]
    return [Part(one, tuple(group)) for one, group in zip(texts, groups, strict=True)]


def size_of(file: SealedFile) -> int:
    """Return how much of a letter a file takes at most."""
    return FILE_BYTES + len(file.name.encode()) + len(file.media_type.encode())


def clean(text: str) -> str:
    """Return a text that has an encoding, whatever a channel made of it."""
    return text.encode("utf-8", "replace").decode()


def name_of(told: str) -> str:
    """Return a file's name that a letter holds; of a longer one the beginning and its ending."""
    name = clean(told)
    if len(name) <= NAME_MOST:
        return name
    ending = PurePosixPath(name).suffix
    ending = ending if len(ending) <= ENDING_MOST else ""
    return name[: NAME_MOST - len(ending)] + ending


def media_type_of(told: str) -> str:
    """Return a file's media type; what is none, or is too long for one, says nothing of it."""
    short = len(told) <= MEDIA_TYPE_MOST and _MEDIA_TYPE.fullmatch(told)
    return told if short else ANY_TYPE


def _cut(text: str) -> list[str]:
    """Return a text in pieces; cut at characters."""
    pieces, raw = [], text.encode()
    while len(raw) > TEXT_BYTES:
        piece = raw[:TEXT_BYTES].decode(errors="ignore")
        pieces.append(piece)
        raw = raw[len(piece.encode()) :]
    return [*pieces, raw.decode()]
