# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checkpoints: a tree's size and root as a C2SP signed note (docs/spec/relay.md 6).

One long signature stands under the note in two lines, its Ed25519 half and its ML-DSA-65 half;
both must hold, and no third line may stand beside them.  Since they are made over the labelled
preimage of spec/seal.md 3 and not over the bare text, both are of C2SP type 0xff.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final, Literal

from safeconduct.kernel.errors import Malformed, NotCanonical
from safeconduct.kernel.seal.keys import (
    LONG_SIGNATURE_BYTES,
    SIGNATURE_BYTES,
    LongSigningKey,
    LongVerifyKey,
)
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.kernel.words import OfficeId

Tree = Literal["log", "intake"]
TREES: Final[tuple[Tree, Tree]] = ("log", "intake")
KEY_NAME: Final = "safeconduct.example/relay"
ED25519_TYPE: Final = b"\xffsafeconduct-ed25519"
ML_DSA_TYPE: Final = b"\xffsafeconduct-ml-dsa-65"

_TEXT: Final = re.compile(
    r"safeconduct\.example/([0-9a-f]{32})/(log|intake)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n"
)
_LINE: Final = re.compile(rf"— {re.escape(KEY_NAME)} ([A-Za-z0-9+/]+={{0,2}})\n")
_HINT_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a relay says of one tree."""

    office: OfficeId
    tree: Tree
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text, its last newline included: what is signed."""
        root = base64.b64encode(self.root).decode("ascii")
        return f"safeconduct.example/{self.office.hex()}/{self.tree}\n{self.size}\n{root}\n"


def write_checkpoint(checkpoint: Checkpoint, key: LongSigningKey) -> bytes:
    """Return the signed note."""
    message = checkpoint.text.encode()
    signature = sign_long(key, "checkpoint", checkpoint.office, message)
    halves = signature[:SIGNATURE_BYTES], signature[SIGNATURE_BYTES:]
    lines = (
        f"— {KEY_NAME} {base64.b64encode(hint + half).decode('ascii')}\n"
        for hint, half in zip(_hints(key.public), halves, strict=True)
    )
    return message + b"\n" + "".join(lines).encode()


def parse_checkpoint(note: bytes, key: LongVerifyKey) -> Checkpoint:
    """Return what a note says, after both of its signatures held.

    Raises:
        Malformed: not such a note, or not by this key.
        NotCanonical: the same content in other bytes.
        BadSignature: a half does not hold.
    """
    text, checkpoint = _parse_text(note)
    blank, lines = note.decode()[len(text) : len(text) + 1], note.decode()[len(text) + 1 :]
    if blank != "\n":
        raise Malformed("checkpoint")
    signature = _parse_signatures(lines, key)
    verify_long(key, "checkpoint", checkpoint.office, text.encode(), signature)
    return checkpoint


def _parse_text(note: bytes) -> tuple[str, Checkpoint]:
    try:
        match = _TEXT.match(note.decode())
    except UnicodeDecodeError as error:
        raise Malformed("checkpoint") from error
    if not match:
        raise Malformed("checkpoint")
    office, tree, size, root = match.groups()
    checkpoint = Checkpoint(
        OfficeId(bytes.fromhex(office)),
        "log" if tree == "log" else "intake",
        int(size),
        base64.b64decode(root),
    )
    if checkpoint.text != match[0]:
        raise NotCanonical("checkpoint")
    return match[0], checkpoint


def _parse_signatures(lines: str, key: LongVerifyKey) -> bytes:
    """Return the long signature that the lines hold, if they are exactly the two of this key."""
    found = _LINE.findall(lines)
    if "".join(f"— {KEY_NAME} {line}\n" for line in found) != lines:
        raise Malformed("checkpoint")
    try:
        raws = [base64.b64decode(line, validate=True) for line in found]
    except binascii.Error as error:
        raise Malformed("checkpoint") from error
    if [base64.b64encode(raw).decode("ascii") for raw in raws] != found:
        raise NotCanonical("checkpoint")
    if [raw[:_HINT_BYTES] for raw in raws] != list(_hints(key)):
        raise Malformed("checkpoint")
    signature = b"".join(raw[_HINT_BYTES:] for raw in raws)
    if len(signature) != LONG_SIGNATURE_BYTES:
        raise Malformed("checkpoint")
    return signature


def _hints(key: LongVerifyKey) -> tuple[bytes, bytes]:
    """Return the C2SP key hints: the first bytes of SHA-256(name || newline || type || key)."""
    name = KEY_NAME.encode() + b"\n"
    short, long = key.short.raw, key.raw[len(key.short.raw) :]
    return (
        hashlib.sha256(name + ED25519_TYPE + short).digest()[:_HINT_BYTES],
        hashlib.sha256(name + ML_DSA_TYPE + long).digest()[:_HINT_BYTES],
    )
