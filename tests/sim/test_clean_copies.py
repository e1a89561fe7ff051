# SPDX-License-Identifier: AGPL-3.0-or-later
"""Clean copies of real files, made in the real sandbox: pixels and letters, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import pytest
from PIL import Image

from safeconduct.edges.desk.cleaning import clean_copy as copies
from safeconduct.edges.desk.cleaning.clean_copy import (
    SIZE_MOST,
    CleanCopy,
    TooLargeToLook,
    clean_copy,
)
from safeconduct.edges.desk.cleaning.copied import (
    EDGE_MOST,
    PICTURES_MOST,
    TEXT_MOST,
    Head,
    Size,
    write_copy,
)
from safeconduct.edges.desk.cleaning.copied_file import PAGES_MOST, NoCopy, copied_file
from safeconduct.edges.desk.cleaning.sandbox import ConverterFailed
from tests.kit import strangers_files as files

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 255, 0)
ISO: Final = b"\0\0\0\x20ftyp"


def look_at(content: bytes, first: int = 0) -> CleanCopy:
    """Look at a file of these bytes."""
    return clean_copy(len(content), lambda: iter((content,)), first=first)


def bytes_of(seen: CleanCopy, number: int = 0) -> bytes:
    """The file of a picture that a page shows."""
    return base64.b64decode(seen.pictures[number].removeprefix("data:image/png;base64,"))


def picture_of(seen: CleanCopy, number: int = 0) -> Image.Image:
    """A picture that a page shows."""
    return Image.open(BytesIO(bytes_of(seen, number)))


def chunks_of(png: bytes) -> Iterator[bytes]:
    """The kinds of a PNG's chunks."""
    at = 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8]
        at += 12 + length


def marks_of(seen: CleanCopy) -> dict[str, str]:
    """What an original says of itself."""
    return {mark.word: mark.text for mark in seen.marks}


def test_what_a_photograph_says_of_itself_is_told_and_not_in_its_copy() -> None:
    original = files.photograph()
    assert all(secret.encode() in original for secret in (*files.CAMERA, files.SERIAL))
    seen = look_at(original)
    assert marks_of(seen) == {
        "place": files.PLACE,
        "camera": "Obscura Pocket 7",
        "taken": "2026-11-02 05:14",
        "serial": files.SERIAL,
        "owner": files.OWNER,
    }
    assert seen.placed
    copy = bytes_of(seen)
    assert list(chunks_of(copy)) == [b"IHDR", b"IDAT", b"IEND"]
    assert not [secret for secret in files.SECRETS if secret.encode() in copy]
    picture = picture_of(seen)
    assert (dict(picture.getexif()), picture.info) == ({}, {})
    assert seen.digest == hashlib.sha256(original).hexdigest()


def test_a_copy_has_the_pixels_of_the_original() -> None:
    seen = look_at(files.drawing())
    original = Image.open(BytesIO(files.drawing())).convert("RGB")
    assert picture_of(seen).tobytes() == original.tobytes()
    assert marks_of(seen) == {"comment": f"Author: {files.AUTHOR}"}


def test_a_copy_stands_as_the_original_was_held() -> None:
    copy = picture_of(look_at(files.photograph(orientation=6)))
    assert copy.size == (200, 320)
    top, bottom = copy.getpixel((100, 5)), copy.getpixel((100, 315))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > bottom[0]


def test_of_a_moving_picture_the_first_is_shown() -> None:
    copy = picture_of(look_at(files.moving()))
    assert copy.getpixel((0, 0)) == RED
    assert copy.getpixel((7, 3)) == BLUE


def test_webp_is_read() -> None:
    copy = picture_of(look_at(files.saved(files.halves(8, 4), "WEBP", lossless=True)))
    assert copy.getpixel((0, 0)) == RED


def test_what_is_seen_through_stands_on_white() -> None:
    clear = Image.new("RGBA", (4, 4), (9, 9, 9, 0))
    assert picture_of(look_at(files.saved(clear, "PNG"))).getpixel((0, 0)) == (255, 255, 255)


def test_a_grey_of_sixteen_bits_stays_grey() -> None:
    grey = Image.new("I;16", (4, 4), 1 << 15)
    assert picture_of(look_at(files.saved(grey, "PNG"))).getpixel((0, 0)) == (128, 128, 128)


def test_a_large_picture_is_shown_smaller() -> None:
    assert max(picture_of(look_at(files.photograph(width=4000, height=3000))).size) == EDGE_MOST


def test_pages_of_a_document_are_pictures() -> None:
    seen = look_at(files.document(PICTURES_MOST + 2))
    assert (seen.sort, seen.pages, len(seen.pictures)) == ("pages", 12, PICTURES_MOST)
    page = picture_of(seen)
    assert page.getpixel((5, page.height - 5)) == RED
    assert marks_of(seen) == {
        "author": files.AUTHOR,
        "producer": "Typewriter",
        "taken": "2026-11-02 05:14 Z",
    }
    rest = look_at(files.document(PICTURES_MOST + 2), first=seen.following)
    assert (rest.first, len(rest.pictures), rest.following) == (11, 2, 0)


