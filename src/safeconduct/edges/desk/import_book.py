# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of what was brought in, in an open journal; their files lie sealed with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.left_behind import takes_messages
from safeconduct.edges.desk.gone_rows import GoneRows
from safeconduct.edges.desk.importing.bringing import Upload
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.seal.lock import BlobSealer
from safeconduct.kernel.words import CONVERSATION_ID_BYTES, ConversationId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.imported import AnswerImported, ContactImported, ImportedFact
from safeconduct.rooms.hotline.sealed_files import SealedFile

NO_LETTER: Final = -1
"""Files of no letter: they go once the relay takes files."""
_IMPORTED: Final = (
    "SELECT conversation, kind, version, body FROM entries WHERE kind IN "
    "('hotline.ContactImported', 'hotline.AnswerImported') AND conversation IS NOT NULL"
)
_TEXT: Final[Codec[str]] = Codec(str, "import")


class ImportBook:
    """Implements `Book` over a journal."""

    def __init__(self, journal: Journal) -> None:
        """Read and write here."""
        self._journal: Final = journal

    def now(self) -> Instant:
        """Return the time."""
        return self._journal.clock.now()

    def writes(self) -> bool:
        """Tell whether this desk holds the key of the conversations."""
        return takes_messages(self._journal)

    def fresh(self) -> ConversationId:
        """Draw an id: no address may be guessed by it, nor its code name by an address."""
        return ConversationId(self._journal.rng.bytes(CONVERSATION_ID_BYTES))

    def code_name(self, conversation: ConversationId) -> str:
        """Return the name of a conversation."""
        return self._journal.lists.code_name(conversation)

    def known(self) -> Mapping[bytes, ConversationId]:
        """Return each item that the office has; reads all that was ever brought in."""
        found: dict[bytes, ConversationId] = {}
        for talk, *row in self._journal.store.rows(_IMPORTED):
            fact = hotline.parse_fact(*row)
            if isinstance(fact, ContactImported):
                found[fact.message] = ConversationId(talk)
            elif isinstance(fact, AnswerImported):
                found[fact.answer] = ConversationId(talk)
        return found

    def gone(self) -> frozenset[bytes]:
        """Return the items that were here and were destroyed."""
        return GoneRows(self._journal.store).messages()

    def seal(self, name: str, media_type: str, content: bytes) -> tuple[SealedFile, BlobSealer]:
        """Seal a file with a key of its own."""
        return post.seal_file(self._journal, name, media_type, content)

    def write(self, facts: Sequence[ImportedFact], uploads: Collection[Upload]) -> None:
        """Append facts as one commit, and keep their files in its transaction."""

        def also(_: int) -> None:
            for upload in uploads:
                post.keep_upload(self._journal, NO_LETTER, upload.sealer, upload.content)

        self._journal.write([post.fact(self._journal, one) for one in facts], also)

    def kept(self, name: str) -> str:
        """Return a text that is kept at this desk alone."""
        return self._journal.store.setting(f"import:{name}", _TEXT) or ""

    def keep(self, name: str, text: str) -> None:
        """Keep it, sealed like everything in the store."""
        if text:
            self._journal.store.put_setting(f"import:{name}", text)
        else:
            self._journal.store.drop_settings(f"import:{name}")
