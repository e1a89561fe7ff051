# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of doors.json: letters in doors, and the addresses of dummies (spec/crew.md 5)."""

import hashlib
import hmac

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.keys import LongSigningKey
from tests.vectors.case import Case, Field, case
from tests.vectors.draw import LongSigner, Xwing, flip, recipients, seeded

DEVICE, OTHER = recipients()
OFFICE, ADDRESS = seeded("office", 16), seeded("door")
STEWARD = seeded("steward", 16)
OFFICE_KEY = seeded("office key")
EPOCH = [2, OFFICE_KEY, 4, seeded("crew key"), 3, seeded("capability"), b"", 0]
CONTROL = [*EPOCH[:6], seeded("control seed"), 1]
MOVED = [b"move", seeded("who moved", 16), b"signature"]
WIPE = [seeded("removal", 36), b"expulsion", 1, b"", b"signature"]
ONE_LENGTH = 16_384


def cases(kept: set[bytes]) -> list[Case]:
    """Every case, in order."""
    signer = LongSigner(LongSigningKey.from_seed(seeded("steward", 64)), kept)
    return [*_letters(signer), *_items(), *_dummies()]


def letter(signer: LongSigner, kind: str, body: object, **changed: Field) -> bytes:
    """A letter as its spec has it."""
    raw = encode(body)
    told = {"format": 1, "kind": kind, "body": raw, "signer": STEWARD} | changed
    context = changed.pop("context", OFFICE + ADDRESS)
    told.pop("context", None)
    signature = signer.sign("notice", context, kind.encode() + b"\0" + raw)
    return encode([*told.values(), signature])


def _letters(signer: LongSigner) -> list[Case]:
    def read(name: str, data: bytes, expect: str = "ok", **more: Field) -> Case:
        key = signer.key.public.raw
        given = {"data": data, "office": OFFICE, "address": ADDRESS, "key": key} | more
        return case(f"read letter: {name}", "read_door_letter", expect, browser=False, **given)

    good = letter(signer, "epoch", EPOCH)
    stranger = LongSigningKey.from_seed(seeded("stranger", 64)).public.raw
    wrong = "bad_signature"
    return [
        read("new epoch", good, says=encode(EPOCH)),
        read("to a steward", letter(signer, "epoch", CONTROL), says=encode(CONTROL)),
        read("moved", letter(signer, "moved", MOVED), says=encode(MOVED)),
        read("wipe", letter(signer, "wipe", WIPE), says=encode(WIPE)),
        read("in another door", good, wrong, address=seeded("other door")),
        read("of another office", good, wrong, office=seeded("other office", 16)),
        read("by another key", good, wrong, key=stranger),
        read("body changed", good.replace(OFFICE_KEY, seeded("own key")), wrong),
        read("kind changed", good.replace(b"epoch", b"moved"), wrong),
        read("of a kind to come", letter(signer, "later", EPOCH), "unknown_version"),
        read("of version 2", b"\x95\x02" + good[2:], "unknown_version"),
        read("half a control seed", letter(signer, "epoch", [*EPOCH[:6], b"k", 0]), "malformed"),
        read("wipe without a removal", letter(signer, "wipe", [b"", *WIPE[1:]]), "malformed"),
        read("a field more", letter(signer, "epoch", [*EPOCH, 0]), "malformed"),
        read("nothing", b"", "malformed"),
    ]


def _items() -> list[Case]:
    said = encode([1, "epoch", encode(EPOCH), STEWARD, bytes(3373)])

    def item(by: Xwing, padded: bytes, context: bytes = OFFICE + ADDRESS) -> bytes:
        return b"\x01" + by.seal("door", context, padded)

    def opened(name: str, data: bytes, expect: str = "ok", **more: Field) -> Case:
        given = {"item": data, "office": OFFICE, "address": ADDRESS, "seed": DEVICE.seed} | more
        return case(f"open letter: {name}", "open_door_letter", expect, browser=False, **given)

    good = item(DEVICE, said + b"\x80" + bytes(99))
    return [
        opened("a letter", good, letter=said),
        opened("that says nothing", item(DEVICE, b"\x80".ljust(ONE_LENGTH, b"\0")), letter=b""),
        opened("for another device", good, "cannot_open", seed=OTHER.seed),
        opened("of another door", good, "cannot_open", address=seeded("other door")),
        opened("of another office", good, "cannot_open", office=seeded("other office", 16)),
        opened("bit flipped", flip(good, -1), "cannot_open"),
        opened("without padding", item(DEVICE, bytes(9)), "malformed"),
        opened("of version 2", b"\x02" + good[1:], "unknown_version"),
        opened("nothing", b"", "malformed"),
    ]


def _dummies() -> list[Case]:
    key = seeded("first office key")
    found = []
    for number in (0, 1, 2**32 - 1):
        message = b"safeconduct/dummy-door/1\0" + number.to_bytes(4, "big")
        address = hmac.digest(key, message, hashlib.sha256)
        given: Case = {"office_key": key, "number": number, "address": address}
        found.append(case(f"dummy door {number}", "dummy_address", browser=False, **given))
    return found
