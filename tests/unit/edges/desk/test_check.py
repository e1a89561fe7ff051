# SPDX-License-Identifier: AGPL-3.0-or-later
"""`verify_store` says nothing of a whole store, and names each kind of harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.journal import Journal
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Rehearsal(tmp_path) as stage:
        desk = stage.found()
        hand = Hand(desk, stage.courier(desk))
        for text in ("Please help.", "Помогите."):
            Person(stage).write(text)
        hand.sync()
        row = desk.today().waiting[0]
        desk.claim(row.conversation)
        desk.answer(row.conversation, "We are here.")
        hand.sync()
        desk.note(row.conversation, "not sent yet")
        yield desk.journal


def codes(journal: Journal) -> set[str]:
    return {finding.code for finding in verify_store(journal).findings}


def test_whole_store_has_no_findings(journal: Journal) -> None:
    report = verify_store(journal)
    assert report.findings == ()
    assert report.conversations == 2
    assert report.entries == journal.store.value("SELECT count(*) FROM entries")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("UPDATE conversations SET preview = 'calm'", "list_differs"),
        ("UPDATE conversations SET unread = 9", "list_differs"),
        ("DELETE FROM holders", "list_differs"),
        ("DELETE FROM word_index", "words_differ"),
        ("UPDATE entries SET body = x'90' WHERE no = 6", "entries_differ"),
        ("DELETE FROM entries WHERE no = 6", "entries_differ"),
        ("UPDATE frames SET frame = zeroblob(2000) WHERE idx = 1", "leaf_differs"),
        ("DELETE FROM frames WHERE idx = 2", "chain_broken"),
        ("UPDATE commits SET seen_root = zeroblob(32) WHERE seen_size > 0", "checkpoint_differs"),
    ],
)
def test_each_harm_is_named(journal: Journal, harm: str, code: str) -> None:
    with journal.store.transaction() as writer:
        writer.execute(harm)
    assert code in codes(journal)
