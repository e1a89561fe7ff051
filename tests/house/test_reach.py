# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which attacks a defence is tried against: every one whose functions it changed, and no fewer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.patching import ROOT
from tests.kit.reach import Function, changed_functions, reached, record

HLC = "safeconduct/kernel/journal/hlc.py"
PHRASE = "safeconduct/edges/portal/browser/phrase.js"
WORKER = "safeconduct/edges/desk/engine/worker.py"
FORKS = "tests/sim/test_forks.py"
LAST = "    return max(newest, heard)\n"
IMPORT = "from __future__ import annotations\n"


def copied(folder: Path, place: str, old: str, new: str) -> Path:
    """Copy one file of the product, with one place of it written otherwise."""
    text = (ROOT / "src" / place).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / place).parent.mkdir(parents=True)
    (folder / place).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def follow() -> Function:
    """The last function of the file."""
    lines = (ROOT / "src" / HLC).read_text(encoding="utf-8").splitlines()
    (at,) = [number for number, line in enumerate(lines, 1) if line.startswith("def follow(")]
    return Function(HLC, range(at, at + 1))


@pytest.mark.parametrize("new", ["    return heard\n", "    return heard\n" + LAST, ""])
def test_a_change_in_a_function_is_that_functions(tmp_path: Path, new: str) -> None:
    assert changed_functions(copied(tmp_path, HLC, LAST, new)) == {follow()}


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        (HLC, LAST, LAST + "\n\nVALUE = 1\n"),
        (HLC, LAST, LAST + "\n\ndef more() -> None:\n    pass\n"),
        (HLC, IMPORT, IMPORT + "VALUE = 1\n"),
        (
            HLC,
            'now: Instant) -> int:\n    """Return the newest',
            'now: Instant = 0) -> int:\n    """Return the newest',
        ),
        (PHRASE, "export function draw(list) {\n", "export function draw(list) {\n  return [];\n"),
    ],
)
def test_what_is_of_no_function_concerns_all(
    tmp_path: Path, place: str, old: str, new: str
) -> None:
    assert changed_functions(copied(tmp_path, place, old, new)) is None


def test_an_attack_that_never_calls_it_is_left_out_alone(tmp_path: Path) -> None:
    source = copied(tmp_path, HLC, LAST, "    raise ValueError\n")
    near = frozenset({f"{HLC}:{follow().begins[0]}"})
    calls = {"calls it": near, "does not": frozenset({f"{HLC}:1"}), "did not pass": None}
    assert reached(source, calls) == ["calls it", "did not pass"]


def test_calls_of_the_processes_that_a_test_starts_are_heard(tmp_path: Path) -> None:
    calls = record([FORKS], tmp_path, 1)[FORKS]
    assert calls is not None
    assert any(call.startswith(f"{WORKER}:") for call in calls)
