# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line's folder: made, admitted, and opened to run (spec/lines.md 1, 5).

In it lie the secret under a passphrase, the licence of the office, and sealed files of the store;
nothing of anybody who wrote, but what waits sealed for a moment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.lines.runner import Admitted, NotThisLine
from safeconduct.edges.lines.secret import FILE, SECRET_BYTES, LineKeys, parse_secret, write_secret
from safeconduct.edges.lines.store import SealedStore
from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.rooms.hotline.by_line import KINDS, Kind
from safeconduct.rooms.hotline.line_card import FORMAT, LineCard
from safeconduct.rooms.hotline.line_licence import LineLicence, parse_licence

LICENCE: Final = "licence"
KIND: Final = "kind"


class NoLine(Refused):
    """No line was made in this folder."""

    code = "no_line"


class LineStands(Refused):
    """A line was made in this folder already; its secret is not overwritten."""

    code = "line_stands"


class NotAdmitted(Refused):
    """No office has admitted this line yet: it knows nobody to seal to."""

    code = "not_admitted"


@dataclass(frozen=True, slots=True)
class Opened:
    """A line whose passphrase was given."""

    folder: Path
    kind: Kind
    keys: LineKeys
    store: SealedStore

    def card(self) -> LineCard:
        """Return what a steward's desk takes of it."""
        keys = self.keys
        public = keys.sign.public.raw, keys.seal.public.raw
        return LineCard(FORMAT, self.kind, *public, keys.address, keys.voice)

    def read_of(self, data: bytes) -> LineLicence:
        """Return a licence that is for this line.

        Raises:
            Malformed, NotCanonical, UnknownVersion, BadSignature, BadKey: it is none.
            NotThisLine: it is for another.
        """
        licence = parse_licence(data)
        if licence.key != self.keys.sign.public.raw or licence.kind != self.kind:
            raise NotThisLine
        return licence

    def admit(self, data: bytes) -> None:
        """Keep a licence that somebody compared; durable when this returns."""
        self.read_of(data)
        _write(self.folder / LICENCE, data)

    def admitted(self) -> Admitted:
        """Return the line with its licence.

        Raises:
            NotAdmitted: it has none.
            Malformed, NotCanonical, UnknownVersion, BadSignature, BadKey: it was changed.
            NotThisLine: it is another line's.
        """
        try:
            data = (self.folder / LICENCE).read_bytes()
        except FileNotFoundError:
            raise NotAdmitted from None
        return Admitted(self.keys, self.read_of(data), self.store)


@dataclass(frozen=True, slots=True)
class Making:
    """What a line is made of beside chance."""

    kind: Kind
    passphrase: str
    settings: Mapping[str, str]
    cost: Cost | None = None


def new_line(folder: Path, making: Making, rng: Rng) -> Opened:
    """Draw a line's secret and keep it.

    Raises:
        LineStands: there is one.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE
    if path.exists():
        raise LineStands
    secret = rng.bytes(SECRET_BYTES)
    keys = LineKeys.of(secret)
    store = SealedStore(folder, keys.store)
    store.save(KIND, making.kind.encode())
    store.tell(making.settings)
    # Last: a folder without it is no line, whatever else lies there.
    _write(path, write_secret(secret, making.passphrase, rng, making.cost))
    return Opened(folder, making.kind, keys, store)


def open_line(folder: Path, passphrase: str) -> Opened:
    """Open the line of a folder.

    Raises:
        NoLine: there is none.
        WrongLinePassphrase: it does not open with this one.
        Malformed, NotCanonical, UnknownVersion, CannotOpen: its files were changed.
    """
    try:
        data = (folder / FILE).read_bytes()
    except FileNotFoundError:
        raise NoLine from None
    keys = LineKeys.of(parse_secret(data, passphrase))
    store = SealedStore(folder, keys.store)
    kind = (store.load(KIND) or b"").decode("ascii", "replace")
    if kind not in KINDS:
        raise Malformed("line_kind")
    return Opened(folder, kind, keys, store)


def _write(path: Path, data: bytes) -> None:
    new = path.with_name(path.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    host.put_in_place(new, path)
