# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that only a server had which is gone: who kept one brings it again, the rest is told."""

from __future__ import annotations

from contextlib import suppress

import pytest

from safeconduct.edges.desk import attachments, moving
from safeconduct.edges.desk.api import NewFile, Trouble
from safeconduct.edges.desk.attachments import FileElsewhere
from safeconduct.edges.desk.engine import copies
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.seal.lock import plan_blob
from safeconduct.kernel.words import HOUR, BlobId
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.kit.moves import Elsewhere, elsewhere
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Person, sync

PHOTO = bytes(range(256)) * 9_000  # Three chunks.


def save(stage: Rehearsal, name: str, person: Person, blob: bytes) -> bytes:
    """Save a file at a desk; return its bytes."""
    desk = stage.desks[name]
    talk = desk.conversation(person.conversation)
    assert talk is not None
    file = attachments.find(talk, BlobId(blob))
    return b"".join(attachments.chunks_of(desk.journal.store, stage.courier(desk), file))


def lacking(desk: Desk) -> list[Trouble]:
    """What a desk says of files that are nowhere."""
    return [one for one in desk.status().troubles if one.code == "files_lacking"]


def is_there(there: Elsewhere, file: SealedFile) -> bool:
    """Tell whether the new server has a file, whole."""
    with suppress(Exception):
        state = there.store.public(there.stage.office).blob_state(file.blob)
        return state.next == state.chunks
    return False


def with_files(stage: Rehearsal, person: Person) -> tuple[SealedFile, SealedFile]:
    """Let her send two files, of which the second desk saves the first; return both."""
    saved, alone = person.send_file(PHOTO), person.send_file(b"nobody saved me")
    sync(stage, "first", "second", "first")
    assert save(stage, "second", person, saved.blob) == PHOTO
    return saved, alone


def test_each_desk_brings_the_files_that_went_through_it(stage: Rehearsal, person: Person) -> None:
    saved, _ = with_files(stage, person)
    stage.desks["first"].answer(
        person.conversation, "The form.", [NewFile("form.pdf", "application/pdf", PHOTO[:-1])]
    )
    sync(stage, "first", "second")
    (form,) = person.replies()[-1].files
    with elsewhere(stage) as there:
        text = there.found()
        assert is_there(there, form)
        assert not is_there(there, saved)
        there.follow("second", text)
        assert is_there(there, saved)
        for name in ("first", "second"):
            assert save(stage, name, person, form.blob) == PHOTO[:-1]
            assert save(stage, name, person, saved.blob) == PHOTO


def test_what_no_desk_brought_is_told_until_one_brings_it(stage: Rehearsal, person: Person) -> None:
    saved, alone = with_files(stage, person)
    with elsewhere(stage) as there:
        text = there.found()
        (told,) = lacking(stage.desks["first"])
        assert told.count == 2
        assert [talk for talk, _ in told.about] == [person.conversation]
        with pytest.raises(FileElsewhere):
            save(stage, "first", person, saved.blob)
        there.follow("second", text)
        sync(stage, "first")
        assert lacking(stage.desks["first"]) == [told]  # It asks again by the hour.
        stage.clock.time += HOUR
        sync(stage, "first")
        for desk in stage.desks.values():
            (told,) = lacking(desk)
            assert told.count == 1
        with pytest.raises(FileElsewhere):
            save(stage, "first", person, alone.blob)
        stage.clock.time += 32 * 24 * HOUR
        sync(stage, "first")
        assert not lacking(stage.desks["first"])


def test_desk_that_was_closed_for_months_brings_its_copies_all_the_same(
    stage: Rehearsal, person: Person
) -> None:
    saved, _ = with_files(stage, person)
    with elsewhere(stage) as there:
        second = stage.desks["second"]
        moving.follow(second.journal, moving.read(second.journal, there.found()))
        stage.clock.time += 90 * 24 * HOUR
        there.again("second")
        sync(stage, "second")
        assert is_there(there, saved)


def test_cut_file_is_taken_up_and_by_another_desk_too(stage: Rehearsal, person: Person) -> None:
    saved, _ = with_files(stage, person)
    save(stage, "first", person, saved.blob)

    class Cut(StoreCourier):
        """A line that breaks after each chunk."""

        def put_chunk(self, blob: BlobId, index: int, chunk: bytes, token: bytes) -> int:
            super().put_chunk(blob, index, chunk, token)
            raise Unreachable

    with elsewhere(stage) as there:
        text = there.found_by(Cut)
        told = moving.read(stage.desks["second"].journal, text)
        moving.follow(stage.desks["second"].journal, told)
        for turn in range(2):
            name = ("second", "first")[turn]
            desk = there.again(name)
            assert not is_there(there, saved)
            cut = Cut(there.store, stage.office, desk.journal.place.capability)
            with pytest.raises(Unreachable):
                moving.carry(desk.journal, cut)
        desk = there.again("second")
        moving.carry(desk.journal, there.courier(desk))
        assert save(stage, "first", person, saved.blob) == PHOTO


def test_copies_have_an_end_and_the_oldest_go_first(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [person.send_file(PHOTO) for _ in range(3)]
    sync(stage, "first")
    monkeypatch.setattr(copies, "CHUNKS_MOST", 6)
    store = stage.desks["first"].journal.store
    plans = [plan_blob(file.key, file.size) for file in files]
    for file in files:
        assert save(stage, "first", person, file.blob) == PHOTO
    assert [copies.whole(store, plan) for plan in plans] == [False, True, True]
    monkeypatch.setattr(copies, "CHUNKS_MOST", 2)
    assert save(stage, "first", person, files[0].blob) == PHOTO
    assert not copies.whole(store, plans[0])
