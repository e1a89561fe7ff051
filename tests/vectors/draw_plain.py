# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of seal.json about padding, blobs and canonical MessagePack (spec/seal.md 1, 5, 7)."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import BlobSealer, derive, plan_blob
from safeconduct.kernel.seal.padding import pad, padme
from tests.vectors.case import Case, Field, case
from tests.vectors.draw import flip, seeded


def cases() -> list[Case]:
    """Every case, in order."""
    return [*_padding(), *_blobs(), *_canonical()]


def _padding() -> list[Case]:
    lengths = (0, 1, 2, 3, 8, 9, 10, 127, 128, 129, 1000, 1023, 1024, 1025, 4097, 65_537)
    large = (1_000_001, (1 << 20) + 1, 25 << 20, 500_000_000, (1 << 40) - 1)
    texts = ((b"", 0), (b"", 128), (b"\x80\0\0", 16), (b"a" * 15, 16), (b"a" * 16, 16), (b"\0", 4))
    return [
        *(case(f"padme {n}", "padme", length=n, padded=padme(n)) for n in lengths + large),
        *(
            case(
                f"pad: {len(m)} bytes to at least {least}",
                "pad",
                message=m,
                least=least,
                padded=pad(m, least),
            )
            for m, least in texts
        ),
        *(
            case(f"unpad: {len(m)} bytes, {least}", "unpad", padded=pad(m, least), message=m)
            for m, least in texts
        ),
        case("unpad: only the mark", "unpad", padded=b"\x80", message=b""),
        case("unpad: nothing", "unpad", "malformed", padded=b""),
        case("unpad: only zeros", "unpad", "malformed", padded=bytes(16)),
        case("unpad: no mark", "unpad", "malformed", padded=b"text\0\0"),
        case("unpad: another mark", "unpad", "malformed", padded=b"text\x81\0"),
    ]


def _blobs() -> list[Case]:
    key, size = seeded("blob key"), 1000
    part = seeded("file", size)
    sealed = BlobSealer(key, size).seal(0, part)
    cipher_key, padded = derive(key, "blob", b"")[0], part.ljust(plan_blob(key, size).padded, b"\0")
    given: Case = {"key": key, "size": size, "index": 0, "sealed": sealed}

    def as_chunk(index: int, final: int, text: bytes = padded) -> bytes:
        nonce = bytes(7) + index.to_bytes(4, "big") + bytes([final])
        return AESGCM(cipher_key).encrypt(nonce, text, None)

    def refused(name: str, **changed: Field) -> Case:
        return case(f"open chunk: {name}", "open_chunk", "cannot_open", **(given | changed))

    sizes = (0, 1, 1000, 1 << 20, (1 << 20) + 1, 25 << 20, 500_000_000)
    return [
        *(
            case(
                f"blob plan: {n} bytes",
                "blob_plan",
                key=key,
                size=n,
                blob=plan_blob(key, n).blob,
                padded=plan_blob(key, n).padded,
                chunks=plan_blob(key, n).chunks,
            )
            for n in sizes
        ),
        case("open chunk", "open_chunk", **given, part=part),
        case(
            "open chunk: an empty file",
            "open_chunk",
            key=key,
            size=0,
            index=0,
            sealed=BlobSealer(key, 0).seal(0, b""),
            part=b"",
        ),
        refused("another key", key=seeded("other key")),
        refused("bit flipped", sealed=flip(sealed, 77)),
        refused("bit flipped in the check", sealed=flip(sealed, -8)),
        refused("cut by one byte", sealed=sealed[:-1]),
        refused("nothing", sealed=b""),
        refused("moved here from place 1", sealed=as_chunk(1, 1)),
        refused("missing final mark", sealed=as_chunk(0, 0)),
        refused("final mark of another kind", sealed=as_chunk(0, 2)),
        refused("additional chunk after the last", index=1, sealed=as_chunk(1, 0)),
        refused("additional last chunk", index=1, sealed=as_chunk(1, 1)),
        refused("last chunk in the place of the first", size=(1 << 20) + 1, sealed=sealed),
        refused("first chunk too short", size=(1 << 20) + 1, sealed=as_chunk(0, 0)),
        refused("longer than the plan", sealed=as_chunk(0, 1, padded + bytes(16))),
        refused("shorter than the plan", sealed=as_chunk(0, 1, padded[:-16])),
        refused("a size that is not the file's", size=900),
    ]


def _canonical() -> list[Case]:
    good = {
        "array": [1, 127, 128, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32],
        "negative": [-1, -32, -33, -128, -129, -32_768, -32_769],
        "text": ["", "a", "ёжик", "a" * 31, "a" * 32, "a" * 256],
        "bytes": [b"", b"\0", bytes(255), bytes(256)],
        "true false nil": [True, False, None],
        "map": {"a": 1, "aa": [], "b": {}, "я": b""},
        "arrays of 15 and 16": [[0] * 15, [0] * 16],
    }
    longer = {
        "7-bit count in two bytes": "cc7f",
        "count in three bytes": "cd00ff",
        "count in five bytes": "ce0000ffff",
        "count in nine bytes": "cf00000000ffffffff",
        "positive in a signed byte": "d001",
        "negative in two bytes": "d0ff",
        "negative in three bytes": "d1ff80",
        "negative in five bytes": "d2ffff8000",
        "short text with a length byte": "d90161",
        "text with two length bytes": "da000161",
        "text with four length bytes": "db0000000161",
        "bytes with two length bytes": "c5000100",
        "bytes with four length bytes": "c60000000100",
        "array with two length bytes": "dc000101",
        "array with four length bytes": "dd0000000101",
        "map with two length bytes": "de0001a16101",
        "map out of order": "82a16201a16102",
        "map with a key twice": "82a16101a16102",
    }
    broken = {
        "nothing": "",
        "array cut off": "9201",
        "text cut off": "a261",
        "bytes cut off": "c40200",
        "something after the end": "c0c0",
        "an array that says it is huge": "ddffffffff",
        "a map that says it is huge": "dfffffffff",
        "bytes that say they are huge": "c6ffffffff",
        "text that is not UTF-8": "a2c328",
        "text with half a surrogate pair": "a3eda080",
        "text with an overlong letter": "a2c0af",
        "the type that never is": "c1",
        "a map whose key is a number": "81000c",
        "a map in an array whose key is bytes": "9181c4010000",
    }
    return [
        *(case(f"canonical: {name}", "canonical", data=encode(v)) for name, v in good.items()),
        *(
            case(f"not canonical: {name}", "canonical", "not_canonical", data=data)
            for name, data in longer.items()
        ),
        *(
            case(f"malformed: {name}", "canonical", "malformed", data=data)
            for name, data in broken.items()
        ),
        case(
            "malformed: 5,000 arrays in one another",
            "canonical",
            "malformed",
            data=b"\x91" * 5000 + b"\xc0",
        ),
    ]
