# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line at work: what comes goes to the office, what lies in its box goes on (spec/lines.md 4, 6).

One channel, four loops: the channel itself, begun anew with growing pauses when it breaks; the box;
what waits to go as one letter; alarms.  A loop that fails says a code and goes on, and says nothing
else: no contact, no words, no number.
Invariant: `take` returns only once the relay has the words and files, or they lie sealed in the
line's folder.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from safeconduct.edges.lines.alarms import Alarms
from safeconduct.edges.lines.answers import Answers
from safeconduct.edges.lines.channel import Arrived, Channel
from safeconduct.edges.lines.epochs import KeptEpoch
from safeconduct.edges.lines.first_text import FirstTexts
from safeconduct.edges.lines.handles import code_of, voice_of
from safeconduct.edges.lines.limits import Held, Limits
from safeconduct.edges.lines.post import Post
from safeconduct.edges.lines.secret import LineKeys
from safeconduct.edges.lines.store import SealedStore
from safeconduct.edges.lines.texts import first_text, language_of, not_locked_text
from safeconduct.kernel.errors import Defect, Refused, SafeconductError
from safeconduct.kernel.seal.lock import BlobPlan
from safeconduct.rooms.hotline.line_licence import LineLicence
from safeconduct.rooms.hotline.sealed_files import SealedFile

LOOK_SECONDS: Final = 2.0
"""How often the box is looked into."""
STEADY_SECONDS: Final = 300.0
"""A channel that ran for so long was well: the pause before the next try is short again."""
PAUSE_LEAST: Final = 1.0
PAUSE_MOST: Final = 300.0
SPOKEN_MOST: Final = 10_000
LANGUAGE: Final = "language"
"""The setting that says in which language to answer where the person's is not known."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A line that an office admitted: its keys, its licence, and what it keeps."""

    keys: LineKeys
    licence: LineLicence
    store: SealedStore


class NotThisLine(Refused):
    """The licence is for another line or kind."""

    code = "not_this_line"


