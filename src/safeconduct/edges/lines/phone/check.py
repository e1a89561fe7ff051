# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong with an office's Asterisk, judged from what was read of it (`reading`).

Pure: a reading and what the settings want give findings, each a code with what it is about; the
program words them.  It fails closed: what could not be read is a finding and never a silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from safeconduct.edges.lines.phone.exchange import TRUNK, Exchange
from safeconduct.edges.lines.phone.modules import LOADED, PRELOADED, is_forbidden
from safeconduct.host import Swap

LEAST: Final = 22
"""The oldest Asterisk that ARI and AudioSocket were tried with."""
DAYS: Final = 14
"""A certificate that ends sooner is told of."""
CALLS: Final = 500
HERE: Final = ("127.0.0.1", "[::1]", "::1")
_VERSION: Final = re.compile(r"(?:certified/)?(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an administrator must mend; `about` names which, where there are many."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What softphones are shown: whether both files are there and fit, who reads the key."""

    fits: bool
    key_open: bool
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What the machine tells of the process and its folders; None where it cannot be told."""

    as_root: bool
    dumps: bool
    spool_writable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read of one Asterisk; an empty text or None is what could not be read."""

    ari: Literal["answers", "refuses", "silent"]
    version: str = ""
    modules: frozenset[str] = frozenset()
    console: Mapping[str, str] | None = None
    """By the names in `reading.COMMANDS`, what the console said."""
    process: Process | None = None
    certificate: Certificate | None = None
    registered: frozenset[str] = frozenset()
    """Telephones, and the trunk, that are there now."""
    prompts_lacking: tuple[str, ...] = ()
    prompts_odd: tuple[str, ...] = ()
    prompts_shut: tuple[str, ...] = ()
    """Folders and files on the way to prompts that Asterisk's own user may not read."""
    swap: Swap = Swap.UNKNOWN


def judge(reading: Reading, exchange: Exchange) -> list[Finding]:
    """Return all that is wrong, the gravest first; nothing where all is well."""
    if reading.ari != "answers":
        return [Finding(f"ari_{reading.ari}"), *_on_this_machine(reading)]
    return [
        *_version(reading.version),
        *_modules(reading.modules),
        *_console(reading.console, exchange),
        *_on_this_machine(reading),
        *_telephones(reading.registered, exchange),
    ]


def _version(version: str) -> Iterator[Finding]:
    found = _VERSION.match(version)
    if found is None or int(found[1]) < LEAST:
        yield Finding("too_old", version)


def _modules(modules: frozenset[str]) -> Iterator[Finding]:
    for name in sorted(modules):
        if is_forbidden(name):
            yield Finding("module_forbidden", name)
    for name in (*PRELOADED, *LOADED):
        if name not in modules:
            yield Finding("module_lacking", name)


def _console(console: Mapping[str, str] | None, exchange: Exchange) -> Iterator[Finding]:
    if console is None:
        yield Finding("console_silent")
        return
    core = console["core"]
    if not re.search(r"Call data records:\s+Disabled", core):
        yield Finding("cdr_on")
    if "Logging: Disabled" not in console["cel"]:
        yield Finding("cel_on")
    if not re.search(r"Manager \(AMI\):\s+Disabled", core):
        yield Finding("manager_on")
    if not re.search(rf"Maximum calls:\s+{CALLS} ", core):
        yield Finding("calls_most")
    if "Console" not in console["logger"] or _log_files(console["logger"]):
        yield Finding("log_file")
    yield from _bound(console["http"])
    if exchange.trunk.user and " Registered" not in console["registrations"]:
        yield Finding("trunk_away")


def _log_files(said: str) -> bool:
    return any(re.search(r"\s(File|Syslog)\s", line) for line in said.splitlines())


def _bound(said: str) -> Iterator[Finding]:
    found = re.findall(r"Bound to (?:Address )?(\S+):\d+", said)
    if not found or any(address not in HERE for address in found):
        yield Finding("ari_open")


def _on_this_machine(reading: Reading) -> Iterator[Finding]:
    if reading.process is None:
        yield Finding("process_unseen")
    else:
        told = reading.process
        yield from (
            Finding(code)
            for code, wrong in (
                ("as_root", told.as_root),
                ("spool_writable", told.spool_writable),
                ("core_dumps", told.dumps),
            )
            if wrong
        )
    if reading.swap is Swap.UNSEALED or reading.swap is Swap.UNKNOWN:
        yield Finding(f"swap_{reading.swap.value}")
    yield from _certificate(reading.certificate)
    yield from (Finding("prompt_lacking", name) for name in reading.prompts_lacking)
    yield from (Finding("prompt_odd", name) for name in reading.prompts_odd)
    yield from (Finding("prompt_shut", place) for place in reading.prompts_shut)


def _certificate(told: Certificate | None) -> Iterator[Finding]:
    if told is None or not told.fits:
        yield Finding("certificate_bad")
        return
    if told.key_open:
        yield Finding("key_open")
    if told.days < DAYS:
        yield Finding("certificate_ends", str(max(told.days, 0)))


def _telephones(registered: frozenset[str], exchange: Exchange) -> Iterator[Finding]:
    if TRUNK not in registered:
        yield Finding("trunk_unknown")
    for one in exchange.operators:
        if one.name not in registered:
            yield Finding("telephone_away", one.name)
