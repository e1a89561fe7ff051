# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form as it arrives, byte by byte, into memory and never into a file.

Only known fields are kept, each up to its own size; of a file that is too large nothing is kept
but its name.  A form that breaks off or makes no sense keeps what was read, so that a person
gets her text back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import (
    MultipartParser,
    QuerystringParser,
    parse_options_header,
)

from safeconduct.rooms.hotline.first_contact import CHOICES, PARTS_OF_DAY, TEXT_MOST

if TYPE_CHECKING:
    from safeconduct.edges.counter.config import Limits

# It would else write bytes of what somebody sent to the standard error of a process without logs.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

# What she may tell beside her message, under the names that asked_by_form knows.
ASKED: Final = {
    **dict.fromkeys(CHOICES, 16),
    **{name: 8 * most for name, most in TEXT_MOST.items()},
    **dict.fromkeys((*PARTS_OF_DAY, "clock_shows"), 16),
    "return_code": 320,
}
# Bytes of each field.  Text has room beyond what a letter may hold, so that it is shown again.
FIELDS: Final = {
    "text": 2 << 20,
    "words": 4096,
    "action": 64,
    "lang": 16,
    "language": 16,
    "page": 16,
    "had": 4096,
    **ASKED,
}
FILES_FIELD: Final = "files"
NAME_CHARACTERS: Final = 200
TYPE_CHARACTERS: Final = 100
HEADER_BYTES: Final = 4096
PARTS: Final = 200

Feed = Callable[[bytes], object]
End = Callable[[int], None]


@dataclass(slots=True)
class Upload:
    """A file as it came; `data` is empty when it was too large."""

    name: str
    media_type: str
    data: bytearray = field(default_factory=bytearray)
    too_large: bool = False


@dataclass(slots=True)
class Form:
    """What a person sent."""

    values: dict[str, str] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    whole: bool = True
    makes_way: bool = False
    """It was cut off for somebody who waited."""

    def __getitem__(self, name: str) -> str:
        """Return a field, empty when it did not come."""
        return self.values.get(name, "")

    @property
    def told(self) -> dict[str, str]:
        """What she told beside her message, field by field."""
        return {name: self[name] for name in ASKED}


def read_form(parts: Iterable[bytes], content_type: str, limits: Limits) -> Form:
    """Read a body to its end; `whole` is False when not everything was there or could be kept."""
    kind, options = parse_options_header(content_type)
    sink = _Sink(limits)
    boundary = options.get(b"boundary", b"") if kind == b"multipart/form-data" else b""
    feed, end = _multipart(sink, boundary) if boundary else _urlencoded(sink)
    received = 0
    for part in parts:
        received += len(part)
        if received > limits.body_bytes:
            sink.form.whole = False
            break
        if sink.form.whole:
            try:
                feed(part)
            except (FormParserError, UnicodeError, _TooManyParts):
                sink.form.whole = False
    end(received)
    return sink.finish()


class _TooManyParts(Exception):
    """Nobody fills in so many fields."""


class _Sink:
    """Collects fields and files within the limits."""

    def __init__(self, limits: Limits) -> None:
        self.form: Final = Form()
        self.ended = False
        self._limits: Final = limits
        self._room = limits.file_bytes
        self._parts = 0
        self._fields: Final[dict[str, bytearray]] = {}
        self._name = ""
        self._upload: Upload | None = None

    def field(self, name: str) -> None:
        """A plain field begins; unknown ones are passed over."""
        self._count()
        self._upload = None
        self._name = name if name in FIELDS else ""
        if self._name:
            self._fields[self._name] = bytearray()

    def file(self, name: str, media_type: str) -> None:
        """A file begins; an empty choice of a browser has no name and no bytes."""
        self._count()
        self._name = ""
        self._upload = Upload(name[-NAME_CHARACTERS:], media_type[:TYPE_CHARACTERS])
        self.form.uploads.append(self._upload)

    def data(self, data: bytes) -> None:
        """More of what began last."""
        if self._upload is not None:
            self._keep(self._upload, data)
        elif self._name:
            kept = self._fields[self._name]
            kept += data
            if len(kept) > FIELDS[self._name]:
                del kept[FIELDS[self._name] :]
                self.form.whole = False

    def finish(self) -> Form:
        """Return the form; line ends become single, as a person meant them."""
        for name, raw in self._fields.items():
            text = raw.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
            self.form.values[name] = text
        self.form.uploads[:] = [
            upload for upload in self.form.uploads if upload.name or upload.data or upload.too_large
        ]
        return self.form

    def _keep(self, upload: Upload, data: bytes) -> None:
        if upload.too_large:
            return
        if len(data) <= self._room and len(self.form.uploads) <= self._limits.files:
            self._room -= len(data)
            upload.data += data
            return
        self._room += len(upload.data)
        upload.data = bytearray()
        upload.too_large = True

    def _count(self) -> None:
        self._parts += 1
        if self._parts > PARTS:
            raise _TooManyParts


