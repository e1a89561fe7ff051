# SPDX-License-Identifier: AGPL-3.0-or-later
"""A configuration that no child would take opens nothing."""

from typing import Any

import msgspec
import pytest

from safeconduct.edges.counter import CounterConfig, serve_counter
from safeconduct.edges.counter.config import parse_config, write_config
from safeconduct.kernel.errors import Malformed

CONFIG = CounterConfig(office=bytes(16), intake_signing=bytes(1984), relay="http://127.0.0.1:8440")


def test_a_configuration_reaches_a_child_as_it_is() -> None:
    assert parse_config(write_config(CONFIG)) == CONFIG


@pytest.mark.parametrize(
    "wrong",
    [
        {"office": b"short"},
        {"intake_signing": bytes(32)},
        {"relay": "ftp://127.0.0.1"},
        {"lanes": 0},
        {"port": 70_000},
        {"exit_url": "javascript:alert(1)"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_odd_configuration_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        serve_counter(msgspec.structs.replace(CONFIG, **wrong))
