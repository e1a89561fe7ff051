# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits sealed in a line's folder, and what is spoilt (docs/spec/lines.md 6)."""

from pathlib import Path

import pytest

from safeconduct.edges.lines.channel import Arrived, FileHere
from safeconduct.edges.lines.limits import WINDOW_SECONDS, Held
from safeconduct.edges.lines.store import SealedStore

VOICE = bytes(range(32))
SHE = b"she@velmark.test"


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    return SealedStore(tmp_path, bytes(32))


def spoil(folder: Path, name: str) -> None:
    """Change a byte of a kept file."""
    path = folder / f"kept-{name}"
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def test_all_of_a_message_waits_and_of_several_codes_the_last_is_told(store: SealedStore) -> None:
    held = Held(store)
    file = FileHere("a", "x/y", b"abc")
    held.add(VOICE, Arrived(SHE, "one", (file,), "ru", "11112222", {"call": 1, "a": 2}), 0.0)
    held.add(VOICE, Arrived(SHE, "3333 4444", extras={"call": 3}), 0.0)
    [whose] = held.due(WINDOW_SECONDS)
    joined, names = Held(store).joined(whose)
    assert joined is not None
    assert len(names) == 2
    assert (joined.text, joined.files, joined.said) == ("one\n\n3333 4444", (file,), "33334444")
    assert joined.extras == {"call": 3, "a": 2}


def test_a_spoilt_file_is_told_in_words_and_holds_nothing_back(
    store: SealedStore, tmp_path: Path
) -> None:
    held = Held(store)
    held.add(VOICE, Arrived(SHE, "one"), 0.0)
    [whose] = held.due(WINDOW_SECONDS)
    spoil(tmp_path, store.names("held-")[0])
    assert held.joined(whose) == (None, [])
    held.let_go(whose, [], WINDOW_SECONDS)
    assert not held.due(WINDOW_SECONDS + 1)
    held.add(VOICE, Arrived(SHE, "two"), WINDOW_SECONDS)
    joined, names = held.joined(whose)
    assert joined is not None
    assert "did not open" in joined.text
    assert joined.text.endswith("\n\ntwo")
    held.let_go(whose, names, WINDOW_SECONDS)
    assert not held.waits(VOICE)


def test_a_file_of_a_name_that_no_line_writes_stops_no_line(store: SealedStore) -> None:
    store.save("held-old-copy", b"x")
    assert not Held(store).due(0.0)


def test_no_name_in_the_folder_tells_a_voice(tmp_path: Path) -> None:
    names = set[str]()
    for key in (bytes(32), bytes([1]) * 32):
        store = SealedStore(tmp_path / key[:1].hex(), key)
        (tmp_path / key[:1].hex()).mkdir()
        held = Held(store)
        held.add(VOICE, Arrived(SHE, "one"), 0.0)
        assert held.waits(VOICE)
        assert not held.waits(VOICE[::-1])
        names |= set(store.names("held-"))
    assert len(names) == 2
    assert not [name for name in names if VOICE[:4].hex() in name]


@pytest.mark.parametrize("said", ["\ud800", "a" * 300])
def test_no_name_of_a_file_keeps_a_message_from_being_kept(store: SealedStore, said: str) -> None:
    held = Held(store)
    held.add(VOICE, Arrived(SHE, said, (FileHere(said, said, b"abc"),)), 0.0)
    [whose] = held.due(WINDOW_SECONDS)
    joined, _ = held.joined(whose)
    assert joined is not None
    assert [file.content for file in joined.files] == [b"abc"]
