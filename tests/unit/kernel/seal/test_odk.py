# SPDX-License-Identifier: AGPL-3.0-or-later
"""Submissions that ODK's phones seal, opened by the specification; sealed here by other code."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as some

from safeconduct.edges.desk.importing.papers import Paper, Papers, write_papers
from safeconduct.edges.desk.importing.submission_reader import read
from safeconduct.kernel.errors import BadKey, CannotOpen, Malformed
from safeconduct.kernel.seal.odk import OdkKey, OdkManifest, OdkOpened, open_submission
from tests.kit.field_forms import Sealed, filled_in, office_key, pem_of, seal

PEM = pem_of(office_key())


def manifest(sealed: Sealed) -> OdkManifest:
    """What stands open in a sealed submission."""
    (one,) = read(write_papers(Papers(1, (Paper("m.xml", sealed.manifest),)))).found
    return OdkManifest(
        *(one.form, one.version if one.has_version else None, one.text("base64EncryptedKey")),
        *(one.instance, one.texts("media/file"), one.text("encryptedXmlFile")),
        one.text("base64EncryptedElementSignature"),
    )


def opened(sealed: Sealed, key: bytes = PEM) -> OdkOpened:
    """What an office reads."""
    return open_submission(OdkKey(key), manifest(sealed), sealed.files)


NAMES = some.text("abcdefgh", min_size=1, max_size=8).map(lambda name: f"{name}.jpg")


@settings(max_examples=40, deadline=None)
@given(
    some.binary(max_size=200),
    some.dictionaries(NAMES, some.binary(max_size=70), max_size=20),
    some.sampled_from(["sha256", "sha1"]),
    some.sampled_from([None, "", "7"]),
)
def test_what_a_phone_sealed_is_opened(
    xml: bytes, media: dict[str, bytes], inner: str, version: str | None
) -> None:
    found = opened(seal(xml, media, inner=inner, version=version))
    assert (found.xml, found.media, found.missing) == (xml, tuple(media), ())
    assert found.checked


def test_what_openssl_sealed_is_opened(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    assert openssl is not None
    public = office_key().public_key()
    (tmp_path / "key.pem").write_bytes(
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )

    def run(*command: str, given: bytes) -> bytes:
        done = subprocess.run(
            [openssl, *command], input=given, capture_output=True, check=True, cwd=tmp_path
        )
        return done.stdout

    def wrap(text: bytes) -> bytes:
        how = ("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256")
        told = [part for one in how for part in ("-pkeyopt", one)]
        return run("pkeyutl", "-encrypt", "-pubin", "-inkey", "key.pem", *told, given=text)

    def cfb(key: bytes, iv: bytes, text: bytes) -> bytes:
        text += bytes([16 - len(text) % 16]) * (16 - len(text) % 16)
        return run("enc", "-aes-256-cfb", "-K", key.hex(), "-iv", iv.hex(), given=text)

    found = opened(seal(filled_in(), {"a.jpg": b"pixels"}, wrap=wrap, cfb=cfb))
    assert (found.xml, found.checked) == (filled_in(), True)


def test_another_key_is_told_from_a_changed_file() -> None:
    sealed = seal(filled_in(), {"a.jpg": b"pixels"})
    with pytest.raises(CannotOpen):
        opened(sealed, pem_of(office_key(1)))
    for name in sealed.files:
        for at in (0, len(sealed.files[name]) - 1):
            spoilt = bytearray(sealed.files[name])
            spoilt[at] ^= 1
            with pytest.raises(Malformed):
                opened(sealed._replace(files=sealed.files | {name: bytes(spoilt)}))


def test_files_of_two_submissions_are_not_mixed() -> None:
    one, two = seal(filled_in(), secret=b"s" * 32), seal(filled_in({"beds": "9"}), secret=b"s" * 32)
    with pytest.raises(Malformed):
        opened(one._replace(files=two.files))
    told = manifest(one)
    changed = (replace(told, form="other"), replace(told, version="4"), replace(told, version=None))
    for wrong in (*changed, replace(told, instance="uuid:2")):
        with pytest.raises(Malformed):
            open_submission(OdkKey(PEM), wrong, one.files)


def test_media_that_are_missing_leave_the_signature_unchecked() -> None:
    sealed = seal(filled_in(), {"a.jpg": b"pixels", "b.jpg": b""})
    del sealed.files["a.jpg.enc"]
    found = opened(sealed)
    assert (found.xml, found.media, found.missing) == (filled_in(), ("b.jpg",), ("a.jpg",))
    assert not found.checked
    del sealed.files["submission.xml.enc"]
    with pytest.raises(Malformed):
        opened(sealed)


@pytest.mark.parametrize("what", ["", "!", "AAAA"])
def test_what_is_no_base64_or_too_short_is_refused(what: str) -> None:
    sealed = seal(filled_in())
    told = manifest(sealed)
    for wrong in (replace(told, key=what), replace(told, signature=what)):
        with pytest.raises((Malformed, CannotOpen)):
            open_submission(OdkKey(PEM), wrong, sealed.files)


def test_only_an_open_rsa_key_is_a_key() -> None:
    form = Encoding.PEM, PrivateFormat.PKCS8
    locked = office_key().private_bytes(*form, BestAvailableEncryption(b"words"))
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(*form, NoEncryption())
    for wrong in (b"", b"-----BEGIN PRIVATE KEY-----", locked, other):
        with pytest.raises(BadKey):
            OdkKey(wrong)
