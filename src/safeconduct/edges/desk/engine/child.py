# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts a process of this program that runs one module of it, and nothing that lies about.

A desk is started in whatever folder somebody stands in: a stick, a download.  A child that is
started as a module would look there first.  It is started elsewhere and told not to look, and of
what the environment says to Python it is handed whole paths alone: those by which the desk itself
was found.  Who can write that environment runs the desk already (spec/planning.md 6).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

_PATH: Final = "PYTHONPATH"
_KEPT: Final = frozenset({"PYTHONDONTWRITEBYTECODE"})


def start(module: str, *, errors: int | None = None) -> subprocess.Popen[bytes]:
    """Start a module with a pipe to it and one from it; `errors` is where its complaints go."""
    return subprocess.Popen(  # noqa: S603  (our own module, no input among its arguments)
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd="/",
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """Return the environment without what it says to Python, but for whole paths."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") or name in _KEPT
    }
    whole = [one for one in os.environ.get(_PATH, "").split(os.pathsep) if Path(one).is_absolute()]
    return {**kept, _PATH: os.pathsep.join(whole)} if whole else kept


__all__ = ["start"]
