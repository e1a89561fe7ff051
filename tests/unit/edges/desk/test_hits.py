# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message that several desks recorded is one result."""

from __future__ import annotations

import random

import msgspec

from safeconduct.edges.desk.hits import MESSAGE
from safeconduct.rooms import hotline
from tests.bench.crowd import messages


def test_records_of_one_message_begin_alike_and_no_others_do() -> None:
    first, second = messages(random.Random(1), 2, most=1)
    again = msgspec.structs.replace(first, arrived=first.arrived + 1, text="other words")
    sibling = msgspec.structs.replace(first, message=second.message)
    begins = [hotline.write_fact(one)[:MESSAGE] for one in (first, again, second, sibling)]
    assert begins[0] == begins[1]
    assert len({*begins}) == 3
    assert begins[0].endswith(first.message)
