# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that a new relay lacks: each desk that went over brings those of which it kept a copy.

It asks of every file that its records name, so that asking tells nobody what it holds, in an order
drawn by chance.  What is neither there nor here is asked for again by the hour, since a colleague
may bring it, and shown meanwhile (spec/crew.md 9).

Where it stands is in the store: a cut costs some questions.  The token to write with follows from
the file's key, so that another desk goes on where one stopped.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from msgspec import structs

from safeconduct.edges.desk.engine import copies, post
from safeconduct.edges.desk.engine.clock import came
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.uploads import Brought, bring_file
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import plan_blob
from safeconduct.kernel.wire.refusals import BlobDiffers
from safeconduct.kernel.words import DAY, HOUR, BlobId, ConversationId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.events import AnswerWritten, MessageReceived
from safeconduct.rooms.hotline.imported import ImportedFact
from safeconduct.rooms.hotline.sealed_files import SealedFile

NotWhole = Literal[Brought.NOT_NOW, Brought.STOOD_BACK]
AT_ONCE: Final = 16
AGAIN_AFTER: Final = HOUR
SHOWN_FOR: Final = 31 * DAY
NAME: Final = "files_again"
_WITH_FILES: Final = (
    "SELECT e.conversation, e.kind, e.version, e.body FROM entries e JOIN commits c ON c.no = "
    "e.\"commit\" WHERE e.kind IN ('hotline.MessageReceived', 'hotline.AnswerWritten', "
    "'hotline.ContactImported', 'hotline.AnswerImported') "
    "AND e.conversation IS NOT NULL AND c.state = 0"
)
_OF_ONE: Final = f"{_WITH_FILES} AND e.conversation = ?"


class Wanted(Record, frozen=True):
    """A file, and in which conversation a record names it."""

    blob: bytes
    conversation: bytes


class FilesAgain(Record, frozen=True):
    """How far this desk is: what is to be asked for, what was found nowhere, and when to go on."""

    since: int
    due: int
    to_ask: tuple[Wanted, ...]
    lacking: tuple[Wanted, ...]


FILES_AGAIN: Final[Codec[FilesAgain]] = Codec(FilesAgain, NAME)


@dataclass(frozen=True, slots=True)
class Lacking:
    """The files that this desk finds nowhere, since it went over, and their conversations."""

    since: Instant
    files: int
    conversations: tuple[ConversationId, ...]


def begin(journal: Journal) -> None:
    """Ask the next relay for every file; inside the transaction of the move."""
    now = journal.clock.now()
    wanted = {Wanted(file.blob, talk) for talk, file in _named(journal, _WITH_FILES)}
    drawn = tuple(sorted(wanted, key=lambda _: journal.rng.bytes(8)))
    journal.store.put_setting(NAME, FilesAgain(now, now, drawn, ()))


def bring_some(journal: Journal, courier: Courier) -> bool:
    """Ask for some files and bring what is kept here; False when there is nothing to do now.

    Raises:
        Unreachable: later; what is done stays done.
    """
    found, now = journal.store.setting(NAME, FILES_AGAIN), journal.clock.now()
    if found is None or not came(now, found.due, AGAIN_AFTER):
        return False
    if not found.to_ask and (not found.lacking or now > found.since + SHOWN_FOR):
        _forget(journal)
        return False
    to_ask = found.to_ask or found.lacking
    some, rest = to_ask[:AT_ONCE], to_ask[AT_ONCE:]
    nowhere = _asked(journal, courier, some)
    if nowhere is Brought.STOOD_BACK:
        return True
    if nowhere is Brought.NOT_NOW:
        after = structs.replace(found, due=now + AGAIN_AFTER)
    else:
        due = found.due if rest else now + AGAIN_AFTER
        known = tuple(one for one in found.lacking if one not in some)
        after = FilesAgain(found.since, due, rest, (*known, *nowhere))
    if not (after.to_ask or after.lacking):
        _forget(journal)
        return False
    journal.store.put_setting(NAME, after)
    if after.lacking != found.lacking:
        journal.changed()
    return bool(rest) and nowhere is not Brought.NOT_NOW


def lacking(store: Store) -> Lacking | None:
    """Return what this desk finds nowhere; None while it finds everything or still asks."""
    found = store.setting(NAME, FILES_AGAIN)
    if found is None or not found.lacking:
        return None
    files = {one.blob for one in found.lacking}
    talks = dict.fromkeys(ConversationId(one.conversation) for one in found.lacking)
    return Lacking(Instant(found.since), len(files), tuple(talks))


def is_lacking(store: Store, blob: BlobId) -> bool:
    """Tell whether a file was asked for at the new relay and is not known to be there."""
    found = store.setting(NAME, FILES_AGAIN)
    return found is not None and any(one.blob == blob for one in (*found.to_ask, *found.lacking))


def named_files(journal: Journal) -> Iterator[SealedFile]:
    """Yield each file that records name which count and that was not destroyed, once."""
    seen = set[bytes]()
    for _, file in _named(journal, _WITH_FILES):
        if file.blob not in seen and journal.lists.gone.when_file_went(BlobId(file.blob)) is None:
            seen.add(file.blob)
            yield file


def token(key: bytes) -> bytes:
    """Return the token with which any desk that knows a file brings it again."""
    return hmac.digest(key, label("file-again"), "sha256")


def _asked(
    journal: Journal, courier: Courier, some: tuple[Wanted, ...]
) -> tuple[Wanted, ...] | NotWhole:
    """Return which of some files are neither there nor here, or why one did not get there."""
    files = {
        BlobId(file.blob): file
        for talk in {one.conversation for one in some}
        for _, file in _named(journal, _OF_ONE, talk)
    }
    nowhere: list[Wanted] = []
    for one in some:
        file = files.get(BlobId(one.blob))
        went = journal.lists.gone.when_file_went(BlobId(one.blob)) is not None
        if file is None or went or _waits(journal.store, file.blob):
            continue
        plan = plan_blob(file.key, file.size)
        if post.file_state(courier, plan.blob) == (plan.chunks, plan.chunks):
            continue
        if not copies.whole(journal.store, plan):
            nowhere.append(one)
            continue
        try:
            offer = (plan.chunks, plan.padded, token(file.key))
            brought = bring_file(journal, courier, plan.blob, *offer)
            if brought is not Brought.WHOLE:
                return brought
        except BlobDiffers:  # Whoever sent it first is at it, with a token of their own.
            nowhere.append(one)
    return tuple(nowhere)


def _named(journal: Journal, query: str, *of: bytes) -> Iterator[tuple[bytes, SealedFile]]:
    """Yield the files that records name which count, each with its conversation."""
    for talk, *row in journal.store.rows(query, of):
        fact = hotline.parse_fact(*row)
        if isinstance(fact, MessageReceived | AnswerWritten | ImportedFact):
            for file in fact.files:
                yield talk, file


def _waits(store: Store, blob: bytes) -> bool:
    """Tell whether a file was never sent whole, and goes by itself."""
    return store.value("SELECT 1 FROM uploads WHERE blob = ?", (blob,)) is not None


def _forget(journal: Journal) -> None:
    journal.store.drop_settings(NAME)
    journal.changed()
