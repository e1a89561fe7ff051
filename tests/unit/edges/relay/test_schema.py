# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every step of the tables has its way back."""

from collections.abc import Sequence
from pathlib import Path

import apsw
import pytest

from safeconduct.edges.relay.schema import STEPS, migrate, version
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import UnknownVersion
from tests.kit.relay import plenty


def shape(connection: apsw.Connection) -> Sequence[object]:
    query = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    return connection.execute(query).fetchall()


@pytest.mark.parametrize("low", range(len(STEPS)))
def test_a_step_down_and_up_again_changes_nothing(low: int) -> None:
    connection = apsw.Connection(":memory:")
    migrate(connection, low)
    before = shape(connection)
    migrate(connection)
    newest = shape(connection)
    migrate(connection, low)
    assert shape(connection) == before
    migrate(connection)
    assert shape(connection) == newest
    assert version(connection) == len(STEPS)


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "relay.db"
    with RelayStore(path, probe=plenty):
        pass
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", len(STEPS) + 1)
    connection.close()
    with pytest.raises(UnknownVersion):
        RelayStore(path, probe=plenty)
