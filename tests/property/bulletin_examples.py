# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of bulletins as somebody would write them, for the examples of formats."""

from safeconduct.rooms.hotline.bulletin_facts import BulletinNoticeWritten, BulletinSet
from tests.kit.clocks import NOON

BULLETIN = BulletinSet(
    bulletin=b"b" * 16,
    kind=4,
    title="Группа раскрыта",
    known="Двоих забрали.",
    todo="Напишите каждому.",
    source="",
    confidence=1,
    until=NOON,
    since=NOON,
    everyone=0,
    regions=("север",),
    tags=(),
    look_for=("+0 55 123 45 67", "сирен"),
    conversations=(b"c" * 16,),
    reason="",
    replaces=(bytes(36),),
)
PUBLIC_NOTICE = BulletinNoticeWritten(b"b" * 16, "ru", "Оставайтесь дома.", "", NOON, (bytes(36),))
