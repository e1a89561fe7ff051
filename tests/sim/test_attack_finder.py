# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody finds a laptop switched off, a copy of its disk, or a phone with the page open."""

from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.api import Drafts
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.two_files import FILE
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.seal.stretch import Cost
from tests.kit.clocks import SeededRng
from tests.kit.page_visit import page_visit
from tests.kit.stage import stage
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person

pytestmark = pytest.mark.attack

QUICK = Cost(mib=8, passes=1, lanes=1)
MARKER = "unmistakable words"


def test_store_on_disk_holds_no_words(tmp_path: Path) -> None:
    store = Store(tmp_path, b"k" * 32)
    store.put_setting("words", MARKER * 1000)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    store.close()
    written += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(written) > len(MARKER) * 1000
    assert MARKER.encode() not in written


def test_draft_lies_in_the_sealed_store_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The store itself is the test's above: here everything beside it is read.
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with Rehearsal(tmp_path) as rehearsal:
        desk, person = rehearsal.found(), Person(rehearsal)
        person.write("Please help.")
        hand = Hand(desk, rehearsal.courier(desk))
        hand.sync()
        for kind in Drafts._fields:
            desk.keep_draft(person.conversation, kind, MARKER)
        hand.sync()
        lying = [path for path in tmp_path.rglob("*") if path.is_file()]
        beside = [path for path in lying if not path.name.startswith(FILE)]
        assert len(lying) > len(beside) > 1
        assert not [path for path in beside if MARKER.encode() in path.read_bytes()]
        assert desk.drafts(person.conversation) == Drafts(MARKER, MARKER, MARKER)


def test_wrong_passphrase_opens_no_slot(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyslots.create(path, "the right one", b"s" * 32, SeededRng(), QUICK)
    assert keyslots.unlock(path, "the right one") == b"s" * 32
    with pytest.raises(WrongPassphrase):
        keyslots.unlock(path, "a wrong one")


def test_page_that_lies_open_holds_answers_back() -> None:
    with stage() as office, page_visit(office.port) as visit:
        visit.ask("send", text="Help me", files=[])
        ((message, letter),) = office.letters()
        office.have(letter, message)
        office.answer(letter, MARKER, ("route.txt", b"by night"))
        looked = visit.ask("look", quiet=True)["done"]
        assert MARKER not in str(looked)
        assert "route.txt" not in str(looked)


def test_old_passphrase_opens_nothing_after_a_change(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyslots.create(path, "the old one", b"s" * 32, SeededRng(), QUICK)
    keyslots.change(path, "the old one", "the new one", SeededRng(), QUICK)
    assert keyslots.unlock(path, "the new one") == b"s" * 32
    try:
        keyslots.unlock(path, "neither of them")
    except WrongPassphrase:  # Whether any is refused hangs on another defence.
        with pytest.raises(WrongPassphrase):
            keyslots.unlock(path, "the old one")
    assert [kept.name for kept in tmp_path.iterdir()] == ["keys"]
