# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes log.json: `python -m tests.vectors.draw_log`.

Trees are computed by the definition of RFC 9162 section 2.1.1, notes and bodies are put together
byte by byte, so that what the kernel reads here was not made by it.  The first eight leaves are
those of the Certificate Transparency projects, whose roots are known.
"""

import base64
import hashlib
import json
import struct
from collections.abc import Callable
from typing import Any

from safeconduct.kernel.seal.keys import SIGNATURE_BYTES, LongSigningKey
from tests.vectors.case import Case, case
from tests.vectors.draw import FOLDER, LongSigner, flip, seeded

NAME = "log.json"
COMMENT = "docs/spec/relay.md 2, 3, 5 and 6; the forms are told in test_log.py"
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
KNOWN_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
OFFICE = seeded("relay office", 16)
KEY = LongSigningKey.from_seed(seeded("relay key", 64))


def h(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def mth(leaves: list[bytes]) -> bytes:
    """RFC 9162 2.1.1: MTH."""
    if len(leaves) < 2:
        return h(b"\0" + leaves[0]) if leaves else h(b"")
    k = _k(len(leaves))
    return h(b"\1" + mth(leaves[:k]) + mth(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162 2.1.3.1: PATH."""
    if len(leaves) == 1:
        return []
    k = _k(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """RFC 9162 2.1.4.1: SUBPROOF."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = _k(len(leaves))
    if m <= k:
        return [*proof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*proof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def _k(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def trees() -> list[Case]:
    """Roots and proofs, and proofs of something else."""
    cases = [
        case(
            f"root of {size}",
            "merkle_root",
            leaves=[leaf.hex() for leaf in LEAVES[:size]],
            root=bytes.fromhex(root),
        )
        for size, root in enumerate(KNOWN_ROOTS)
    ]
    for index, size in ((0, 1), (0, 8), (5, 8), (2, 3), (1, 5), (4, 5), (6, 7)):
        hashes = [step.hex() for step in path(index, LEAVES[:size])]
        fields = {"index": index, "size": size, "root": mth(LEAVES[:size])}
        leaf = h(b"\0" + LEAVES[index])
        told = f"leaf {index} of {size}"
        cases += _inclusion(told, leaf, hashes, fields)
    for first, second in ((1, 1), (1, 8), (6, 8), (2, 5), (4, 7), (3, 7), (7, 8), (0, 5)):
        hashes = [step.hex() for step in proof(first, LEAVES[:second])] if first else []
        fields = {"first": first, "second": second}
        roots = mth(LEAVES[:first]), mth(LEAVES[:second])
        cases += _consistency(f"{second} extends {first}", roots, hashes, fields)
    return cases


def _inclusion(told: str, leaf: bytes, hashes: list[str], fields: dict[str, Any]) -> list[Case]:
    def one(name: str, expect: str, leaf: bytes, hashes: list[str]) -> Case:
        return case(name, "verify_inclusion", expect, leaf=leaf, proof=hashes, **fields)

    cases = [
        one(told, "ok", leaf, hashes),
        one(f"{told}: another leaf", "bad_proof", h(leaf), hashes),
        one(f"{told}: one hash more", "bad_proof", leaf, [*hashes, leaf.hex()]),
    ]
    if hashes:
        cases.append(one(f"{told}: one hash less", "bad_proof", leaf, hashes[:-1]))
    return cases


def _consistency(
    told: str, roots: tuple[bytes, bytes], hashes: list[str], fields: dict[str, Any]
) -> list[Case]:
    def one(name: str, expect: str, new: bytes, hashes: list[str]) -> Case:
        roots_: dict[str, Any] = {"first_root": roots[0], "second_root": new}
        return case(name, "verify_consistency", expect, proof=hashes, **roots_, **fields)

    cases = [
        one(told, "ok", roots[1], hashes),
        one(f"{told}: one hash more", "bad_proof", roots[1], [*hashes, roots[0].hex()]),
    ]
    if fields["first"]:
        cases.append(one(f"{told}: another root", "bad_proof", h(roots[1]), hashes))
    if hashes:
        cases.append(one(f"{told}: one hash less", "bad_proof", roots[1], hashes[1:]))
    return cases


def note(text: bytes, signature: bytes) -> bytes:
    """A signed note, put together by hand."""
    name = b"safeconduct.example/relay"
    raw = KEY.public.raw
    kinds = (
        (b"\xffsafeconduct-ed25519", raw[:32], signature[:SIGNATURE_BYTES]),
        (b"\xffsafeconduct-ml-dsa-65", raw[32:], signature[SIGNATURE_BYTES:]),
    )
    lines = b""
    for kind, key, half in kinds:
        body = base64.b64encode(h(name + b"\n" + kind + key)[:4] + half)
        lines += "— ".encode() + name + b" " + body + b"\n"
    return text + b"\n" + lines


def checkpoints(kept: set[bytes]) -> list[Case]:
    """A note that holds, and notes that are spoilt in one place each."""
    signer = LongSigner(KEY, kept)
    root = base64.b64encode(mth(LEAVES))
    text = b"safeconduct.example/" + OFFICE.hex().encode() + b"/log\n8\n" + root + b"\n"
    signature = signer.sign("checkpoint", OFFICE, text)
    good = note(text, signature)
    gives: dict[str, Any] = {"office": OFFICE, "tree": "log", "size": 8, "root": mth(LEAVES)}

    def one(name: str, expect: str, data: bytes) -> Case:
        given: dict[str, Any] = gives if expect == "ok" else {}
        return case(
            f"checkpoint: {name}", "checkpoint", expect, note=data, key=KEY.public.raw, **given
        )

    lines = good.splitlines(keepends=True)
    return [
        one("as it should be", "ok", good),
        one("another size", "bad_signature", good.replace(b"\n8\n", b"\n9\n")),
        one("size with a zero before it", "malformed", good.replace(b"\n8\n", b"\n08\n")),
        one("another tree", "bad_signature", good.replace(b"/log\n", b"/intake\n")),
        one("an unknown tree", "malformed", good.replace(b"/log\n", b"/other\n")),
        one("first half changed", "bad_signature", note(text, flip(signature, 100))),
        one("second half changed", "bad_signature", note(text, flip(signature, 9000))),
        one("first line alone", "malformed", b"".join(lines[:5])),
        one("lines in the other order", "malformed", b"".join([*lines[:4], lines[5], lines[4]])),
        one("a third line", "malformed", good + lines[4]),
        one("no blank line", "malformed", b"".join([*lines[:3], *lines[4:]])),
        one("nothing", "malformed", b""),
    ]


def bodies() -> list[Case]:
    """Work, receipts, boxes, items and refusals."""
    seed, payload = seeded("work seed", 16), h(b"item")
    nonce = next(n for n in range(1 << 20) if _bits(seed, payload, n) >= 10)
    box = b"\x92\x91\x93\x07\xcd\x01\x00\xc4\x03abc\xc2"
    office, item = OFFICE, b"\1" + OFFICE + b"\0\0\0\5"
    return [
        case(
            "work",
            "work",
            seed=seed,
            payload=payload,
            nonce=nonce,
            bits=_bits(seed, payload, nonce),
        ),
        case(
            "work: none", "work", seed=seed, payload=payload, nonce=0, bits=_bits(seed, payload, 0)
        ),
        case("payload of an item", "item_payload", item=b"item", payload=payload),
        case(
            "payload of a meeting",
            "meeting_payload",
            address=h(b"a"),
            item=b"item",
            payload=h(h(b"a") + b"item"),
        ),
        case(
            "payload of a blob",
            "blob_payload",
            blob=h(b"b"),
            chunks=2,
            length=1048577,
            payload=h(h(b"b") + bytes.fromhex("000000020000000000100001")),
        ),
        case(
            "what a receipt signs",
            "receipt_message",
            index=1,
            hash=payload,
            time=2,
            message=(b"\0" * 7 + b"\1") + payload + (b"\0" * 7 + b"\2"),
        ),
        case(
            "box",
            "box_answer",
            data=(box + b"\x80").ljust(4096, b"\0"),
            items=["616263"],
            more=False,
        ),
        case(
            "box: empty",
            "box_answer",
            data=b"\x92\x90\xc2\x80".ljust(4096, b"\0"),
            items=[],
            more=False,
        ),
        case("box: no mark", "box_answer", "malformed", data=box.ljust(4096, b"\0")),
        case(
            "box: padded too far",
            "box_answer",
            "malformed",
            data=(box + b"\x80").ljust(8192, b"\0"),
        ),
        case("box: padded too little", "box_answer", "malformed", data=box + b"\x80"),
        case(
            "box: a long number",
            "box_answer",
            "not_canonical",
            data=(box.replace(b"\x07", b"\xcc\x07") + b"\x80").ljust(4096, b"\0"),
        ),
        case(
            "item",
            "item",
            data=item + b"\1ell sealed.",
            office=office,
            epoch=5,
            sealed=b"\1ell sealed.",
        ),
        case(
            "item: of a newer page",
            "item",
            "unknown_version",
            data=b"\2" + office + b"\0\0\0\5\1ell sealed.",
        ),
        case("item: of another suite", "item", "unknown_version", data=item + b"\2ell sealed."),
        case("item: nothing sealed", "item", "malformed", data=item),
        case("item: as short as an id", "item", "malformed", data=item + b"\1ell sealed"),
        *runs(),
        case(
            "refusal: more work",
            "refusal",
            data=b"\x93\xa9more_work\xc4\x10" + seed + b"\x0c",
            code="more_work",
            fields=[seed.hex(), 12],
        ),
        case(
            "refusal: words first",
            "refusal",
            data=b"\x91\xabwords_first",
            code="words_first",
            fields=[],
        ),
        case("refusal: busy", "refusal", data=b"\x92\xa4busy\x05", code="busy", fields=[5]),
        case("refusal: unknown", "refusal", "malformed", data=b"\x91\xa5other"),
        case("refusal: a field too many", "refusal", "malformed", data=b"\x92\xabwords_first\x05"),
    ]


def runs() -> list[Case]:
    """Runs of an intake: one item waits, one was taken, one was dropped to its id."""

    def entry(at: int, state: int, body: bytes) -> bytes:
        return struct.pack(">QQBI", at, 1000 + at, state, len(body)) + body

    good = entry(7, 0, b"abc") + entry(8, 1, b"de") + entry(9, 2, h(b"item"))
    items = [[7, 1007, 0, "616263"], [8, 1008, 1, "6465"], [9, 1009, 2, h(b"item").hex()]]
    bad = {
        "one passed over": entry(7, 0, b"abc") + entry(9, 0, b"de"),
        "an index twice": entry(7, 0, b"abc") + entry(7, 0, b"de"),
        "an unknown state": entry(7, 3, b"abc"),
        "dropped without an id": entry(7, 2, b"abc"),
        "cut short": good[:-1],
        "an index beyond any": entry(1 << 63, 0, b"abc"),
    }
    refused = (case(f"run of items: {w}", "items", "malformed", data=bad[w]) for w in bad)
    return [case("run of items", "items", data=good, items=items), *refused]


def _bits(seed: bytes, payload: bytes, nonce: int) -> int:
    done = h(b"safeconduct/work/1\0" + seed + payload + nonce.to_bytes(8, "big"))
    text = "".join(f"{byte:08b}" for byte in done)
    return len(text) - len(text.lstrip("0"))


def kept() -> set[bytes]:
    """The ML-DSA-65 signature that stands in the file: the library's are random."""
    file = FOLDER / NAME
    if not file.exists():
        return set()
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    notes = [
        bytes.fromhex(one["note"]) for one in cases if one["name"] == "checkpoint: as it should be"
    ]
    return {base64.b64decode(one.splitlines()[-1].split(b" ")[-1])[4:] for one in notes}


PARTS: tuple[Callable[[], list[Case]], ...] = (trees, lambda: checkpoints(kept()), bodies)


def text() -> str:
    """The file as it should be."""
    cases = [one for part in PARTS for one in part()]
    # The browser checks none of this but the work and the receipt, in its own tests.
    cases = [{**one, "browser": False} for one in cases]
    return json.dumps({"comment": COMMENT, "cases": cases}, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (FOLDER / NAME).write_text(text(), encoding="utf-8")
