# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's trees, notes and bodies as spec/relay.md says, case by case (log.json).

| op | given | gives |
|---|---|---|
| `merkle_root` | `leaves` | `root` |
| `verify_inclusion` | `leaf` (its hash) `index size root proof` | |
| `verify_consistency` | `first first_root second second_root proof` | |
| `checkpoint` | `note key` | `office tree size root` |
| `work` | `seed payload nonce` | `bits` (leading zeros) |
| `item_payload`, `meeting_payload`, `blob_payload` | what is paid for | `payload` |
| `receipt_message` | `index hash time` | `message` |
| `box_answer` | `data` | `items more` |
| `item` | `data` | `office epoch sealed` |
| `refusal` | `data` | `code fields` |
"""

import json
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

import pytest

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.log import merkle
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.wire import work
from safeconduct.kernel.wire.bodies import receipt_message
from safeconduct.kernel.wire.intake import parse_item
from safeconduct.kernel.wire.refusals import parse_refusal
from safeconduct.kernel.wire.streams import parse_box_answer, parse_items
from tests.vectors import draw_log
from tests.vectors.case import Case, Given, Gives
from tests.vectors.draw import FOLDER

CASES: list[Case] = json.loads((FOLDER / draw_log.NAME).read_text(encoding="utf-8"))["cases"]


def hashes(case: Given, name: str) -> list[bytes]:
    return [bytes.fromhex(text) for text in case.listed(name)]


def merkle_root(case: Given) -> Gives:
    return {"root": merkle.root_of(map(merkle.leaf_hash, hashes(case, "leaves")))}


def verify_inclusion(case: Given) -> Gives:
    place = case.number("index"), case.number("size")
    merkle.verify_inclusion(case.raw("leaf"), *place, case.raw("root"), hashes(case, "proof"))
    return {}


def verify_consistency(case: Given) -> Gives:
    first = case.number("first"), case.raw("first_root")
    second = case.number("second"), case.raw("second_root")
    merkle.verify_consistency(first, second, hashes(case, "proof"))
    return {}


def checkpoint(case: Given) -> Gives:
    read = parse_checkpoint(case.raw("note"), LongVerifyKey.parse(case.raw("key")))
    return {"office": read.office, "tree": read.tree, "size": read.size, "root": read.root}


def work_(case: Given) -> Gives:
    return {"bits": work.work_done(case.raw("seed"), case.raw("payload"), case.number("nonce"))}


def item_payload(case: Given) -> Gives:
    return {"payload": work.item_payload(case.raw("item"))}


def meeting_payload(case: Given) -> Gives:
    return {"payload": work.meeting_payload(case.raw("address"), case.raw("item"))}


def blob_payload(case: Given) -> Gives:
    shape = case.number("chunks"), case.number("length")
    return {"payload": work.blob_payload(case.raw("blob"), *shape)}


def receipt_message_(case: Given) -> Gives:
    return {"message": receipt_message(case.number("index"), case.raw("hash"), case.number("time"))}


def box_answer(case: Given) -> Gives:
    answer = parse_box_answer(case.raw("data"))
    return {"items": [waiting.item.hex() for waiting in answer.items], "more": answer.more}


def item(case: Given) -> Gives:
    head, sealed = parse_item(case.raw("data"))
    return {"office": head.office, "epoch": head.epoch, "sealed": sealed}


def items(case: Given) -> Gives:
    run = parse_items(case.raw("data"))
    return {"items": [[one.at, one.arrived, int(one.state), one.body.hex()] for one in run]}


def refusal(case: Given) -> Gives:
    error: Any = parse_refusal(case.raw("data"))
    fields = astuple(error) if hasattr(error, "__dataclass_fields__") else ()
    told = [field.hex() if isinstance(field, bytes) else field for field in fields]
    return {"code": error.code, "fields": told}


OPERATIONS: dict[str, Callable[[Given], Gives]] = {
    "merkle_root": merkle_root,
    "verify_inclusion": verify_inclusion,
    "verify_consistency": verify_consistency,
    "checkpoint": checkpoint,
    "work": work_,
    "item_payload": item_payload,
    "meeting_payload": meeting_payload,
    "blob_payload": blob_payload,
    "receipt_message": receipt_message_,
    "box_answer": box_answer,
    "item": item,
    "items": items,
    "refusal": refusal,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_log_comes_out_as_the_case_says(case: Case) -> None:
    gives: Gives = {}
    outcome = "ok"
    try:
        gives = OPERATIONS[case["op"]](Given(case))
    except SafeconductError as error:
        outcome = error.code
    assert outcome == case["expect"]
    for name, value in gives.items():
        assert case[name] == (value.hex() if isinstance(value, bytes) else value)


def test_every_case_of_log_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))


def test_making_the_log_vectors_again_changes_nothing() -> None:
    assert draw_log.text() == (FOLDER / draw_log.NAME).read_text(encoding="utf-8")
