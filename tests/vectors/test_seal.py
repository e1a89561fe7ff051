# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing and signing as spec/seal.md says, case by case; and the draft's own X-Wing vectors."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519

from safeconduct.kernel.seal.unlock import SealingKey, open_sealed
from tests.vectors import make
from tests.vectors.case import Case
from tests.vectors.draw import FOLDER, Xwing, recipients
from tests.vectors.run import differs, load


@pytest.mark.parametrize("case", load("seal.json"), ids=lambda case: case["name"])
def test_seal_comes_out_as_the_case_says(case: Case) -> None:
    assert not differs(case)


def test_every_case_of_seal_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in load("seal.json")]
    assert len(names) == len(set(names))


def test_making_the_seal_vectors_again_changes_nothing() -> None:
    assert make.text("seal.json") == (FOLDER / "seal.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("recipient", recipients(), ids=["1", "2"])
def test_the_drafts_vectors_hold(recipient: Xwing) -> None:
    key = SealingKey.from_seed(recipient.seed)
    assert key.public.raw == recipient.public
    expanded = hashlib.shake_256(recipient.seed).digest(96)
    lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    curve = x25519.X25519PrivateKey.from_private_bytes(expanded[64:])
    one = lattice.decapsulate(recipient.enc[:1088])
    two = curve.exchange(x25519.X25519PublicKey.from_public_bytes(recipient.enc[1088:]))
    label = b"\\.//^\\"
    told = one + two + recipient.enc[1088:] + recipient.public[1184:] + label
    assert hashlib.sha3_256(told).digest() == recipient.shared


@pytest.mark.parametrize("recipient", recipients(), ids=["1", "2"])
def test_the_library_opens_what_rfc_9180_seals_with_the_drafts_secret(recipient: Xwing) -> None:
    sealed = recipient.seal("door", b"where", b"what")
    assert open_sealed(SealingKey.from_seed(recipient.seed), "door", b"where", sealed) == b"what"
