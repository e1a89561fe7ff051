# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signal's server for the program that stands in: what comes, and what was asked of it."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from tests.lines.kit import signal_daemon

WHO = "00000000-0000-4000-8000-000000000001"
ACCOUNT = signal_daemon.ACCOUNT


class Server:
    """Signal's server, as the program that stands in sees it, and that program."""

    def __init__(self, folder: Path, *, built: tuple[int, ...] = (2098, 1, 1, 0, 0, 0)) -> None:
        self.folder = folder / "SERVER"
        self.program = folder / "program"
        (folder / "bin").mkdir(parents=True)
        (self.program / "lib").mkdir(parents=True)
        self.folder.mkdir()
        java = folder / "bin" / "java"
        text = Path(signal_daemon.__file__).read_text()
        java.write_text(f"#!{sys.executable} -I\n{text}")
        java.chmod(0o700)
        with zipfile.ZipFile(self.program / "lib" / "signal-cli.jar", "w") as jar:
            jar.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF", built[:6]), "")  # type: ignore[arg-type]
        self.java_home = folder
        self._numbers = iter(range(1000))

    @property
    def settings(self) -> dict[str, str]:
        return {
            "account": ACCOUNT,
            "program": str(self.program),
            "java_home": str(self.java_home),
        }

    def write(self, beside: dict[str, Any] | None = None, **message: object) -> None:
        """Somebody writes; `beside` stands in the envelope in place of a message."""
        told = {"dataMessage": {"timestamp": 1, **message}} if beside is None else beside
        self.hand({"envelope": {**envelope(), **told}, "account": ACCOUNT})

    def hand(self, result: object, **more: object) -> None:
        path = self.folder / f"{next(self._numbers):04}.json"
        path.with_suffix(".new").write_text(json.dumps({"result": result, **more}))
        path.with_suffix(".new").rename(path)

    def say(self, state: str) -> None:
        (self.folder / "state").write_text(state)

    def asked(self, method: str) -> list[dict[str, Any]]:
        path = self.folder / "sent"
        lines = path.read_text().splitlines() if path.exists() else []
        return [one for line in lines if (one := json.loads(line))["method"] == method]


def envelope() -> dict[str, Any]:
    """As signal-cli writes it for somebody whose number is hidden, which is Signal's default."""
    name = {"source": WHO, "sourceNumber": None, "sourceUuid": WHO, "sourceName": "A"}
    return {**name, "sourceDevice": 1, "timestamp": 1}
