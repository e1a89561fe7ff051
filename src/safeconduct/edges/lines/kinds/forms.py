# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a setting must look like, by the name of its form: so that a slip is said while it is typed.

It looks at the writing and at folders of this machine; whether a server answers shows when the
line runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from safeconduct.edges.lines.kinds.servers import BadServer, host_and_port

_URL: Final = re.compile(r"https?://[^\s/?#]+\S*")
_NUMBER: Final = re.compile(r"\+[0-9]{5,15}")
_MAILBOX: Final = re.compile(r"[^\s@]+@[^\s@]+|dcaccount:\S+", re.IGNORECASE)
_USER: Final = re.compile(r"@[^\s:]+:\S+")
_FINGERPRINT: Final = re.compile(r"([0-9A-Fa-f]{2}:?){32}")


def jars_of(program: Path) -> Path:
    """Return the folder of signal-cli's jars, whether its folder was named or what starts it."""
    return (program.parents[1] if program.is_file() else program) / "lib"


def fits(form: str, told: str) -> bool:
    """Tell whether what was typed has the form; what has none always does."""
    return form not in FORMS or FORMS[form](told)


def _is_server(told: str) -> bool:
    try:
        host_and_port(told)
    except BadServer:
        return False
    return True


def _like(form: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda told: form.fullmatch(told) is not None


FORMS: Final[dict[str, Callable[[str], bool]]] = {
    "url": _like(_URL),
    "server": _is_server,
    "port": lambda told: _is_server(f"localhost:{told}"),
    "number": _like(_NUMBER),
    "seconds": lambda told: told.isascii() and told.isdecimal(),
    "mailbox": _like(_MAILBOX),
    "user": _like(_USER),
    "fingerprint": _like(_FINGERPRINT),
    "folder": lambda told: Path(told).is_dir(),
    "java": lambda told: (Path(told) / "bin" / "java").is_file(),
    "signal_cli": lambda told: jars_of(Path(told)).is_dir(),
}
