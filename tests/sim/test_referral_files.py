# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files in referrals on real desks and a real relay: copied, sealed, asked for, under no name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import copytree

import pytest
from PIL import Image

from safeconduct.edges.desk.files_along import FilesAlong
from safeconduct.edges.desk.gone_rows import GoneRows
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.seal.lock import BlobSealer, plan_blob
from safeconduct.kernel.seal.unlock import BlobOpener
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent import WhyNot
from safeconduct.rooms.cases.consent_decide import NoConsent
from safeconduct.rooms.cases.links import Link
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.referral_files import (
    NoCopyOfFile,
    ReferralFileChanged,
    ReferralFileGone,
    TypedFile,
)
from safeconduct.rooms.cases.referrals import State
from safeconduct.rooms.hotline import Attachment
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.kit import strangers_files as files
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_cases import meet, three_desks
from tests.sim.test_consent import yes
from tests.sim.test_referrals import Partner, Referred, on_the_relay

NAME = "Aru passport K 77 100.JPG"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


@dataclass
class WithFile(Referred):
    """A referral with a file that somebody of the case sent."""

    content: bytes = b""
    name: str = NAME

    def __post_init__(self) -> None:
        super().__post_init__()
        self.desk = self.office.desks["second"]
        self.writer = Person(self.office)
        self.content = self.content or files.photograph()
        self.sent: SealedFile = self.writer.send_file(self.content, self.name)
        meet(self.office)
        self.desk.cases.links.link(self.case, self.writer.conversation)
        meet(self.office)
        self.take(self.person)

    def take(self, *persons: SheetId, original: bool = False, reason: str = "") -> None:
        """Let the file go along, as showing these."""
        talk, who = self.writer.conversation, tuple(bytes(one) for one in persons)
        one = TypedFile(talk, self.sent.blob, who, original, reason)
        self.typed = self.typed._replace(files=(one,))

    def came(self) -> Partner:
        """Make it, and let the partner write with the words."""
        clinic = self.make()
        clinic.write("We are the clinic.")
        meet(self.office)
        return clinic

    def got(self, clinic: Partner) -> list[tuple[SealedFile, bytes]]:
        """What the partner finds, each opened."""
        courier = self.office.courier(self.office.desks["first"])
        found = []
        for file in clinic.replies()[-1].files:
            opener = BlobOpener(file.key, file.size)
            chunks = (courier.chunk(opener.plan.blob, at) for at in range(opener.plan.chunks))
            found.append((file, b"".join(opener.open(at, raw) for at, raw in enumerate(chunks))))
        return found


def test_a_partner_gets_the_clean_copy_of_a_file_with_the_package(office: Rehearsal) -> None:
    referred = WithFile(office)
    clinic = referred.came()
    assert clinic.replies()[-1].files == ()
    referred.hand_over(office.desks["first"])
    ((file, content),) = referred.got(clinic)
    assert (file.name, file.media_type) == ("file-1.png", "image/png")
    assert Image.open(BytesIO(content)).size == Image.open(BytesIO(referred.content)).size
    assert "file-1: our copy of what it shows." in clinic.reads()[-1]
    assert referred.shown(referred.desk).state is State.HANDED


@pytest.mark.attack
def test_nothing_that_the_original_says_of_itself_goes_along(office: Rehearsal) -> None:
    referred = WithFile(office)
    clinic = referred.came()
    referred.hand_over(referred.desk)
    ((_, content),) = referred.got(clinic)
    assert not [one for one in files.SECRETS if one.encode() in content]


@pytest.mark.attack
def test_no_package_says_what_a_file_was_called(office: Rehearsal) -> None:
    referred = WithFile(office)
    referred.take(referred.person, original=True, reason="The embassy asks for it.")
    clinic = referred.came()
    referred.hand_over(referred.desk)
    ((file, content),) = referred.got(clinic)
    assert content == referred.content
    said = (file.name, file.media_type, *clinic.reads())
    assert not [one for one in said if "Aru passport" in one or "K 77" in one or "image/" in one]
    assert file.name == "file-1.jpg"
    assert "file-1: as it came to us." in clinic.reads()[-1]


@pytest.mark.attack
def test_a_file_goes_along_with_the_consent_of_everybody_whom_it_shows(
    office: Rehearsal,
) -> None:
    referred = WithFile(office)
    named = {(Part.IDENTITY, "name"): Typed("Daru")}
    child = referred.desk.cases.records.write(referred.case, "person", None, named)
    referred.take(referred.person, child)
    with pytest.raises(NoConsent) as refused:
        referred.desk.cases.referrals.draft(referred.case, referred.typed)
    assert refused.value.why is WhyNot.NONE
    given = yes(referred.desk, child)
    consent = referred.desk.cases.consents.give(referred.case, given)
    clinic = referred.came()
    referred.desk.cases.consents.withdraw(referred.case, consent, "")
    with pytest.raises(NoConsent):
        referred.hand_over(referred.desk)
    assert len(clinic.reads()) == 1


