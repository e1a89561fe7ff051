# SPDX-License-Identifier: AGPL-3.0-or-later
"""People's own files at this desk: asked for, signed by a second, and made once that is reported.

As with exports the report is durable before the first byte is given, the file is made in memory,
and nothing unverified goes into it (spec/own-file.md).  The person's wish is asked for each time.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.handoffs import need_consent_of_talks, need_own_wish
from safeconduct.edges.desk.own_file_words import own_file_language, own_words
from safeconduct.edges.desk.own_files_api import OwnFileWaits
from safeconduct.edges.desk.verified import need_verified
from safeconduct.kernel.seal.age import seal_with_words
from safeconduct.kernel.words import CaseId, ConversationId, DeviceId, FactId, Instant, VaultId
from safeconduct.rooms.cases import CaseFile, Part, SheetId, Told
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.own_file import (
    OWN_FILE_PART,
    Choosing,
    OwnFile,
    OwnStage,
    ask_own_file,
    fold_own_files,
    need_signed,
    second_own_file,
    take_back_own_file,
)
from safeconduct.rooms.cases.own_file_facts import (
    OwnFileAsked,
    OwnFileMade,
    OwnFileSeconded,
    OwnFileTakenBack,
)
from safeconduct.rooms.cases.own_file_lines import Kept, Line, lines_of
from safeconduct.rooms.cases.own_file_write import OwnContent, write_own_json, write_own_page
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline.export import told_of

if TYPE_CHECKING:
    from safeconduct.edges.desk.cases import Cases
    from safeconduct.edges.desk.casework_api import CaseWorkApi
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.rooms.crew import Roster
    from safeconduct.rooms.hotline import Conversation

_DAWN: Final = (1980, 1, 1, 0, 0, 0)
"""The time of each file in an archive: the first that its format knows, and no other is told."""
_KINDS: Final = (OwnFileAsked, OwnFileSeconded, OwnFileTakenBack, OwnFileMade)


class OwnFiles:
    """Own files, over an open journal."""

    def __init__(self, journal: Journal, of: Cases, work: CaseWorkApi) -> None:
        """Act for the device of this journal, over the work on these cases."""
        self._journal: Final = journal
        self._cases: Final = of
        self._work: Final = work
        self.across: Final = AcrossCases(
            journal, of.held, self._open, *_KINDS, hangs_on=lambda: journal.roster
        )

    # --- reading

    def of(self, case: CaseId) -> Sequence[OwnFile]:
        """Return what was asked for in a case, newest first; nothing without the part contact."""
        return self.across.of(case) or ()

    def lines(self, case: CaseId, person: SheetId) -> Sequence[Line]:
        """Return what is kept about a person, as far as it can be read here."""
        with self._journal.store.lock:
            file = self._cases.case(case)
            return lines_of(kept_of(self._work, file), person) if file else ()

    def may_second(self, asked: OwnFile) -> bool:
        """Tell whether it waits, and a steward is here who is another person than asked."""
        journal = self._journal
        waits = asked.stage(journal.clock.now()) is OwnStage.WAITS
        steward = Role.STEWARD in journal.roster.roles(journal.device)
        return waits and steward and self._apart(journal.device, asked.by)

    def waiting(self) -> Sequence[OwnFileWaits]:
        """Return what waits for the steward at this desk, of the cases that it reads."""
        name = self._cases.held.name
        return [
            OwnFileWaits(case, name(case), one)
            for case, some in self.across.all().items()
            for one in some
            if self.may_second(one)
        ]

    # --- writing

    def ask(self, case: CaseId, chosen: Choosing) -> FactId:
        """Ask to give a person their file; durable on return.

        Raises:
            NoConsent: they did not wish for it, as far as this desk knows.
            NoSuchPart, OwnFileOfNobody, NothingInOwnFile, TooMuchInOwnFile, NobodySignsOwnFile.
        """
        journal = self._journal
        with journal.store.lock:
            file = self._need(case)
            held = {one.part for one in file.parts}
            record = self._work.records.record(case)
            fact = ask_own_file(record, held, chosen, signers=self._signers(file))
            self._need_wish(case, SheetId(chosen.person), chosen.talks)
            before = {one.fact for one in self.of(case)}
            self._cases.write(case, {OWN_FILE_PART: fact})
            (new,) = {one.fact for one in self.of(case)} - before
            return new

    def second(self, case: CaseId, asked: FactId) -> None:
        """Sign, as a steward who is somebody else; durable on return."""
        own, now = self._journal.device, self._journal.clock.now()
        with self._journal.store.lock:
            found = self._find(case, asked)
            said = second_own_file(case, found, own, now, apart=self._apart)
            self._cases.write(case, {OWN_FILE_PART: said})

    def take_back(self, case: CaseId, asked: FactId) -> None:
        """Want it no more; durable on return."""
        own, now = self._journal.device, self._journal.clock.now()
        with self._journal.store.lock:
            said = take_back_own_file(case, self._find(case, asked), own, now)
            self._cases.write(case, {OWN_FILE_PART: said})

    def make(self, case: CaseId, asked: FactId, words: str) -> bytes:
        """Return the file after it is reported; sealed if there are words.

        Raises:
            OwnFileNotSigned, NoConsent, StillChecking, StoreFull: no byte was given and nothing
                reported.
        """
        journal = self._journal
        with journal.store.lock:
            now = journal.clock.now()
            found = need_signed(self._find(case, asked), journal.device, now)
            self._need_wish(case, found.person, found.talks)
            need_verified(journal)
            content = self._content(self._need(case), found, now)
            made = OwnFileMade(case, found.fact, int(bool(words)))
            self._cases.write(case, {OWN_FILE_PART: made})
        plain = packed(content)
        return seal_with_words(words, plain, journal.rng) if words else plain

    # --- inside

    def _open(
        self, case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]
    ) -> tuple[OwnFile, ...]:
        return fold_own_files(case, parts, told, apart=self._apart)

    def _need_wish(self, case: CaseId, person: SheetId, talks: Collection[ConversationId]) -> None:
        """Hold a file to the person's wish, and its conversations to all cases they belong to."""
        now = self._journal.clock.now()
        wish = need_own_wish(self._work.consents, case, person, now)
        need_consent_of_talks(self._work, talks, wish.asking.recipient, now)

    def _find(self, case: CaseId, asked: FactId) -> OwnFile | None:
        return next((one for one in self.of(case) if one.fact == asked), None)

    def _need(self, case: CaseId) -> CaseFile:
        file = self._cases.case(case)
        if file is None:
            raise NoSuchPart
        return file

    def _content(self, file: CaseFile, asked: OwnFile, now: Instant) -> OwnContent:
        kept, lists = kept_of(self._work, file), self._journal.lists
        linked = {one.talk for one in self._work.links.of_case(file.id)}
        found = (lists.conversation(one) for one in asked.talks if one in linked)
        talks = [one for one in found if one is not None]
        return own_content(asked, kept, talks, self._journal.roster, now)

    def _signers(self, file: CaseFile) -> bool:
        """Tell whether another steward's device that reads the part contact stands."""
        journal = self._journal
        contact = file.part(OWN_FILE_PART)
        if contact is None:
            return False
        known = journal.keys.vaults()[contact.vault].known & journal.roster.present()
        return any(
            Role.STEWARD in journal.roster.roles(one) and self._apart(one, journal.device)
            for one in known
        )

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._journal.roster, one, other)


