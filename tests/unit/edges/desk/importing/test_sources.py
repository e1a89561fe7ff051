# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each kind of file becomes items, however messy it is, and one that is broken is one line."""

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safeconduct.edges.desk.importing import mails, sheets
from safeconduct.edges.desk.importing.found import Found, NotReadable, TooMuch
from safeconduct.edges.desk.importing.plain_text import decoded, of_html
from safeconduct.edges.desk.importing.sheets import load, when
from safeconduct.edges.desk.importing.sources import Asked, source_of
from safeconduct.edges.desk.importing.workbook import read_workbook
from safeconduct.kernel.words import SECOND
from safeconduct.rooms.hotline.decide import TEXT_MOST
from safeconduct.rooms.hotline.import_plan import Left
from tests.kit.old_files import PICTURE, mail, packed, telegram, workbook

OURS = Asked(("help@example.net", "Hotline"), UTC)


def read(path: Path, asked: Asked = OURS) -> list[Found | Left]:
    """Everything that a file gives, the same each time."""
    source = source_of(path, asked)
    found = list(source.read())
    assert found == list(source.read())
    return found


def items(path: Path, asked: Asked = OURS) -> list[Found]:
    """What it gives of items."""
    return [one for one in read(path, asked) if isinstance(one, Found)]


def left(path: Path) -> list[str]:
    """Why the others are left out."""
    return [one.why for one in read(path) if isinstance(one, Left)]


def at(said: str) -> int:
    """An instant."""
    return int(datetime.fromisoformat(said).timestamp()) * SECOND


def box(tmp_path: Path, *raw: bytes) -> Path:
    """An mbox file."""
    path = tmp_path / "box"
    path.write_bytes(b"".join(raw))
    return path


def test_mail_says_who_when_and_what_it_answers(tmp_path: Path) -> None:
    ours = mail(
        "Soon.",
        From="help@example.net",
        To="lilac@example.org",
        Message_ID="<2@example.net>",
        In_Reply_To="<1@example.org>",
    )
    first, second = items(box(tmp_path, mail(), ours))
    assert first.item.happened == at("2026-03-02T07:00:00+00:00")
    assert first.item.who == "lilac@example.org"
    assert first.item.sender == "Lilac <lilac@example.org>"
    assert first.text == "Please\n\nHelp me."
    assert second.item.ours
    assert second.item.who == "lilac@example.org"
    assert {*first.item.names} < {*second.item.names}


@pytest.mark.parametrize(
    ("raw", "declared"),
    [
        ("Помогите".encode(), "iso-8859-1"),
        ("Помогите".encode("cp1251"), "utf-8"),
        ("Помогите".encode("cp1251"), ""),
        ("Помогите".encode("koi8-r"), "koi8-r"),
        ("Помогите".encode("utf-16"), "nonsense"),
        ("Помогите".encode("utf-8-sig"), "us-ascii"),
    ],
)
def test_charset_that_lies_is_not_believed(raw: bytes, declared: str) -> None:
    assert decoded(raw, declared) == "Помогите"


def test_codec_that_unpacks_is_no_charset() -> None:
    assert decoded(b"d\xe9j\xe0", "zlib") == decoded(b"d\xe9j\xe0", "hex") == "déjà"


def test_page_becomes_its_words() -> None:
    page = "<html><head><style>x{}</style></head><body>One&nbsp;<b>two</b><br>three<script>bad()"
    assert of_html(page) == "One two\nthree"
    assert of_html("<!--" * 50_000) == of_html("<" * 500_000) == ""


def test_parts_of_a_mail_become_text_and_files(tmp_path: Path) -> None:
    inner = "From: Reed <reed@example.org>\nDate: x\nSubject: Before\n\nThe first word."
    body = (
        "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
        "--c\nContent-Type: text/html; charset=utf-8\n\n<p>Plain <b>is</b> better</p>\n"
        "--c\nContent-Type: text/plain; charset=utf-8\n\nPlain is better\n--c--\n"
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n"
        '--b\nContent-Type: image/jpeg; name="=?utf-8?b?0YQuanBn?="\n'
        "Content-Transfer-Encoding: base64\n\n/9j/4A==\n--b--"
    )
    (found,) = items(box(tmp_path, mail(body, Content_Type="multipart/mixed; boundary=b")))
    assert found.text.count("Plain is better") == 1
    assert "Reed" in found.text
    assert "The first word." in found.text
    assert [(one.name, one.content) for one in found.files] == [("ф.jpg", b"\xff\xd8\xff\xe0")]