def _multipart(sink: _Sink, boundary: bytes) -> tuple[Feed, End]:
    try:
        parts = _Multipart(sink, boundary)
    except FormParserError:
        # Longer than any browser draws: of this body nothing can be read.
        sink.form.whole = False
        return _urlencoded(sink)
    return parts.feed, parts.end


class _Multipart:
    """A multipart body on its way into a sink."""

    def __init__(self, sink: _Sink, boundary: bytes) -> None:
        self._sink: Final = sink
        self._header: Final = bytearray()
        self._value: Final = bytearray()
        self._headers: Final[dict[bytes, bytes]] = {}
        self._parser: Final = MultipartParser(
            boundary,
            {
                "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": lambda data, start, end: sink.data(data[start:end]),
                "on_end": self._ended,
            },
            max_header_size=HEADER_BYTES,
        )

    def feed(self, data: bytes) -> None:
        """Take in more of the body."""
        self._parser.write(data)

    def end(self, received: int) -> None:
        """The body is over; one that broke off before its last boundary is not whole."""
        form = self._sink.form
        form.whole = form.whole and (self._sink.ended or not received)

    def _header_end(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"").decode("latin-1")
        _, options = parse_options_header(disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options and name == FILES_FIELD:
            media_type = self._headers.get(b"content-type", b"").decode("latin-1")
            file_name = _file_name(options[b"filename"])
            self._sink.file(file_name, media_type.partition(";")[0].strip())
        else:
            self._sink.field(name)
        self._headers.clear()

    def _ended(self) -> None:
        self._sink.ended = True


def _urlencoded(sink: _Sink) -> tuple[Feed, End]:
    """Return what takes a plain form's body; one of a page without files."""
    name, value = bytearray(), bytearray()

    def field_end() -> None:
        sink.field(_unquote_plus(bytes(name)).decode("utf-8", "replace"))
        sink.data(_unquote_plus(bytes(value)))
        name.clear()
        value.clear()

    def add(target: bytearray, data: bytes) -> None:
        # Three bytes for each that a field may hold; what is beyond is cut where it is kept.
        if len(target) <= 3 * max(FIELDS.values()):
            target.extend(data)

    parser = QuerystringParser(
        {
            "on_field_name": lambda data, start, end: add(name, data[start:end]),
            "on_field_data": lambda data, start, end: add(value, data[start:end]),
            "on_field_end": field_end,
        }
    )

    def end(received: int) -> None:  # noqa: ARG001  (the other kind asks how much there was)
        parser.finalize()

    return parser.write, end


def _unquote_plus(raw: bytes) -> bytes:
    from urllib.parse import unquote_to_bytes  # noqa: PLC0415  (only plain forms need it)

    return unquote_to_bytes(raw.replace(b"+", b" "))


def _file_name(raw: bytes) -> str:
    """Return a file's name as its owner sees it; browsers escape three characters in it."""
    for code, character in ((b"%22", b'"'), (b"%0D", b"\r"), (b"%0A", b"\n")):
        raw = raw.replace(code, character)
    return raw.decode("utf-8", "replace").rpartition("/")[2]
