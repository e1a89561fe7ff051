# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the report of an import keeps once a conversation of it was destroyed."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from safeconduct.edges.desk.import_report import NAME, forget
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import ConversationId

TEXT: Codec[str] = Codec(str, "import")
GONE, STAYS = ConversationId(b"g" * 16), ConversationId(b"s" * 16)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    store = Store(tmp_path, b"k" * 32)
    yield store
    store.close()


def test_lines_of_who_is_gone_leave_it_and_the_others_stay(store: Store) -> None:
    lines = [{"talk": one.hex(), "sender": sender} for one, sender in ((GONE, "a"), (STAYS, "b"))]
    both = [GONE.hex(), STAYS.hex()]
    report = {"name": "box", "lines": lines, "waiting": both, "pressing": [GONE.hex()]}
    store.put_setting(NAME, msgspec.json.encode(report).decode())
    forget(store, [GONE])
    left = store.setting(NAME, TEXT)
    assert left is not None
    assert msgspec.json.decode(left) == {
        "name": "box",
        "lines": lines[1:],
        "waiting": both[1:],
        "pressing": [],
    }


@pytest.mark.parametrize("odd", ["{}", "[1", '{"lines":[3]}'])
def test_a_report_of_another_shape_that_names_them_goes(store: Store, odd: str) -> None:
    store.put_setting(NAME, odd + GONE.hex())
    forget(store, [STAYS])
    assert store.setting(NAME, TEXT)
    forget(store, [GONE])
    assert store.setting(NAME, TEXT) is None