@pytest.mark.attack
def test_a_file_that_is_another_since_it_was_looked_at_goes_nowhere(office: Rehearsal) -> None:
    referred = WithFile(office)
    clinic = referred.came()
    # Its sender knows the key, and whoever has the disk of a server puts other bytes in its place.
    other = files.photograph(orientation=3).ljust(len(referred.content), b"\0")
    chunk = BlobSealer(referred.sent.key, len(referred.content)).seal(
        0, other[: len(referred.content)]
    )
    with referred.desk.journal.store.transaction() as writer:
        row = (chunk, referred.sent.blob)
        writer.execute("UPDATE upload_chunks SET chunk = ? WHERE blob = ?", row)
    with pytest.raises(ReferralFileChanged):
        referred.hand_over(referred.desk)
    assert len(clinic.reads()) == 1


def test_until_it_is_handed_over_no_byte_of_a_file_is_added_to_the_relay(
    office: Rehearsal,
) -> None:
    referred = WithFile(office)
    clinic = referred.came()
    before = blobs(office)
    referred.withdraw(referred.desk)
    meet(office)
    assert blobs(office) == before
    assert clinic.replies()[-1].files == ()


def test_the_relay_learns_a_padded_length_and_no_name(office: Rehearsal) -> None:
    referred = WithFile(office)
    clinic = referred.came()
    before = blobs(office)
    referred.hand_over(referred.desk)
    ((file, content),) = referred.got(clinic)
    ((length, _),) = blobs(office) - before
    assert length == plan_blob(file.key, len(content)).padded > len(content)
    said = (NAME, "file-1", "image/png")  # Each too long to stand in what is sealed by chance.
    assert not [one for one in said if one.encode() in on_the_relay(office)]


def test_a_desk_that_is_killed_after_handing_over_sends_all_of_it(
    office: Rehearsal, tmp_path: Path
) -> None:
    referred = WithFile(office)
    clinic = referred.came()
    fact = referred.shown(referred.desk).referral.fact
    referred.desk.cases.referrals.hand_over(referred.case, fact)
    # As after `kill -9`: the files as they lie, from a desk that never closed them.
    copytree(office.folder / "second", tmp_path / "killed")
    again = Desk.open(tmp_path / "killed", PASSPHRASE)
    try:
        Hand(again, office.courier(referred.desk)).sync()
        ((file, _),) = referred.got(clinic)
        assert file.name == "file-1.png"
    finally:
        again.stop()


def test_a_file_that_nobody_can_copy_is_refused_before_anything_is_made(
    office: Rehearsal,
) -> None:
    referred = WithFile(office, content=b"PK\x03\x04 an archive", name="all.zip")
    with pytest.raises(NoCopyOfFile):
        referred.desk.cases.referrals.draft(referred.case, referred.typed)
    referred.desk.cases.links.unlink(
        referred.case,
        referred.writer.conversation,
        referred.desk.cases.links.of_case(referred.case)[0].facts,
    )
    with pytest.raises(ReferralFileGone):
        referred.desk.cases.referrals.draft(referred.case, referred.typed)


@pytest.mark.attack
def test_a_file_that_is_of_the_case_no_more_when_it_is_ready_goes_nowhere(
    office: Rehearsal,
) -> None:
    referred = WithFile(office)
    clinic = referred.came()
    desk, talk = referred.desk, referred.writer.conversation

    def unlinked() -> None:
        desk.cases.links.unlink(referred.case, talk, linked(referred).facts)

    def destroyed() -> None:
        GoneRows(desk.journal.store).drop_file(referred.sent.blob, desk.now(), at_relay=False)

    hand_over_while(referred, unlinked)
    desk.cases.links.link(referred.case, talk)
    hand_over_while(referred, destroyed)
    meet(office)
    assert len(clinic.reads()) == 1


def linked(referred: WithFile) -> Link:
    """How the conversation that has the file belongs to the case."""
    links = referred.desk.cases.links.of_case(referred.case)
    (found,) = (one for one in links if one.talk == referred.writer.conversation)
    return found


def hand_over_while(referred: WithFile, meanwhile: Callable[[], None]) -> None:
    """Hand over at a desk at which something happens while the file is made ready."""
    book = referred.desk.cases.referrals
    along, talks = book._files, book._files._talks

    def opened(name: ConversationId, file: Attachment) -> Iterator[bytes]:
        yield from talks.opened(name, file)
        meanwhile()

    book._files = FilesAlong(talks._replace(opened=opened))  # type: ignore[misc]
    with pytest.raises(ReferralFileGone):
        referred.hand_over(referred.desk)
    book._files = along  # type: ignore[misc]


def blobs(stage: Rehearsal) -> set[tuple[int, bytes]]:
    """Length and id of every file that the relay has."""
    reader = stage.store.parts.database.reader()
    found = set(reader.execute("SELECT length, blob FROM blobs"))
    assert found, "her own file is there from the beginning"
    return found