def test_mail_without_a_date_takes_the_mailbox_s(tmp_path: Path) -> None:
    (found,) = items(box(tmp_path, mail(Date="")))
    assert found.item.happened == at("2026-03-02T07:00:00+00:00")
    assert found.item.remarks == ("envelope",)


def test_long_text_is_cut_and_whole_in_a_file(tmp_path: Path) -> None:
    (found,) = items(box(tmp_path, mail("я" * TEXT_MOST)))
    assert len(found.text.encode()) <= TEXT_MOST
    assert "я" * TEXT_MOST in found.files[0].content.decode()


def test_broken_mails_cost_one_line_each(tmp_path: Path) -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3_000)
    )
    path = box(
        tmp_path,
        mail("x", Content_Type="multipart/report; boundary=b"),
        mail("", Subject=""),
        b"From x\nSubject: deep\n" + nested + b"\n\n",
        b"From x\n\xff\xfe\x00: \x00\n\n\n\n",
        mail(),
    )
    found = read(path)
    assert isinstance(found[-1], Found)
    assert len(found) == 5
    assert "bounce" in left(path)
    assert "empty" in left(path)


@pytest.mark.attack
def test_mailbox_is_read_in_constant_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "MAIL_MOST", 1 << 20)
    path = tmp_path / "box"
    with path.open("wb") as file:
        for number in range(20):
            file.write(mail("x" * 500_000, Message_ID=f"<{number}@x>"))
        file.write(mail((b"y" * 1_000 + b"\n") * 8_000))
    tracemalloc.start()
    sizes = [raw if raw is None else len(raw) for raw in mails.split(path)]
    assert tracemalloc.get_traced_memory()[1] < 6 << 20
    tracemalloc.stop()
    assert len(sizes) == 21
    assert sizes[-1] is None


def test_telegram_gives_talks_files_and_answers(tmp_path: Path) -> None:
    folder = telegram(tmp_path / "export")
    found = items(folder)
    assert [one.text for one in found[:3]] == ["They took him.", "", "We read this."]
    assert [one.content for one in found[1].files] == [PICTURE]
    assert [one.item.ours for one in found[:4]] == [False, False, True, False]
    assert "file_elsewhere" in found[3].item.remarks
    assert left(folder) == ["service", "ours_to_all"]
    files = {one.relative_to(folder).as_posix(): one.read_bytes()
             for one in folder.rglob("*") if one.is_file()}  # fmt: skip
    assert items(packed(tmp_path / "export.zip", files)) == found


@pytest.mark.parametrize(
    ("lines", "first", "second"),
    [
        (
            "\ufeff[02.03.26, 10:00:05] Lilac: Help\nme\n\u200e[13.03.26, 10:01:00] Hotline: OK",
            "2026-03-02T10:00:05+00:00", "2026-03-13T10:01:00+00:00",
        ),
        (
            "3/2/26, 10:00\u202fAM - Lilac: Help\nme\n3/13/26, 12:01 PM - Hotline: Soon.",
            "2026-03-02T10:00:00+00:00", "2026-03-13T12:01:00+00:00",
        ),
        (
            "2026-03-02, 10:00 - Lilac: Help\nme\n2026-03-13, 10:01 - Hotline: Soon.",
            "2026-03-02T10:00:00+00:00", "2026-03-13T10:01:00+00:00",
        ),
        (
            "\u200f٢/٣/٢٠٢٦, ١٠:٠٠ م - Lilac: Help\nme\n\u200f١٣/٣/٢٠٢٦, ١٠:٠١ ص - Hotline: Soon.",
            "2026-03-02T22:00:00+00:00", "2026-03-13T10:01:00+00:00",
        ),
    ],
)  # fmt: skip
def test_whatsapp_dates_are_read_as_telephones_write_them(
    tmp_path: Path, lines: str, first: str, second: str
) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(lines, "utf-8")
    said, answer = items(path)
    assert (said.item.happened, answer.item.happened) == (at(first), at(second))
    assert (said.text, said.item.sender) == ("Help\nme", "Lilac")
    assert answer.item.ours
    assert answer.item.who == "Lilac"


