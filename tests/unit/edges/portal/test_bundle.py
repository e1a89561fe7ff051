# SPDX-License-Identifier: AGPL-3.0-or-later
"""The committed bundles are what their sources give, byte for byte, and need no hole in the CSP."""

import re
import subprocess
from pathlib import Path

from safeconduct.edges.portal.rendering import HERE
from tests.kit.browsers import NODE

BUNDLES = (HERE / "static" / "page.js", HERE / "static" / "onefile.js")
SOURCES = sorted((HERE / "browser").glob("*.js"))


def test_the_bundles_rebuild_byte_for_byte(tmp_path: Path) -> None:
    command = [str(NODE), str(HERE / "browser" / "build.mjs"), str(tmp_path)]
    subprocess.run(command, check=True, cwd=tmp_path)
    for bundle in BUNDLES:
        built = (tmp_path / bundle.name).read_bytes()
        assert built == bundle.read_bytes(), "run browser/build.mjs and commit static"


def test_the_served_page_does_not_carry_what_only_a_file_needs() -> None:
    served, one_file = (bundle.read_text(encoding="utf-8") for bundle in BUNDLES)
    assert "dataset.addresses" in one_file
    assert "dataset.addresses" not in served
    assert len(one_file) - len(served) > 5_000  # The library's AES.
    assert len(one_file) < 120_000


def test_no_source_turns_text_into_markup_or_code() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
        r"|WebAssembly|localStorage|sessionStorage|indexedDB|document\.cookie|caches\b"
        r"|history\.(push|replace)State"
    )
    found = [
        f"{path.name}: {match.group()}"
        for path in SOURCES
        for match in forbidden.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_no_source_is_too_long_to_read_in_one_go() -> None:
    assert not [path.name for path in SOURCES if len(path.read_text().splitlines()) > 350]
