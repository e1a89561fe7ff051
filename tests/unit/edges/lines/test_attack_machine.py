# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attack: somebody takes the machine of a line that stands still, and reads its screen."""

from pathlib import Path

import pytest

from safeconduct.edges.lines.channel import Arrived, FileHere
from safeconduct.edges.lines.folder import Making, new_line
from safeconduct.edges.lines.handles import voice_of
from safeconduct.edges.lines.limits import Held
from safeconduct.edges.lines.post import OsRng
from safeconduct.edges.lines.runner import code_of_failure
from safeconduct.kernel.seal.stretch import Cost

SHE, WORDS, PHOTO = b"+15550100", "They are at the door.", b"a photo of the door"
PASSWORD = "password of the account, invented"
NUMBER = SHE.decode()


@pytest.mark.attack
def test_the_folder_of_a_line_tells_nothing_to_who_has_no_passphrase(tmp_path: Path) -> None:
    making = Making("signal", "five herons", {"password": PASSWORD}, Cost(8, 1, 1))
    line = new_line(tmp_path / "line", making, OsRng())
    held, voice = Held(line.store), voice_of(line.keys, SHE)
    held.add(voice, Arrived(SHE, WORDS, (FileHere("door.jpg", "image/jpeg", PHOTO),)), 0.0)
    files = [path for path in (tmp_path / "line").rglob("*") if path.is_file()]
    seized = b"".join(path.name.encode() + path.read_bytes() for path in files)
    assert len(files) == 4
    for told in (SHE, WORDS.encode(), PHOTO, b"door.jpg", voice, PASSWORD.encode()):
        assert told not in seized
        assert told.hex().encode() not in seized


@pytest.mark.attack
def test_what_fails_is_told_by_no_word_of_who_wrote() -> None:
    for error in (KeyError(NUMBER), OSError(5, WORDS, NUMBER), ValueError(f"{NUMBER}: {WORDS}")):
        told = code_of_failure(error)
        assert NUMBER not in told
        assert WORDS not in told
