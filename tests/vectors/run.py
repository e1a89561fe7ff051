# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs a vector: every operation of the README, and whether a case came out as it says.

`python -m tests.vectors.run FILE...` runs files of the same form that others made.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safeconduct.kernel.canon import Codec
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.seal.keys import LongVerifyKey, VerifyKey
from safeconduct.kernel.seal.lock import SealingPublicKey, derive, fingerprint, plan_blob
from safeconduct.kernel.seal.padding import pad, padme, unpad
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import BlobOpener, SealingKey, open_box, open_sealed
from safeconduct.kernel.seal.verify import verify, verify_long
from safeconduct.kernel.words import OfficeId
from tests.vectors import run_crew, run_doors, run_journal, run_mailbox
from tests.vectors.case import Case, Given, Gives

FOLDER = Path(__file__).parent
_ANY: Codec[Any] = Codec(Any, "canonical")


def sealing_keypair(case: Given) -> Gives:
    return {"public": SealingKey.from_seed(case.raw("seed")).public.raw}


def sealing_key(case: Given) -> Gives:
    SealingPublicKey.parse(case.raw("key"))
    return {}


def open_sealed_(case: Given) -> Gives:
    key = SealingKey.from_seed(case.raw("seed"))
    return {
        "plaintext": open_sealed(key, case.word("purpose"), case.raw("context"), case.raw("sealed"))
    }


def derive_(case: Given) -> Gives:
    cipher_key, commitment = derive(case.raw("key"), case.word("purpose"), case.raw("context"))
    return {"cipher_key": cipher_key, "commitment": commitment}


def open_box_(case: Given) -> Gives:
    return {
        "plaintext": open_box(
            case.raw("key"), case.word("purpose"), case.raw("context"), case.raw("box")
        )
    }


def padme_(case: Given) -> Gives:
    return {"padded": padme(case.number("length"))}


def pad_(case: Given) -> Gives:
    return {"padded": pad(case.raw("message"), case.number("least"))}


def unpad_(case: Given) -> Gives:
    return {"message": unpad(case.raw("padded"))}


def blob_plan(case: Given) -> Gives:
    plan = plan_blob(case.raw("key"), case.number("size"))
    return {"blob": plan.blob, "padded": plan.padded, "chunks": plan.chunks}


def open_chunk(case: Given) -> Gives:
    opener = BlobOpener(case.raw("key"), case.number("size"))
    return {"part": opener.open(case.number("index"), case.raw("sealed"))}


def canonical(case: Given) -> Gives:
    _ANY.decode(case.raw("data"))
    return {}


def verify_key(case: Given) -> Gives:
    VerifyKey.parse(case.raw("key"))
    return {}


def verify_ed25519(case: Given) -> Gives:
    key = VerifyKey.parse(case.raw("key"))
    context, message = case.raw("context"), case.raw("message")
    verify(key, case.word("purpose"), context, message, case.raw("signature"))
    return {}


def verify_long_(case: Given) -> Gives:
    key = LongVerifyKey.parse(case.raw("key"))
    context, message = case.raw("context"), case.raw("message")
    verify_long(key, case.word("purpose"), context, message, case.raw("signature"))
    return {}


def fingerprint_(case: Given) -> Gives:
    return {"digest": fingerprint(case.word("purpose"), case.raw("data"))}


def phrase_secret(case: Given) -> Gives:
    return {"secret": stretch_phrase(case.word("phrase").encode(), OfficeId(case.raw("office")))}


def phrase_parts(case: Given) -> Gives:
    secret = case.raw("secret")
    seed = part(secret, "mailbox-seal")
    return {
        "seed": seed,
        "public": SealingKey.from_seed(seed).public.raw,
        "address": part(secret, "mailbox-address"),
        "voice": part(secret, "mailbox-voice"),
    }


OPERATIONS: dict[str, Callable[[Given], Gives]] = {
    "sealing_keypair": sealing_keypair,
    "sealing_key": sealing_key,
    "open_sealed": open_sealed_,
    "derive": derive_,
    "open_box": open_box_,
    "padme": padme_,
    "pad": pad_,
    "unpad": unpad_,
    "blob_plan": blob_plan,
    "open_chunk": open_chunk,
    "canonical": canonical,
    "verify_key": verify_key,
    "verify_ed25519": verify_ed25519,
    "verify_long": verify_long_,
    "fingerprint": fingerprint_,
    "phrase_secret": phrase_secret,
    "phrase_parts": phrase_parts,
    **run_mailbox.OPERATIONS,
    **run_journal.OPERATIONS,
    **run_crew.OPERATIONS,
    **run_doors.OPERATIONS,
}


def load(name: str) -> list[Case]:
    """The cases of a file in this folder."""
    cases: list[Case] = json.loads((FOLDER / name).read_text(encoding="utf-8"))["cases"]
    return cases


def outcome(case: Case) -> tuple[str, Gives]:
    """What the operation of a case comes to: `ok` and what it gives, or a code."""
    try:
        return "ok", OPERATIONS[case["op"]](Given(case))
    except SafeconductError as error:
        return error.code, {}


def differs(case: Case) -> list[str]:
    """Everything in which a case did not come out as it says."""
    code, gives = outcome(case)
    wrong = [] if code == case["expect"] else [f"expected {case['expect']}, got {code}"]
    for name, value in gives.items():
        told = value.hex() if isinstance(value, bytes) else value
        if case.get(name) != told:
            wrong.append(f"{name} differs")
    return wrong


def main(paths: list[str]) -> int:
    """Run files; return how many cases came out wrong."""
    failed = 0
    for path in paths:
        for case in json.loads(Path(path).read_text(encoding="utf-8"))["cases"]:
            wrong = differs(case)
            failed += bool(wrong)
            print(f"{'FAILED' if wrong else 'ok    '} {case['name']} {'; '.join(wrong)}".rstrip())
    return min(failed, 125)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
