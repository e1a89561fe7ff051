# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same vectors, run by the browser code: in Node, in Chromium and in Firefox."""

import json
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.kit.browsers import KINDS, NODE, browser

FOLDER = Path(__file__).parent
ESBUILD = FOLDER.parents[1] / "node_modules" / ".bin" / "esbuild"
FILES = ("seal.json", "mailbox.json")


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A page with the bundled runner, on loopback."""
    bundle = [str(NODE), str(ESBUILD), str(FOLDER / "browser.mjs"), "--bundle", "--format=iife"]
    target = f"--outfile={tmp_path / 'run.js'}"
    subprocess.run([*bundle, "--log-level=error", target], check=True)
    page = '<!doctype html><link rel="icon" href="data:,"><script src="run.js"></script>'
    (tmp_path / "index.html").write_text(page)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def assert_all_held(outcome: dict[str, Any], file: str) -> None:
    assert outcome["ran"], f"{file} has no case for browsers"
    assert not outcome["wrong"], json.dumps(outcome["wrong"], indent=1)


@pytest.mark.parametrize("file", FILES)
def test_node_agrees_with_python(file: str) -> None:
    path = str(FOLDER / file)
    command = [str(NODE), str(FOLDER / "node.mjs"), path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert_all_held(json.loads(done.stdout)[path], file)


@pytest.mark.parametrize("file", FILES)
def test_the_cipher_for_where_there_is_no_webcrypto_agrees_with_python(file: str) -> None:
    path = str(FOLDER / file)
    command = [str(NODE), str(FOLDER / "node.mjs"), "--spare", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert_all_held(json.loads(done.stdout)[path], file)


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_browsers_agree_with_python(kind: str, address: str) -> None:
    with browser(kind) as driven:
        driven.goto(address)
        for file in FILES:
            cases = json.loads((FOLDER / file).read_text(encoding="utf-8"))["cases"]
            outcome = driven.evaluate(f"runVectors({json.dumps(cases)})")
            assert_all_held(outcome, file)