def test_a_document_of_very_many_pages_shows_the_first() -> None:
    seen = look_at(files.document(100_000))
    assert (seen.pages, len(seen.pictures)) == (100_000, PICTURES_MOST)
    assert look_at(files.document(3), first=9_999_999).pictures == ()


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_text_is_letters(coding: str) -> None:
    text = "Нас было сорок человек.\r\nВсё было слышно."
    assert look_at(text.encode(coding)).text == text.replace("\r\n", "\n")


def test_what_steers_a_screen_or_hides_is_made_visible() -> None:
    written = "a bed\u202efdp.exe \x1b[2J\u200b <b> نه\u200cهر and an ordinary end"
    shown = "a bed[U+202E]fdp.exe \u241b[2J[U+200B] <b> نه\u200cهر and an ordinary end"
    assert look_at(written.encode()).text == shown


def test_a_very_long_text_is_cut_and_that_is_told() -> None:
    seen = look_at("\u202e".encode() * TEXT_MOST)
    assert seen.cut
    assert len(seen.text) <= TEXT_MOST


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(files.bomb(), "too_large", id="bomb"),
        pytest.param(files.photograph()[:900], "damaged", id="cut short"),
        pytest.param(b"\xff\xd8\xff" + bytes(999), "damaged", id="only a beginning"),
        pytest.param(b"%PDF-1.7\n" + b"<<" * 99_999, "damaged", id="no document"),
        pytest.param(bytes(range(256)) * 9, "unknown", id="no text"),
        pytest.param(ISO + b"heic", "heic", id="heic"),
        pytest.param(ISO + b"isom", "media", id="film"),
        pytest.param(b"OggS" + bytes(99), "media", id="voice message"),
        pytest.param(b"PK\x03\x04" + bytes(99), "office", id="archive"),
    ],
)
def test_of_what_cannot_be_shown_the_reason_is_told(content: bytes, why: str) -> None:
    seen = look_at(content)
    assert (seen.sort, seen.why, seen.pictures, seen.text) == ("none", why, (), "")


def test_a_file_that_is_two_at_once_is_shown_as_a_picture_alone() -> None:
    carried = BytesIO()
    with zipfile.ZipFile(carried, "w") as archive:
        archive.writestr("run.html", "<script>carried()</script>")
    both = files.photograph() + b"<script>carried()</script>" + carried.getvalue()
    assert zipfile.is_zipfile(BytesIO(both))
    seen = look_at(both)
    assert seen.sort == "picture"
    assert b"carried" not in bytes_of(seen)


def test_a_file_that_is_too_large_is_not_even_fetched() -> None:
    def opened() -> Iterator[bytes]:
        raise AssertionError("fetched")

    with pytest.raises(TooLargeToLook):
        clean_copy(SIZE_MOST + 1, opened)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff" * 99,
        b"<html><script>",
        write_copy(Head(1, "picture", sizes=(Size(9, 9),)), (bytes(9 * 9 * 3 - 1),)),
        write_copy(Head(1, "picture", sizes=(Size(1, 1),)), (bytes(3), b"<script>")),
    ],
)
def test_what_a_converter_that_was_taken_over_writes_is_no_copy(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "convert", lambda _, **__: answer)
    with pytest.raises(ConverterFailed):
        look_at(b"x")


def test_a_copy_to_give_on_has_every_page_and_nothing_that_was_said() -> None:
    made = copied_file(files.document(PICTURES_MOST + 2))
    assert (made.ending, made.media_type) == ("pdf", "application/pdf")
    assert not [one for one in files.SECRETS if one.encode() in made.content]
    again = look_at(made.content)
    assert again.pages == PICTURES_MOST + 2
    assert again.marks == ()
    assert picture_of(again).size == picture_of(look_at(files.document(1))).size


def test_a_copy_to_give_on_of_a_picture_and_a_text_is_what_a_page_shows() -> None:
    picture = copied_file(files.photograph())
    assert picture.content == bytes_of(look_at(files.photograph()))
    text = copied_file("Привет\u202e.".encode())
    assert (text.ending, text.content.decode()) == ("txt", look_at("Привет\u202e.".encode()).text)


@pytest.mark.parametrize(
    "content", [files.document(PAGES_MOST + 1), b"PK\x03\x04", b"a" * (TEXT_MOST + 1)]
)
def test_of_what_is_too_long_or_unknown_there_is_no_copy_to_give_on(content: bytes) -> None:
    with pytest.raises(NoCopy):
        copied_file(content)
