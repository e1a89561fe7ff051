# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delta Chat's core as a child process: calls and answers, a JSON line for each.

What it is not: a client of people's words; `deltachat` decides what is called.
The client that the core's makers ship is not used: it runs on threads, and its log holds what the
core tells, addresses among it.  Nothing that the core says is logged here, and what it writes to
its own log goes nowhere.
The core ends when this process ends, as its pipe does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

import deltachat_rpc_server
import msgspec

from safeconduct import host
from safeconduct.kernel.errors import Malformed, Unreachable

PROGRAM: Final = Path(deltachat_rpc_server.__file__).parent / "deltachat-rpc-server"
ANSWER_MOST: Final = 64 << 20
CALL_SECONDS: Final = 120
END_SECONDS: Final = 10
EVENTS: Final = "get_next_event_batch"

T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True):
    """What the core answers to one call: what was asked for, or that it will not."""

    id: int
    result: object = None
    error: object = None


class _Happened(msgspec.Struct, frozen=True):
    kind: str


class _News(msgspec.Struct, frozen=True):
    event: _Happened


class CoreRefuses(Unreachable):
    """The core runs, and did not do what it was asked: its server or its account will not."""

    code = "core_refuses"


def read_answer(line: bytes) -> Answer:
    """Read one line of the core.

    Raises:
        Malformed: it is none.
    """
    try:
        return msgspec.json.decode(line, type=Answer)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Malformed("answer") from None


class Core:
    """The running core of one account folder."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process: Final = process
        self._waiting: Final[dict[int, asyncio.Future[object]]] = {}
        self._numbers: Final = count(1)
        self.gone: bool = False

    async def call(self, kind: type[T], method: str, *params: object) -> T:
        """Call the core, and return what it answers, which is of this kind.

        Raises:
            CoreRefuses: it will not.
            Unreachable: it ended, did not answer in time, or answers what this does not know.
        """
        # News come when something happens, however long that takes.
        seconds = None if method == EVENTS else CALL_SECONDS
        told = await self._call(method, params, seconds)
        try:
            return msgspec.convert(told, kind, str_keys=True)
        except msgspec.ValidationError:
            raise Unreachable from None

    async def _call(self, method: str, params: tuple[object, ...], seconds: float | None) -> object:
        pipe = self._process.stdin
        if self.gone or pipe is None:
            raise Unreachable
        number = next(self._numbers)
        asked = {"jsonrpc": "2.0", "method": method, "params": params, "id": number}
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            pipe.write(msgspec.json.encode(asked) + b"\n")
            await pipe.drain()
            return await asyncio.wait_for(answer, seconds)
        except (OSError, TimeoutError):
            raise Unreachable from None
        finally:
            self._waiting.pop(number, None)

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
        with host.held_still(self._process.pid):
            yield

    async def listen(self) -> None:
        """Hand each answer to whoever waits for it, until the core ends."""
        pipe = self._process.stdout
        try:
            while pipe is not None and (line := await pipe.readline()):
                self._hand(line)
        except (OSError, ValueError):
            pass  # A line without end, or a broken pipe: the core is as good as gone.
        finally:
            self.gone = True
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(Unreachable())

    def _hand(self, line: bytes) -> None:
        with suppress(Malformed):
            answer = read_answer(line)
            waits = self._waiting.get(answer.id)
            if waits is None or waits.done():
                return
            if answer.error is None:
                waits.set_result(answer.result)
            else:
                waits.set_exception(CoreRefuses())


@asynccontextmanager
async def running(folder: Path, program: Path = PROGRAM) -> AsyncIterator[Core]:
    """Run the core over an account folder.

    Raises:
        Unreachable: it cannot be started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            str(program),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            # Nothing of our surroundings, and what it would put aside stays in memory with the
            # rest.
            env={"DC_ACCOUNTS_PATH": str(folder), "TMPDIR": str(folder), "RUST_LOG": "off"},
            limit=ANSWER_MOST,
        )
    except OSError:
        raise Unreachable from None
    core = Core(process)
    listening = asyncio.create_task(core.listen())
    try:
        yield core
    finally:
        await _end(process)
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _end(process: asyncio.subprocess.Process) -> None:
    """Close the core's pipe, at which it ends; end it where it does not."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
