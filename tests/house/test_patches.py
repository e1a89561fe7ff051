# SPDX-License-Identifier: AGPL-3.0-or-later
"""The patches that take defences out follow the product, told in seconds and not after CI."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.kit.patching import PATCHES, ROOT


@pytest.mark.parametrize("path", sorted(PATCHES.rglob("*.patch")), ids=lambda path: path.stem)
def test_a_patch_fits_the_product(path: Path) -> None:
    done = subprocess.run(
        ["patch", "--dry-run", "--strip=1", "--fuzz=0", "--batch", "--input", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stdout
