# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of a case's conversations that go along with a referral: chosen, held, made ready.

The invariant: a file is read by the id that a fact names and held to the SHA-256 of what was looked
at; it goes along as a clean copy unless somebody chose the original; and nothing that it was called
goes with it (spec/referrals.md 6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.edges.desk.api import NewFile
from safeconduct.edges.desk.attachments import FileDestroyed, NoSuchFile, chunks_of, find
from safeconduct.edges.desk.cleaning.copied_file import CopiedFile, NoCopy, copied_file
from safeconduct.edges.desk.cleaning.sandbox import ConverterFailed, ConverterSlow
from safeconduct.edges.desk.referrals_api import CaseFileChoice
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.words import BlobId, CaseId, ConversationId, Instant
from safeconduct.rooms.cases.referral_facts import FileAlong
from safeconduct.rooms.cases.referral_files import (
    FILE_LARGEST,
    FILES_LARGEST,
    NoCopyOfFile,
    ReferralFileChanged,
    ReferralFileGone,
    ReferralFilesTooLarge,
    TypedFile,
    bare_name,
)
from safeconduct.rooms.hotline import Attachment, Conversation

if TYPE_CHECKING:
    from safeconduct.edges.desk.case_links_api import CaseLinksApi
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.kernel.ports import Courier

UNTOLD: Final = "application/octet-stream"
"""What an original is called: its sender's word for its type is not passed on."""


class CaseTalks(NamedTuple):
    """How conversations of cases and their files are read here."""

    of: Callable[[CaseId], Collection[ConversationId]]
    talk: Callable[[ConversationId], Conversation | None]
    opened: Callable[[ConversationId, Attachment], Iterator[bytes]]
    went: Callable[[BlobId], Instant | None]
    """When a file was destroyed here."""


def case_talks(journal: Journal, links: CaseLinksApi, online: Callable[[], Courier]) -> CaseTalks:
    """Read conversations in a journal, and files where they are; `online` raises Unreachable."""

    def talk(name: ConversationId) -> Conversation | None:
        with journal.store.lock:
            return journal.lists.conversation(name)

    def opened(_: ConversationId, file: Attachment) -> Iterator[bytes]:
        try:
            courier = online()
        except Unreachable:  # What this desk kept of the file may do.
            courier = None
        return chunks_of(journal.store, courier, file)

    def of(case: CaseId) -> list[ConversationId]:
        return [one.talk for one in links.of_case(case)]

    return CaseTalks(of, talk, opened, journal.lists.gone.when_file_went)


class FilesAlong:
    """The files of conversations that belong to cases."""

    def __init__(self, talks: CaseTalks) -> None:
        """Read them so."""
        self._talks: Final = talks

    def choices(self, case: CaseId) -> Sequence[CaseFileChoice]:
        """Return the files that could go along, as far as this desk reads the conversations."""
        found: dict[BlobId, CaseFileChoice] = {}
        for name in self._talks.of(case):
            talk = self._talks.talk(name)
            if talk is None:
                continue
            for file in talk.files:
                if file.size <= FILE_LARGEST:
                    found.setdefault(file.blob, CaseFileChoice(name, file, talk.code_name))
        return tuple(found.values())

    def seen(self, case: CaseId, typed: Iterable[TypedFile]) -> tuple[TypedFile, ...]:
        """Return what was ticked with the SHA-256 of each file, as it is now.

        Raises:
            ReferralFileGone, ReferralFilesTooLarge: see there.
            Unreachable, FileElsewhere, FileIncomplete, Untrusted: it cannot be opened here.
        """
        return tuple(
            one._replace(digest=hashlib.sha256(self._content(case, one.talk, one.blob)).digest())
            for one in typed
        )

    def still_there(self, case: CaseId, files: Iterable[FileAlong]) -> None:
        """Let files go that were made ready, if they still could be; reads none of them.

        Raises:
            ReferralFileGone: one was destroyed since, or its conversation is not of the case now.
        """
        for one in files:
            if self._talks.went(self._file(case, one.talk, one.blob).blob) is not None:
                raise ReferralFileGone(one.blob)

    def ready(self, case: CaseId, files: Sequence[FileAlong]) -> list[NewFile]:
        """Return files as they go along, under names of ours; takes seconds for each.

        Raises:
            ReferralFileChanged, NoCopyOfFile: see there; and as `seen`.
        """
        made = [self._made(case, number, one) for number, one in enumerate(files, 1)]
        if sum(len(one.content) for one in made) > FILES_LARGEST:
            raise ReferralFilesTooLarge
        return made

    def _made(self, case: CaseId, number: int, one: FileAlong) -> NewFile:
        content = self._content(case, one.talk, one.blob)
        if hashlib.sha256(content).digest() != one.digest:
            raise ReferralFileChanged
        copy = self._original(case, one, content) if one.original else _copy(one, content)
        if len(copy.content) > FILE_LARGEST:
            raise ReferralFilesTooLarge
        return NewFile(bare_name(number, copy.ending), copy.media_type, copy.content)

    def _original(self, case: CaseId, one: FileAlong, content: bytes) -> CopiedFile:
        ending = self._file(case, one.talk, one.blob).name.rpartition(".")[2]
        return CopiedFile(ending, UNTOLD, content)

    def _content(self, case: CaseId, talk: bytes, blob: bytes) -> bytes:
        file = self._file(case, talk, blob)
        try:
            return b"".join(self._talks.opened(ConversationId(talk), file))
        except FileDestroyed:
            raise ReferralFileGone(blob) from None

    def _file(self, case: CaseId, talk: bytes, blob: bytes) -> Attachment:
        """Return a file, if its conversation still belongs to the case and is read here."""
        name = ConversationId(talk)
        found = self._talks.talk(name) if name in self._talks.of(case) else None
        if found is None:
            raise ReferralFileGone(blob)
        try:
            file = find(found, BlobId(blob))
        except NoSuchFile:
            raise ReferralFileGone(blob) from None
        if file.size > FILE_LARGEST:
            raise ReferralFilesTooLarge
        return file


def _copy(one: FileAlong, content: bytes) -> CopiedFile:
    try:
        return copied_file(content)
    except (NoCopy, ConverterFailed, ConverterSlow):
        raise NoCopyOfFile(one.blob) from None
