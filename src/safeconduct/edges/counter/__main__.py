# SPDX-License-Identifier: AGPL-3.0-or-later
"""The counter by itself: `python -m safeconduct.edges.counter --office ... --relay ...`.

`safeconduct serve` opens one beside relay and portal; this is for a machine or an onion address
of its own.  It prints where it is and runs until it is told to end.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from safeconduct.edges.counter.config import CounterConfig
from safeconduct.edges.counter.parent import serve_counter
from safeconduct.kernel.languages import LANGUAGES, READ_BY_NATIVES


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with serve_counter(_read(sys.argv[1:])) as counter:
        sys.stdout.write(f"{counter.url}\n")
        sys.stdout.flush()
        ended.wait()


def _read(arguments: list[str]) -> CounterConfig:
    """Return the configuration that a command line gives."""
    parser = argparse.ArgumentParser(prog="python -m safeconduct.edges.counter")
    parser.add_argument("--office", type=bytes.fromhex, required=True, help="hex, 16 bytes")
    parser.add_argument("--intake-signing", type=bytes.fromhex, required=True, help="hex")
    parser.add_argument("--relay", required=True, help="http://127.0.0.1:8440")
    for name in ("host", "language", "exit-url", "portal-url"):
        parser.add_argument(f"--{name}", default=argparse.SUPPRESS)
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(READ_BY_NATIVES))
    for name in ("port", "lanes"):
        parser.add_argument(f"--{name}", type=int, default=argparse.SUPPRESS)
    asked = vars(parser.parse_args(arguments))
    return CounterConfig(**asked | {"languages": tuple(asked["languages"])})


if __name__ == "__main__":
    main()
