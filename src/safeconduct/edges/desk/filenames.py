# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stranger's file names: shown so that they cannot lie, saved so that they cannot harm.

A name may carry characters that turn the writing direction (`fdp.exe` read as `exe.pdf`), that
nobody sees, or that a file system or a header understands as something else.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from safeconduct.kernel.normal import normal

SHOWN_MOST: Final = 64
SAVED_MOST: Final = 120
"""Bytes of UTF-8: some file systems stop at 143 for a name that they encrypt."""
ENDING_MOST: Final = 16
TAIL: Final = 20
HIDDEN: Final = "�"
NAMELESS: Final = "file"
JOINERS: Final = frozenset("\u200c\u200d")
"""Persian and families of emoji need them; they turn nothing."""
INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
UNSAFE: Final = re.compile(r'[<>:"/\\|?*%]')
RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
RUNS: Final = frozenset(
    {
        *("apk", "app", "appimage", "bat", "bin", "cmd", "com", "cpl", "deb", "desktop", "dll"),
        *("dmg", "docm", "exe", "hta", "htm", "html", "iso", "jar", "js", "jse", "lnk", "mjs"),
        *("msi", "pif", "pkg", "ps1", "py", "reg", "rpm", "run", "scr", "sh", "svg", "url"),
        *("vbe", "vbs", "webloc", "wsf", "xhtml", "xlsm", "xml"),
    }
)
"""Endings that make a computer run something, or fetch something, when the file is opened."""


def shown_name(name: str) -> str:
    """Return a name as a page may show it: nothing hidden or turned, both ends kept."""
    clear = "".join(
        HIDDEN if _invisible(char) and char not in JOINERS else char for char in name
    ).strip()
    clear = clear or NAMELESS
    if len(clear) <= SHOWN_MOST:
        return clear
    return f"{clear[: SHOWN_MOST - TAIL]}…{clear[-TAIL:]}"


def saved_name(name: str) -> str:
    """Return a name that every file system takes, and that stays in its folder."""
    clear = "".join(char for char in normal("NFC", name) if not _invisible(char))
    clear = UNSAFE.sub("_", clear).strip(" ._")
    if not clear or RESERVED.match(clear):
        clear = f"{NAMELESS}_{clear}".strip(" ._")
    stem, dot, ending = clear.rpartition(".")
    if not dot or not stem or len(ending.encode()) > ENDING_MOST:
        return _cut(clear, SAVED_MOST)
    return f"{_cut(stem, SAVED_MOST - len(ending.encode()) - 1)}.{ending}"


def disposition(name: str) -> str:
    """Return the header that makes a browser save a file and never open it (RFC 6266)."""
    safe = saved_name(name)
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def can_run(name: str) -> bool:
    """Tell whether opening a file of this name may run a program."""
    return saved_name(name).rpartition(".")[2].lower() in RUNS


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in INVISIBLE


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore").rstrip(" .")
