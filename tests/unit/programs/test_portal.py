# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct portal`: the page as one file, named by its SHA-256 and told from other files."""

import hashlib
import re
from pathlib import Path

import pytest

from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.wire.bodies import Founding, OfficeCard
from safeconduct.kernel.words import OfficeId
from safeconduct.programs import portal
from safeconduct.programs.texts import FileExists

OFFICE = OfficeId(bytes(range(16)))
SIGNING = LongSigningKey.from_seed(b"s" * 64).public.raw
WHERE = ("--address", "https://A.example.org/", "http://b.example.org:81")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A server's folder with an office."""
    control = SigningKey.from_seed(b"c" * 32).public.raw
    with RelayStore(tmp_path / "relay.db") as store:
        code = store.founding_code()
        assert code
        store.found(Founding(code, OfficeCard(1, OFFICE, SIGNING, control, bytes(32))))
    return str(tmp_path)


def test_exported_file_is_named_by_its_hash_and_found_to_be_the_right_one(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.html"
    for _ in range(2):  # The same page may be there already.
        assert portal.run(["export", folder, "-o", str(path), *WHERE]) == 0
        written = path.read_bytes()
        assert b'data-addresses="https://a.example.org http://b.example.org:81"' in written
        said = capsys.readouterr().out
        assert said.startswith(f"{hashlib.sha256(written).hexdigest()}  {path}\n")
    assert portal.run(["verify", folder, "-o", str(path), *WHERE]) == 0
    path.write_bytes(written.replace(b"https://a.example.org", b"https://e.example.org"))
    assert portal.run(["verify", folder, "-o", str(path), *WHERE]) == portal.ANOTHER
    with pytest.raises(FileExists):
        portal.run(["export", folder, "-o", str(path), *WHERE])


@pytest.mark.parametrize("address", ["example.org", "https://a.example.org/path", "ftp://a.b"])
def test_what_is_no_address_is_refused_with_words(
    folder: str, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        portal.run(["export", folder, "--address", address])
    assert "https://example.org" in capsys.readouterr().err


def test_export_without_an_address_is_refused_with_words(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        portal.run(["export", folder])
    assert "--address" in capsys.readouterr().err


def test_words_are_shown_in_every_language(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert portal.run(["words", folder]) == 0
    said = capsys.readouterr().out
    assert all(" ".join(office_words(OFFICE, SIGNING, language)) in said for language in LISTS)


@pytest.mark.parametrize(
    ("asked", "offered", "first"),
    [
        ((), ["en", "ru"], "en"),
        (("--page-languages", "ar", "en", "ar"), ["ar", "en"], "ar"),
        (("--page-languages", "es", "--language", "en"), ["es", "en"], "en"),
        (("--language", "fr"), ["en", "ru", "fr"], "fr"),
    ],
)
def test_a_page_offers_the_languages_that_its_office_chose(
    folder: str, tmp_path: Path, asked: tuple[str, ...], offered: list[str], first: str
) -> None:
    path = tmp_path / "notes.html"
    assert portal.run(["export", folder, "-o", str(path), *WHERE, *asked]) == 0
    page = path.read_text(encoding="utf-8")
    buttons = page[: page.index("</form>")]
    assert re.findall(r'name="lang"\s+value="(\w+)"', buttons) == offered
    assert f'<html lang="{first}"' in page


def test_a_language_without_a_catalogue_is_refused(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        portal.run(["digest", folder, "--page-languages", "xx"])
    assert "'ar'" in capsys.readouterr().err