def kept_of(work: CaseWorkApi, file: CaseFile) -> Kept:
    """Return what can be read of a case."""
    return Kept(
        file=file,
        record=work.records.record(file.id),
        stages=work.stages.of(file.id),
        risk=work.risks.risk(file.id),
        consents=work.consents.of(file.id),
        costs=work.money.costs(file.id),
        forms=work.forms.all(),
        filled=work.forms.filled(file.id),
        referrals=[one.referral for one in work.referrals.of(file.id) or ()],
        letters=work.letters.of(file.id)[::-1],
    )


def own_content(
    asked: OwnFile, kept: Kept, talks: Sequence[Conversation], roster: Roster, now: Instant
) -> OwnContent:
    """Return what goes into a file: the lines that two people chose, of those that there are."""
    every = lines_of(kept, asked.person)
    chosen = [one for one in every if one.key in asked.lines]
    return OwnContent(
        language=own_file_language(asked.language),
        made=now,
        lines=chosen,
        missing=kept.missing,
        left_out=len(chosen) < len(every),
        talks=told_of(talks),
        role=lambda device: role_of(roster, device),
    )


def role_of(roster: Roster, device: DeviceId) -> str:
    """Return in which role a device writes, the first that it has; empty where it has none."""
    member = roster.members.get(device)
    roles = member.roles if member else frozenset[Role]()
    return next((one.value for one in Role if one in roles), "")


def packed(content: OwnContent) -> bytes:
    """Return the page for people and the JSON for programs, as one archive without any time."""
    files = {
        "file.html": write_own_page(content, own_words(content.language)),
        "file.json": write_own_json(content),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            info = zipfile.ZipInfo(name, _DAWN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    return out.getvalue()
