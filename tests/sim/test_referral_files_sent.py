# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of a package on their way: no copy of them stays, and they let words go before them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.wire.refusals import WordsFirst
from safeconduct.kernel.words import Address, BlobId, ConversationId, Instant
from tests.kit import strangers_files as files
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand
from tests.sim.test_cases import three_desks
from tests.sim.test_referral_files import WithFile


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def test_what_was_sent_is_no_copy_and_pushes_none_out(office: Rehearsal) -> None:
    referred = WithFile(office)
    clinic = referred.came()
    before = kept(referred.desk)
    referred.hand_over(referred.desk)
    assert referred.got(clinic)
    assert kept(referred.desk) == before == {referred.sent.blob}


def kept(desk: Desk) -> set[bytes]:
    """The files of which a desk has chunks."""
    return {row[0] for row in desk.journal.store.rows("SELECT blob FROM upload_chunks")}


class NoFiles(StoreCourier):
    """A relay that keeps its disk for text."""

    full = True

    def __init__(self, inner: StoreCourier) -> None:
        super().__init__(inner.store, inner.office, inner._capability)

    def open_blob(self, blob: BlobId, chunks: int, length: int, token: bytes) -> int:
        if self.full:
            raise WordsFirst
        return super().open_blob(blob, chunks, length, token)


def test_while_files_wait_something_of_it_does_and_no_letter_takes_their_place(
    office: Rehearsal,
) -> None:
    referred = WithFile(office)
    clinic, desk = referred.came(), referred.desk
    courier = NoFiles(office.courier(desk))
    hand = Hand(desk, courier)
    desk.cases.referrals.hand_over(referred.case, referred.shown(desk).referral.fact)
    hand.sync()
    assert len(clinic.replies()[-1].files) == 1
    assert referred.shown(desk).unsent
    desk.answer(referred.writer.conversation, "Read at the same time.")
    letters, uploads = numbers(desk, "no", "letters"), numbers(desk, "letter", "uploads")
    assert letters
    assert uploads
    assert not letters & uploads
    courier.full = False
    hand.sync()
    assert not referred.shown(desk).unsent
    assert referred.got(clinic)


def numbers(desk: Desk, column: str, table: str) -> set[int]:
    """The letters that a table names."""
    return {row[0] for row in desk.journal.store.rows(f"SELECT {column} FROM {table}")}


class Slow(StoreCourier):
    """A line on which something is written at the desk after the first piece of a file."""

    def __init__(self, inner: StoreCourier, desk: Desk, talk: ConversationId) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self.desk, self.talk, self.calls = desk, talk, list[str]()

    def append(self, frames: list[bytes]) -> list[int]:
        self.calls.append("frames")
        return super().append(frames)

    def put_chunk(self, blob: BlobId, index: int, chunk: bytes, token: bytes) -> int:
        self.calls.append(f"chunk {index}")
        if index == 0:
            self.desk.answer(self.talk, "Leave the house now.")
        return super().put_chunk(blob, index, chunk, token)

    def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
        self.calls += ["letter"] * len(letters)
        super().post(letters)


def test_a_long_file_stands_back_for_what_is_written_meanwhile(office: Rehearsal) -> None:
    content = files.photograph() + bytes(2 << 20)
    referred = WithFile(office, content=content)
    referred.take(referred.person, original=True, reason="The embassy asks for it.")
    clinic, desk = referred.came(), referred.desk
    slow = Slow(office.courier(desk), desk, referred.writer.conversation)
    desk.cases.referrals.hand_over(referred.case, referred.shown(desk).referral.fact)
    Hand(desk, slow).send()
    first = slow.calls.index("chunk 0")
    assert slow.calls[first + 1 :].index("frames") < slow.calls[first + 1 :].index("chunk 1")
    assert slow.calls.count("chunk 1") == slow.calls.count("chunk 2") == 1
    ((_, got),) = referred.got(clinic)
    assert got == content
