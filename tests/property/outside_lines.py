# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of what a letter tells of its line (docs/spec/lines.md 2, 3) and of its call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from safeconduct.edges.lines.handles import parse_handle, write_handle
from safeconduct.edges.lines.phone.ari import parse_event
from safeconduct.edges.lines.phone.audiosocket import SOUND, UUID, parse_frames, write_frame
from safeconduct.edges.lines.phone.duty import Operator, parse_duty, write_duty
from safeconduct.edges.lines.post import OsRng
from safeconduct.edges.lines.secret import LineKeys, parse_secret, write_secret
from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.lock import key_of_nobody
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.rooms.hotline.by_line import (
    LineMark,
    Sender,
    parse_mark,
    read_code,
    sign_mark,
    write_mark,
)
from safeconduct.rooms.hotline.line_card import (
    LineCard,
    parse_line_card,
    read_line_card,
    write_line_card,
)
from safeconduct.rooms.hotline.line_licence import LineLicence, parse_licence, write_licence
from safeconduct.rooms.hotline.spoken import CallMark, parse_call, write_call
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
CARD: Final = LineCard(
    1, "matrix", KEY.public.raw, key_of_nobody(bytes(32)).raw, bytes(32), bytes(32)
)
INTAKE_SIGNING: Final = LongSigningKey.from_seed(bytes(64))
LICENCE: Final = LineLicence(
    *(1, OFFICE.id, "telegram", KEY.public.raw, 7),
    *(("http://127.0.0.1:8440",), INTAKE_SIGNING.public.raw, "1"),
)
KEYS: Final = LineKeys.of(bytes(32))
SECRET: Final = write_secret(bytes(32), "five herons", OsRng(), Cost(8, 1, 1))
LINES: Final[dict[str, tuple[bytes, Callable[[bytes], object]]]] = {
    **KINDS,
    "line's mark": (
        encode(write_mark(SIGNED)),
        lambda data: parse_mark(data, OFFICE.id, SENDER),
    ),
    "line's card": (
        write_line_card(CARD).encode(),
        lambda data: parse_line_card(data.decode("utf-8", "surrogateescape")),
    ),
    "line's card as bytes": (encode(CARD), read_line_card),
    "line's secret": (SECRET, lambda data: parse_secret(data, "five herons")),
    "line's handle": (
        write_handle(KEYS, b"somebody", OsRng()),
        lambda data: parse_handle(KEYS, data),
    ),
    "line's licence": (write_licence(LICENCE, INTAKE_SIGNING), parse_licence),
    "frames of sound": (
        write_frame(UUID, bytes(16)) + write_frame(SOUND, bytes(8)) * 3,
        parse_frames,
    ),
    "duty list": (
        write_duty((Operator("alma", ("en", "ru"), "PJSIP/alma", "backup", on_duty=True),)),
        parse_duty,
    ),
    "ari event": (
        b'{"type":"ChannelDtmfReceived","digit":"*","channel":{"id":"1.0","name":"PJSIP/trunk-1"}}',
        parse_event,
    ),
    "call's mark": (
        encode(write_call(CallMark(left="message", silent=True, seconds=25))),
        parse_call,
    ),
    "return code": (b"1234 5678", lambda data: read_code(data.decode("utf-8", "surrogateescape"))),
}
