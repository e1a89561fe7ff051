# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delta Chat's core as a child process: calls and answers, a JSON line for each.

What it is not: a client of people's words; `deltachat` decides what is called.
The client that the core's makers ship is not used: it runs on threads, and its log holds what the
core tells, addresses among it.  Nothing that the core says is logged here, and what it writes to
its own log goes nowhere.
The core ends when this process ends, as its pipe does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final, TypeVar

import deltachat_rpc_server
import msgspec

from safeconduct import host
from safeconduct.edges.lines.pipe import CallRefused, Child, child
from safeconduct.kernel.errors import Unreachable

PROGRAM: Final = Path(deltachat_rpc_server.__file__).parent / "deltachat-rpc-server"
CALL_SECONDS: Final = 120
EVENTS: Final = "get_next_event_batch"

T = TypeVar("T")


class _Happened(msgspec.Struct, frozen=True):
    kind: str


class _News(msgspec.Struct, frozen=True):
    event: _Happened


class CoreRefuses(Unreachable):
    """The core runs, and did not do what it was asked: its server or its account will not."""

    code = "core_refuses"


class Core:
    """The running core of one account folder."""

    def __init__(self, running: Child) -> None:
        self._child: Final = running

    @property
    def gone(self) -> bool:
        """Whether it ended."""
        return self._child.gone

    async def call(self, kind: type[T], method: str, *params: object) -> T:
        """Call the core, and return what it answers, which is of this kind.

        Raises:
            CoreRefuses: it will not.
            Unreachable: it ended, did not answer in time, or answers what this does not know.
        """
        # News come when something happens, however long that takes.
        seconds = None if method == EVENTS else CALL_SECONDS
        try:
            return msgspec.json.decode(await self._child.ask(method, params, seconds), type=kind)
        except CallRefused:
            raise CoreRefuses from None
        except (ValueError, RecursionError):
            raise Unreachable from None

    async def events(self) -> AsyncIterator[str]:
        """Yield the kind of each thing that happens in the core, until it ends.

        Raises:
            Unreachable: it ended.
        """
        while True:
            for one in await self.call(list[_News], EVENTS):
                yield one.event.kind

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Let the core write nothing for a moment, so that its files can be copied as they are."""
        with host.held_still(self._child.pid):
            yield


@asynccontextmanager
async def running(folder: Path, program: Path = PROGRAM) -> AsyncIterator[Core]:
    """Run the core over an account folder.

    Raises:
        Unreachable: it cannot be started.
    """
    # Nothing of our surroundings, and what it would put aside stays in memory with the rest.
    surroundings = {"DC_ACCOUNTS_PATH": str(folder), "TMPDIR": str(folder), "RUST_LOG": "off"}
    async with child([str(program)], surroundings, str(folder)) as one:
        yield Core(one)
