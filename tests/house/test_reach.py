# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which attacks a defence is tried against: each that comes to what it changed, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.patching import ROOT
from tests.kit.reach import Place, can_notice, changed_places, record

HLC = "safeconduct/kernel/journal/hlc.py"
LABELS = "safeconduct/kernel/seal/labels.py"
PHRASE = "safeconduct/edges/portal/browser/phrase.js"
LENT = "safeconduct/edges/desk/lent.py"
LATE = "    if instant_of(heard) > now + DAY:\n        return newest\n"
LAST = "    return max(newest, heard)\n"
HEAD = "def follow(newest: int, heard: int, now: Instant) -> int:\n"
NEIGHBOUR = "tests/sim/test_attack_neighbour.py::"
ADDRESS = NEIGHBOUR + "test_address_of_a_locked_desk_goes_to_no_other_program"
PAGE = "tests/sim/test_attack_page.py::test_page_refuses_"
LETTERS = [PAGE + "the_receipt_of_another_message", PAGE + "a_receipt_that_the_relay_did_not_sign"]


def copied(folder: Path, file: str, old: str, new: str) -> Path:
    """Copy one file of the product, with one place of it written otherwise."""
    text = (ROOT / "src" / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).parent.mkdir(parents=True)
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def place(file: str, text: str) -> Place:
    """The lines of the product that hold a text."""
    before, found, _ = (ROOT / "src" / file).read_text(encoding="utf-8").partition(text)
    assert found
    first = before.count("\n") + 1
    return Place(file, first, first + text.rstrip("\n").count("\n"))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (LAST, "    return heard\n", LAST),
        (LATE, "", LATE),
        (LATE, LATE.replace(">", "<"), LATE),
        (LATE, LATE.replace("newest", "heard"), "        return newest\n"),
        (LATE, LATE.replace("        ", "        heard += 1\n        "), "        return newest\n"),
        (LATE, LATE + "    heard += 1\n", LATE + LAST),
        (LAST, LAST + "    heard += 1\n", LAST),
        ("max(newest + 1, now << COUNTER_BITS)", "0", "    return max(newest + 1, now <<"),
    ],
)
def test_a_change_is_that_of_the_innermost_statements(
    tmp_path: Path, old: str, new: str, lines: str
) -> None:
    assert changed_places(copied(tmp_path, HLC, old, new)) == frozenset({place(HLC, lines)})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (HEAD, HEAD.replace("Instant)", "Instant = 0)")),
        (HEAD, "@cache\n" + HEAD),
        (LAST, LAST + "\n\nVALUE = 1\n"),
        (LAST, LAST + "\n\ndef more() -> None:\n    pass\n"),
    ],
)
def test_what_runs_as_a_module_is_loaded_concerns_all_who_load_it(
    tmp_path: Path, old: str, new: str
) -> None:
    lines = (ROOT / "src" / HLC).read_text(encoding="utf-8").splitlines(keepends=True)
    whole = "".join(lines[lines.index(HEAD) :])
    assert changed_places(copied(tmp_path, HLC, old, new)) == frozenset({place(HLC, whole)})


def test_of_what_is_not_python_the_file_is_watched_and_a_new_one_concerns_all(
    tmp_path: Path,
) -> None:
    source = copied(tmp_path, PHRASE, "draw(list) {\n", "draw(list) {\n  return [];\n")
    assert changed_places(source) == frozenset({Place(PHRASE, 0, 0)})
    (source / "safeconduct" / "more.py").touch()
    assert changed_places(source) is None


def test_an_attack_that_never_comes_there_is_left_out_alone() -> None:
    here, there = Place(HLC, 1, 2), Place(HLC, 3, 4)
    reached = {"both": frozenset({here, there}), "there": frozenset({there}), "failed": None}
    assert can_notice(frozenset({here}), reached) == ["both", "failed"]
    assert can_notice(None, reached) == list(reached)
    assert can_notice(frozenset(), reached) == ["failed"]


def test_an_attack_is_heard_wherever_it_comes(tmp_path: Path) -> None:
    """In the processes that it starts, where another would remember, and what it reads."""
    by_a_child = place(LENT, "        return host.take_socket(")
    loaded = place(LABELS, "SUITE: Final = 1\n")
    remembered = place(LABELS, '    return b"safeconduct/"')
    by_node = Place(PHRASE, 0, 0)
    never = place(HLC, "        return newest\n")
    watched = [by_a_child, loaded, remembered, by_node, never]
    assert record([ADDRESS, *LETTERS], watched, tmp_path, 2) == {
        ADDRESS: frozenset({by_a_child, loaded, remembered}),
        **{letter: frozenset({loaded, remembered, by_node}) for letter in LETTERS},
    }
