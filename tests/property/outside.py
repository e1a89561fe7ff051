# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything of the program that reads bytes or text from outside, each with a good example.

Those of `formats` and of the vectors, every codec, and what neither of them calls.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from safeconduct.edges.counter import forms as counter_forms
from safeconduct.edges.counter.config import CounterConfig, Limits
from safeconduct.edges.desk import by_hand_words, forms, locked_watch, moments, sound
from safeconduct.edges.desk.cleaning.copied import Head, Mark, Size, parse_copy, write_copy
from safeconduct.edges.desk.importing import submission_reader
from safeconduct.edges.desk.importing.csvs import read_csv
from safeconduct.edges.desk.importing.papers import (
    Paper,
    Papers,
    parse_papers,
    parse_submissions,
    write_papers,
    write_submissions,
)
from safeconduct.edges.desk.importing.tables import Sheet, Tables, parse_tables, write_tables
from safeconduct.edges.relay.access import read_opening
from safeconduct.edges.relay.web import read_path
from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import (
    Malformed,
    NotCanonical,
    SafeconductError,
    UnknownVersion,
)
from safeconduct.kernel.log.checkpoint import Checkpoint, parse_checkpoint, write_checkpoint
from safeconduct.kernel.names import arabic, cyrillic, latin
from safeconduct.kernel.phrase import LISTS, read_phrase
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.kernel.seal.odk import OdkKey, OdkManifest, open_submission
from safeconduct.kernel.wire import bodies, first_words, intake, refusals, streams
from safeconduct.kernel.wire.bodies import Access, Founding
from safeconduct.kernel.wire.first_words import FirstWords
from safeconduct.kernel.words import DAY, HOUR, Address, CommitId, Instant
from safeconduct.programs.showing import read_scheme
from safeconduct.rooms.cases.xlsform import read_xlsform
from safeconduct.rooms.crew import HeldKey, backup, recovery, shares
from safeconduct.rooms.crew.card_facts import RecoverySplit
from safeconduct.rooms.crew.events import SIGNED
from safeconduct.rooms.crew.join import open_meeting, seal_meeting
from safeconduct.rooms.crew.move_facts import RelayMoved
from safeconduct.rooms.crew.watching import (
    ON_DUTY,
    check_head,
    parse_heartbeat,
    write_head,
    write_heartbeat,
)
from safeconduct.rooms.duty import locked
from safeconduct.rooms.hotline.first_words import read_words, sign_words
from safeconduct.rooms.hotline.line_licence import LineLicence
from safeconduct.rooms.passage.maps.gazetteer import parse_line
from safeconduct.rooms.passage.operations.json_text import read_json
from tests.kit.field_forms import filled_in, office_key, pem_of, seal
from tests.kit.fuzzing import codecs, example
from tests.kit.gazetteer import LINES as TOWNS
from tests.kit.relay import Office
from tests.property.formats import ANEW, FORMATS, INTAKE, KEY, MOVED, OFFICE, ONE
from tests.property.outside_lines import LICENCE, LINES
from tests.property.outside_plans import PLANS
from tests.vectors.case import Case, Given
from tests.vectors.run import OPERATIONS, load

