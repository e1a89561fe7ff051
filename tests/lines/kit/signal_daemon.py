# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stands in for Java with signal-cli: JSON-RPC over its pipes, envelopes from a file.

It is started as the line starts the real one, with the same words.  As the real one does, it holds
a message as handed over once `receive` answered, writes attachments into its own folder first, and
hands over a message of somebody with a new key only once `trust` was asked for.
The folder `SERVER` beside this program is Signal's server: `*.json` there is still to be
handed over, `sent` what was asked for, `state` a word that changes how it behaves.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from pathlib import Path
from typing import Any

SERVER = Path(__file__).resolve().parents[1] / "SERVER"
ACCOUNT = "+15550199"


def main() -> None:
    words = sys.argv
    home = Path(words[words.index("--config") + 1])
    assert words[-2:] == ["jsonRpc", "--receive-mode=manual"]
    (home / "data").mkdir(exist_ok=True)
    (home / "data" / "ratchet").write_text(str(time.time()))
    for line in sys.stdin:
        asked = json.loads(line)
        result = answer(asked["method"], asked.get("params") or {}, home)
        told = {"error": result} if "code" in result_of(result) else {"result": result}
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **told}), flush=True)


def result_of(result: object) -> dict[str, Any]:
    return result if isinstance(result, dict) else {}


def answer(method: str, asked: dict[str, Any], home: Path) -> object:
    if method != "receive":
        with (SERVER / "sent").open("a") as file:
            file.write(json.dumps({"method": method, **asked}) + "\n")
    match method:
        case "version":
            return {"version": "0.14.2"}
        case "listAccounts":
            return [{"number": ACCOUNT, "aci": "00000000-0000-4000-8000-000000000099"}]
        case "receive":
            return receive(asked, home)
        case "send":
            return send()
        case "trust":
            (SERVER / "trusted").touch()
            return {}
        case _:
            return {}


def receive(asked: dict[str, Any], home: Path) -> object:
    assert asked["account"] == ACCOUNT
    assert asked["maxMessages"] == 1
    if state() == "closed":
        return {"code": -1, "message": "User is not registered.", "data": None}
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        for one in sorted(SERVER.glob("*.json")):
            told = json.loads(one.read_text())
            if told.get("waits_for_trust") and not (SERVER / "trusted").exists():
                continue
            write_down(told, home)
            one.unlink()
            return [told["result"]]
        time.sleep(0.02)
    return []


def write_down(told: dict[str, Any], home: Path) -> None:
    folder = home / "attachments"
    folder.mkdir(exist_ok=True)
    for name, content in told.get("files", {}).items():
        (folder / name).write_bytes(base64.b64decode(content))


def send() -> object:
    became = state() or "SUCCESS"
    if became == "UNREGISTERED_FAILURE":
        results = {"response": {"results": [{"type": became}]}}
        return {"code": -1, "message": "Failed to send message", "data": results}
    return {"timestamp": 1, "results": [{"type": became}]}


def state() -> str:
    path = SERVER / "state"
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    main()
