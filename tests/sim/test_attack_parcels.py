# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever runs the server looks at key parcels, and at nothing else, to tell what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from safeconduct.edges.desk.engine import travelling
from safeconduct.rooms.cases import Part
from tests.sim.courier import Rehearsal
from tests.sim.steps import sync
from tests.sim.test_cases import go_online, meet, three_desks
from tests.sim.test_new_keys import suspend
from tests.sim.test_own_rotation import MONTH
from tests.sim.test_travel import pack

pytestmark = pytest.mark.attack
SLOT, HEAD, MARK = 16, 1_193, 24
ENC_ENDS = SLOT + 1 + 1_120
"""The last byte of an X25519 share: its highest bit is never set (RFC 7748 5)."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def given_back(stage: Rehearsal) -> None:
    """Let a desk travel light and ask for what it left, and a steward give it."""
    first, light = stage.desks["first"], pack(stage)
    sync(stage, "first")
    travelling.ask(light.journal)
    sync(stage, "second", "first")
    travelling.give_back(first.journal, stage.courier(first), light.device)


def part_given(stage: Rehearsal) -> None:
    """Let a colleague ask for a part of a case, and be given it."""
    first, third = stage.desks["first"], stage.desks["third"]
    (file,), _ = first.cases.files(start=0, most=1)
    third.cases.ask(file.name, Part.HEALTH, "She is ill tonight.")
    meet(stage)
    (asked,) = first.cases.requests()
    first.cases.answer(asked.request.fact, give=True, word="")


def month_later(stage: Rehearsal) -> None:
    """Let each desk take its own key anew; the steward's makes a key for letters too."""
    stage.clock.time += MONTH
    meet(stage)


def removed(stage: Rehearsal) -> None:
    """Let a device be suspended, and the keys that it could open be renewed."""
    suspend(stage, "third")
    sync(stage, "first")


def by_act(stage: Rehearsal) -> dict[str, list[bytes]]:
    """What the server was brought in each act."""
    first = stage.desks["first"]
    acts: dict[str, Callable[[], object]] = {
        "founding and admissions": lambda: None,
        "case opened": lambda: first.cases.open({}),
        "part of a case given": lambda: part_given(stage),
        "own key": lambda: month_later(stage),
        "given back": lambda: given_back(stage),
        "a device removed": lambda: removed(stage),
    }
    go_online(stage)
    seen, found = set[bytes](), dict[str, list[bytes]]()
    for name, act in acts.items():
        act()
        found[name] = [one for one in parcels(stage) if one not in seen]
        seen.update(found[name])
    return found


def parcels(stage: Rehearsal) -> list[bytes]:
    """Every parcel that the server was ever brought, as it keeps them."""
    reader = stage.store.parts.database.reader()
    return [row[0] for row in reader.execute("SELECT body FROM parcels ORDER BY number")]


def view(parcel: bytes) -> tuple[object, ...]:
    """What stands in a parcel in clear: its numbers and texts, and of bytes how many."""
    fields = msgspec.msgpack.decode(parcel)
    return tuple(len(field) if isinstance(field, bytes) else field for field in fields)


def brought(stage: Rehearsal) -> list[bytes]:
    """A parcel and more of every act."""
    found = by_act(stage)
    assert not [name for name, some in found.items() if not some]
    return [one for some in found.values() for one in some]


def pieces(parcel: bytes) -> tuple[list[bytes], list[bytes]]:
    """The heads and the marks of a parcel, as everybody can cut them."""
    _, _, heads, marks, _ = msgspec.msgpack.decode(parcel)
    return (
        [heads[at : at + HEAD] for at in range(0, len(heads), HEAD)],
        [marks[at : at + MARK] for at in range(0, len(marks), MARK)],
    )


def test_server_sees_not_for_how_many_a_parcel_is(office: Rehearsal) -> None:
    some = brought(office)
    assert len({view(one)[:-1] for one in some}) == 1
    heads = [head for one in some for head in pieces(one)[0]]
    assert all(head[SLOT] == 1 and head[ENC_ENDS - 1] < 1 << 7 for head in heads)


def test_server_sees_not_how_much_a_parcel_holds(office: Rehearsal) -> None:
    assert len({view(one)[-1] for one in brought(office)}) == 1


def test_server_sees_no_two_parcels_for_the_same_device_or_team(office: Rehearsal) -> None:
    slots = Counter(
        one[:SLOT] for parcel in brought(office) for cut in pieces(parcel) for one in cut
    )
    assert set(slots.values()) == {1}
