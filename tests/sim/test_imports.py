# SPDX-License-Identifier: AGPL-3.0-or-later
"""An old mailbox brought in at one desk: there on both, below what is new, each item once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from safeconduct.edges.desk import attachments
from safeconduct.edges.desk.alarms import alarms
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.importing.sources import Asked, source_of
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.rows_api import Row
from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.decide import NoBox
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.old_files import mail
from tests.sim.steps import Hand, Person, settle

OURS = Asked(("help@example.net",))
FILED = (
    "--b\nContent-Type: text/plain\n\nThey took him.\n"
    "--b\nContent-Type: text/plain; name=list.txt\n\nthe list\n--b--"
)


def bring(desk: Desk, path: Path) -> dict[str, int]:
    """Look and bring in; return what became of the items."""
    desk.imports.look(path.name, source_of(path, OURS))
    report = desk.imports.bring(lambda _: True)
    assert report.done
    return report.counts


def first_rows(desk: Desk, show: str, most: int) -> Sequence[Row]:
    """The beginning of a list."""
    return desk.inbox(show=show, start=0, most=most)[0]


def box(tmp_path: Path, *more: bytes) -> Path:
    """An old mailbox: one who was answered, and one who was not."""
    path = tmp_path / "box"
    path.write_bytes(
        mail()
        + mail("Soon.", From="help@example.net", To="lilac@example.org", Message_ID="<2@x>")
        + mail(FILED, From="reed@example.org", Message_ID="<3@x>",
               Content_Type="multipart/mixed; boundary=b")
        + b"".join(more)
    )  # fmt: skip
    return path


def test_old_mailbox_is_at_both_desks_below_who_writes_now_and_calls_nobody(
    person: Person, hands: tuple[Hand, Hand], tmp_path: Path
) -> None:
    bring(hands[0].desk, box(tmp_path))
    settle(*hands)
    for hand in hands:
        rows, total = hand.desk.inbox(show="waiting", start=0, most=9)
        assert rows[0].conversation == person.conversation
        assert total == 2
        assert [row.place.imported for row in rows] == [False, True]
        assert not hand.desk.inbox(show="silent", start=0, most=9)[1]
        assert not alarms(partial(first_rows, hand.desk), hand.desk.now())
        talk = hand.desk.conversation(rows[1].conversation)
        assert talk is not None
        (message,) = talk.messages
        (file,) = message.attachments
        content = attachments.chunks_of(hand.desk.journal.store, hand.loops.courier, file)
        assert b"".join(content).strip() == b"the list"
        assert hand.desk.search("reed")
        assert hand.desk.search("took")
        with pytest.raises(NoBox):
            hand.desk.answer(talk.id, "We are here.")
        assert not verify_store(hand.desk.journal).findings


def test_same_and_longer_file_add_only_what_is_new_at_any_desk(
    hands: tuple[Hand, Hand], tmp_path: Path
) -> None:
    first, second = hands
    assert bring(first.desk, box(tmp_path)) == {"begins": 2, "answer": 1}
    settle(*hands)
    assert bring(second.desk, box(tmp_path)) == {"known": 3}
    longer = box(tmp_path, mail("Are you there?", Message_ID="<4@x>", In_Reply_To="<2@x>"))
    assert bring(second.desk, longer) == {"known": 3, "joins": 1}
    settle(*hands)
    rows, _ = first.desk.inbox(show="waiting", start=0, most=9)
    assert sum(row.place.imported for row in rows) == 2


def test_row_that_says_danger_this_week_stands_on_top(
    hands: tuple[Hand, Hand], tmp_path: Path
) -> None:
    first, _ = hands
    now = first.desk.now()
    path = tmp_path / "weeks.csv"

    def day(ago: int) -> str:
        return datetime.fromtimestamp((now - ago * DAY) / 1000, UTC).strftime("%d.%m.%Y %H:%M")

    path.write_text(
        f"who,date,message,danger,answered\nLilac,{day(2)},Help,yes,\nReed,{day(90)},Help,yes,\n"
    )
    bring(first.desk, path)
    rows, _ = first.desk.inbox(show="waiting", start=0, most=9)
    assert rows[0].place.danger is Danger.IN_DANGER
    assert [row.place.imported for row in rows if row.place.danger is not Danger.IN_DANGER]
