# SPDX-License-Identifier: AGPL-3.0-or-later
"""One house of the telephone's benchmark: an Asterisk, a line beside it, operators' telephones.

What happened is read from Asterisk's own events over a second sign-in: when a call came, when it
was taken, and when somebody spoke with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psutil

from safeconduct.edges.lines.phone.exchange import Operator
from tests.kit.patience import PATIENCE
from tests.kit.stage import Stage
from tests.lines.kit.asterisk import Asterisk, Slot, asterisk, short_prompts
from tests.lines.kit.at_work import admitted_line
from tests.lines.kit.telephone import Watcher, ari, takes_calls, watching

TRUNK: Final = "PJSIP/trunk-"


@dataclass
class House:
    """All that one measure needs."""

    asterisk: Asterisk
    line: psutil.Process
    watcher: Watcher
    folder: Path

    def cpu(self) -> float:
        """Return the processor seconds that line and Asterisk have used by now."""
        there = (self.line, psutil.Process(self.asterisk.process.pid))
        return sum(one.cpu_times().user + one.cpu_times().system for one in there)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of one kind that came by now."""
        told = (json.loads(one) for one in list(self.watcher.heard) if kind in one)
        return [one for one in told if one["type"] == kind]

    def talks(self) -> int:
        """Return how many talks go on now."""
        there = ari(self.asterisk, "GET", "/bridges")
        return sum(one["id"].startswith("talk-") and len(one["channels"]) == 2 for one in there)

    def hang_up(self, channel: str) -> None:
        """End one side of a call, as whoever has it would."""
        try:
            ari(self.asterisk, "DELETE", f"/channels/{channel}")
        except OSError:
            return


@dataclass(frozen=True)
class Call:
    """What became of one call, in seconds of the machine's clock."""

    channel: str
    came: float
    taken: float | None
    spoken_with: float | None
    operator: str
    ended: float | None


def calls_of(house: House) -> list[Call]:
    """Return what became of each call that came by the trunk."""
    came = {_id(one): _at(one) for one in house.events("ChannelCreated") if _is_trunk(one)}
    taken = {
        _id(one): _at(one)
        for one in house.events("ChannelStateChange")
        if _is_trunk(one) and one["channel"]["state"] == "Up"
    }
    ended = {_id(one): _at(one) for one in house.events("ChannelDestroyed") if _is_trunk(one)}
    met: dict[str, float] = {}
    legs: dict[str, str] = {}
    for one in house.events("ChannelEnteredBridge"):
        bridge = one["bridge"]["id"]
        if bridge.startswith("talk-"):
            caller = bridge.removeprefix("talk-")
            met[caller] = max(met.get(caller, 0.0), _at(one))
            if not _is_trunk(one):
                legs[caller] = _id(one)
    return [
        Call(
            channel,
            at,
            taken.get(channel),
            met.get(channel) if channel in legs else None,
            legs.get(channel, ""),
            ended.get(channel),
        )
        for channel, at in came.items()
    ]


@contextmanager
def house(
    office: Stage, folder: Path, operators: tuple[str, ...], *, together: bool = False
) -> Iterator[House]:
    """Run one; its operators' telephones are at addresses of their own, or together at one."""
    folder.mkdir(parents=True)
    own = tuple(Operator(name=name, way="own") for name in operators)
    with (
        asterisk(
            folder,
            own,
            prompts=short_prompts(folder, ("en",)),
            own_conf={"pjsip_own.conf": _places(operators, together=together)},
        ) as running,
        watching(running) as watcher,
    ):
        line_folder = folder / "line"
        admitted_line(line_folder, "phone", office.url, _settings(running, operators))
        with (folder / "line.log").open("wb") as said:
            command = [sys.executable, "-m", "tests.bench.phone_line", str(line_folder)]
            line = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            takes_calls(running)
            yield House(running, psutil.Process(line.pid), watcher, folder)
        finally:
            line.terminate()
            line.wait(PATIENCE)


def _places(operators: tuple[str, ...], *, together: bool) -> str:
    """Return `pjsip_own.conf`."""
    return "".join(
        f"[{name}](operator)\ntransport=udp\naors={name}\n[{name}]\ntype=aor\n"
        f"contact=sip:{name}@NETWORK.{11 if together else 11 + n}:5060\n"
        for n, name in enumerate(operators)
    )


def _settings(running: Asterisk, operators: tuple[str, ...]) -> dict[str, str]:
    """Return what the line is told: all of these are on duty while it was told of none."""
    told = running.exchange
    return {
        "languages": "en",
        "trunk_host": told.trunk.host,
        "telephones": " ".join(f"{name}:own" for name in operators) or "-",
        "ari_port": str(told.ari.port),
        "ari_password": told.ari.password,
        "own_folder": told.folders.own,
        "run_folder": told.folders.run,
        "prompts_folder": told.folders.prompts,
    }


def _is_trunk(event: dict[str, Any]) -> bool:
    return str(event["channel"]["name"]).startswith(TRUNK)


def _id(event: dict[str, Any]) -> str:
    return str(event["channel"]["id"])


def _at(event: dict[str, Any]) -> float:
    return datetime.strptime(event["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()


def until(what: Any, seconds: float) -> bool:  # noqa: ANN401  (any question)
    """Wait until something is true, at most so long; tell whether it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return bool(what())


__all__ = ["Call", "House", "Slot", "calls_of", "house", "until"]
