# SPDX-License-Identifier: AGPL-3.0-or-later
"""The committed bundle is what its sources give, byte for byte, and needs no hole in the CSP."""

import re
import subprocess
from pathlib import Path

from safeconduct.edges.portal.site import HERE
from tests.kit.browsers import NODE

BUNDLE = HERE / "static" / "page.js"
SOURCES = sorted((HERE / "browser").glob("*.js"))


def test_the_bundle_rebuilds_byte_for_byte(tmp_path: Path) -> None:
    built = tmp_path / "page.js"
    command = [str(NODE), str(HERE / "browser" / "build.mjs"), str(built)]
    subprocess.run(command, check=True, cwd=tmp_path)
    assert built.read_bytes() == BUNDLE.read_bytes(), "run browser/build.mjs and commit page.js"


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
