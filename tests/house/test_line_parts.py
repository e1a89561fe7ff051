# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests of lines need is pinned, and what cannot be had is said loudly and fails in CI."""

import json

import pytest

from tools import line_parts
from tools.line_parts import BARS, NPM, Lacking, main


def no_part() -> None:
    raise Lacking("nobody has it")


def all_there() -> None:
    """Nothing is lacking."""


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_what_is_lacking_is_said_loudly_and_fails_in_ci(
    ci: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(line_parts, "packages", all_there)
    monkeypatch.setattr(line_parts, "asterisk", no_part)
    monkeypatch.setattr(line_parts, "signal_client", all_there)
    assert main() == code
    assert f"{BARS}\nLACKING for tests of lines: Asterisk: nobody has it\n{BARS}" in (
        capsys.readouterr().out
    )


def test_nothing_is_said_where_all_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    for name in ("packages", "asterisk", "signal_client"):
        monkeypatch.setattr(line_parts, name, all_there)
    assert main() == 0
    assert capsys.readouterr().out == ""


def test_the_jars_are_pinned_by_hash_and_come_from_no_named_place() -> None:
    wanted = json.loads((NPM / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = json.loads((NPM / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: entry for name, entry in lock.items() if name}
    assert {f"node_modules/{name}" for name in wanted} == set(fetched)
    assert all(entry["integrity"].startswith("sha512-") for entry in fetched.values())
    assert not [name for name, entry in fetched.items() if "resolved" in entry]
