# SPDX-License-Identifier: AGPL-3.0-or-later
"""The body of a posted form, in memory only.

A web library would write an upload beyond a megabyte to a temporary file, in clear; here nothing
touches a disk.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import FormParser, parse_options_header

from safeconduct.edges.desk.api import NewFile
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import FACT_ID_BYTES, FactId

if TYPE_CHECKING:
    from python_multipart.multipart import Field, File

# It would else write bytes of what somebody sent to the standard error of a process without logs.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

FIELDS_MOST: Final = 500
"""A new case file names each device of each of its six parts."""
UNKNOWN_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Form:
    """What a person sent: the last value of each field, and the files that are not empty."""

    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: tuple[NewFile, ...] = ()

    def get(self, name: str) -> str:
        """Return a field's text with the line ends that we write; empty when it is missing."""
        return self.fields.get(name, "").replace("\r\n", "\n")


def parse_form(body: bytes, content_type: str) -> Form:
    """Read a form as browsers send it.

    Raises:
        Malformed: it is none.
    """
    kind, options = parse_options_header(content_type)
    if kind == b"application/x-www-form-urlencoded":
        return _parse_plain(body)
    if kind == b"multipart/form-data" and options.get(b"boundary"):
        return _parse_multipart(body, options[b"boundary"])
    raise Malformed("form")


def parse_id(text: str, length: int) -> bytes:
    """Return the bytes that an address or a field names; nothing if it is none of ours."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return b""
    return raw if len(raw) == length and raw.hex() == text else b""


def facts_in(text: str, most: int) -> frozenset[FactId]:
    """Return the facts that a field names, of the first so many: what somebody was shown."""
    found = (parse_id(one, FACT_ID_BYTES) for one in text.split()[:most])
    return frozenset(FactId(one) for one in found if one)


def _parse_plain(body: bytes) -> Form:
    try:
        pairs = parse_qsl(body.decode("ascii"), True, errors="strict", max_num_fields=FIELDS_MOST)
    except ValueError as error:
        raise Malformed("form") from error
    return Form(dict(pairs))


def _parse_multipart(body: bytes, boundary: bytes) -> Form:
    fields: dict[str, str] = {}
    files: list[NewFile] = []

    def take_field(part: Field) -> None:
        fields[_text(part.field_name)] = _text(part.value)

    def take_file(part: File) -> None:
        part.file_object.seek(0)
        content = part.file_object.read()
        if content:
            name = _text(part.file_name)
            files.append(NewFile(name, part.content_type or UNKNOWN_TYPE, content))

    limits = {"MAX_MEMORY_FILE_SIZE": math.inf, "MAX_FIELDS": FIELDS_MOST}
    try:
        parser = FormParser(
            "multipart/form-data", take_field, take_file, boundary=boundary, config=limits
        )
        parser.write(body)
        parser.finalize()
    except (FormParserError, ValueError) as error:
        raise Malformed("form") from error
    return Form(fields, tuple(files))


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "strict")
