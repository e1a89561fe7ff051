# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of seal.json (spec/seal.md)."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeconduct.kernel.seal.lock import close_box, derive, fingerprint
from tests.vectors.case import Case, Field, case
from tests.vectors.draw import flip, recipients, seeded

PERSON, INTAKE = recipients()
STRANGER = seeded("stranger")
P = 2**255 - 19


def cases() -> list[Case]:
    """Every case, in order."""
    return [
        *_keys(),
        *_sealed(),
        *_boxes(),
        {
            "name": "fingerprint",
            "op": "fingerprint",
            "browser": False,
            "purpose": "office",
            "data": seeded("root", 1984).hex(),
            "digest": fingerprint("office", seeded("root", 1984)).hex(),
            "expect": "ok",
        },
    ]


def _keys() -> list[Case]:
    good = PERSON.public
    curve = {
        "the order-1 point 0": 0,
        "the order-1 point 1": 1,
        "order 8": 325606250916557431795983626356110631294008115727848805560023387167927233504,
        "order 8, the other": (
            39382357235489614581723060781553021112529911719440698176882885853963445705823
        ),
        "p - 1": P - 1,
        "p, which is 0 again": P,
        "p + 1": P + 1,
        "9 + p": P + 9,
        "9 with the top bit": 9 + 2**255,
        "all bits": 2**256 - 1,
    }
    unreduced = (3329).to_bytes(2, "little") + good[2:]
    return [
        case("sealing key pair: draft vector 1", "sealing_keypair", seed=PERSON.seed, public=good),
        case(
            "sealing key pair: draft vector 2",
            "sealing_keypair",
            seed=INTAKE.seed,
            public=INTAKE.public,
        ),
        case("sealing key", "sealing_key", key=good),
        case("sealing key: curve point 9", "sealing_key", key=_with_point(good, 9)),
        *(
            case(
                f"sealing key: curve point {name}",
                "sealing_key",
                "bad_key",
                key=_with_point(good, u),
            )
            for name, u in curve.items()
        ),
        case("sealing key: lattice not reduced", "sealing_key", "bad_key", key=unreduced),
        case(
            "sealing key: lattice all bits",
            "sealing_key",
            "bad_key",
            key=b"\xff" * 1184 + good[1184:],
        ),
        case("sealing key: one byte less", "sealing_key", "bad_key", key=good[:-1]),
        case("sealing key: one byte more", "sealing_key", "bad_key", key=good + b"\0"),
        case("sealing key: nothing", "sealing_key", "bad_key", key=b""),
    ]


def _with_point(key: bytes, u: int) -> bytes:
    return key[:1184] + u.to_bytes(32, "little")


def _sealed() -> list[Case]:
    context, plaintext = seeded("context", 20), "Меня ищут.".encode()
    sealed = PERSON.seal("intake", context, plaintext)
    given: Case = {"seed": PERSON.seed, "purpose": "intake", "context": context, "sealed": sealed}

    def refused(name: str, expect: str = "cannot_open", **changed: Field) -> Case:
        return case(f"open sealed: {name}", "open_sealed", expect, **(given | changed))

    curve_end = 1 + 1120
    return [
        case("open sealed", "open_sealed", **given, plaintext=plaintext),
        case(
            "open sealed: nothing inside, no context",
            "open_sealed",
            seed=INTAKE.seed,
            purpose="answer",
            context=b"",
            sealed=INTAKE.seal("answer", b"", b""),
            plaintext=b"",
        ),
        refused("another key", seed=STRANGER),
        refused("another purpose", purpose="answer"),
        refused("context one bit off", context=flip(context, 3)),
        refused("context longer", context=context + b"\0"),
        refused("no context", context=b""),
        refused("bit flipped in the lattice part", sealed=flip(sealed, 8 * 100)),
        refused("bit flipped at the lattice part's end", sealed=flip(sealed, 8 * 1088)),
        refused("bit flipped in the curve part", sealed=flip(sealed, 8 * 1089 + 1)),
        refused("top bit of the curve part", sealed=flip(sealed, 8 * curve_end - 1)),
        refused("bit flipped in the text", sealed=flip(sealed, 8 * curve_end)),
        refused("bit flipped in the check", sealed=flip(sealed, -1)),
        refused(
            "curve part zero", sealed=sealed[: curve_end - 32] + bytes(32) + sealed[curve_end:]
        ),
        refused("cut by one byte", sealed=sealed[:-1]),
        refused("one byte more", sealed=sealed + b"\0"),
        refused("another encapsulation", sealed=b"\x01" + INTAKE.enc + sealed[curve_end:]),
        refused("shorter than any", "malformed", sealed=sealed[: curve_end + 15]),
        refused("nothing", "malformed", sealed=b""),
        refused("another suite", "unknown_version", sealed=b"\x02" + sealed[1:]),
        refused("suite 0", "unknown_version", sealed=b"\0" + sealed[1:]),
        refused("another suite, short", "unknown_version", sealed=b"\x02"),
    ]


def _boxes() -> list[Case]:
    key, context, plaintext = seeded("box key"), seeded("box context", 48), b"a fact"
    cipher_key, commitment = derive(key, "entry", context)
    box = close_box(key, "entry", context, plaintext)
    given: Case = {"key": key, "purpose": "entry", "context": context, "box": box}
    other = derive(seeded("other key"), "entry", context)[0]
    # What a sender makes who wants two readers to read two texts: the right commitment, and a
    # text under another key.
    two_faced = commitment + AESGCM(other).encrypt(bytes(12), plaintext, None)

    def refused(name: str, **changed: Field) -> Case:
        fields = given | changed
        return case(f"open box: {name}", "open_box", "cannot_open", browser=False, **fields)

    return [
        case(
            "derive",
            "derive",
            key=key,
            purpose="entry",
            context=context,
            cipher_key=cipher_key,
            commitment=commitment,
        ),
        case(
            "derive: no context",
            "derive",
            key=key,
            purpose="blob",
            context=b"",
            cipher_key=derive(key, "blob", b"")[0],
            commitment=derive(key, "blob", b"")[1],
        ),
        case("open box", "open_box", browser=False, **given, plaintext=plaintext),
        case(
            "open box: nothing inside",
            "open_box",
            browser=False,
            key=key,
            purpose="frame",
            context=b"",
            box=close_box(key, "frame", b"", b""),
            plaintext=b"",
        ),
        refused("another key", key=seeded("other key")),
        refused("another purpose", purpose="frame"),
        refused("another context", context=flip(context, 0)),
        refused("bit flipped in the commitment", box=flip(box, 5)),
        refused("bit flipped in the text", box=flip(box, 8 * 32)),
        refused("bit flipped in the check", box=flip(box, -1)),
        refused("cut by one byte", box=box[:-1]),
        refused("only the commitment", box=box[:32]),
        refused("half a commitment", box=box[:16]),
        refused("nothing", box=b""),
        refused("right commitment, text under another key", box=two_faced),
    ]
