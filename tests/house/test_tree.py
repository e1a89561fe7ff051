# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shape of the tree: how files begin, how long they are and what they are called."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, TESTS, committed, imported, name_of, python_files, syntax

LICENCE_LINE = "# SPDX-License-Identifier: AGPL-3.0-or-later"
LONGEST_MODULE = 350  # style.md rule 7
LONGEST_FUNCTION = 40
VAGUE_NAMES = {"common", "data", "helper", "helpers", "manager", "misc", "util", "utils"}
ROOM_FILES = {"__init__.py", "words.py", "events.py", "fold.py", "decide.py"}
# Written in pieces, so that this file is none of those it looks for.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("snapshot", "debian", "org"),
        ("nodesource", "com"),
    )
)

PYTHON = [*python_files(SOURCE), *python_files(ROOT / "tools"), *python_files(TESTS)]


def test_every_module_begins_with_its_licence_and_a_docstring() -> None:
    wrong = []
    for path in PYTHON:
        first_line = path.read_text(encoding="utf-8").partition("\n")[0]
        if first_line != LICENCE_LINE or not ast.get_docstring(syntax(path)):
            wrong.append(name_of(path))
    assert not wrong


def test_every_browser_source_begins_with_its_licence() -> None:
    first_lines = {
        name_of(path): path.read_text(encoding="utf-8").partition("\n")[0]
        for path in SOURCE.rglob("browser/**/*.js")
    }
    wanted = f"// {LICENCE_LINE.removeprefix('# ')}"
    assert not [name for name, line in first_lines.items() if line != wanted]


def test_no_module_is_too_long_to_read_in_one_go() -> None:
    lengths = {name_of(path): len(path.read_bytes().splitlines()) for path in PYTHON}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_MODULE}


def test_no_function_is_too_long_to_see_at_once() -> None:
    lengths = {
        f"{name_of(path)}:{node.lineno} {node.name}": lines_of(node)
        for path in python_files(SOURCE)
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines of a function are not its docstring."""
    first = function.body[0]
    docstring = first if ast.get_docstring(function) else None
    return lines(function) - (lines(docstring) if docstring else 0)


def lines(node: ast.stmt) -> int:
    """How many lines a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_nothing_has_a_name_that_says_nothing() -> None:
    parts = (path.relative_to(ROOT) for path in PYTHON)
    assert not [str(part) for part in parts if VAGUE_NAMES & {*part.parts, part.stem}]


@pytest.mark.parametrize(
    "room", [path.parent for path in sorted((SOURCE / "rooms").glob("*/__init__.py"))], ids=name_of
)
def test_a_room_has_its_files(room: Path) -> None:
    assert {path.name for path in room.iterdir()} >= ROOM_FILES


def test_importing_one_part_of_seal_loads_no_other() -> None:
    # Otherwise importing `lock` would load `unlock`, which no import contract can see.
    assert not list(imported(syntax(SOURCE / "kernel" / "seal" / "__init__.py")))


def test_our_own_code_is_never_mocked() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in python_files(TESTS)
        for line, name in imported(syntax(path))
        if name.startswith(("unittest.mock", "mock."))
    ]
    assert not found


def test_no_committed_file_names_a_package_registry() -> None:
    found = []
    for path in committed():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{name_of(path)}: {host}" for host in REGISTRIES if host in text]
    assert not found
