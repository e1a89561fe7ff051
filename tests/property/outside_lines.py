# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of what a letter tells of its line (docs/spec/lines.md 2, 3) and of its call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from safeconduct.edges.lines.handles import parse_handle, write_handle
from safeconduct.edges.lines.kinds.deltachat_told import read_fingerprints, read_invite
from safeconduct.edges.lines.kinds.mail_imap import read_numbers
from safeconduct.edges.lines.kinds.mail_reading import read_mail
from safeconduct.edges.lines.kinds.matrix_store import State, read_state, write_state
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
MAIL: Final = (
    b"From: Amina <amina@else.example>\r\nTo: help@hotline.example\r\n"
    b"Subject: =?utf-8?B?aGVscA==?=\r\n"
    b"MIME-Version: 1.0\r\nContent-Language: ru\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>they are <b>here</b></p>\r\n"
    b"--b\r\nContent-Type: text/plain; name=a.txt\r\n"
    b"Content-Disposition: attachment; filename=a.txt\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n"
)
FINGERPRINTS: Final = (
    b"Messages are end-to-end encrypted.\nFingerprints:\n\nAmina (amina@else.example):\n"
    b"166A ED19 C17E EA26 7856\n38E8 C213 F6B5 AD1F F07B\n\nMe (help@hotline.example):\n"
    b"F91D AC28 8CA8 ABC5 4D02\nFB8C D96B BCC8 D680 ADD1\n"
)
INVITE: Final = b"https://i.delta.chat/#F91DAC288CA8ABC54D02FB8CD96BBCC8D680ADD1&v=3&i=x&s=y"
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
    "mail": (MAIL, lambda data: read_mail(data, own="help@hotline.example")),
    "mailbox's numbers": (b"* SEARCH 1 2 300", read_numbers),
    "core's fingerprints": (
        FINGERPRINTS,
        lambda data: read_fingerprints(data.decode("utf-8", "surrogateescape")),
    ),
    "core's invite": (INVITE, lambda data: read_invite(data.decode("utf-8", "surrogateescape"))),
    "device at Matrix": (write_state(State("DEVICE", "token", "s1", ("$a", "$b"))), read_state),
    "return code": (b"1234 5678", lambda data: read_code(data.decode("utf-8", "surrogateescape"))),
}
