# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file takes over the program that decodes it, and wants out of the sandbox."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from safeconduct.edges.desk.cleaning.sandbox import run

pytestmark = pytest.mark.attack

TELLS = (
    "import socket\n"
    "try:\n    socket.create_connection(('127.0.0.1', {port}), 5).sendall(b'here')\n"
    "except OSError:\n    pass\n"
    "print('tried', flush=True)\n"
)


def test_decoder_that_was_taken_over_reaches_no_server() -> None:
    """What runs in the sandbox is past the second wall already: it was never put up."""
    reached = False
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        said = run((TELLS.format(port=server.getsockname()[1]),), b"")
        with suppress(BlockingIOError):
            server.accept()[0].close()
            reached = True
    assert (said, reached) == (b"tried\n", False)
