# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saved searches stand in the store of their desk, and are there when it is opened again."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.edges.desk.saved_searches import NothingToSave, SavedSearches
from safeconduct.edges.desk.search_api import Saved
from safeconduct.edges.desk.store import Store


def test_they_are_kept_and_dropped_for_good(tmp_path: Path) -> None:
    store = Store(tmp_path, bytes(32))
    saved = SavedSearches(store)
    assert saved.all() == ()
    saved.save("north", "mill road")
    saved.save("дом", "ёлка")
    with pytest.raises(NothingToSave):
        saved.save("empty", " ")
    store.close()
    store = Store(tmp_path, bytes(32))
    saved = SavedSearches(store)
    assert saved.all() == (Saved("north", "mill road"), Saved("дом", "ёлка"))
    saved.drop("north")
    saved.drop("what is not there")
    assert SavedSearches(store).all() == (Saved("дом", "ёлка"),)
    store.close()
