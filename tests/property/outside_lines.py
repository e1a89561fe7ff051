# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of what a letter tells of its line (docs/spec/lines.md 2 and 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.rooms.hotline.by_line import (
    LineMark,
    Sender,
    parse_mark,
    read_code,
    sign_mark,
    write_mark,
)
from tests.property.formats import OFFICE
from tests.property.outside_kinds import KINDS

KEY: Final = SigningKey.from_seed(bytes(32))
SENDER: Final = Sender(bytes(32), bytes(32), bytes(1216))
MARK: Final = LineMark(
    kind="signal",
    key=KEY.public.raw,
    voice=bytes(32),
    handle=b"handle",
    code="12345678",
    signature=bytes(64),
)
SIGNED: Final = sign_mark(MARK, OFFICE.id, SENDER, KEY)
LINES: Final[dict[str, tuple[bytes, Callable[[bytes], object]]]] = {
    **KINDS,
    "line's mark": (
        encode(write_mark(SIGNED)),
        lambda data: parse_mark(data, OFFICE.id, SENDER),
    ),
    "return code": (b"1234 5678", lambda data: read_code(data.decode("utf-8", "surrogateescape"))),
}
