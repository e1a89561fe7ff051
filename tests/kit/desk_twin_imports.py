# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a desk in memory keeps what it brings in: the real planning and writing over its facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.importing.bringing import Upload
from safeconduct.kernel.seal.lock import BlobSealer
from safeconduct.kernel.words import ConversationId, Instant
from safeconduct.rooms.hotline.imported import ContactImported, ImportedFact
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.words import code_name

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinImportBook:
    """One desk's side."""

    def __init__(self, desk: TwinDesk) -> None:
        """Act for a desk."""
        self._desk = desk
        self._kept: dict[str, str] = {}
        self.batches: list[Sequence[ImportedFact]] = []
        self.uploads: list[Upload] = []

    def now(self) -> Instant:
        """Its clock."""
        return self._desk.now()

    def writes(self) -> bool:
        """It may."""
        return True

    def fresh(self) -> ConversationId:
        """Draw one."""
        return ConversationId(self._desk.rng.bytes(16))

    def code_name(self, conversation: ConversationId) -> str:
        """As everywhere."""
        return code_name(conversation, "en")

    def gone(self) -> frozenset[bytes]:
        """Nothing is destroyed here."""
        return frozenset()

    def known(self) -> Mapping[bytes, ConversationId]:
        """What it wrote."""
        return {
            one.message if isinstance(one, ContactImported) else one.answer: ConversationId(
                one.conversation
            )
            for batch in self.batches
            for one in batch
        }

    def seal(self, name: str, media_type: str, content: bytes) -> tuple[SealedFile, BlobSealer]:
        """Seal a file."""
        key = self._desk.rng.bytes(32)
        sealer = BlobSealer(key, len(content))
        return SealedFile(sealer.plan.blob, key, name, len(content), media_type), sealer

    def write(self, facts: Sequence[ImportedFact], uploads: Collection[Upload]) -> None:
        """Tell them."""
        self.batches.append(tuple(facts))
        self.uploads += uploads
        for one in facts:
            talk = ConversationId(one.conversation)
            self._desk._names.setdefault(talk, code_name(talk, "en"))
            self._desk._tell(talk, one)

    def kept(self, name: str) -> str:
        """Return it."""
        return self._kept.get(name, "")

    def keep(self, name: str, text: str) -> None:
        """Keep it."""
        self._kept[name] = text
