# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON-RPC 2.0 to a child process over its own pipes, one JSON object a line.

Pipes, since nobody else on the machine can speak into them, and the child ends with the line.
What the child writes to its error output goes nowhere: it names who wrote.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import msgspec

from safeconduct.kernel.errors import Refused, Unreachable

LINE_MOST: Final = 64 << 20
END_SECONDS: Final = 20.0
DEAF_SECONDS: Final = 1.0


@dataclass(eq=False)
class CallRefused(Refused):
    """The child answered a call with an error: its number, and its words for us to look into.

    The words may name somebody: they are shown to nobody and written nowhere.
    """

    code = "call_refused"
    number: int
    said: str


class NoProgram(Unreachable):
    """The program of a child is not on this machine, or not where the settings say."""

    code = "no_program"


class RpcError(msgspec.Struct):
    """An error as JSON-RPC has it."""

    code: int = 0
    message: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


class RpcAnswer(msgspec.Struct):
    """One line of the child's; what answers no call of ours is passed over."""

    id: int | str | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: RpcError | None = None


def parse_answer(data: bytes) -> RpcAnswer | None:
    """Return an answer, or None where a line is none."""
    try:
        return msgspec.json.decode(data, type=RpcAnswer)
    except (ValueError, RecursionError):
        return None


class Child:
    """A running child; calls go out and come back in any order."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process: Final = process
        self._waiting: Final = dict[int, asyncio.Future[RpcAnswer]]()
        self._numbers: Final = itertools.count(1)
        self.gone: bool = False

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    async def call(self, method: str, seconds: float, **asked: object) -> msgspec.Raw:
        """Call by names, and return what the child answers.

        Raises:
            CallRefused: the child says no.
            Unreachable: it ended, or said nothing for so long.
        """
        return await self.ask(method, asked, seconds)

    async def ask(self, method: str, asked: object, seconds: float | None) -> msgspec.Raw:
        """Call with names or places; without a time it waits as long as the child runs.

        Raises:
            CallRefused: the child says no.
            Unreachable: it ended, or said nothing for so long.
        """
        if self.gone or self._process.stdin is None:
            raise Unreachable
        number = next(self._numbers)
        waiting: asyncio.Future[RpcAnswer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        line = {"jsonrpc": "2.0", "id": number, "method": method, "params": asked}
        try:
            self._process.stdin.write(msgspec.json.encode(line) + b"\n")
            await self._process.stdin.drain()
            # Not `wait_for`: it forgets to end where the answer comes as it is cancelled.
            async with asyncio.timeout(seconds):
                answer = await waiting
        except (TimeoutError, OSError):
            raise Unreachable from None
        finally:
            self._waiting.pop(number, None)
        if answer.error is not None:
            told = answer.error.message + bytes(answer.error.data).decode("utf-8", "replace")
            raise CallRefused(answer.error.code, told)
        return answer.result

    async def read(self) -> None:
        """Hand answers to those who wait, until the child ends; nobody waits then."""
        assert self._process.stdout is not None
        try:
            # A line that is too long for us is a `ValueError`, and the end of the talk.
            with suppress(ValueError, OSError):
                while data := await self._process.stdout.readline():
                    self._hand(parse_answer(data))
        finally:
            self.gone = True
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(Unreachable())

    def _hand(self, answer: RpcAnswer | None) -> None:
        waiting = self._waiting.get(answer.id) if answer and isinstance(answer.id, int) else None
        if answer is not None and waiting is not None and not waiting.done():
            waiting.set_result(answer)


@asynccontextmanager
async def child(
    command: Sequence[str], environment: Mapping[str, str], folder: str
) -> AsyncIterator[Child]:
    """Run a child for as long as the context lasts; it is asked to end, and then made to.

    Raises:
        NoProgram: there is no such program.
        Unreachable: it cannot be started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=dict(environment),
            cwd=folder,
            limit=LINE_MOST,
        )
    except (FileNotFoundError, PermissionError):
        raise NoProgram from None
    except OSError:
        raise Unreachable from None
    running = Child(process)
    reading = asyncio.create_task(running.read())
    try:
        yield running
    finally:
        await asyncio.shield(_end(process, reading))


async def _end(process: asyncio.subprocess.Process, reading: asyncio.Task[None]) -> None:
    """End a child so that it can write down what it holds: its input ends, and so does it."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        # Who is not listened to any more may wait for that, and for ever.
        async with asyncio.timeout(DEAF_SECONDS if reading.done() else END_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    await reading