FILES: Final = ("seal.json", "journal.json", "mailbox.json", "crew.json", "doors.json")
OUTSIDE: Final = frozenset(
    {"box", "certificate", "data", "frame", "item", "key", "note", "padded", "parcel", "sealed",
     "signature"}
)  # fmt: skip
"""Fields of a vector that somebody else sends; the rest is our own."""
KEYS_OF_OURS: Final = frozenset({"open_box", "open_frame", "open_entries", "open_chunk"})
"""Operations whose `key` is a secret that we hold, and no bytes from outside."""
INSIDE: Final = {
    "safeconduct.edges.desk.browser.open_browser": "opens a window at our own link",
    "safeconduct.edges.desk.importing.sheet_reader.read": "reads in the sandbox alone",
    "safeconduct.edges.desk.importing.workbook.read_workbook": "starts the sandbox",
    "safeconduct.edges.desk.keyslots.open_desk": "reads as keyslots.unlock does",
    "safeconduct.edges.desk.moving.read": "reads by parse_telling",
    "safeconduct.edges.desk.packing.open_store": "reads by keyslots.unlock",
    "safeconduct.edges.lines.folder.open_line": "reads by parse_secret",
    "safeconduct.edges.lines.reading.whatsapp.check_signature": "compares a keyed hash",
    "safeconduct.edges.relay.access.read_drop_order": "reads by parse_drop_order and its like",
    "safeconduct.edges.relay.blobs.check_chunk": "compares a length and a token",
    "safeconduct.edges.relay.blobs.read_parcel": "asks the database for a hash",
    "safeconduct.edges.relay.boxes.check_meeting": "compares a length",
    "safeconduct.edges.relay.boxes.check_size": "compares a length",
    "safeconduct.rooms.crew.doors.check_length": "compares a length",
    "safeconduct.rooms.crew.recovery.check_words": "says our own secret's check in words",
    "safeconduct.rooms.hotline.vetting_decide.open_gate": "opens a gate",
}
"""What only sounds as if it read bytes from outside, and why it does not."""
PAPERS: Final = write_papers(Papers(1, (Paper("a.xml", filled_in()),)))
SEALED: Final = seal(filled_in())
_FOUND: Final = submission_reader.read(
    write_papers(Papers(1, (Paper("m.xml", SEALED.manifest),)))
).found[0]
MANIFEST: Final = OdkManifest(
    *(_FOUND.form, _FOUND.version, _FOUND.text("base64EncryptedKey"), _FOUND.instance, ()),
    *("submission.xml.enc", _FOUND.text("base64EncryptedElementSignature")),
)
ODK_KEY: Final = OdkKey(pem_of(office_key()))
PLAIN: Final = "application/x-www-form-urlencoded"
FILED: Final = "multipart/form-data; boundary=b"
FORM: Final = b"csrf=a&text=%D0%B4%D0%B0+1"
FILES_FORM: Final = (
    b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nyes\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nwords\r\n--b--\r\n"
)
RELAY: Final = Office()
OPENING: Final = encode(RELAY.unsigned(2))
CARDS: Final = recovery.sealing_of(KEY)
HEAD: Final = backup.Head(1, 2, KEY, bytes(16), "http://gone", KEY, 3, KEY, 0)
END: Final = backup.End(3, 0, 1, 2, 0)
WORDS: Final = sign_words(FirstWords(1, RELAY.office, 1, 2, {"ru": "Ждите."}), RELAY.intake_signing)
CARD: Final = shares.split(KEY, shares.Scheme(2, 3))[0]
LOCKED_CALLS: Final = locked.LockedCalls(
    *("http://127.0.0.1:2", (bytes(16), KEY[:16])),
    (locked.Watch(0, (0,), (1,), ()), locked.Watch(HOUR, (1,), (), (0, 1))),
    (HOUR, 2 * HOUR),
    2,
    locked.days_of(KEY, 2, Instant(0), Instant(DAY)),
    *(1, DAY),
)
ERRAND: Final = locked_watch.errand_of(
    ("http://127.0.0.1:1", RELAY.office, KEY),
    intake=1,
    until=Instant(DAY),
    shows=True,
    calls=LOCKED_CALLS,
)


GOOD: Final[dict[object, bytes]] = {
    CounterConfig: encode(
        CounterConfig(
            office=OFFICE.id, intake_signing=INTAKE.public.raw, relay="http://127.0.0.1:1"
        )
    ),
    LineLicence: encode(LICENCE),
    RelayMoved: SIGNED.decode(MOVED.body).fact,
    RecoverySplit: SIGNED.decode(ANEW.body).fact,
}
"""Examples of records that refuse their own least values."""


