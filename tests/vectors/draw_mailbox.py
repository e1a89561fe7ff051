# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of mailbox.json (spec/mailbox.md)."""

import hashlib
import hmac
from functools import cache

import msgspec

from safeconduct.kernel.canon import encode
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.lock import blob_id
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.seal.padding import pad
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.hotline.letters import conversation_of, message_id
from tests.vectors import draw_contact
from tests.vectors.case import Case, Field, case
from tests.vectors.draw import LongSigner, flip, recipients, seeded

PERSON, INTAKE = recipients()
OFFICE = OfficeId(seeded("office", 16))
VOICE, ADDRESS = seeded("voice"), seeded("address")
EPOCH = 7
FILE_KEY = seeded("file key")
FILE = [blob_id(FILE_KEY), FILE_KEY, "справка.jpg", 123_456, "image/jpeg"]
PHRASES = (
    "en:abacus abdomen ability about above abroad absent acid",
    "ru:аванс август автор адрес азбука алмаз анкета арбуз",
)


def cases(kept: set[bytes]) -> list[Case]:
    """Every case, in order; `kept` are signatures to keep."""
    return [
        *_phrases(),
        case(
            "conversation",
            "conversation",
            browser=False,
            voice=VOICE,
            conversation=conversation_of(VOICE),
        ),
        *_office_words(),
        *_certificates(kept),
        *_letters(),
        *draw_contact.cases(),
        *_opened_letters(),
        *_replies(),
        *_opened_replies(),
    ]


@cache
def _secret(phrase: str) -> bytes:
    return stretch_phrase(phrase.encode(), OFFICE)


def _phrases() -> list[Case]:
    found = []
    for phrase in PHRASES:
        secret = _secret(phrase)
        seed = part(secret, "mailbox-seal")
        found += [
            case(
                f"phrase: {phrase[:2]}",
                "phrase_secret",
                phrase=phrase,
                office=OFFICE,
                secret=secret,
            ),
            case(
                f"phrase: parts, {phrase[:2]}",
                "phrase_parts",
                secret=secret,
                seed=seed,
                public=SealingKey.from_seed(seed).public.raw,
                address=part(secret, "mailbox-address"),
                voice=part(secret, "mailbox-voice"),
            ),
        ]
    return found


def _office_words() -> list[Case]:
    key = LongSigningKey.from_seed(seeded("intake signer", 64)).public.raw
    places = [LISTS["en"].index(word) for word in office_words(OFFICE, key, "en")]
    told: Case = {"office": OFFICE, "key": key[:32], "places": " ".join(map(str, places))}
    return [case("office words", "office_words", **told)]


def _certificates(kept: set[bytes]) -> list[Case]:
    signer = LongSigner(LongSigningKey.from_seed(seeded("intake signer", 64)), kept)
    stranger = LongSigner(LongSigningKey.from_seed(seeded("stranger", 64)), kept)
    other = OfficeId(seeded("other office", 16))
    opened, closes = 1_795_000_000_000, 1_797_592_000_000
    fields = [1, OFFICE, EPOCH, INTAKE.public, opened, closes]

    def signed(raw: bytes, by: LongSigner = signer, office: bytes = OFFICE) -> bytes:
        return raw + by.sign("intake-key", office, raw)

    def changed(place: int, value: object) -> bytes:
        return encode([*fields[:place], value, *fields[place + 1 :]])

    good = signed(encode(fields))
    given: Case = {"office": OFFICE, "key": signer.key.public.raw, "least": 0, "data": good}
    small_order = INTAKE.public[:1184] + bytes(32)

    def refused(name: str, expect: str, *, browser: bool = True, **other_fields: Field) -> Case:
        told = given | other_fields
        return case(f"certificate: {name}", "certificate", expect, browser=browser, **told)

    return [
        case("certificate", "certificate", **given, epoch=EPOCH, intake=INTAKE.public),
        case(
            "certificate: of the newest epoch seen",
            "certificate",
            **(given | {"least": EPOCH}),
            epoch=EPOCH,
            intake=INTAKE.public,
        ),
        refused("signed by a stranger", "bad_signature", data=signed(encode(fields), stranger)),
        refused(
            "of another office", "bad_signature", data=signed(changed(1, other), signer, other)
        ),
        refused("bit flipped in the key", "bad_signature", data=flip(good, 8 * 40)),
        refused("bit flipped in the Ed25519 half", "bad_signature", data=flip(good, -8 * 3373)),
        refused(
            "bit flipped in the other half", "bad_signature", browser=False, data=flip(good, -1)
        ),
        refused("names another office", "malformed", browser=False, data=signed(changed(1, other))),
        refused("only a signature", "malformed", data=good[-3373:]),
        refused("nothing", "malformed", data=b""),
        refused("of version 2", "unknown_version", data=signed(changed(0, 2))),
        refused(
            "of version 2 with a field more",
            "unknown_version",
            data=signed(encode([2, *fields[1:], b""])),
        ),
        refused("with a field more", "malformed", data=signed(encode([*fields, 0]))),
        refused("epoch as text", "malformed", data=signed(changed(2, "7"))),
        refused(
            "epoch not in its shortest form",
            "not_canonical",
            data=signed(encode(fields).replace(OFFICE + b"\x07", OFFICE + b"\xcc\x07")),
        ),
        refused("key of small order", "bad_key", data=signed(changed(3, small_order))),
        refused(
            "key one byte short",
            "bad_key",
            browser=False,
            data=signed(changed(3, INTAKE.public[1:])),
        ),
    ]


