# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device of the office, in wrong hands, writes what it may not."""

from dataclasses import replace
from functools import partial

import msgspec
import pytest

from safeconduct.edges.desk.engine.judge import At, Judge
from safeconduct.kernel.errors import CannotOpen
from safeconduct.kernel.journal import (
    Chains,
    Commit,
    EntryChanged,
    EntryMisplaced,
    Fact,
    Heads,
    Step,
    VaultEpoch,
    follow,
    open_frame,
)
from safeconduct.kernel.journal.commit import sign_commit, slot_of, write_frame
from safeconduct.kernel.journal.entry import Entry, entry_context, entry_tag
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.seal.lock import close_box
from safeconduct.kernel.seal.padding import pad
from safeconduct.kernel.sync import OpenedEntry, Reader
from safeconduct.kernel.words import DAY, CommitId, DeviceId, Instant
from safeconduct.rooms import crew
from safeconduct.rooms.crew import DeviceAdmitted, Role, Told, kind_of, write_fact
from safeconduct.rooms.crew.join import (
    Grant,
    PromiseBroken,
    Transcript,
    open_grant,
    promise,
    read_reveal,
    reveal,
    seal_grant,
)
from tests.kit.builders import Device, Office, build_device, build_office, found, founding_fact
from tests.kit.clocks import NOON

pytestmark = pytest.mark.attack

SALT = bytes(16)


@pytest.fixture
def office() -> Office:
    return build_office(devices=2)


def note(office: Office, text: bytes = b"\xa5words") -> Fact:
    """Some fact of the hotline."""
    return Fact(office.hotline, "hotline.NoteWritten", 1, text)


def framed(office: Office, commit: Commit) -> bytes:
    """A commit under the office key, which every colleague holds."""
    return write_frame(commit, epoch=1, office_key=office.office_key, salt=SALT)


def reader(office: Office) -> Reader:
    """A colleague who has read nothing yet."""
    return Reader(office.id, office.office_keys, office.ring(), Chains())


def keys(office: Office, device: DeviceId) -> VerifyKey | None:
    """The roster's keys."""
    known = {one.id: one.signing.short.public for one in office.devices}
    return known.get(device)


def admission(office: Office, newcomer: Device, signer: Device) -> bytes:
    """A roster fact that lets a device in."""
    fact = DeviceAdmitted(newcomer.known.card, "somebody new", (Role.STEWARD.value,))
    return write_fact(fact, office.id, signer.id, signer.signing)


def test_commit_in_a_colleagues_name_does_not_count(office: Office) -> None:
    victim, enemy = office.devices
    commit = office.write(victim, note(office))
    forged = sign_commit(commit.header, commit.sealed, enemy.signing.short)
    (read,) = reader(office).read(0, framed(office, forged), lambda device: keys(office, device))
    assert read.code == "bad_signature"


def test_entry_put_into_a_signed_commit_is_found(office: Office) -> None:
    device = office.devices[0]
    commit = office.write(device, note(office))
    other = bytes(len(commit.sealed[0]))
    swapped = Commit(commit.id, commit.header, commit.header_bytes, commit.signature, (other,))
    with pytest.raises(EntryChanged):
        open_frame(framed(office, swapped), office.id, office.office_keys)


def test_entry_copied_from_a_colleague_is_not_taken_for_ones_own(office: Office) -> None:
    victim, enemy = office.devices
    theirs = office.write(victim, note(office))
    mine = office.write(enemy)
    # One's own salt and number may be chosen so that the copied box opens in its new place.
    header = msgspec.structs.replace(
        mine.header,
        salt=theirs.header.salt,
        sequence=theirs.header.sequence,
        slots=theirs.header.slots,
    )
    copied = sign_commit(header, theirs.sealed, enemy.signing.short)
    ring = office.ring()
    ring.add_device(victim.id)
    with pytest.raises(EntryMisplaced):
        ring.open(copied)


def test_entry_that_names_another_vault_than_its_key_is_refused(office: Office) -> None:
    device = office.devices[0]
    commit = office.write(device)
    where = VaultEpoch(office.hotline, 1)
    key = office.vaults[where.vault]
    lying = Entry(1, office.crew, 1, 0, "crew.DeviceAdmitted", 1, b"\xc0")
    context = entry_context(device.id, commit.header.sequence, commit.header.salt, 0)
    box = close_box(key, "entry", context, pad(msgspec.msgpack.encode(lying), 128))
    slots = (slot_of(entry_tag(key, device.id, 0), box),)
    header = msgspec.structs.replace(commit.header, slots=slots)
    with pytest.raises(EntryMisplaced):
        office.ring().open(sign_commit(header, (box,), device.signing.short))


def test_number_signed_twice_suspends_the_device(office: Office) -> None:
    device, chains = office.devices[0], Chains()
    before = device.pen
    first = office.write(device, note(office, b"\xa3one"))
    device.pen = before
    second = office.write(device, note(office, b"\xa3two"))
    assert chains.step(first) is Step.FOLLOWS
    assert chains.step(second) is Step.FORKS


