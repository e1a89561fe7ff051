# SPDX-License-Identifier: AGPL-3.0-or-later
"""Spoilt bytes from outside raise what is documented and nothing else, wherever they are read.

Bounded here; `make fuzz` goes on for as long as `SAFECONDUCT_FUZZ_SECONDS` says, each time anew.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import time
from random import Random
from typing import Final

import pytest

from safeconduct.kernel.errors import SafeconductError
from tests.kit.fuzzing import called, readers, spoil
from tests.property.outside import INSIDE, Reader, everything

SECONDS: Final = float(os.environ.get("SAFECONDUCT_FUZZ_SECONDS", "0"))
TIMES: Final = 4
"""How often each example is spoilt where no seconds are given."""
READERS: Final = everything()
BY_CODE: Final = {inspect.unwrap(reader).__code__: reader for reader in readers().values()}
WORD: Final = re.compile(r"\w+")
EXAMPLES: Final = [reader.good for reader in READERS.values()]


def fault(reader: Reader, data: bytes) -> str:
    """What came out of reading some bytes that must not, if anything did."""
    try:
        reader.read(data)
    except reader.raises as error:
        return undocumented(error)
    except Exception as error:  # noqa: BLE001  (that is what we look for)
        return repr(error)
    return ""


def undocumented(error: Exception) -> str:
    """Say that an error is of no kind that the first of our readers in its way tells of."""
    if not isinstance(error, SafeconductError):
        return ""
    kinds = {kind.__name__.lower() for kind in type(error).__mro__}
    frame = error.__traceback__
    while frame is not None:
        reader = BY_CODE.get(frame.tb_frame.f_code)
        if reader is not None:
            told = (inspect.getdoc(reader) or "").lower().partition("raises")[2]
            return "" if kinds & set(WORD.findall(told)) else f"{error!r}, undocumented"
        frame = frame.tb_next
    return ""


def faults(seed: int, until: float) -> dict[str, str]:
    """Spoil every example some times; return what must not have come out, by reader."""
    dice, found = Random(seed), dict[str, str]()
    for _ in range(TIMES):
        for name, reader in READERS.items():
            data = spoil(reader.good, EXAMPLES, dice)
            why = fault(reader, data)
            if why:
                found[name] = f"{why} from {data[:200].hex()}"
        if until and time.monotonic() > until:
            break
    return found


def test_every_example_is_good() -> None:
    assert not {name: why for name, one in READERS.items() if (why := _refused(one))}


def test_spoilt_bytes_raise_what_is_documented_and_nothing_else() -> None:
    assert not faults(seed=1, until=0)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        seed = int.from_bytes(os.urandom(4), "big")
        assert not faults(seed, until), f"seed {seed}"


def test_no_reader_was_forgotten() -> None:
    seen = called(lambda: [reader.read(reader.good) for reader in READERS.values()])
    forgotten = {reader for code, reader in BY_CODE.items() if code not in seen}
    assert {name for name, reader in readers().items() if reader in forgotten} == INSIDE.keys()


def _refused(reader: Reader) -> str:
    try:
        reader.read(reader.good)
    except Exception as error:  # noqa: BLE001  (whatever it is, the example is none)
        return repr(error)
    return ""


@pytest.mark.parametrize("kept", ["desk.forms", "counter.forms"])
def test_what_is_spoilt_in_a_form_is_written_to_no_log(kept: str) -> None:
    code = (
        f"import safeconduct.edges.{kept}\n"
        "from python_multipart.multipart import MultipartParser\n"
        "from contextlib import suppress\n"
        "with suppress(Exception): MultipartParser(b'b').write(b'--b\\r\\nDispos\\xe9tion: x')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert done.stderr == b""
