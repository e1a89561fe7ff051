# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every step of the tables has its way back."""

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import apsw
import pytest

from safeconduct.edges.relay import schema
from safeconduct.edges.relay.backup import NoRelay
from safeconduct.edges.relay.schema import STEPS, migrate, version
from safeconduct.edges.relay.stepping import ServerRuns, step_to
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.steps import MadeByNewer, NoSuchVersion, Step
from tests.kit.powercut import PowerCut
from tests.kit.relay import Office, keep, plenty

NEXT = (
    *STEPS,
    Step(
        up="ALTER TABLE boxes ADD COLUMN read INTEGER; CREATE TABLE doors (no INTEGER);",
        down="DROP TABLE doors; ALTER TABLE boxes DROP COLUMN read;",
    ),
)


def shape(connection: apsw.Connection) -> Sequence[object]:
    query = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    return connection.execute(query).fetchall()


@pytest.mark.parametrize("low", range(1, len(NEXT)))
def test_a_step_down_and_up_again_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, low: int
) -> None:
    monkeypatch.setattr(schema, "STEPS", NEXT)
    connection = apsw.Connection(":memory:")
    migrate(connection, low)
    before = shape(connection)
    migrate(connection)
    newest = shape(connection)
    migrate(connection, low)
    assert shape(connection) == before
    migrate(connection)
    assert shape(connection) == newest
    assert version(connection) == len(NEXT)


@pytest.mark.parametrize("to", [-1, 0, len(STEPS) + 1])
def test_nothing_leads_below_the_first_version_or_above_the_newest(tmp_path: Path, to: int) -> None:
    path = tmp_path / "relay.db"
    with RelayStore(path, probe=plenty) as store:
        keep(store, Office())
    with pytest.raises(NoSuchVersion):
        step_to(path, to)
    with RelayStore(path, probe=plenty) as store:
        assert store.first_office() is not None


def test_a_relay_goes_back_and_keeps_its_office(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "relay.db"
    with monkeypatch.context() as newer:
        newer.setattr(schema, "STEPS", NEXT)
        with RelayStore(path, probe=plenty) as store:
            keep(store, Office())
            with pytest.raises(ServerRuns):
                step_to(path, 1)
    with pytest.raises(MadeByNewer) as met:
        RelayStore(path, probe=plenty)
    assert (met.value.found, met.value.known) == (len(NEXT), len(STEPS))
    with monkeypatch.context() as newer:
        newer.setattr(schema, "STEPS", NEXT)
        step_to(path, met.value.known)
    with RelayStore(path, probe=plenty) as store:
        assert store.first_office() is not None


def test_a_power_cut_on_the_way_leaves_one_version_or_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(schema, "STEPS", NEXT)
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        keep(store, Office())
    found, at = set(), 0
    while True:
        at += 1
        before, after = tmp_path / f"{at}-before", tmp_path / f"{at}-after"
        for folder in (before, after):
            folder.mkdir()
            for name in ("relay.db", "relay.db.key"):
                shutil.copy(tmp_path / name, folder / name)
        cut = PowerCut(f"step-cut-{at}", at, random.Random(at))
        step_to(before / "relay.db", 1, vfs=cut.name)
        cut.unregister()
        if not cut.dead.is_set():
            break
        cut.restore(after)
        connection = apsw.Connection(str(after / "relay.db"))
        found.add(version(connection))
        connection.close()
        with RelayStore(after / "relay.db", probe=plenty) as store:
            assert store.first_office() is not None
    assert found == {1, len(NEXT)}
    assert at > 5


def test_no_relay_is_made_where_none_is(tmp_path: Path) -> None:
    with pytest.raises(NoRelay):
        step_to(tmp_path / "relay.db", 1)
    assert not list(tmp_path.iterdir())


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "relay.db"
    with RelayStore(path, probe=plenty):
        pass
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", len(STEPS) + 1)
    connection.close()
    with pytest.raises(MadeByNewer):
        RelayStore(path, probe=plenty)
