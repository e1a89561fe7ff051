# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records hold values alone: the collector never looks into them (`kernel/canon.Record`)."""

import importlib
import pkgutil
import types
import typing
from collections.abc import Iterator

import pytest

import safeconduct
from safeconduct.kernel.canon import Codec, Record

PLAIN = {bool, bytes, float, int, str, type(None), typing.Any}
GROUPS = {dict, frozenset, list, tuple, typing.Literal, typing.Union, types.UnionType}
"""What msgpack gives for `Any` is of these too, and a tree."""


def records(under: type[Record] = Record) -> Iterator[type[Record]]:
    """Every record of the program."""
    for kind in under.__subclasses__():
        yield kind
        yield from records(kind)


def refers(kind: object) -> bool:
    """Whether a value of this type could refer to something that refers back to it."""
    if isinstance(kind, typing.NewType):
        return refers(kind.__supertype__)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return refers(inner[0])
    if origin is typing.Literal or kind is ... or kind in PLAIN:
        return False
    if origin in GROUPS:
        return any(map(refers, inner))
    if isinstance(kind, type) and issubclass(kind, tuple):
        return any(map(refers, typing.get_type_hints(kind, include_extras=True).values()))
    return not (isinstance(kind, type) and issubclass(kind, Record))


def test_no_record_can_be_part_of_a_cycle() -> None:
    for module in pkgutil.walk_packages(safeconduct.__path__, "safeconduct."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {
        f"{kind.__module__}.{kind.__name__}.{name}": said
        for kind in records()
        for name, said in typing.get_type_hints(kind, include_extras=True).items()
        if name in kind.__struct_fields__ and refers(said)
    }
    assert len(list(records())) > 100
    assert not found


@pytest.mark.parametrize("kind", [object, Codec[int], tuple[object, ...], dict[str, set[int]]])
def test_what_could_refer_back_is_found(kind: object) -> None:
    assert refers(kind)
