# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of seal.json about signatures (spec/seal.md 2 and 3)."""

from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.sign import sign
from tests.vectors.case import Case, Field, case
from tests.vectors.draw import LongSigner, flip, seeded

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
TOP = 1 << 255

BAD_KEYS = {
    "order 1": 1,
    "order 1 with the sign": 1 + TOP,
    "order 2": P - 1,
    "order 2 with the sign": P - 1 + TOP,
    "order 4": 0,
    "order 4 with the sign": TOP,
    "order 8": ORDER_8,
    "order 8 with the sign": ORDER_8 + TOP,
    "order 8, the other": P - ORDER_8,
    "order 8, the other with the sign": P - ORDER_8 + TOP,
    "p, which is 0 again": P,
    "p with the sign": P + TOP,
    "p + 1, which is 1 again": P + 1,
    "p + 1 with the sign": P + 1 + TOP,
    "p + 3, on the curve but not canonical": P + 3,
    "all bits": 2**256 - 1,
    "no point has y = 2": 2,
}


def cases(kept: set[bytes]) -> list[Case]:
    """Every case, in order; `kept` are signatures to keep."""
    return [*_keys(), *_signatures(), *_long(kept)]


def _keys() -> list[Case]:
    good = SigningKey.from_seed(seeded("signer")).public.raw
    return [
        case("verify key", "verify_key", key=good),
        *(
            case(f"verify key: {name}", "verify_key", "bad_key", key=number.to_bytes(32, "little"))
            for name, number in BAD_KEYS.items()
        ),
        case("verify key: one byte less", "verify_key", "bad_key", key=good[:-1]),
        case("verify key: one byte more", "verify_key", "bad_key", key=good + b"\0"),
        case("verify key: nothing", "verify_key", "bad_key", key=b""),
    ]


def _signatures() -> list[Case]:
    key = SigningKey.from_seed(seeded("signer"))
    context, message = seeded("office", 16), b"what was said"
    signature = sign(key, "receipt", context, message)
    given: Case = {
        "key": key.public.raw,
        "purpose": "receipt",
        "context": context,
        "message": message,
        "signature": signature,
    }
    scalar = int.from_bytes(signature[32:], "little")

    def refused(name: str, **changed: Field) -> Case:
        return case(f"verify: {name}", "verify_ed25519", "bad_signature", **(given | changed))

    def with_scalar(number: int) -> bytes:
        return signature[:32] + number.to_bytes(32, "little")

    identity = (1).to_bytes(32, "little")
    return [
        case("verify", "verify_ed25519", **given),
        case(
            "verify: nothing said, no context",
            "verify_ed25519",
            key=key.public.raw,
            purpose="commit",
            context=b"",
            message=b"",
            signature=sign(key, "commit", b"", b""),
        ),
        refused("another key", key=SigningKey.from_seed(seeded("other signer")).public.raw),
        refused("another purpose", purpose="commit"),
        refused("another context", context=flip(context, 1)),
        refused(
            "context moved into the message", context=context[:-1], message=context[-1:] + message
        ),
        refused(
            "message moved into the context", context=context + message[:1], message=message[1:]
        ),
        refused("another message", message=flip(message, 0)),
        refused("bit flipped in R", signature=flip(signature, 9)),
        refused("sign of R", signature=flip(signature, 255)),
        refused("bit flipped in S", signature=flip(signature, 256)),
        refused("S + L", signature=with_scalar(scalar + ORDER)),
        refused("S + 2 L", signature=with_scalar(scalar + 2 * ORDER)),
        refused("S = L", signature=with_scalar(ORDER)),
        refused("top bit of S", signature=flip(signature, 511)),
        refused("R the neutral point, S zero", signature=identity + bytes(32)),
        refused("R not canonical", signature=P.to_bytes(32, "little") + signature[32:]),
        refused("all zero", signature=bytes(64)),
        refused("one byte less", signature=signature[:-1]),
        refused("one byte more", signature=signature + b"\0"),
        refused("nothing", signature=b""),
        case(
            "verify: key of small order, which would sign anything",
            "verify_ed25519",
            "bad_key",
            **(given | {"key": identity, "signature": identity + bytes(32)}),
        ),
    ]


def _long(kept: set[bytes]) -> list[Case]:
    signer = LongSigner(LongSigningKey.from_seed(seeded("long signer", 64)), kept)
    context, message = seeded("office", 16), b"what holds for decades"
    signature = signer.sign("roster", context, message)
    given: Case = {
        "key": signer.key.public.raw,
        "purpose": "roster",
        "context": context,
        "message": message,
        "signature": signature,
    }
    weak_half = (1).to_bytes(32, "little") + signer.key.public.raw[32:]

    def refused(name: str, expect: str = "bad_signature", **changed: Field) -> Case:
        fields = given | changed
        return case(f"verify long: {name}", "verify_long", expect, browser=False, **fields)

    return [
        case("verify long", "verify_long", browser=False, **given),
        refused("bit flipped in the Ed25519 half", signature=flip(signature, 0)),
        refused("bit flipped in the ML-DSA-65 half", signature=flip(signature, 8 * 64)),
        refused("only the Ed25519 half", signature=signature[:64]),
        refused("another purpose", purpose="card"),
        refused("key of small order", "bad_key", key=weak_half),
        refused("key one byte less", "bad_key", key=signer.key.public.raw[:-1]),
    ]
