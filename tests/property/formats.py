# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every format that comes from outside: one good example of each, and what reads it.

A reader gets bytes and returns what it read; whatever it raises must be a `SafeconductError`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from safeconduct.kernel.canon import encode
from safeconduct.kernel.journal import Fact, VaultEpoch, check_signature, open_frame
from safeconduct.kernel.journal.commit import HEADER
from safeconduct.kernel.journal.entry import parse_entry, write_entry
from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey, VerifyKey
from safeconduct.kernel.seal.lock import (
    BlobSealer,
    SealingPublicKey,
    SharedKey,
    blob_id,
    close_box,
    seal_to,
)
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.sign import sign, sign_long
from safeconduct.kernel.seal.unlock import BlobOpener, SealingKey, open_box, open_sealed
from safeconduct.kernel.seal.verify import verify, verify_long
from safeconduct.kernel.words import Address, OfficeId
from safeconduct.rooms.crew import (
    HeldKey,
    Packer,
    TeamWrap,
    Told,
    doors,
    fold,
    open_parcel,
    open_team_parcel,
    parse_card,
    write_parcel,
)
from safeconduct.rooms.crew.card_facts import RecoveryUsed
from safeconduct.rooms.crew.case_facts import CaseOpened
from safeconduct.rooms.crew.events import SIGNED, check_fact, parse_fact, write_fact
from safeconduct.rooms.crew.join import (
    Grant,
    Invite,
    Transcript,
    open_grant,
    parse_invite,
    promise,
    read_reveal,
    reveal,
    seal_grant,
    write_invite,
)
from safeconduct.rooms.crew.move_facts import RelayMoved
from safeconduct.rooms.crew.moves import parse_telling, write_telling
from safeconduct.rooms.crew.notices import Notice, parse_notice, write_notice
from safeconduct.rooms.crew.recovery import root_of
from safeconduct.rooms.crew.recovery_facts import Before, split_again
from safeconduct.rooms.crew.shares import Scheme, split
from safeconduct.rooms.crew.team_facts import KeysRenewed, TeamFormed
from safeconduct.rooms.crew.travel_facts import TravelEnded
from safeconduct.rooms.crew.vault_facts import KeyEpoch, KeyGroup
from safeconduct.rooms.hotline import events as hotline
from safeconduct.rooms.hotline.first_contact import FirstContact, parse_contact, write_contact
from safeconduct.rooms.hotline.letters import (
    Box,
    Certificate,
    Letter,
    Reply,
    open_letter,
    open_reply,
    parse_certificate,
    seal_letter,
    seal_reply,
    write_certificate,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.passage.errand.slip_report import parse_report
from tests.kit.builders import build_office, found
from tests.kit.clocks import NOON, SeededRng
from tests.property.formats_cases import CASES
from tests.property.formats_check_ins import CHECK_INS
from tests.property.formats_duty import DUTY
from tests.property.formats_hotline import HOTLINE
from tests.property.formats_passage import PASSAGE
from tests.vectors import draw_crew
from tests.vectors.draw_crew import DEVICE, GROUPS, HELD, TEAM, to_device, under
from tests.vectors.draw_crew import parcel as first_parcel

OFFICE = build_office(devices=2, seed="formats")
PACKER = Packer(OFFICE.id, b"o" * 32, SeededRng("formats"))
ONE, TWO = OFFICE.devices
TOLD = found(OFFICE)
COMMIT = OFFICE.write(ONE, Fact(OFFICE.hotline, "hotline.NoteWritten", 1, encode([b"c" * 16, "x"])))
FRAME = ONE.frames[-1]
KEY = b"k" * 32
PLACE = VaultEpoch(OFFICE.hotline, 1)
TRANSCRIPT = Transcript(b"invite", b"promise", b"inviter", b"joiner")
GRANT = Grant(1, b"relay", b"capability", b"root", b"v" * 16, b"p" * 32, 3, b"r" * 32)
INVITE = Invite(1, "https://relay.example", OFFICE.id, b"m" * 32, b"c" * 32, 12, b"r" * 32, "ru")
INTAKE = LongSigningKey.from_seed(b"s" * 64)
ROSTER = fold(OFFICE.id, TOLD)
RELAY = INTAKE.public.raw
MOVED = OFFICE.write_crew(
    ONE, RelayMoved("https://anew.example", RELAY, 2, 1, b"s" * 16, 3, b"r" * 32, ())
)
NOTICE = Notice(1, OFFICE.id, "https://page.example", "https://anew.example", RELAY, NOON)
CERTIFICATE = Certificate(1, OFFICE.id, 9, ONE.sealing.public.raw, NOON, NOON + 1)
ROOT = root_of(KEY)
BEFORE = Before(OFFICE.id, ROOT.public.raw)
ANEW = split_again(BEFORE, split(KEY, Scheme(2, 2)), b"n" * 32, Scheme(2, 3))
FILE = SealedFile(blob_id(KEY), KEY, "фото.jpg", 5, "image/jpeg")
LETTER = Letter(
    1, b"v" * 32, b"a" * 32, TWO.sealing.public.raw, "ru", "Помогите.", (FILE,), {"later": [1]}
)
BOX = Box(OFFICE.id, Address(b"a" * 32), TWO.sealing.public, b"v" * 32)
REPLY = Reply(1, "answer", NOON, "Ждите.", (FILE,), b"", {"later": None})
CONTACT = FirstContact(
    danger_today="yes", region="север", answer_hours=("night",), clock_shows=3, if_silent="Ждите."
)
RECEIVED = hotline.MessageReceived(
    conversation=b"c" * 16,
    message=b"m" * 32,
    address=b"a" * 32,
    sealing_key=b"k",
    voice=b"v" * 32,
    arrived=NOON,
    language="ru",
    text="Помогите.",
    files=(FILE,),
    via="page",
    extras=b"\x80",
    intake_epoch=9,
)
FOUNDED = TOLD[0]
ROSTER = fold(OFFICE.id, TOLD)
DOOR = doors.Door(OFFICE.id, TWO.known.door)
EPOCH = doors.NewEpoch(1, KEY, 1, KEY, 2, b"c" * 32, b"", 0)


@dataclass(frozen=True)
class Format:
    """A good example, its reader, and whether the bytes are sealed or signed."""

    good: bytes
    read: Callable[[bytes], object]
    guarded: bool = True


def _frame(data: bytes) -> object:
    commit = open_frame(data, OFFICE.id, OFFICE.office_keys)
    check_signature(commit, ONE.signing.short.public)
    return commit


def _roster(kind: str, root: LongSigningKey) -> Callable[[bytes], object]:
    def read(body: bytes) -> object:
        signed = SIGNED.decode(body)
        check_fact(kind, signed, OFFICE.id, root.public)
        return parse_fact(kind, signed)

    return read


def _folded(body: bytes) -> object:
    return fold(OFFICE.id, [Told(FOUNDED.commit, ONE.id, FOUNDED.kind, body)])


def _verified(signature: bytes) -> object:
    verify(ONE.signing.short.public, "receipt", b"c", b"m", signature)
    return signature


def _verified_long(signature: bytes) -> object:
    verify_long(ONE.signing.public, "notice", b"c", b"m", signature)
    return signature


def _chunk(sealed: bytes) -> object:
    return BlobOpener(KEY, 100).open(0, sealed)


def _door_letter(data: bytes) -> object:
    letter = doors.LETTER.decode(data)
    root = OFFICE.root.public
    return doors.read_letter(letter, DOOR, doors.signer_key(ROSTER, root, letter.signer))


FORMATS: dict[str, Format] = {
    "frame": Format(FRAME, _frame),
    "header": Format(COMMIT.header_bytes, HEADER.decode, guarded=False),
    "entry": Format(
        write_entry(Fact(OFFICE.hotline, "a.A", 1, b"\xc0"), 1, 0), parse_entry, guarded=False
    ),
    "box": Format(close_box(KEY, "entry", b"c", b"m"), lambda d: open_box(KEY, "entry", b"c", d)),
    "sealed": Format(
        seal_to(ONE.sealing.public, "door", b"c", b"m"),
        lambda d: open_sealed(ONE.sealing, "door", b"c", d),
    ),
    "chunk": Format(BlobSealer(KEY, 100).seal(0, b"f" * 100), _chunk),
    "signature": Format(sign(ONE.signing.short, "receipt", b"c", b"m"), _verified),
    "long signature": Format(sign_long(ONE.signing, "notice", b"c", b"m"), _verified_long),
    "card": Format(ONE.known.card, parse_card),
    "parcel": Format(
        write_parcel(PACKER, "r", [(ONE.sealing.public, [HeldKey("vault", b"v" * 16, 1, KEY)])]),
        lambda d: open_parcel(d, OFFICE.id, ONE.sealing),
        guarded=False,
    ),
    "team parcel": Format(
        write_parcel(PACKER, "r", [], [TeamWrap(SharedKey(KEY), {PLACE: KEY})]),
        lambda d: open_team_parcel(d, OFFICE.id, SharedKey(KEY)),
        guarded=False,
    ),
    "parcel of version 1": Format(
        first_parcel(to_device(DEVICE, 0, HELD)),
        lambda d: open_parcel(d, OfficeId(draw_crew.OFFICE), SealingKey.from_seed(DEVICE.seed)),
    ),
    "team parcel of version 1": Format(
        first_parcel(under(TEAM, 0, GROUPS)),
        lambda d: open_team_parcel(d, OfficeId(draw_crew.OFFICE), SharedKey(TEAM)),
    ),
    "invite": Format(
        write_invite(INVITE).encode(), lambda d: parse_invite(d.decode("utf-8", "replace"))
    ),
    "telling": Format(
        write_telling(OFFICE.id, "crew.RelayMoved", MOVED.body).encode(),
        lambda d: parse_telling(d.decode("utf-8", "replace"), ROSTER),
    ),
    "notice": Format(
        write_notice(NOTICE, INTAKE).encode(),
        lambda d: parse_notice(d.decode("utf-8", "replace"), OFFICE.id, INTAKE.public),
    ),
    "grant": Format(
        seal_grant(GRANT, ONE.sealing.public, TRANSCRIPT),
        lambda d: open_grant(d, ONE.sealing, TRANSCRIPT),
    ),
    "reveal": Format(
        reveal(ONE.known.card, b"n" * 32),
        lambda d: read_reveal(d, promise(ONE.known.card, b"n" * 32)),
    ),
    "roster": Format(FOUNDED.body, _roster(FOUNDED.kind, OFFICE.root)),
    "recovery split": Format(ANEW.body, _roster("crew.RecoverySplit", ROOT)),
    "recovery used": Format(
        write_fact(RecoveryUsed(2, (b"f" * 36,)), OFFICE.id, b"", ROOT),
        _roster("crew.RecoveryUsed", ROOT),
    ),
    "certificate": Format(
        write_certificate(CERTIFICATE, INTAKE),
        lambda d: parse_certificate(d, OFFICE.id, INTAKE.public),
    ),
    "letter": Format(
        seal_letter(LETTER, CERTIFICATE), lambda d: open_letter(d, OFFICE.id, ONE.sealing)
    ),
    "reply": Format(seal_reply(REPLY, BOX), lambda d: open_reply(d, BOX, TWO.sealing)),
    "door letter": Format(doors.write_letter(EPOCH, DOOR, ONE.id, ONE.signing), _door_letter),
    "door item": Format(
        doors.seal_letter(b"", DOOR, TWO.sealing.public),
        lambda d: doors.open_letter(d, DOOR, TWO.sealing),
    ),
    "hotline fact": Format(
        hotline.write_fact(RECEIVED),
        lambda d: hotline.parse_fact("hotline.MessageReceived", 1, d),
        guarded=False,
    ),
    "slip report": Format(
        encode({"slip": {"version": 1, "said": "arrived", "word": "dry branch"}}),
        parse_report,
        guarded=False,
    ),
    "first contact": Format(encode(write_contact(CONTACT)), parse_contact, guarded=False),
    **{
        name: Format(*one, guarded=False)
        for name, one in (HOTLINE | DUTY | CHECK_INS | CASES | PASSAGE).items()
    },
    "case opened": Format(
        write_fact(CaseOpened(6, 1), OFFICE.id, ONE.id, ONE.signing),
        _roster("crew.CaseOpened", ONE.signing),
        guarded=False,
    ),
    "trip ended": Format(
        write_fact(TravelEnded(TWO.id, (b"f" * 36,), b"p" * 32), OFFICE.id, ONE.id, ONE.signing),
        _roster("crew.TravelEnded", ONE.signing),
        guarded=False,
    ),
    "team formed": Format(
        write_fact(
            TeamFormed(b"t" * 16, "night", (TWO.id,), (), (b"f" * 36,)),
            OFFICE.id,
            ONE.id,
            ONE.signing,
        ),
        _roster("crew.TeamFormed", ONE.signing),
        guarded=False,
    ),
    "keys renewed": Format(
        write_fact(
            KeysRenewed((KeyGroup(70_000, b"v" * 16),), b"p" * 32, (), (KeyEpoch(b"t" * 16, 1),)),
            *(OFFICE.id, ONE.id, ONE.signing),
        ),
        _roster("crew.KeysRenewed", ONE.signing),
        guarded=False,
    ),
    "roster fold": Format(FOUNDED.body, _folded, guarded=False),
    "padding": Format(pad(b"m", 16), unpad, guarded=False),
    "verify key": Format(ONE.signing.short.public.raw, VerifyKey.parse, guarded=False),
    "long verify key": Format(ONE.signing.public.raw, LongVerifyKey.parse, guarded=False),
    "sealing key": Format(ONE.sealing.public.raw, SealingPublicKey.parse, guarded=False),
}
GUARDED = {name: told for name, told in FORMATS.items() if told.guarded}