@dataclass(frozen=True)
class Reader:
    """A good example, what reads it, and what else than our own errors it may raise."""

    good: bytes
    read: Callable[[bytes], object]
    raises: tuple[type[Exception], ...] = (SafeconductError,)


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


def _body(piece: bytes) -> bytes:
    """A piece of a backup, without what says its kind and length."""
    return piece[5:]


def _typed(good: str, read: Callable[[str], object]) -> Reader:
    return Reader(good.encode(), _text(read))


OTHERS: Final[dict[str, Reader]] = {
    "counter form": Reader(FORM, lambda d: counter_forms.read_form([d], PLAIN, Limits()), ()),
    "counter files": Reader(
        FILES_FORM, lambda d: counter_forms.read_form([d], FILED, Limits()), ()
    ),
    "counter kind": Reader(
        FILED.encode(),
        lambda d: counter_forms.read_form([FILES_FORM], d.decode("latin-1"), Limits()),
        (),
    ),
    "form": Reader(FORM, lambda d: forms.parse_form(d, PLAIN)),
    "gazetteer": Reader(TOWNS[0].encode(), _text(parse_line), ()),
    "files": Reader(FILES_FORM, lambda d: forms.parse_form(d, FILED)),
    "form's kind": Reader(
        FILED.encode(), lambda d: forms.parse_form(FILES_FORM, d.decode("latin-1"))
    ),
    "id": Reader(b"0a" * 16, _text(lambda text: forms.parse_id(text, 16)), ()),
    "moment": Reader(b"2026-11-29T03:10", _text(lambda text: moments.parse_moment(text, UTC)), ()),
    "sheet as text": Reader("кто;что\nА;да\n".encode(), read_csv),
    "name in Arabic letters": _typed("محمد", arabic.read),
    "name in Cyrillic": _typed("магомед", cyrillic.read),
    "name in Latin": _typed("mukhammad", latin.read),
    "tables": Reader(
        write_tables(Tables(1, (Sheet("1", (("when", "what"), ("2026-01-02", "да")), 0),))),
        parse_tables,
    ),
    "papers": Reader(PAPERS, parse_papers),
    "submissions in papers": Reader(PAPERS, submission_reader.read),
    "submissions": Reader(write_submissions(submission_reader.read(PAPERS)), parse_submissions),
    "workbook's form": Reader(
        b"type\tname\tlabel\ntext\tq\tWhat?\ninteger\tn\tMany?",
        _text(
            lambda text: read_xlsform(
                {"survey": [row.split("\t") for row in text.split("\n")]}, "f"
            )
        ),
    ),
    "sealed submission": Reader(
        SEALED.files["submission.xml.enc"],
        lambda d: open_submission(ODK_KEY, MANIFEST, {"submission.xml.enc": d}),
    ),
    "clean copy": Reader(
        write_copy(
            Head(1, "picture", marks=(Mark("taken", "2026"),), sizes=(Size(2, 1),), pages=1),
            (bytes(6),),
        ),
        parse_copy,
    ),
    "range": Reader(b"bytes=10-20", _text(lambda text: sound.parse_range(text, 44)), ()),
    "begun": Reader(b'{"way":"call"}', _text(by_hand_words.parse_begun), ()),
    "errand": Reader(locked_watch.write_errand(ERRAND).encode(), locked_watch.parse_errand),
    "opening": Reader(OPENING, lambda d: read_opening(RELAY.office, Access(d, bytes(64)))),
    "any opening": Reader(OPENING, bodies.parse_opening),
    "founding": Reader(encode(Founding("code", RELAY.card)), bodies.parse_founding),
    "path": Reader(
        b"00" * 16 + b"/blobs/" + b"0a" * 32 + b"/7", _text(lambda text: read_path("/v1/" + text))
    ),
    "checkpoint": Reader(
        write_checkpoint(Checkpoint(OFFICE.id, "log", 7, KEY), INTAKE),
        lambda d: parse_checkpoint(d, INTAKE.public),
    ),
    "phrase": _typed(" ".join(LISTS["ru"][:8]), read_phrase),
    "first words": Reader(WORDS, first_words.parse_first_words),
    "signed first words": Reader(
        WORDS,
        lambda d: read_words(d, RELAY.office, RELAY.intake_signing.public, Instant(1)),
    ),
    "wire certificate": Reader(RELAY.certificate(), intake.parse_certificate),
    "wire item": Reader(RELAY.item(b"x"), intake.parse_item),
    "refusal": Reader(
        refusals.write_refusal(refusals.MoreWork(b"s" * 16, 9)), refusals.parse_refusal
    ),
    "frames": Reader(streams.write_frames([b"one", b"two"]), streams.parse_frames),
    "items": Reader(
        streams.write_items([IntakeItem(0, Instant(1), ItemState.WAITS, b"x" * 40)]),
        streams.parse_items,
    ),
    "box answer": Reader(
        streams.write_box_answer(streams.BoxAnswer([streams.BoxItem(1, 2, b"x")], more=True)),
        streams.parse_box_answer,
    ),
    "scheme": Reader(b"2-of-3", _text(read_scheme), (argparse.ArgumentTypeError,)),
    "meeting": Reader(
        seal_meeting(KEY, Address(KEY), b"revealed"),
        lambda d: open_meeting(KEY, Address(KEY), d),
    ),
    "check words": _typed(" ".join(recovery.check_words(KEY, "ru")), recovery.read_check),
    "share": _typed(" ".join(CARD.words("en")), shares.read_share),
    "share's words": _typed(" ".join(CARD.words("ru")), shares.read_words),
    "backup's trailer": Reader(
        backup.seal_trailer(CARDS.public, backup.Trailer(1, OFFICE.id, KEY, 7, b"noted")),
        lambda d: backup.open_trailer(CARDS, d),
    ),
    "backup's head": Reader(_body(backup.write_head(HEAD)), backup.parse_head),
    "backup's keys": Reader(
        _body(next(backup.write_keys([HeldKey("office", bytes(16), 1, KEY)]))), backup.parse_keys
    ),
    "backup's file": Reader(_body(backup.write_file_head(KEY, 3, 9)), backup.parse_file_head),
    "backup's end": Reader(_body(backup.write_end(END)), backup.parse_end),
    "backup": Reader(
        backup.write_head(HEAD) + backup.write_end(END), lambda d: list(backup.parse_pieces([d]))
    ),
    **{name: Reader(*pair) for name, pair in (PLANS | LINES).items()},
    "json": Reader(b'{"a":[1,null]}', read_json),
    "heartbeat": Reader(write_heartbeat(ON_DUTY), parse_heartbeat),
    "head": Reader(
        write_head(OFFICE.id, ONE.id, ONE.signing, (1, CommitId(KEY))),
        lambda d: check_head(d, OFFICE.id, ONE.id, ONE.signing.public),
    ),
}


def everything() -> dict[str, Reader]:
    """Return all of it, by name."""
    told = {f"format: {name}": Reader(one.good, one.read) for name, one in FORMATS.items()}
    told |= {f"codec: {name}": _of(codec) for name, codec in codecs().items()}
    for file in FILES:
        for case in load(file):
            if case["expect"] == "ok":
                told |= _of_case(case)
    return told | OTHERS


def _of(codec: Codec[Any]) -> Reader:
    good = GOOD.get(codec._decoder.type) or example(codec)
    return Reader(good, codec.decode, (Malformed, NotCanonical, UnknownVersion))


def _of_case(case: Case) -> dict[str, Reader]:
    fields = OUTSIDE & case.keys() - ({"key"} if case["op"] in KEYS_OF_OURS else set())
    told = {field for field in fields if isinstance(case[field], str)}
    return {f"{case['name']}: {field}": _field(case, field) for field in told}


def _field(case: Case, field: str) -> Reader:
    def read(data: bytes) -> object:
        return OPERATIONS[case["op"]](Given(case | {field: data.hex()}))

    return Reader(bytes.fromhex(case[field]), read)
