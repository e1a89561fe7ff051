# SPDX-License-Identifier: AGPL-3.0-or-later
"""Take one defence out of a copy of the product, and tell which attack tests notice.

The product has no switch that turns a check off; a patch under tests/patches does it to a copy.
As a pytest plugin (`-p tests.kit.patching`) this module writes down what became of each test,
and refuses to run when the product that was loaded is not the copy.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

import safeconduct

ROOT: Final = Path(__file__).parents[2]
PATCHES: Final = ROOT / "tests" / "patches"
OUTCOMES: Final = "ATTACK_OUTCOMES"
SOURCE: Final = "ATTACK_SOURCE"
RUN_SECONDS: Final = 240
TEST_SECONDS: Final = 20
_ATTACK: Final = re.compile(r"^# attack: (tests/\S+\.py::test_\w+(?:\[\S+\])?)$", re.MULTILINE)
_WHY: Final = re.compile(r"^# (?!attack: )(\S.*)$", re.MULTILINE)
_outcomes: dict[str, str] = {}


class PatchDoesNotApplyError(Exception):
    """The product has moved on; the patch must follow."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One defence that can be taken out, and the attack test that then must fail."""

    path: Path

    @property
    def name(self) -> str:
        """The defence's name."""
        return self.path.stem

    @property
    def attack(self) -> str:
        """The node id of its attack test."""
        (attack,) = _ATTACK.findall(self.path.read_text(encoding="utf-8"))
        return str(attack)

    @property
    def why(self) -> str:
        """What is taken out, in a sentence."""
        return " ".join(_WHY.findall(self.path.read_text(encoding="utf-8").split("--- ")[0]))

    def copy_without(self, folder: Path) -> Path:
        """Copy the product's source into a folder and take the defence out; return the source.

        Raises:
            PatchDoesNotApplyError: the lines that it takes out are not there any more.
        """
        source = folder / "src"
        # With what was compiled: only the patched files are compiled again.
        shutil.copytree(ROOT / "src", source)
        # The browser code finds its libraries beside the tree that it stands in.
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        command = ["patch", "--strip=1", "--fuzz=0", "--batch", "--no-backup-if-mismatch"]
        done = subprocess.run(
            [*command, "--input", str(self.path)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PatchDoesNotApplyError(f"{self.path.name}: {done.stdout}{done.stderr}")
        return source


def patches() -> list[Patch]:
    """Every defence patch, by name; the builds of the seizure test stand in folders below."""
    return [Patch(path) for path in sorted(PATCHES.glob("*.patch"))]


def attack_files() -> list[str]:
    """Every file that holds attack tests."""
    folders = [ROOT / "tests" / name for name in ("unit", "sim", "property")]
    return [
        str(path.relative_to(ROOT))
        for folder in folders
        for path in sorted(folder.rglob("test_*.py"))
        if "mark.attack" in path.read_text(encoding="utf-8")
    ]


def run_attacks(source: Path, folder: Path, files: Sequence[str]) -> dict[str, str]:
    """Run the attack tests of some files against a source tree; return what became of each."""
    outcomes = folder / "outcomes.json"
    environment = {
        **os.environ,
        "PYTHONPATH": str(source),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_ADDOPTS": "",
        SOURCE: str(source),
        OUTCOMES: str(outcomes),
    }
    done = subprocess.run(
        attack_command(files),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    if not outcomes.exists():
        raise AssertionError(done.stdout[-4000:] + done.stderr[-4000:])
    found: dict[str, str] = json.loads(outcomes.read_text(encoding="utf-8"))
    return found


def attack_command(files: Sequence[str], *, seconds: int = TEST_SECONDS) -> list[str]:
    """Return the command that runs the attack tests of some files, each for so long at most."""
    return [
        *(sys.executable, "-m", "pytest", "-q", "-m", "attack", "--tb=no"),
        "--continue-on-collection-errors",
        *("-p", "tests.kit.patching", "-p", "no:randomly", "-p", "no:cacheprovider"),
        f"--timeout={seconds}",
        *files,
    ]


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to judge another product than the copy."""
    if source := os.environ.get(SOURCE):
        loaded = Path(safeconduct.__file__)
        if not loaded.is_relative_to(source):
            raise pytest.UsageError(f"{loaded} was loaded instead of the copy in {source}")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """A file that does not even load is a failure of everything in it."""
    if report.failed:
        _outcomes[report.nodeid] = "failed"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember the worst that happened to a test."""
    if report.when == "call" or report.outcome != "passed":
        before = _outcomes.get(report.nodeid, "passed")
        _outcomes[report.nodeid] = (
            "failed" if "failed" in (before, report.outcome) else report.outcome
        )


def pytest_sessionfinish() -> None:
    """Write down what became of each test."""
    if path := os.environ.get(OUTCOMES):
        Path(path).write_text(json.dumps(_outcomes), encoding="utf-8")
