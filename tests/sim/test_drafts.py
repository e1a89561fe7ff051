# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was begun at one desk: sealed, there after a kill, gone once it was sent."""

from pathlib import Path
from shutil import copytree

from safeconduct.edges.desk.api import Drafts
from safeconduct.edges.desk.office import Desk
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.steps import Hand, Person

NOTHING = Drafts("", "", "")


def test_a_draft_survives_a_kill_and_is_this_desks_alone(
    stage: Rehearsal, person: Person, tmp_path: Path
) -> None:
    desk, talk = stage.desks["first"], person.conversation
    facts = desk.journal.store.value("SELECT count(*) FROM entries")
    desk.keep_draft(talk, "answer", "half of a heron")
    desk.keep_draft(talk, "note", "unsaid")
    # As after `kill -9`: the files as they lie, from a desk that never closed them.
    copytree(stage.folder / "first", tmp_path / "killed")
    assert not [
        path
        for path in (tmp_path / "killed").rglob("*")
        if path.is_file() and b"heron" in path.read_bytes()
    ]
    again = Desk.open(tmp_path / "killed", PASSPHRASE)
    assert again.drafts(talk) == Drafts("half of a heron", "unsaid", "")
    again.stop()
    assert stage.desks["second"].drafts(talk) == NOTHING
    assert desk.journal.store.value("SELECT count(*) FROM entries") == facts


def test_what_is_sent_or_thrown_away_is_no_draft(stage: Rehearsal, person: Person) -> None:
    desk, talk = stage.desks["first"], person.conversation
    for kind in Drafts._fields:
        desk.keep_draft(talk, kind, "begun")
    desk.answer(talk, "begun")
    assert desk.drafts(talk) == Drafts("", "begun", "begun")
    desk.note(talk, "begun")
    assert desk.drafts(talk) == Drafts("", "", "begun")
    desk.hand_over(talk, stage.desks["second"].device, "begun")
    assert desk.drafts(talk) == NOTHING
    desk.keep_draft(talk, "note", "begun")
    desk.keep_draft(talk, "note", "")
    left = "SELECT count(*) FROM settings WHERE name LIKE 'draft:%'"
    assert desk.journal.store.value(left) == 0


def test_lists_mark_what_is_begun_at_this_desk_alone(stage: Rehearsal, person: Person) -> None:
    hands = [Hand(desk, stage.courier(desk)) for desk in stage.desks.values()]
    person.write("Please help.")
    for hand in hands:
        hand.sync()
    first, second = (hand.desk for hand in hands)

    def marks(desk: Desk) -> list[bool]:
        today, (inbox, _) = desk.today(), desk.inbox(show="all", start=0, most=9)
        return [row.draft for row in (*today.waiting, *inbox)]

    assert marks(first) == [False, False]
    seen = first.changes()
    first.keep_draft(person.conversation, "answer", "b")
    first.keep_draft(person.conversation, "answer", "begun")
    assert first.changes() == seen + 1  # Open lists hear that it began, not of each letter.
    assert (marks(first), marks(second)) == ([True, True], [False, False])
    first.answer(person.conversation, "begun")
    assert not any(marks(first))
