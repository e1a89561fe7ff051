# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that were made to be brought in: they cost no more than others, and hide nobody."""

import os
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from safeconduct.edges.desk.importing import mails
from safeconduct.edges.desk.importing.found import Found, NotReadable, TooMuch
from safeconduct.edges.desk.importing.sources import source_of
from tests.kit.old_files import PICTURE, mail, packed
from tests.unit.edges.desk.importing.test_sources import OURS, box, items, left, read


def test_zip_that_lies_of_its_size_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("result.json", b" " * (32 << 20))
    raw = path.read_bytes()
    path.write_bytes(raw.replace((32 << 20).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    tracemalloc.start()
    try:
        with pytest.raises(TooMuch):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_file_that_is_named_often_comes_once(tmp_path: Path) -> None:
    named = "IMG-1.jpg " * 30
    chat = "".join(f"1/2/26, 10:0{at} - Lilac: {named}\n" for at in range(9))
    path = packed(tmp_path / "chat.zip", {"chat.txt": chat.encode(), "IMG-1.jpg": PICTURE})
    assert [len(one.files) for one in items(path)] == [1] + [0] * 8


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Type: text/plain" + b"; a=b\n " * 60_000 + b"\n\nhi",
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 60_000,
        b"\n" + b"multipart/" * 150 + b"\n" * 300_000,
    ],
)
def test_mail_that_takes_the_square_of_its_size_is_left(tmp_path: Path, body: bytes) -> None:
    began = time.process_time()
    assert left(box(tmp_path, b"From x Mon Mar  2 07:00:00 2026\nFrom: a@b\n" + body)) == ["nested"]
    assert time.process_time() - began < 3


def test_mail_that_bears_our_name_and_came_in_answers_nothing(tmp_path: Path) -> None:
    named = {"From": "help@example.net", "To": "lilac@example.org"}
    forged = mail("Soon.", **named, Received="from elsewhere; Mon, 2 Mar 2026 10:00:00 +0300")
    sent = mail("Soon.", **named, Message_ID="<2@x>")
    found = [one.item for one in items(box(tmp_path, forged, sent))]
    assert [(one.ours, one.came_in) for one in found] == [(True, True), (True, False)]
    kept = mails.mail(forged, 1, {"help@example.net"}, sent=True)
    assert isinstance(kept, Found)
    assert not kept.item.came_in


def test_pipe_and_device_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(NotReadable):
            source_of(path, OURS)
