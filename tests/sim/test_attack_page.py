# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay answers a person's page with what is not the office's; the page's own code judges."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

import safeconduct
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.bodies import receipt_message
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.hotline.letters import Certificate, write_certificate
from tests.kit.browsers import NODE

pytestmark = pytest.mark.attack

OFFICE = OfficeId(b"office of tests.")
SIGNING = LongSigningKey.from_seed(b"s" * 64)
RELAY = SigningKey.from_seed(b"r" * 32)
ENEMY = LongSigningKey.from_seed(b"e" * 64)
KEY = SealingKey.from_seed(b"k" * 32).public.raw
ITEM = b"what she sealed"
BROWSER = Path(safeconduct.__file__).parent / "edges" / "portal" / "browser"


def page(call: str, **given: object) -> str:
    """What the page's code says: `taken`, or the code of its refusal."""
    done = subprocess.run(
        [str(NODE), str(Path(__file__).with_name("attack_page.mjs")), str(BROWSER), call],
        input=json.dumps({k: v.hex() if isinstance(v, bytes) else v for k, v in given.items()}),
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    return done.stdout.strip()


def certificate(signer: LongSigningKey, least: int = 0) -> str:
    """What becomes of the second intake key, signed by somebody."""
    signed = write_certificate(Certificate(1, OFFICE, 2, KEY, 0, 1), signer)
    pin = SIGNING.public.short.raw
    return page("certificate", signed=signed, office=OFFICE, pin=pin, least=least)


def receipt(signer: SigningKey, item: bytes) -> str:
    """What becomes of a receipt over an item, for the item that she sealed."""
    digest = hashlib.sha256(item).digest()
    signature = sign(signer, "receipt", OFFICE, receipt_message(3, digest, 4))
    named = {"index": 3, "hash": digest, "time": 4, "signature": signature}
    return page("receipt", item=ITEM, office=OFFICE, key=RELAY.public.raw, **named)


def test_page_refuses_an_intake_key_that_the_office_did_not_sign() -> None:
    assert certificate(SIGNING) == "taken"
    assert certificate(ENEMY) == "bad_signature"


def test_page_refuses_an_older_intake_key_than_it_has_seen() -> None:
    assert certificate(SIGNING, least=3) == "malformed"


def test_page_refuses_a_receipt_that_the_relay_did_not_sign() -> None:
    assert receipt(RELAY, ITEM) == "taken"
    assert receipt(ENEMY.short, ITEM) == "bad_signature"


def test_page_refuses_the_receipt_of_another_message() -> None:
    assert receipt(RELAY, b"what somebody else sealed") == "bad_signature"


def test_page_refuses_a_sealing_key_of_small_order() -> None:
    assert page("sealing", key=KEY) == "taken"
    assert page("sealing", key=KEY[:1184] + bytes(32)) == "bad_key"


def test_page_refuses_a_signing_key_of_small_order() -> None:
    assert page("signing", key=(1).to_bytes(32, "little")) == "bad_key"