def test_commit_that_follows_another_history_suspends_the_device(office: Office) -> None:
    device, chains = office.devices[0], Chains()
    first = office.write(device, note(office))
    device.pen = replace(device.pen, previous=CommitId(b"x" * 32))
    assert chains.step(first) is Step.FOLLOWS
    assert chains.step(office.write(device, note(office))) is Step.FORKS


def reads(office: Office, *cited: tuple[bytes, ...]) -> list[str]:
    """What becomes of a steward's roster commit, then of a helper's commits that cite heads."""
    steward, helper = office.devices
    heads = Heads(office.crew, lambda device: device == steward.id)
    reading = Reader(office.id, office.office_keys, office.ring(), Chains(), heads)
    office.write(steward, Fact(office.crew, "crew.DeviceSuspended", 1, b"\xc0"))
    for some in cited:
        helper.pen = replace(helper.pen, heads=some)
        office.write(helper, note(office))
    frames = (*steward.frames, *helper.frames)
    found = [read for frame in frames for read in reading.read(0, frame, partial(keys, office))]
    return [read.code for read in found]


def test_made_up_roster_head_makes_its_commit_wait(office: Office) -> None:
    assert reads(office, (b"made up".ljust(32),)) == ["", "head_unknown"]


def test_colleague_who_hides_a_removal_that_it_knew_does_not_count(office: Office) -> None:
    again = build_office(devices=2)
    removal = again.write(again.devices[0], Fact(again.crew, "crew.DeviceSuspended", 1, b"\xc0"))
    assert reads(office, (removal.id,), ()) == ["", "", "heads_went_back"]


def test_helper_who_is_no_steward_admits_nobody(office: Office) -> None:
    told = found(office)
    helper = office.devices[1]
    newcomer = build_device(office.id, "new desk", office.rng)
    body = admission(office, newcomer, helper)
    commit = office.write(helper, Fact(office.crew, "crew.DeviceAdmitted", 1, body))
    told.append(Told(commit.id, helper.id, "crew.DeviceAdmitted", body))
    assert newcomer.id not in crew.fold(office.id, told).members


def test_roster_fact_signed_by_another_key_admits_nobody(office: Office) -> None:
    told = found(office)
    founder, helper = office.devices
    newcomer = build_device(office.id, "new desk", office.rng)
    fact = DeviceAdmitted(newcomer.known.card, "somebody new", (Role.OPERATOR.value,))
    body = write_fact(fact, office.id, founder.id, helper.signing)
    commit = office.write(founder, Fact(office.crew, kind_of(fact), 1, body))
    told.append(Told(commit.id, founder.id, kind_of(fact), body))
    assert newcomer.id not in crew.fold(office.id, told).members


def test_office_founded_by_another_root_is_not_this_office(office: Office) -> None:
    enemy = build_office(devices=1, seed="enemy")
    fact = founding_fact(enemy)
    body = write_fact(fact, office.id, b"", enemy.root)
    commit = enemy.write(enemy.devices[0])
    told = Told(commit.id, enemy.devices[0].id, kind_of(fact), body)
    assert crew.fold(office.id, [told]).founded is None


def test_line_writes_nothing_into_conversations(office: Office) -> None:
    founder, line = office.devices
    admitted = DeviceAdmitted(line.known.card, "the telephone", (Role.LINE.value,))
    told = [
        office.write_crew(founder, founding_fact(office), root=True),
        office.write_crew(founder, admitted),
    ]
    judge = Judge(crew.fold(office.id, told), office.crew, office.hotline)
    entry = OpenedEntry(0, office.hotline, 1, 0, "hotline.NoteWritten", 1, b"\xc0")
    assert judge.entry(At(b"c" * 32, line.id, 1), entry).code == "not_allowed"


def test_fact_in_another_rooms_vault_does_not_count(office: Office) -> None:
    judge = Judge(crew.fold(office.id, found(office)), office.crew, office.hotline)
    entry = OpenedEntry(0, office.crew, 1, 0, "hotline.NoteWritten", 1, b"\xc0")
    assert judge.entry(At(b"c" * 32, office.devices[1].id, 1), entry).code == "wrong_vault"


def test_clock_of_one_laptop_does_not_drag_the_offices_time() -> None:
    accepted = NOON << 16
    assert follow(accepted, (NOON + 30 * DAY) << 16, Instant(NOON)) == accepted


def test_card_that_was_not_promised_is_refused(office: Office) -> None:
    mine, enemy = office.devices
    promised = promise(mine.known.card, b"n" * 32)
    with pytest.raises(PromiseBroken):
        read_reveal(reveal(enemy.known.card, b"n" * 32), promised)


def test_grant_made_for_another_meeting_does_not_open(office: Office) -> None:
    device = office.devices[1]
    compared = Transcript(b"invite", b"promise", b"inviter", b"joiner")
    grant = Grant(1, b"r", b"c", b"k", b"v", b"p", 0, b"")
    sealed = seal_grant(grant, device.sealing.public, compared)
    with pytest.raises(CannotOpen):
        open_grant(sealed, device.sealing, replace(compared, inviter=b"somebody else"))