class Runner:
    """One line; what `channel.Line` asks for."""

    def __init__(
        self,
        admitted: Admitted,
        channel: Channel,
        *,
        tell: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Be ready to run; `tell` hears codes of what fails.

        Raises:
            NotThisLine: the licence is for another key or kind.
            CannotOpen, Malformed, BadKey: what the line keeps was changed.
        """
        licence = admitted.licence
        if licence.key != admitted.keys.sign.public.raw or licence.kind != channel.kind:
            raise NotThisLine
        self._keys: Final = admitted.keys
        self._licence: Final = licence
        self._channel: Final = channel
        self._tell: Final = tell
        self._clock: Final = clock
        self._language: Final = admitted.store.settings().get(LANGUAGE, "en")
        self._post: Final = Post(admitted.keys, licence, KeptEpoch(admitted.store))
        self._by_phone: Final = channel.kind == "phone"
        self._first: Final = FirstTexts(channel, self._failed)
        self._limits: Final = Limits()
        self._held: Final = Held(admitted.store)
        self._answers: Final = Answers(
            self._post, channel, admitted.store, reads=self._reads, failed=self._failed
        )
        self._alarms: Final = Alarms(clock())
        self._spoken: Final[OrderedDict[bytes, str]] = OrderedDict()

    async def run(self) -> None:
        """Run until cancelled."""
        asyncio.get_running_loop().set_exception_handler(self._unseen)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_channel())
                for act in (self._look, self._join, self._say):
                    group.create_task(self._again(act))
        finally:
            await self._first.end()
            await self._answers.end()
            self._post.close()

    async def take(self, arrived: Arrived) -> None:
        """Take a message; return once the relay has it, or it lies sealed in the folder.

        Raises:
            Unreachable: the relay does not answer: the channel keeps the message, and asks again.
        """
        self.heard()
        now, voice = self._clock(), voice_of(self._keys, arrived.contact)
        arrived = replace(arrived, language=self._language_of(arrived))
        self._remember(voice, arrived.language)
        if not self._by_phone and (self._held.waits(voice) or not self._limits.allows(voice, now)):
            self._held.add(voice, arrived, now)
            return
        try:
            await self._post.send(arrived)
        except BaseException:
            self._limits.take_back(voice)
            raise
        self._answer_at_once(arrived, voice)

    async def write(self, arrived: Arrived, files: tuple[SealedFile, ...] = ()) -> None:
        """Send a letter naming files that the channel seals itself; return once the relay has it.

        Raises:
            Unreachable: the relay does not answer.
        """
        self.heard()
        await self._post.write(replace(arrived, language=self._language_of(arrived)), files)

    async def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:
        """Store a file of one chunk that the channel sealed; return once the relay has all of it.

        Raises:
            Unreachable: the relay does not answer, or has no room now; it may be stored again.
        """
        await self._post.store(plan, sealed, token)

    def code(self, contact: bytes) -> str:
        """Return the return code of a contact: eight digits."""
        return code_of(self._keys, contact)

    def heard(self) -> None:
        """Note that the channel's server or client just answered: it is not quiet."""
        self._alarms.heard(self._clock())

    def outdated(self, so: bool = True) -> None:
        """Note that the channel's client is too old to be trusted with more, or is no longer."""
        (self._alarms.begins if so else self._alarms.ends)("outdated")

    def _failed(self, error: Exception) -> None:
        self._tell(code_of_failure(error))

    def _language_of(self, arrived: Arrived) -> str:
        return language_of(arrived.language, arrived.text, self._language)

    def _remember(self, voice: bytes, language: str) -> None:
        """Keep in memory in which language a voice reads, for the texts that are ours."""
        self._spoken[voice] = language
        self._spoken.move_to_end(voice)
        if len(self._spoken) > SPOKEN_MOST:
            self._spoken.popitem(last=False)

    def _reads(self, contact: bytes) -> str:
        return self._spoken.get(voice_of(self._keys, contact), self._language)

    def _answer_at_once(self, arrived: Arrived, voice: bytes) -> None:
        if self._by_phone:
            return  # It spoke to the caller already.
        page, code = self._licence.relays[0], self.code(arrived.contact)
        texts = (
            first_text(self._channel.kind, arrived.language, page, code),
            not_locked_text(arrived.language, page, code),
        )
        if not self._first.tell(voice, arrived.contact, texts, self._clock()):
            self._alarms.begins("crowded")

    async def _keep_channel(self) -> None:
        """Run the channel, and begin it anew when it breaks."""
        pause = PAUSE_LEAST
        while True:
            begun = self._clock()
            try:
                await self._channel.run(self)
            except Refused as error:
                self._alarms.begins("refused")
                self._tell(error.code)
            except Exception as error:  # noqa: BLE001  (the edge of the world: the code alone is kept)
                self._failed(error)
            if self._clock() - begun > STEADY_SECONDS:
                pause = PAUSE_LEAST
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSE_MOST)
            self._alarms.begins("restarted")

    async def _again(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do something over and over; what fails is told by its code, and tried again."""
        while True:
            try:
                await act()
            except Exception as error:  # noqa: BLE001  (the edge of the world: the code alone is kept)
                self._failed(error)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        await self._answers.pass_on()

    async def _join(self) -> None:
        """Send what waited long enough, each contact's as one letter."""
        now = self._clock()
        self._limits.forget(now)
        for whose in self._held.due(now):
            try:
                await self._join_one(whose, now)
            except Exception as error:  # noqa: BLE001  (one that fails holds no other back)
                self._failed(error)

    async def _join_one(self, whose: str, now: float) -> None:
        joined, names = await asyncio.to_thread(self._held.joined, whose)
        if joined is not None:
            await self._post.send(joined)
            voice = voice_of(self._keys, joined.contact)
            self._remember(voice, joined.language)
            self._answer_at_once(joined, voice)
        self._held.let_go(whose, names, now)

    async def _say(self) -> None:
        for alarm in self._alarms.due(self._clock()):
            await self._post.say(alarm, self._language)
            self._alarms.said(alarm, self._clock())

    def _unseen(self, _: asyncio.AbstractEventLoop, about: dict[str, Any]) -> None:
        """Tell what failed where nobody waited for it, and no word of what it was about."""
        self._tell(code_of_failure(about.get("exception") or Defect()))


def code_of_failure(error: Exception) -> str:
    """Return what may be told of a failure: a code, or the kind of a defect."""
    if isinstance(error, SafeconductError):
        return error.code
    return f"{Defect.code} [{type(error).__name__}]"
