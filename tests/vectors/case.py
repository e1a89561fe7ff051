# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vector as its runner reads it: hex to bytes, and nothing optional."""

from typing import Any

Case = dict[str, Any]
Gives = dict[str, Any]
Field = Any
"""Bytes, a number, text, or a list of such."""


class Given:
    """What a case gives to its operation."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def raw(self, name: str) -> bytes:
        """A field of bytes."""
        return bytes.fromhex(self._case[name])

    def number(self, name: str) -> int:
        """A field that is a number."""
        value = self._case[name]
        assert isinstance(value, int)
        return value

    def word(self, name: str) -> Any:  # noqa: ANN401  (purposes are literals; a case may lie)
        """A field that is text."""
        return self._case[name]

    def listed(self, name: str) -> Any:  # noqa: ANN401  (lists of JSON)
        """A field that is a list or a map."""
        return self._case[name]


def case(name: str, op: str, expect: str = "ok", *, browser: bool = True, **fields: Field) -> Case:
    """One case; bytes become hex."""
    told = {
        key: value.hex() if isinstance(value, bytes) else value for key, value in fields.items()
    }
    return {"name": name, "op": op, "browser": browser, **told, "expect": expect}
