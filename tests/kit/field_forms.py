# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form of an invented office, what phones fill in with it, and how they seal that.

Sealing is written from the specification and shares no code with what opens: OAEP over whole
numbers, CFB over single blocks (https://getodk.github.io/xforms-spec/encryption).
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.kit.old_files import workbook

PART = "bind::safeconduct:part"
SURVEY = (
    ("type", "name", "label::English (en)", "label::Русский (ru)", "required", "relevant", PART),
    ("begin group", "arrival", "Arrival", "Приезд", "", "", "journey"),
    ("text", "how", "How did they come?", "Как добрались?", "yes", "", ""),
    ("date", "day", "Which day?", "В какой день?", "", "", ""),
    ("end group", "", "", "", "", "", ""),
    ("note", "thanks", "Ask slowly.", "Не торопите.", "", "", ""),
    ("select_one yn", "hurt", "Are they hurt?", "Есть раны?", "", "", "health"),
    ("select_multiple care", "care", "Which care?", "Что нужно?", "", "${hurt} = 'y'", "health"),
    ("integer", "beds", "How many beds?", "Сколько мест?", "", "", "journey"),
)  # fmt: skip
CHOICES = (
    ("list_name", "name", "label::English (en)", "label::Русский (ru)"),
    *(("yn", "y", "yes", "да"), ("yn", "n", "no", "нет")),
    *(("known", one, one, one) for one in ("yes", "no", "unknown")),
    *(("care", "doctor", "a doctor", "врач"), ("care", "rest", "rest", "отдых")),
)
SETTINGS = (("form_id", "version", "form_title"), ("arrival", "3", "After arrival"))
ANSWERS = {"arrival/how": "By lantern cart.", "hurt": "y", "care": "rest doctor", "beds": "2"}


def sheets(*more: tuple[str, ...], version: str = "3") -> dict[str, tuple[tuple[str, ...], ...]]:
    """The sheets of the form, with more lines below."""
    settings = (SETTINGS[0], ("arrival", version, "After arrival"))
    return {"survey": (*SURVEY, *more), "choices": CHOICES, "settings": settings}


def xlsform(*more: tuple[str, ...], version: str = "3") -> bytes:
    """The same as a workbook."""
    return workbook(sheets(*more, version=version))


def filled_in(
    answers: Mapping[str, str] = ANSWERS,
    instance: str = "uuid:1",
    *,
    form: str = "arrival",
    version: str = "3",
    meta: str = "",
) -> bytes:
    """A submission as a phone keeps it."""
    tree: dict[str, object] = {}
    for path, text in answers.items():
        *groups, name = path.split("/")
        at = tree
        for group in groups:
            at = at.setdefault(group, {})  # type: ignore[assignment]
        at[name] = text
    return (
        f'<?xml version="1.0"?><data id={quoteattr(form)} version={quoteattr(version)} '
        'xmlns:orx="http://openrosa.org/xforms">'
        f"{_elements(tree)}<orx:meta><orx:instanceID>{escape(instance)}</orx:instanceID>{meta}"
        "</orx:meta></data>"
    ).encode()


def _elements(tree: Mapping[str, object]) -> str:
    return "".join(
        f"<{name}>{_elements(of) if isinstance(of, dict) else escape(str(of))}</{name}>"
        for name, of in tree.items()
    )


@cache
def office_key(which: int = 0) -> rsa.RSAPrivateKey:
    """A key pair of an office, the same in each test."""
    return rsa.generate_private_key(65537, 2048)


def pem_of(key: rsa.RSAPrivateKey) -> bytes:
    """The private half as an office keeps it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Sealed(NamedTuple):
    """What a phone sends: the manifest, and the files by name."""

    manifest: bytes
    files: dict[str, bytes]


Cfb = Callable[[bytes, bytes, bytes], bytes]


def seal(
    xml: bytes,
    media: Mapping[str, bytes] = {},
    *,
    instance: str = "uuid:1",
    form: str = "arrival",
    version: str | None = "3",
    inner: str = "sha256",
    secret: bytes = b"",
    wrap: Callable[[bytes], bytes] | None = None,
    cfb: Cfb | None = None,
) -> Sealed:
    """Seal a submission as the specification says."""
    secret = secret or os.urandom(32)
    wrap = wrap or (lambda text: oaep(text, office_key(), inner))
    cfb = cfb or cfb_encrypt
    key = base64.b64encode(wrap(secret)).decode()
    seed = bytearray(hashlib.md5(instance.encode() + secret).digest())
    lines = [form, *([version] if version is not None else []), key, instance]
    files: dict[str, bytes] = {}
    for at, (name, content) in enumerate([*media.items(), ("submission.xml", xml)]):
        seed[at % 16] = (seed[at % 16] + 1) & 255
        files[f"{name}.enc"] = cfb(secret, bytes(seed), content)
        lines.append(f"{name}::{hashlib.md5(content).hexdigest()}")
    digest = hashlib.md5("".join(f"{one}\n" for one in lines).encode()).digest()
    signature = base64.b64encode(wrap(digest)).decode()
    said = f" version={quoteattr(version)}" if version is not None else ""
    named = "".join(f"<media><file>{escape(name)}.enc</file></media>" for name in media)
    manifest = (
        '<data xmlns="http://opendatakit.org/submissions" encrypted="yes" '
        f"id={quoteattr(form)}{said}><base64EncryptedKey>{key}</base64EncryptedKey>"
        '<meta xmlns="http://openrosa.org/xforms"><instanceID>'
        f"{escape(instance)}</instanceID></meta>{named}"
        "<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"
        f"<base64EncryptedElementSignature>{signature}</base64EncryptedElementSignature></data>"
    )
    return Sealed(manifest.encode(), files)


def oaep(text: bytes, key: rsa.RSAPrivateKey, inner: str) -> bytes:
    """RSAES-OAEP of RFC 8017 with SHA-256, and a mask by another hash."""
    public = key.public_key().public_numbers()
    size = (public.n.bit_length() + 7) // 8
    label = hashlib.sha256(b"").digest()
    block = label + b"\0" * (size - len(text) - 2 * 32 - 2) + b"\1" + text
    seed = os.urandom(32)
    masked = _xor(block, _mask(seed, len(block), inner))
    head = _xor(seed, _mask(masked, 32, inner))
    number = int.from_bytes(b"\0" + head + masked, "big")
    return pow(number, public.e, public.n).to_bytes(size, "big")


def _mask(seed: bytes, length: int, inner: str) -> bytes:
    found = b"".join(
        hashlib.new(inner, seed + at.to_bytes(4, "big")).digest() for at in range(length // 20 + 1)
    )
    return found[:length]


def cfb_encrypt(key: bytes, iv: bytes, text: bytes) -> bytes:
    """CFB with whole blocks, padded as PKCS #7 says, over AES of single blocks."""
    aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # Single blocks.
    text += bytes([16 - len(text) % 16]) * (16 - len(text) % 16)
    found = b""
    for at in range(0, len(text), 16):
        iv = _xor(text[at : at + 16], aes.update(iv))
        found += iv
    return found


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
