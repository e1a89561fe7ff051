# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unusual real files from a browser to a desk and back, over bad lines, in little memory.

The server is `safeconduct serve` in its own process, and the desk is the one that helpers use.
"""

import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.growth import Watch, own_memory, resident, watched
from tests.kit.patience import PATIENCE
from tests.kit.proxy import BadLine
from tests.kit.serving import Served, served_office

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LARGEST_UP = 500_000_000
LARGEST_DOWN = 25 << 20
CUTS = 10
MOST_IN_PAGE = 200 << 20
MOST_IN_SERVER = 32 << 20
TESTIMONY = "Нас было сорок человек. Ёлка, їжак, ғарыш, ӏуьйре — всё было слышно.\r\n"
LATITUDE, LONGITUDE = (20, 21, 2_223), (158, 15, 1_617)
"""Degrees, minutes and hundredths of seconds of a place in the open ocean."""


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Served, Watch]]:
    """One office for all tests, and its server's memory from its founding on."""
    with served_office() as served, watched(resident(served.process), every=0.05) as watch:
        yield served, watch


@pytest.fixture(scope="module")
def largest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A file that no compression makes small, and its hash."""
    path = tmp_path_factory.mktemp("large") / "видео.mp4"
    block = hashlib.shake_256(b"a film").digest(1 << 20)
    with path.open("wb") as file:
        for index in range(-(-LARGEST_UP // len(block))):
            file.write((index.to_bytes(8, "big") + block[8:])[: LARGEST_UP - index * len(block)])
    yield path, digest_of(path)
    path.unlink()


def digest_of(path: Path) -> str:
    """Hash a file without holding it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def photograph() -> bytes:
    """A JPEG of one grey point that says where it was taken, made by hand."""

    def entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
        return struct.pack("<HHI4s", tag, kind, count, value)

    def place(*parts: int) -> bytes:
        return b"".join(
            struct.pack("<II", part, per) for part, per in zip(parts, (1, 1, 100), strict=True)
        )

    first = 8
    gps = first + 2 + 12 + 4
    ratios = gps + 2 + 4 * 12 + 4
    tiff = b"II*\0" + struct.pack("<I", first)
    tiff += struct.pack("<H", 1) + entry(0x8825, 4, 1, struct.pack("<I", gps)) + bytes(4)
    tiff += struct.pack("<H", 4) + entry(1, 2, 2, b"N")
    tiff += entry(2, 5, 3, struct.pack("<I", ratios)) + entry(3, 2, 2, b"E")
    tiff += entry(4, 5, 3, struct.pack("<I", ratios + 24)) + bytes(4)
    tiff += place(*LATITUDE) + place(*LONGITUDE)
    segments = [
        (0xE1, b"Exif\0\0" + tiff),
        (0xDB, b"\0" + bytes([16] * 64)),
        (0xC0, bytes.fromhex("08 0001 0001 01 01 11 00")),
        (0xC4, b"\x00" + bytes([1] + [0] * 15) + b"\0"),
        (0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
        (0xDA, bytes.fromhex("01 01 00 00 3f 00")),
    ]
    body = b"".join(struct.pack(">BBH", 0xFF, tag, len(said) + 2) + said for tag, said in segments)
    return b"\xff\xd8" + body + b"\x3f\xff\xd9"


def begin(page: Browser, office: Served, text: str) -> None:
    """Write a few words, without sending them."""
    page.goto(office.url)
    page.wait_visible("#to-write")
    page.click("#to-write")
    page.type("#text", text)


def cut_line(line: BadLine, way: str, size: int) -> int:
    """Cut a line so often while a file passes; return how often it was cut before."""
    line.cut_often("up" if way == "up" else "down", every=size // (CUTS + 1), cuts=CUTS)
    return line.made


def within_bounds(server: Watch, page: Watch, what: str) -> None:
    """Hold server and page to what they may take, and tell what they took."""
    server.look()
    print(
        f"{what}: the page grew by {page.growth >> 20} MiB; the server held "
        f"{server.first >> 20}, at most {server.most >> 20}, now {server.last >> 20} MiB"
    )
    assert page.growth <= MOST_IN_PAGE
    assert server.growth <= MOST_IN_SERVER


@pytest.mark.parametrize("kind", KINDS)
def test_unusual_files_are_the_same_when_saved(
    kind: str, office: tuple[Served, Watch], tmp_path: Path
) -> None:
    served, _ = office
    contents = {
        "показания.txt": TESTIMONY.encode(),
        "старый компьютер.txt": "Ёлка и ещё сорок человек\r\n".encode("cp1251"),
        "IMG 0231.JPG": photograph(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    text = f"Три файла: {kind}"
    with browser(kind) as page:
        begin(page, served, text)
        page.upload("#files", *(tmp_path / name for name in contents))
        page.click("#send")
        page.wait_visible("#keep")
        page.wait_text("#carry-state", "Everything is there")
    saved = tmp_path / "saved"
    saved.mkdir()
    paths = served.save(served.letter(text), saved)
    assert {path.name: path.read_bytes() for path in paths} == contents


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_file_is_the_same_when_saved_over_ten_cuts(
    kind: str, office: tuple[Served, Watch], largest: tuple[Path, str], tmp_path: Path
) -> None:
    served, server = office
    path, digest = largest
    text = f"Видео: {kind}"
    with browser(kind, listens=False) as page:
        begin(page, served, text)
        before = cut_line(served.line, "up", LARGEST_UP)
        page.upload("#files", path)
        with watched(own_memory(page)) as watch:
            page.click("#send")
            page.wait_visible("#keep")
            page.wait_text("#carry-state", "Everything is there", seconds=2 * PATIENCE)
        assert served.line.made - before == CUTS
    letter = served.letter(text)
    before = cut_line(served.desk_line, "down", LARGEST_UP)
    (saved,) = served.save(letter, tmp_path)
    assert served.desk_line.made - before == CUTS
    assert digest_of(saved) == digest
    saved.unlink()
    within_bounds(server, watch, f"{kind}, {LARGEST_UP} bytes up")


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_answer_comes_back_over_ten_cuts(
    kind: str, office: tuple[Served, Watch]
) -> None:
    served, server = office
    content = hashlib.shake_256(kind.encode()).digest(LARGEST_DOWN)
    text = f"Билеты: {kind}"
    with browser(kind, listens=False) as page:
        begin(page, served, text)
        page.click("#send")
        page.wait_visible("#keep")
        cuts = cut_line(served.desk_line, "up", LARGEST_DOWN)
        served.answer(served.letter(text), "Билеты", "билеты.pdf", content)
        page.wait_visible("#show")
        page.click("#show")
        page.wait_visible("#letters .files button")
        assert served.desk_line.made - cuts == CUTS
        cuts = cut_line(served.line, "down", LARGEST_DOWN)
        with watched(own_memory(page)) as watch:
            page.click("#letters .files button")
            page.wait_visible("#letters .files a", seconds=2 * PATIENCE)
            page.click("#letters .files a")
            saved = page.downloads / "билеты.pdf"
            page.wait_for(lambda: saved.exists() and saved.stat().st_size == len(content))
        assert served.line.made - cuts == CUTS
        assert saved.read_bytes() == content
    within_bounds(server, watch, f"{kind}, {LARGEST_DOWN} bytes back")
