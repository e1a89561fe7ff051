# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one Asterisk for its check: over ARI, on its console's socket, and in its folders.

It changes nothing, and asks for nothing that names a call.  What cannot be read stays empty, and
`check` finds fault with that.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import wave
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import aiohttp

from safeconduct import host
from safeconduct.edges.lines.phone.check import Certificate, Process, Reading
from safeconduct.edges.lines.phone.exchange import Exchange
from safeconduct.edges.lines.phone.prompt_files import HOLD, names

COMMANDS: Final = {
    "core": "core show settings",
    "cel": "cel show status",
    "http": "http show status",
    "logger": "logger show channels",
    "registrations": "pjsip show registrations",
}
SECONDS: Final = 10.0
MOST: Final = 1 << 20
"""Bytes that the console may say."""
UNAUTHORIZED: Final = frozenset({401, 403})
RATE: Final = 8_000


@dataclass(frozen=True, slots=True)
class _Ari:
    """What ARI said."""

    answers: bool
    refuses: bool = False
    info: Any = None
    modules: Any = ()
    endpoints: Any = ()


def read_asterisk(exchange: Exchange, root: Path = Path("/")) -> Reading:
    """Return what can be read; `root` is where Asterisk's own folders begin."""
    ari = asyncio.run(_ask(exchange))
    run = root / exchange.folders.run.lstrip("/")
    prompts = root / exchange.folders.prompts.lstrip("/")
    lacking, odd = read_prompts(prompts, exchange.languages)
    return Reading(
        ari="answers" if ari.answers else "refuses" if ari.refuses else "silent",
        version=_text(ari.info, "system", "version"),
        modules=_running(ari.modules),
        console=_console(run / "asterisk.ctl"),
        process=_process(run),
        certificate=_certificate(root / exchange.folders.own.lstrip("/")),
        registered=_online(ari.endpoints),
        prompts_lacking=lacking,
        prompts_odd=odd,
        prompts_shut=_shut(prompts, root, run),
        swap=host.swap(),
    )