def _told_files(files: list[list[object]]) -> list[list[object]]:
    return [[v.hex() if isinstance(v, bytes) else v for v in file] for file in files]


def _letters() -> list[Case]:
    texts = {
        "a letter": ("ru", "Меня держат дома. Ключ у брата.", [], {}),
        "a letter with a file": ("en", "This is the paper.", [FILE], {}),
        "a letter with extras": ("ru", "ё", [], {"b": 1, "a": [True, None], "я": {}}),
        "an empty letter": ("en", "", [], {}),
        "a letter of many signs": ("ar", "\u200fمرحبا 🏳️‍🌈 \0 \uffff", [], {}),
    }
    return [
        case(
            f"write: {name}",
            "write_letter",
            voice=VOICE,
            address=ADDRESS,
            public=PERSON.public,
            language=language,
            text=text,
            files=_told_files(files),
            extras=extras,
            letter=encode([1, VOICE, ADDRESS, PERSON.public, language, text, files, extras]),
        )
        for name, (language, text, files, extras) in texts.items()
    ]


def _opened_letters() -> list[Case]:
    fields = [1, VOICE, ADDRESS, PERSON.public, "ru", "Помогите.", [FILE], {"later": [1, b"x"]}]
    context = OFFICE + EPOCH.to_bytes(4, "big")

    def item(letter: bytes, at: bytes = context) -> bytes:
        return b"\x01" + at + INTAKE.seal("intake", at, pad(letter, 4096))

    def changed(place: int, value: object) -> bytes:
        return item(encode([*fields[:place], value, *fields[place + 1 :]]))

    good = item(encode(fields))
    given: Case = {"item": good, "office": OFFICE, "seed": INTAKE.seed}

    def refused(name: str, expect: str, **other: Field) -> Case:
        return case(f"open letter: {name}", "open_letter", expect, browser=False, **(given | other))

    later = OFFICE + (EPOCH + 1).to_bytes(4, "big")
    not_padded = b"\x01" + context + INTAKE.seal("intake", context, bytes(4096))
    longer = encode(fields)
    longer = longer[:1] + b"\xcc\x01" + longer[2:]
    return [
        case(
            "open letter",
            "open_letter",
            browser=False,
            **given,
            letter=encode(fields),
            epoch=EPOCH,
            message=message_id(good),
        ),
        refused("another key", "cannot_open", seed=PERSON.seed),
        refused(
            "epoch changed on the outside", "cannot_open", item=good[:17] + later[16:] + good[21:]
        ),
        refused("another office on the outside", "malformed", item=flip(good, 8)),
        refused("of version 2 on the outside", "unknown_version", item=b"\x02" + good[1:]),
        refused("of another suite", "unknown_version", item=good[:21] + b"\x02" + good[22:]),
        refused("cut after the epoch", "malformed", item=good[:21]),
        refused("nothing", "malformed", item=b""),
        refused("bit flipped", "cannot_open", item=flip(good, 8 * 3000)),
        refused("no padding mark", "malformed", item=not_padded),
        refused("of version 2 inside alone", "malformed", item=changed(0, 2)),
        refused("not canonical", "not_canonical", item=item(longer)),
        refused("short voice", "malformed", item=changed(1, VOICE[1:])),
        refused("short address", "malformed", item=changed(2, b"")),
        refused(
            "her key of small order", "bad_key", item=changed(3, PERSON.public[:1184] + bytes(32))
        ),
        refused("text that is not UTF-8", "malformed", item=changed(5, msgspec.Raw(b"\xa1\xff"))),
        refused(
            "a file whose id is of another key",
            "malformed",
            item=changed(6, [[ADDRESS, *FILE[1:]]]),
        ),
        refused("a file of negative size", "malformed", item=changed(6, [[*FILE[:3], -1, "x"]])),
        refused(
            "a file of impossible size", "malformed", item=changed(6, [[*FILE[:3], 1 << 50, "x"]])
        ),
        refused("extras that are a list", "malformed", item=changed(7, [])),
    ]


