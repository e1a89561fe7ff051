# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which source a file is: its first bytes and what is packed in it say so, its name never does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.importing.columns import Columns
from safeconduct.edges.desk.importing.found import NotReadable, Source
from safeconduct.edges.desk.importing.mails import Mbox
from safeconduct.edges.desk.importing.packed import Packed
from safeconduct.edges.desk.importing.plain_text import decoded
from safeconduct.edges.desk.importing.sheets import Sheets, load
from safeconduct.edges.desk.importing.telegram import Telegram
from safeconduct.edges.desk.importing.whatsapp import WhatsApp, is_chat

BEGINNING: Final = 8_192


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person said beside the file."""

    ours: Collection[str] = ()
    """The office's own addresses, and the names under which it wrote."""
    zone: tzinfo | None = None
    columns: Mapping[int, Columns] = field(default_factory=dict)


def source_of(path: Path, asked: Asked) -> Source:
    """Return the source that a file or a folder is.

    Raises:
        NotReadable, TooMuch, NoSandbox, ConverterSlow, OSError: it is none, or cannot be read.
    """
    if not path.is_dir():
        if path.exists() and not path.is_file():
            raise NotReadable  # A pipe would be waited for, and a device has no end.
        with path.open("rb") as file:
            start = file.read(BEGINNING)
        if start.startswith(b"From "):
            return Mbox(path, asked.ours)
        if not start.startswith(b"PK"):
            return _of_text(path, start, asked)
    packed = Packed(path)
    if packed.named("result.json"):
        return Telegram(packed, asked.ours, asked.zone)
    if (not path.is_dir() and "[Content_Types].xml" in packed.names) or "mimetype" in packed.names:
        return Sheets(load(path), asked.columns, asked.zone)
    if packed.named(".txt"):
        return WhatsApp(packed, asked.ours, asked.zone)
    raise NotReadable


def _of_text(path: Path, start: bytes, asked: Asked) -> Source:
    text = decoded(start).lstrip()
    if text.startswith("{"):
        return Telegram(Packed(path), asked.ours, asked.zone)
    if is_chat(text):
        # Alone or in its folder: its files lie beside it there, which nobody named.
        return WhatsApp(Packed(path), asked.ours, asked.zone)
    return Sheets(load(path), asked.columns, asked.zone)
