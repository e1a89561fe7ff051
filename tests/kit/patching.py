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
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest

import safeconduct

ROOT: Final = Path(__file__).parents[2]
PATCHES: Final = ROOT / "tests" / "patches"
OUTCOMES: Final = "ATTACK_OUTCOMES"
SOURCE: Final = "ATTACK_SOURCE"
RUN_SECONDS: Final = 240
TEST_SECONDS: Final = 20
MEMORY: Final = Path("/dev/shm")
"""Here nothing waits for a disk, and no attack asks what a power cut leaves."""
MEMORY_LEAST: Final = 2 << 30
"""Below this much room the attacks stay on the disk."""
_ATTACK: Final = re.compile(r"^# attack: (tests/\S+\.py::test_\w+(?:\[\S+\])?)$", re.MULTILINE)
_FILE: Final = re.compile(r"^--- a/(src/\S+)", re.MULTILINE)
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
        # With what was compiled: only the patched files are compiled again.
        shutil.copytree(ROOT / "src", folder / "src")
        # The browser code finds its libraries beside the tree that it stands in.
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        return self._apply(folder)

    def copy_changed(self, folder: Path) -> Path:
        """Do the same with those files alone that the patch changes."""
        for name in _FILE.findall(self.path.read_text(encoding="utf-8")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
        return self._apply(folder)

    def _apply(self, folder: Path) -> Path:
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
        return folder / "src"


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


def attack_tests() -> list[str]:
    """Every attack test, as pytest names it."""
    done = subprocess.run(
        _command(attack_files(), "--collect-only"),
        cwd=ROOT,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if "::" in line]


def run_attacks(
    source: Path,
    folder: Path,
    tests: Sequence[str],
    *,
    seconds: int = TEST_SECONDS,
    more: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Run some attack tests against a source tree; return what became of each.

    Each may take so many seconds; `more` is added to the environment.
    """
    outcomes = folder / "outcomes.json"
    environment = {
        **os.environ,
        "PYTHONPATH": str(source),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_ADDOPTS": "",
        SOURCE: str(source),
        OUTCOMES: str(outcomes),
        **more,
    }
    with tempfile.TemporaryDirectory(prefix="attacks-", dir=_quick()) as quick:
        done = subprocess.run(
            _command(tests, f"--timeout={seconds}"),
            cwd=ROOT,
            env={**environment, "TMPDIR": quick},
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
    if not outcomes.exists():
        raise AssertionError(done.stdout[-4000:] + done.stderr[-4000:])
    found: dict[str, str] = json.loads(outcomes.read_text(encoding="utf-8"))
    return found


def _quick() -> Path | None:
    """Return a folder whose files lie in memory; None where there is none or little room."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_LEAST:
        return MEMORY
    return None


def _command(tests: Sequence[str], *options: str) -> list[str]:
    return [
        *(sys.executable, "-m", "pytest", "-q", "-m", "attack", "--tb=no"),
        "--continue-on-collection-errors",
        # Of the plugins that are installed the two that pyproject.toml speaks to: to load the
        # others takes longer than most attacks.
        *("--disable-plugin-autoload", "-p", "pytest_timeout", "-p", "pytest_socket"),
        *("-p", "tests.kit.patching", "-p", "no:cacheprovider"),
        *options,
        *tests,
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
