# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is installed is what was read: every version and hash pinned, from no named place."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WANTED = {
    "run": PROJECT["project"]["dependencies"],
    "dev": PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"],
}


def pinned(name: str) -> dict[str, str]:
    """Every package of a pinned list and its version."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", WANTED)
def test_every_pinned_package_has_its_hashes_and_no_index(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    without_comments = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)
    entries = re.split(r"^(?=[a-z0-9])", without_comments, flags=re.MULTILINE)
    assert not [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry]
    assert "index-url" not in text


@pytest.mark.parametrize("name", WANTED)
def test_the_pinned_list_holds_what_the_project_asks_for(name: str) -> None:
    versions = pinned(name)
    unmet = []
    for line in WANTED[name]:
        wanted = Requirement(line)
        version = versions.get(canonicalize_name(wanted.name))
        if version is None or version not in wanted.specifier:
            unmet.append(line)
    assert not unmet


def test_what_develops_is_within_what_runs() -> None:
    assert pinned("run").items() <= pinned("dev").items()


def test_the_browser_packages_are_pinned_and_come_from_no_named_place() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert lock[""]["devDependencies"] == package["devDependencies"]
    for name, version in package["devDependencies"].items():
        assert lock[f"node_modules/{name}"]["version"] == version
    fetched = {name: entry for name, entry in lock.items() if name}
    assert not [name for name, entry in fetched.items() if "resolved" in entry]
    assert not [name for name, entry in fetched.items() if "integrity" not in entry]
