# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody has taken the relay's file and lays what stands in it side by side."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import apsw
import pytest

from safeconduct.edges.relay import schema
from safeconduct.edges.relay.stepping import step_to
from safeconduct.kernel.steps import Step
from safeconduct.kernel.wire.bodies import BoxAsk, Letter
from safeconduct.kernel.words import DAY, MINUTE, Instant
from tests.kit.relay import SetClock, relay

pytestmark = pytest.mark.attack

PEOPLE = 12


def boxes_of_a_day(folder: Path) -> list[bytes]:
    """People write one after the other, and each has her receipt at once; return their boxes."""
    dice = Random(1)
    addresses = [dice.randbytes(32) for _ in range(PEOPLE)]
    clock = SetClock()
    with relay(folder, clock=clock) as kept:
        for address in addresses:
            clock.time += dice.randrange(MINUTE, 10 * MINUTE)
            kept.submit(address)
            expires = Instant(clock.time + 30 * DAY)
            kept.desk.post([Letter(address, expires, b"the office has it" + address)])
    return addresses


def found(folder: Path, query: str) -> Sequence[tuple[object, ...]]:
    """What stands in the file."""
    connection = apsw.Connection(str(folder / "relay.db"), flags=apsw.SQLITE_OPEN_READONLY)
    return connection.execute(query).fetchall()


def test_file_does_not_tell_in_which_order_boxes_were_written_to(tmp_path: Path) -> None:
    in_turn = boxes_of_a_day(tmp_path)
    for order in ("number", "rowid", "1"):
        query = f"SELECT address, number FROM boxes ORDER BY {order}"
        try:
            rows = found(tmp_path, query)
        except apsw.SQLError:
            continue  # There is no such order.
        assert len(rows) == PEOPLE
        assert [address for address, _ in rows] != in_turn, order


def test_file_does_not_tell_when_an_item_was_put_into_a_box(tmp_path: Path) -> None:
    boxes_of_a_day(tmp_path)
    rows = found(tmp_path, "SELECT address, expires FROM boxes")
    assert len(rows) == PEOPLE
    assert len({end for _, end in rows}) == 1


def test_file_holds_nothing_of_what_has_left_a_box(tmp_path: Path) -> None:
    clock, mark = SetClock(), b"sealed and gone " * 3000
    with relay(tmp_path, clock=clock) as kept:
        kept.desk.post([Letter(b"a" * 32, Instant(clock.time + DAY), mark)])
        assert kept.public.box(BoxAsk(b"a" * 32, 0)).items
        clock.time += 2 * DAY
        kept.store.sweep()
    assert mark[:16] not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_file_holds_nothing_of_what_a_step_of_its_tables_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer, mark = (
        Step(up="CREATE TABLE doors (item BLOB);", down="DROP TABLE doors;"),
        b"a door " * 4,
    )
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, newer))
    with relay(tmp_path) as kept:
        query = "INSERT INTO doors SELECT value FROM json_each(?)"
        rows = json.dumps([mark.decode() * 100] * 20)
        kept.store.parts.database.write(lambda writer: writer.execute(query, (rows,)).fetchall())
    assert mark in (tmp_path / "relay.db").read_bytes()
    step_to(tmp_path / "relay.db", 1)
    assert mark not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
