# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stage of most rehearsals: an office with two desks, and one person who wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, sync


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Rehearsal]:
    """Two desks that know of each other."""
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        rehearsal.join()
        yield rehearsal


@pytest.fixture
def person(stage: Rehearsal) -> Person:
    """Somebody whose message both desks hold."""
    person = Person(stage)
    person.write("Please help.")
    sync(stage, "first", "second", "first")
    return person


@pytest.fixture
def hands(stage: Rehearsal) -> tuple[Hand, Hand]:
    """Both desks, synced by hand."""
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    return first, second