def read_prompts(
    folder: Path, languages: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the prompts that are not there, and those that Asterisk cannot play as they are."""
    wanted = [*(f"{language}/{name}.wav" for language, name, _ in names(languages)), HOLD]
    lacking = tuple(name for name in wanted if not (folder / name).is_file())
    odd = tuple(name for name in wanted if name not in lacking and not _plays(folder / name))
    return lacking, odd


async def _ask(exchange: Exchange) -> _Ari:
    told = exchange.ari
    sign_in = aiohttp.encode_basic_auth(told.user, told.password)
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    url = f"http://127.0.0.1:{told.port}/ari"
    try:
        async with aiohttp.ClientSession(
            headers={"Authorization": sign_in}, timeout=timeout, raise_for_status=True
        ) as session:
            found = []
            for path in ("asterisk/info", "asterisk/modules", "endpoints"):
                async with session.get(f"{url}/{path}") as answer:
                    found.append(json.loads(await answer.read()))
    except aiohttp.ClientResponseError as error:
        return _Ari(answers=False, refuses=error.status in UNAUTHORIZED)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return _Ari(answers=False)
    return _Ari(True, False, *found)


def _text(told: Any, *path: str) -> str:  # noqa: ANN401  (as Asterisk answers)
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, str) else ""


def _rows(told: Any) -> list[dict[str, Any]]:  # noqa: ANN401  (as Asterisk answers)
    return [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []


def _running(told: Any) -> frozenset[str]:  # noqa: ANN401  (as Asterisk answers)
    rows = (row for row in _rows(told) if row.get("status") == "Running")
    return frozenset(str(row.get("name")).removesuffix(".so") for row in rows)


def _online(told: Any) -> frozenset[str]:  # noqa: ANN401  (as Asterisk answers)
    rows = (row for row in _rows(told) if row.get("state") == "online")
    return frozenset(str(row.get("resource")) for row in rows)


def _console(path: Path) -> Mapping[str, str] | None:
    try:
        return {name: _said(path, command) for name, command in COMMANDS.items()}
    except OSError:
        return None


def _said(path: Path, command: str) -> str:
    """Return what the console answers, as `asterisk -rx` would.

    Raises:
        OSError: it does not answer.
    """
    said = b""
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(SECONDS)
        asked.connect(str(path))
        asked.sendall(f"cli quit after {command}\0".encode())
        while (part := asked.recv(1 << 16)) and len(said) < MOST:
            said += part
    return said.decode(errors="replace")


def _process(run: Path) -> Process | None:
    try:
        number = int((run / "asterisk.pid").read_text(encoding="ascii"))
        status = Path(f"/proc/{number}/status").read_text(encoding="utf-8")
        limits = Path(f"/proc/{number}/limits").read_text(encoding="utf-8")
        user, group = (int(_number(rf"^{name}:\s+\d+\s+(\d+)", status)) for name in ("Uid", "Gid"))
        spool = (run / "spool").stat()
    except (OSError, ValueError):
        return None
    rights = 0o200 if spool.st_uid == user else 0o020 if spool.st_gid == group else 0o002
    return Process(
        as_root=user == 0,
        dumps=_number(r"^Max core file size\s+(\S+)", limits) != "0",
        spool_writable=user == 0 or bool(spool.st_mode & rights),
    )


def _shut(prompts: Path, root: Path, run: Path) -> tuple[str, ...]:
    """Return what keeps Asterisk's own user from prompts that are there; nothing if none runs."""
    try:
        number = int((run / "asterisk.pid").read_text(encoding="ascii"))
        status = Path(f"/proc/{number}/status").read_text(encoding="utf-8")
        user = int(_number(r"^Uid:\s+\d+\s+(\d+)", status))
        groups = _number(r"^Gid:\s+\d+\s+(\d+)", status), *_groups(status)
        files = sorted(prompts.rglob("*.wav"))
    except (OSError, ValueError):
        return ()
    return closed_to(user, frozenset(map(int, groups)), files, root) if user else ()


def _groups(status: str) -> list[str]:
    return _number(r"^Groups:[ \t]*(.*)$", status).split()


def closed_to(
    user: int, groups: frozenset[int], files: Iterable[Path], root: Path
) -> tuple[str, ...]:
    """Return, of each file's way from the root, the first place that this user may not use."""
    found: dict[str, None] = {}
    for file in files:
        folders = [one for one in file.parents if one != root and one.is_relative_to(root)]
        steps = [*((one, 0o1) for one in reversed(folders)), (file, 0o4)]
        shut = next((one for one, right in steps if not _may(one, right, user, groups)), None)
        if shut is not None:
            found[f"/{shut.relative_to(root)}"] = None
    return tuple(found)


def _may(place: Path, right: int, user: int, groups: frozenset[int]) -> bool:
    told = place.stat()
    shift = 6 if told.st_uid == user else 3 if told.st_gid in groups else 0
    return bool(told.st_mode >> shift & right)


def _number(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise ValueError(pattern)
    return found[1]


def _certificate(own: Path) -> Certificate | None:
    key, shown = own / "tls.key", own / "tls.crt"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(shown, key)
        rights = key.stat().st_mode
    except (OSError, ValueError):
        return None
    return Certificate(fits=True, key_open=bool(rights & 0o077), days=_days(shown))


def _days(shown: Path) -> int:
    """Return for how many days the certificate is good; 0 where that cannot be told."""
    program = shutil.which("openssl")
    if program is None:
        return 0
    command = (program, "x509", "-noout", "-enddate", "-in", os.fspath(shown))
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  (openssl)
    try:
        ends = ssl.cert_time_to_seconds(done.stdout.decode().strip().partition("=")[2])
    except ValueError:
        return 0
    return (datetime.fromtimestamp(ends, UTC) - datetime.now(UTC)).days


def _plays(file: Path) -> bool:
    try:
        with wave.open(str(file), "rb") as sound:
            shape = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth())
            return shape == (RATE, 1, 2) and sound.getnframes() > 0
    except (OSError, EOFError, wave.Error):
        return False
