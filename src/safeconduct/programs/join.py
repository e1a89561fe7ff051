# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct join`: join an office with an invite, after five words were compared.

The invite is typed or pasted, never given with the command: who reads it may come to the meeting
first, and a command line stands in the shell's history and in the list of processes.
"""

from __future__ import annotations

import argparse
import time
from typing import Final

from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.programs.asking import (
    NoAnswer,
    StoreExists,
    add_home,
    ask,
    ask_new_passphrase,
    ask_yes,
)
from safeconduct.programs.wording import say

LOOK_SECONDS: Final = 1.0
HOUR_SECONDS: Final = 3_600


def run(arguments: list[str]) -> int:
    """Read an invite, meet, compare, and keep a desk."""
    parser = argparse.ArgumentParser(
        prog="safeconduct join", description=say("Join an office with an invite.")
    )
    add_home(parser)
    asked = parser.parse_args(arguments)
    if asked.home.exists() and any(asked.home.iterdir()):
        raise StoreExists
    invite = ask(say("The invite, in one line: "))
    name = ask(say("What to call this device: "))
    joiner = Joiner(invite, name, Way.over_http())
    passphrase = ask_new_passphrase()
    joiner.promise()
    until = time.monotonic() + HOUR_SECONDS
    words = _words(joiner, until)
    print(say("Compare these five words with your colleague, by eye or by voice:"))
    print(f"  {' '.join(words)}", flush=True)
    if not ask_yes(say("Are they the same on both sides?")):
        print(say("Then somebody may stand between you.  Nothing was kept.  Ask for a new invite."))
        return 1
    print(say("Waiting for your colleague to say the same..."), flush=True)
    while not joiner.finish(asked.home, passphrase):
        _pause(until)
    settle(asked.home, SystemRng())
    print(say("This device belongs to the office now.  Open it with:  safeconduct desk"))
    return 0


def _words(joiner: Joiner, until: float) -> tuple[str, ...]:
    while True:
        words = joiner.look()
        if words:
            return words
        _pause(until)


def _pause(until: float) -> None:
    """Wait a moment; raises NoAnswer once the hour is over."""
    if time.monotonic() > until:
        raise NoAnswer
    time.sleep(LOOK_SECONDS)
