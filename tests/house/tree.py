# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files that the house rules speak about, and the few ways of reading them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "safeconduct"
TESTS = ROOT / "tests"
DOCS = ROOT / "docs"


def name_of(path: Path) -> str:
    """A path as a person says it: from the root of the tree."""
    return path.relative_to(ROOT).as_posix()


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git keeps, or would keep once it is added."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in listing.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def python_files(folder: Path) -> list[Path]:
    """Every Python file under a folder of the tree."""
    return sorted(folder.rglob("*.py"))


def documents() -> list[Path]:
    """Every page of prose that a reader may follow."""
    return [
        path for path in committed() if path.suffix == ".md" and "node_modules" not in path.parts
    ]


def syntax(path: Path) -> ast.Module:
    """The syntax tree of a file; not kept, for all of them are two million objects."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def dotted(node: ast.AST) -> str:
    """`os.path.join` for the attribute chain that says so, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
