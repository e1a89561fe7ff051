# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes from outside, spoilt in every way that a seed draws; and what in the program reads them.

Readers are found by what they are called, so that a new one cannot be forgotten: functions whose
name begins as `READS` says and that take bytes or text, `parse` of a class, and every `Codec`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from types import CodeType, FrameType, ModuleType
from typing import Any, Final

import msgspec
from msgspec import inspect as shapes

import safeconduct
from safeconduct.kernel.canon import Codec, encode

READS: Final = re.compile(r"(parse|check|read|open|decode|unpad)(_|$)")
LONGEST: Final = 1 << 16
STRANGE: Final = (
    b"",
    b"\x00",
    b"\xff",
    b"\xc1",
    b"\xc0",
    b"\xdd\xff\xff\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\xdf\xff\xff\xff\xff",
    b"\xcf" + b"\xff" * 8,
    b"\xd3\x80" + bytes(7),
    b"\xcb\x7f\xf8" + bytes(6),
    b"\x91" * 3000,
    b"\x81\xa0" * 3000,
    b"\xd9\x02\xed\xa0",
    b"\n\n",
    b"-",
    b"+1",
    b"0x",
    b"1_0",
    "\u0663\u0664".encode(),
    "\u00b2\u200b\u202e".encode(),
    "\u0130\u1e9e\ufb03".encode(),
)
"""Heads without their body, nesting without end, digits and letters of other scripts."""


def modules() -> Iterator[ModuleType]:
    """Every module of the program."""
    for found in pkgutil.walk_packages(safeconduct.__path__, "safeconduct."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


@cache
def readers() -> dict[str, Callable[..., object]]:
    """Every function that reads by its name, under the name of its module and its own."""
    found: dict[str, Callable[..., object]] = {}
    for module in modules():
        for name, value in list(vars(module).items()):
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value) and READS.match(name) and _takes_bytes(value):
                found[f"{module.__name__}.{name}"] = value
            if inspect.isclass(value) and isinstance(vars(value).get("parse"), classmethod):
                found[f"{module.__name__}.{name}.parse"] = getattr(value, "parse")  # noqa: B009
    return found


@cache
def codecs() -> dict[str, Codec[Any]]:
    """Every codec that a module keeps, alone or in a table."""
    found: dict[int, tuple[str, Codec[Any]]] = {}
    for module in modules():
        for name, value in list(vars(module).items()):
            inside = list(value.values()) if isinstance(value, dict) else [value]
            for number, one in enumerate(inside):
                codec = getattr(one, "__self__", one)
                if isinstance(codec, Codec):
                    found.setdefault(id(codec), (f"{module.__name__}.{name} {number}", codec))
    return dict(found.values())


def called(run: Callable[[], object]) -> set[CodeType]:
    """Run something; return the code that was called in it."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(before)
    return seen


def example(codec: Codec[Any]) -> bytes:
    """Return bytes that a codec reads: the least value of its type."""
    version = codec._version
    value = _least(shapes.type_info(codec._decoder.type))
    raw = encode(value)
    if version is not None:
        raw = encode([version, *msgspec.msgpack.decode(raw)[1:]])
    return raw


def spoil(good: bytes, others: list[bytes], dice: Random) -> bytes:
    """Return an example with one to four things done to it."""
    raw = bytearray(good)
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(raw))
        end = min(len(raw), at + dice.choice((0, 1, 1, 2, 8, 64, LONGEST)))
        way = dice.randrange(6)
        if way == 0 and raw:
            raw[min(at, len(raw) - 1)] ^= 1 << dice.randrange(8)
        elif way == 1:
            del raw[at:end]
        elif way == 2:
            raw[at:end] = dice.choice(STRANGE)
        elif way == 3:
            raw[at:at] = raw[at:end] * dice.randint(1, 3)
        elif way == 4:
            raw[at:end] = dice.randbytes(dice.randint(0, 9))
        else:
            other = dice.choice(others)
            start = dice.randint(0, len(other))
            raw[at:] = other[start:]
    return bytes(raw[:LONGEST])


def _takes_bytes(function: Callable[..., object]) -> bool:
    parameters = inspect.signature(function).parameters.values()
    told = [str(getattr(each.annotation, "__name__", each.annotation)) for each in parameters]
    return any(note.removesuffix(" | None") in {"bytes", "str"} for note in told)


def _least(shape: Any) -> Any:  # noqa: ANN401  (a type of any kind, and a value of it)
    make = _LEAST.get(type(shape))
    return make(shape) if make is not None else None


def _few(shape: Any) -> list[Any]:  # noqa: ANN401
    return [_least(shape.item_type)] * (shape.min_length or 0)


def _fields(shape: Any) -> list[Any]:  # noqa: ANN401
    return [_least(field.type) for field in shape.fields]


_LEAST: Final[dict[type, Callable[[Any], Any]]] = {
    shapes.StructType: _fields,
    shapes.NamedTupleType: _fields,
    shapes.TupleType: lambda shape: [_least(item) for item in shape.item_types],
    shapes.BytesType: lambda shape: bytes(shape.min_length or 0),
    shapes.StrType: lambda shape: "x" * (shape.min_length or 0),
    shapes.IntType: lambda shape: shape.ge or 0,
    shapes.FloatType: lambda _: 0.0,
    shapes.BoolType: lambda _: False,
    shapes.LiteralType: lambda shape: shape.values[0],
    shapes.EnumType: lambda shape: next(iter(shape.cls)).value,
    shapes.ListType: _few,
    shapes.VarTupleType: _few,
    shapes.SetType: _few,
    shapes.FrozenSetType: _few,
    shapes.DictType: lambda _: {},
    shapes.UnionType: lambda shape: _least(shape.types[0]),
}
"""The least value of each kind of type; what is of any other kind is nothing."""
