# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the documents claim about the tree is true of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import DOCS, ROOT, SOURCE, TESTS, documents, name_of, python_files, syntax
from tests.kit.collected import running_tests

TARGETS = {
    *("bench", "bench-cases", "bench-crew", "bench-desk", "bench-intake", "bench-portal"),
    *("bench-plan", "bench-short", "bench-surge"),
    *("bench-sync", "check", "demo", "docs", "e2e", "fix", "fuzz", "gallery", "help"),
    *("setup", "sim", "test", "vectors"),
}
FRAGMENT = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md")
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`[^`\n]+`")
HIDDEN = """
import pytest
from pytest import mark, skip as leave

off = pytest.mark.skip
elsewhere = pytest.mark.skipif("True", reason="not here")
case = pytest.param(1, marks=off)

@pytest.fixture
def tool(): leave("no such tool")

def test_that_runs(): pass
@pytest.mark.skipif(False, reason="here")
def test_that_runs_here(): pass
@pytest.mark.skip
def test_of_a_plain_mark(): pass
@off
def test_of_another_name(): pass
@elsewhere
def test_of_a_condition(): pass
@mark.xfail
def test_of_a_failure(): pass
@pytest.mark.parametrize("number", [0, case])
def test_of_a_case(number): pass
def test_of_its_own(): pytest.skip("not today")
def test_of_a_fixture(tool): pass
@off
class TestOfAClass:
    def test_in_it(self): pass
"""
"""Every way we know to switch a test off."""


def makefile() -> str:
    """The Makefile's text."""
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def described_targets() -> set[str]:
    """Every target that `make help` lists."""
    return set(re.findall(r"^([a-z][a-z0-9-]*):.*## \S", makefile(), re.MULTILINE))


def phony_targets() -> set[str]:
    """Every target that stands for a command."""
    declared = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", makefile(), re.MULTILINE)
    assert declared
    return set(declared[1].replace("\\", " ").split())


def code_in(page: Path) -> str:
    """What a page shows as code: fenced blocks and spans, one a line."""
    text = page.read_text(encoding="utf-8")
    spans = (span.strip("`") for span in SPAN.findall(FENCED.sub("", text)))
    return "\n".join([*FENCED.findall(text), *spans])


def rows_naming_tests(page: Path) -> Iterator[tuple[str, str]]:
    """Each row of a page's tables and what stands in its column of tests."""
    column: int | None = None
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.lstrip().startswith("|"):
            column = None
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if column is None:
            heads = [number for number, cell in enumerate(cells) if "test" in cell.lower()]
            column = heads[0] if heads else -1
        elif column >= 0 and not set(line) <= set("|-: "):
            yield line, cells[column] if column < len(cells) else ""


def test_every_command_of_the_makefile_has_a_help_line() -> None:
    assert phony_targets() == described_targets()
    assert described_targets() >= TARGETS


@pytest.mark.parametrize("page", documents(), ids=name_of)
def test_every_command_a_page_shows_exists(page: Path) -> None:
    code = code_in(page)
    targets = set(re.findall(r"(?:^|[\s&;])make ([a-z][a-z0-9-]*)", code, re.MULTILINE))
    assert targets <= described_targets()
    subcommands = set(re.findall(r"(?:^|[\s/])safeconduct ([a-z][a-z0-9-]*)", code, re.MULTILINE))
    programs = {path.stem.replace("_", "-") for path in (SOURCE / "programs").glob("*.py")}
    assert subcommands <= programs - {"main"}


@pytest.mark.parametrize("page", documents(), ids=name_of)
def test_every_link_to_a_file_leads_to_it(page: Path) -> None:
    text = SPAN.sub("", FENCED.sub("", page.read_text(encoding="utf-8")))
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)\s#]+)", text)
    assert not [link for link in links if not (page.parent / link).exists()]


def test_switched_off_tests_are_seen_however_they_are_switched_off(tmp_path: Path) -> None:
    (tmp_path / "test_hidden.py").write_text(HIDDEN, encoding="utf-8")
    (tmp_path / "test_whole.py").write_text(
        "import pytest as p\npytestmark = [p.mark.slow, p.mark.skip]\ndef test_in_a_file(): pass\n",
        encoding="utf-8",
    )
    (tmp_path / "test_left.py").write_text(
        'import pytest\npytest.skip("x", allow_module_level=True)\ndef test_left(): pass\n',
        encoding="utf-8",
    )
    running = running_tests(tmp_path, tmp_path, tmp_path / "told")
    assert running == {
        name: {"test_hidden.py"} for name in ("test_that_runs", "test_that_runs_here")
    }


def test_every_threat_names_a_test_that_runs(tmp_path: Path) -> None:
    running = running_tests(TESTS, ROOT, tmp_path / "told")
    rows = list(rows_naming_tests(DOCS / "threats.md"))
    assert rows
    wrong = []
    for row, cell in rows:
        named = re.findall(r"`(?:(tests/[\w/.]+)::)?(test_\w+)", cell)
        for file, test in named:
            if test not in running or (file and file not in running[test]):
                wrong.append(f"no such test, or it is switched off: {file or '?'}::{test}")
        if not named:
            wrong.append(f"names no test: {row}")
    assert not wrong


def test_every_word_of_the_code_stands_in_the_glossary() -> None:
    glossary = (DOCS / "words.md").read_text(encoding="utf-8")
    missing = []
    for path in [SOURCE / "kernel" / "words.py", *sorted((SOURCE / "rooms").glob("*/words.py"))]:
        for node in syntax(path).body:
            match node:
                case (
                    ast.ClassDef(name=name)
                    | ast.Assign(
                        targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="NewType"))
                    )
                ):
                    if not name.startswith("_") and f"`{name}`" not in glossary:
                        missing.append(f"{name_of(path)}: {name}")
    assert not missing


def test_every_type_in_the_glossary_stands_in_the_code() -> None:
    glossary = (DOCS / "words.md").read_text(encoding="utf-8")
    code = "\n".join(path.read_text(encoding="utf-8") for path in python_files(SOURCE))
    types = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)*)`", glossary))
    assert not {name for name in types if not re.search(rf"\b{name}\b", code)}


def test_every_change_is_told_in_one_well_formed_fragment() -> None:
    wrong = []
    for path in sorted((ROOT / "changelog.d").glob("*")):
        if path.name == "README.md":
            continue
        text = path.read_text(encoding="utf-8")
        told = text.strip()
        if not (FRAGMENT.fullmatch(path.name) and told[:1].isupper() and told.endswith(".")):
            wrong.append(path.name)
    assert not wrong


@pytest.mark.parametrize("page", sorted((DOCS / "adr").glob("*.md")), ids=name_of)
def test_a_decision_record_has_a_number_and_a_name(page: Path) -> None:
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", page.name) or page.name == "README.md"