def test_whatsapp_says_where_day_and_month_could_be_swapped(tmp_path: Path) -> None:
    notice = "02/03/2026, 10:00 - Messages are sealed."
    text = f"{notice}\n02/03/2026, 10:00 - Lilac: IMG-1.jpg (file attached)"
    path = packed(tmp_path / "chat.zip", {"chat.txt": text.encode(), "IMG-1.jpg": PICTURE})
    (found,) = items(path)
    assert found.item.remarks == ("order_guessed",)
    assert [one.content for one in found.files] == [PICTURE]
    assert left(path) == ["service"]


ROWS = (
    ("The first weeks", None, None, None, None),
    ("Who", "When", "Что сказали", "Danger", "Answered?"),
    ("Lilac", 46083.5, "Help me.", "yes", "no"),
    (None, 46084, ("A1", "Again."), "", "да, 3.03"),
    ("Reed", "03.03.2026 10:00", "سلام", "нет", ""),
    ("Reed", "03.03.2026 10:00", "سلام", "нет", ""),
)


def test_workbook_is_read_as_people_write_them(tmp_path: Path) -> None:
    path = tmp_path / "weeks.xlsx"
    path.write_bytes(workbook({"Март": ROWS, "2": [("nothing",)]}, merged="A3:A4", dates=("B",)))
    first, second, third = items(path)
    assert first.item.happened == at("2026-03-02T12:00:00+00:00")
    assert [one.item.who for one in (first, second, third)] == ["lilac", "lilac", "reed"]
    assert second.text == "Again."
    assert (first.item.danger, first.item.answered) == (True, False)
    assert (second.item.answered, second.answer) == (True, "да, 3.03")
    assert third.item.happened == at("2026-03-03T10:00:00+00:00")
    assert left(path) == ["row_twice", "no_columns"]


def test_workbook_that_counts_from_1904_says_the_same(tmp_path: Path) -> None:
    rows = [("when", "message"), (46083.5 - 1462, "Help me.")]
    path = tmp_path / "mac.xlsx"
    path.write_bytes(workbook({"1": rows}, from_1904=True, dates=("A",)))
    assert items(path)[0].item.happened == at("2026-03-02T12:00:00+00:00")


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_of_a_sheet_is_read_in_any_usual_form(
    tmp_path: Path, coding: str, separator: str
) -> None:
    rows = [("имя", "дата", "сообщение"), ("Сирень", "02.03.2026", '"Помогите;\nбыстро, прошу"')]
    path = tmp_path / "weeks.csv"
    path.write_bytes("\n".join(map(separator.join, rows)).encode(coding))
    (found,) = items(path)
    assert found.text == "Помогите;\nбыстро, прошу"
    assert found.item.happened == at("2026-03-02T00:00:00+00:00")


@pytest.mark.parametrize(
    "text", ["2.3.2026", "02/03/2026", "2026-03-02", "2 Mar 2026", "March 2, 2026"]
)
def test_dates_are_read_in_usual_forms(text: str) -> None:
    assert when(text, UTC) == at("2026-03-02T00:00:00+00:00")


@pytest.mark.parametrize("text", ["", "soon", "99.99.2026", "02.03.0001", "9" * 500])
def test_what_is_no_date_is_none(text: str) -> None:
    assert when(text, UTC) is None


@pytest.mark.attack
def test_zip_that_bursts_is_not_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path / "bomb.zip", {"result.json": b" " * (8 << 20)})
    with pytest.raises(TooMuch):
        read(path)


@pytest.mark.attack
def test_workbook_that_bursts_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "UNPACKED_MOST", 4 << 20)
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(workbook({"1": [("when", "message")]}, bomb=True))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(TooMuch):
        load(path)
    with pytest.raises(TooMuch):
        read_workbook(path.read_bytes())


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\x01\x02\x00\x00", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0bad"]
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(raw)
    try:
        assert read(path) == []
    except NotReadable:
        return