def _replies() -> list[Case]:
    told = {
        "an answer": ("answer", "Ждите нас у аптеки.", [], b""),
        "an answer with a file": ("answer", "", [FILE], b""),
        "a have": ("have", "", [], seeded("message")),
    }
    return [
        case(
            f"write: {name}",
            "write_reply",
            browser=False,
            kind=kind,
            time=1_795_000_000_000,
            text=text,
            files=_told_files(files),
            about=about,
            extras={},
            reply=encode([1, kind, 1_795_000_000_000, text, files, about, {}]),
        )
        for name, (kind, text, files, about) in told.items()
    ]


def _opened_replies() -> list[Case]:
    proof = hmac.new(VOICE, b"safeconduct/answer/1", hashlib.sha256).digest()
    context = OFFICE + ADDRESS + proof
    fields = [1, "answer", 1_795_000_000_000, "Ждите нас у аптеки.", [FILE], b"", {"later": 1}]
    have = [1, "have", 1_795_000_000_000, "", [], seeded("message"), {}]

    def item(reply: bytes, at: bytes = context) -> bytes:
        return b"\x01" + PERSON.seal("answer", at, pad(reply, 1024))

    def changed(place: int, value: object) -> bytes:
        return item(encode([*fields[:place], value, *fields[place + 1 :]]))

    good = item(encode(fields))
    given: Case = {
        "item": good,
        "office": OFFICE,
        "address": ADDRESS,
        "voice": VOICE,
        "seed": PERSON.seed,
    }

    def refused(name: str, expect: str = "cannot_open", **other: Field) -> Case:
        return case(f"open reply: {name}", "open_reply", expect, **(given | other))

    forged = item(encode(fields), OFFICE + ADDRESS + bytes(32))
    unpadded = b"\x01" + PERSON.seal("answer", context, encode(fields))
    return [
        case("open reply", "open_reply", **given, reply=encode(fields)),
        case(
            "open reply: a have",
            "open_reply",
            **(given | {"item": item(encode(have))}),
            reply=encode(have),
        ),
        refused("by somebody who does not know her voice", item=forged),
        refused("another key", seed=INTAKE.seed),
        refused("another office", office=flip(OFFICE, 0)),
        refused("another box", address=flip(ADDRESS, 0)),
        refused("another voice", voice=flip(VOICE, 0)),
        refused("bit flipped", item=flip(good, 8 * 1500)),
        refused("cut by one byte", item=good[:-1]),
        refused(
            "a letter to the intake, turned round",
            item=b"\x01" + PERSON.seal("intake", context, b""),
        ),
        refused("nothing", "malformed", item=b""),
        refused("only a version", "malformed", item=b"\x01"),
        refused("of version 2 on the outside", "unknown_version", item=b"\x02" + good[1:]),
        refused("of another suite", "unknown_version", item=b"\x01\x02" + good[2:]),
        refused("of version 2", "unknown_version", item=changed(0, 2)),
        refused("of another kind", "malformed", item=changed(1, "order")),
        refused("about half a message", "malformed", item=changed(5, bytes(16))),
        refused("without a padding mark", "malformed", item=unpadded),
        refused("with a field more", "malformed", item=item(encode([*fields, 0]))),
        refused("kind in a longer form", "not_canonical", item=item(_longer(encode(fields)))),
    ]


def _longer(reply: bytes) -> bytes:
    return reply.replace(b"\xa6answer", b"\xd9\x06answer")
