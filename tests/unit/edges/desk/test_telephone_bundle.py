# SPDX-License-Identifier: AGPL-3.0-or-later
"""The committed telephone is what its sources give, byte for byte, and asks for no other server."""

import re
import subprocess
from pathlib import Path

from safeconduct.edges.desk.pages.live import STATIC
from tests.kit.browsers import NODE

BROWSER = STATIC.parent / "browser"
BUNDLE = STATIC / "telephone.js"
SOURCES = sorted(BROWSER.glob("*.js"))
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://"
    r"|localStorage|sessionStorage|indexedDB|document\.cookie|\bstuns?:|\bturns?:"
)


def test_the_bundle_rebuilds_byte_for_byte(tmp_path: Path) -> None:
    command = [str(NODE), str(BROWSER / "build.mjs"), str(tmp_path)]
    subprocess.run(command, check=True, cwd=tmp_path)
    built = (tmp_path / BUNDLE.name).read_bytes()
    assert built == BUNDLE.read_bytes(), "run edges/desk/browser/build.mjs and commit static"
    assert len(built) < 260_000


def test_the_bundle_keeps_nothing_and_names_no_server() -> None:
    assert not FORBIDDEN.findall(BUNDLE.read_text(encoding="utf-8"))


def test_no_source_is_too_long_to_read_in_one_go() -> None:
    assert SOURCES
    assert not [path.name for path in SOURCES if len(path.read_text().splitlines()) > 350]
