# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone at work: Asterisk's events in, what the machines decide out (spec/phone.md).

One loop owns all state; nothing here waits for Asterisk but a caller's own work.  When Asterisk
goes, so does `run`; when this program goes, Asterisk holds the talks, and the next start finds
them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any, Final

from safeconduct.edges.lines.channel import Line
from safeconduct.edges.lines.phone.acts import Act, Join, Leave, Meet, Tell
from safeconduct.edges.lines.phone.ari import APP, ENDED_WELL, Ari, ChannelIn, Event
from safeconduct.edges.lines.phone.back_calls import SHOWN, BackCall, Hands, call_back
from safeconduct.edges.lines.phone.call_letters import CallLetters
from safeconduct.edges.lines.phone.caller import LEG, TALK, Around, Caller, Leg
from safeconduct.edges.lines.phone.flow import Flow
from safeconduct.edges.lines.phone.found import INCOMING, Found, look_around, operator_of
from safeconduct.edges.lines.phone.of_caller import letter_of, waiting_of
from safeconduct.edges.lines.phone.queue import Queue
from safeconduct.edges.lines.phone.ringing import Ringing
from safeconduct.edges.lines.phone.screens import Screens
from safeconduct.edges.lines.phone.setup import Setup
from safeconduct.edges.lines.phone.spoken import Spoken
from safeconduct.edges.lines.phone.stages import IN_LINE
from safeconduct.edges.lines.phone.stages import Around as Rest
from safeconduct.edges.lines.phone.times import DURESS, DUTY_EVERY, RING_MOST, SOONEST
from safeconduct.kernel.errors import Unreachable


class Engine:
    """All calls of one Asterisk."""

    def __init__(self, line: Line, boxes: Spoken, letters: CallLetters, setup: Setup) -> None:
        """Begin with no call."""
        self._line: Final = line
        self._boxes: Final = boxes
        self._letters: Final = letters
        self._setup: Final = setup
        self._queue: Final = Queue()
        self._ringing: Final = Ringing(self._queue)
        self._screens: Final = Screens(setup.screens, self._ringing, self._try)
        self._callers: Final[dict[str, Caller]] = {}
        self._legs: Final[dict[str, Leg]] = {}
        self._started: Final[dict[str, asyncio.Event]] = {}
        self._gone: Final[dict[str, asyncio.Event]] = {}
        self._tasks: Final[set[asyncio.Task[None]]] = set()
        self._woken: Final = asyncio.Event()
        self._running = False
        self._ari: Ari
        self._broken: asyncio.Future[None]

    async def run(self, ari: Ari) -> None:
        """Take calls until cancelled.

        Raises:
            Unreachable: Asterisk is gone, or does not answer.
        """
        self._ari = ari
        self._ringing.duty(await asyncio.to_thread(self._setup.duty))
        self._broken = asyncio.get_running_loop().create_future()
        try:
            async with ari.events() as events:
                await self._adopt()
                self._running = True
                await self._until_one_ends(events)
        finally:
            self._running = False
            await self._let_go()
        raise Unreachable

    def call_back(self, call: BackCall) -> None:
        """Begin to call somebody back; raises Unreachable while Asterisk is away."""
        if not self._running:
            raise Unreachable
        hands = Hands(
            *(self._ari, self._setup, self._ringing, self._legs, self._started, self._gone),
            join=self._talk_back,
            tell=lambda arrived: self._letters.send(self._line, arrived),
        )
        self._spawn(call_back(hands, call))

    # --- the three things that go on

    async def _until_one_ends(self, events: AsyncIterator[Event]) -> None:
        on = (self._listen(events), self._pass_time(), self._watch_duty(), self._broken)
        going = [asyncio.ensure_future(each) for each in on]
        try:
            done, _ = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in going:
                each.cancel()
            await asyncio.gather(*going, return_exceptions=True)
        for each in done:
            each.result()

    async def _listen(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            self._line.heard()
            self._hear(event)

    async def _pass_time(self) -> None:
        while True:
            self._woken.clear()
            now = self._setup.clock()
            for caller in list(self._callers.values()):
                self._apply(caller, caller.flow.tick(now))
            self._ring(now)
            dues = [caller.flow.due() for caller in self._callers.values()]
            dues.append(self._ringing.due(now))
            # Never at once, so that no mistake of a machine can keep the processor.
            wait = min((max(due - now, SOONEST) for due in dues if due is not None), default=None)
            # Not `wait_for`: before Python 3.12 it may swallow that this is to end.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()

    async def _watch_duty(self) -> None:
        while True:
            await self._ari.ask("GET", "/asterisk/ping")
            self._line.heard()
            self._ringing.duty(await asyncio.to_thread(self._setup.duty))
            self._woken.set()
            await asyncio.sleep(DUTY_EVERY)

    # --- what Asterisk tells

    def _hear(self, event: Event) -> None:
        match event.type:
            case "StasisStart" if event.channel is not None:
                self._started_here(event.channel, event.args)
            case "StasisEnd" | "ChannelDestroyed":
                self._ended(event)
            case "ChannelHangupRequest" if event.about in self._legs:
                self._legs[event.about].broke = event.cause not in ENDED_WELL
            case "ChannelDtmfReceived" if event.about in self._callers:
                caller = self._callers[event.about]
                self._apply(caller, caller.flow.key(event.digit, self._setup.clock()))
                self._screens.pressed(caller.leg, caller, event.digit)
                if caller.leg is not None and event.digit != DURESS:
                    # The talk's bridge hands no key on: a star must not be heard there.
                    self._try("POST", f"/channels/{caller.leg.id}/dtmf", dtmf=event.digit)
            case "PlaybackFinished" if event.playback is not None:
                self._spoken(event.about, event.playback.id)

    def _started_here(self, channel: ChannelIn, args: tuple[str, ...]) -> None:
        if args == (INCOMING,):
            self._take(channel.id)
        elif channel.id in self._legs:
            self._answered(self._legs[channel.id])
        elif channel.id in self._started:
            self._started[channel.id].set()
        elif args == ("operator",):
            # It was rung by a call of ours that we took for a failed one.
            self._spawn(self._hang_up(channel.id))

    def _spoken(self, channel: str, playback: str) -> None:
        if channel in self._callers:
            self._callers[channel].ended(playback)
        elif channel in self._legs:
            self._legs[channel].spoken.set()

    def _answered(self, leg: Leg) -> None:
        if leg.answered is not None:
            leg.answered.set()
            return
        now = self._setup.clock()
        won = None if leg.stopped else self._ringing.answered(leg.operator, now)
        if won is None:
            self._spawn(self._hang_up(leg.id))
            return
        caller = self._callers[won.call]
        caller.leg, leg.caller = leg, caller
        self._apply(caller, caller.flow.taken())
        self._screens.talk(leg, caller)
        self._ring(now)

    def _talk_back(self, channel: str, contact: bytes, leg: Leg) -> None:
        """Go on with somebody who was called back as with any caller in a talk."""
        caller = self._new_caller(channel, contact)
        caller.flow.talking(self._setup.clock())
        caller.leg, leg.caller = leg, caller
        caller.give([Join(), Meet()])

    def _ended(self, event: Event) -> None:
        if event.about in self._gone:
            self._gone[event.about].set()
        if caller := self._callers.pop(event.about, None):
            self._apply(caller, caller.flow.hung_up())
            caller.close()
            if caller.leg is not None:
                self._part(caller.leg)
        elif leg := self._legs.pop(event.about, None):
            self._leg_ended(leg)
        self._ring(self._setup.clock())

    def _leg_ended(self, leg: Leg) -> None:
        caller = leg.caller
        if caller is None:
            if not leg.stopped:
                self._ringing.unanswered(leg.operator, self._setup.clock())
            return
        self._part(leg)
        if caller.id in self._callers:
            broke = leg.broke
            back = caller.flow.cut(self._setup.clock()) if broke else caller.flow.parted()
            self._apply(caller, back)

    # --- what follows

    def _new_caller(self, channel: str, contact: bytes) -> Caller:
        rest = Rest(
            self._setup.languages,
            self._ringing.anybody,
            lambda: self._queue.place(waiting_of(caller)),
            self._line.code(contact),
        )
        setup = self._setup
        how = self._ari, self._boxes, setup.prompts, setup.languages[0], setup.clock, setup.fresh
        around = Around(*how, self._started, setup.seal)
        caller = Caller(channel, contact, Flow(rest), around)
        caller.decided, caller.unmet = lambda acts: self._apply(caller, acts), self._leg_ended
        self._callers[channel] = caller
        self._spawn(caller.work())
        return caller

    def _take(self, channel: str) -> None:
        """Take a call; one that was found at the start may be told of again."""
        if channel not in self._callers:
            self._spawn(self._new_caller(channel, self._setup.fresh()).begin())

    def _apply(self, caller: Caller, acts: list[Act]) -> None:
        """Do at once what is a matter of this program alone; the caller's work does the rest."""
        for act in acts:
            match act:
                case Join():
                    self._queue.join(waiting_of(caller))
                    caller.give([act])
                case Leave():
                    self._queue.leave(caller.id)
                case Tell():
                    self._tell(caller, act)
                    caller.give([act])  # What is new of a call Asterisk keeps too.
                case _:
                    caller.give([act])
        if acts:
            self._woken.set()

    def _tell(self, caller: Caller, tell: Tell) -> None:
        self._letters.send(self._line, letter_of(caller, tell.left))

    def _ring(self, now: float) -> None:
        steps = self._ringing.step(now)
        for operator in steps.ring:
            leg = Leg(f"{LEG}{operator}-{self._setup.fresh().hex()}", operator)
            self._legs[leg.id] = leg
            self._screens.clear(operator)
            self._spawn(self._originate(leg, self._ringing.endpoint(operator)))
        for leg in list(self._legs.values()):
            idle = leg.caller is None and leg.answered is None
            if leg.operator in steps.stop and idle and not leg.stopped:
                leg.stopped = True
                self._spawn(self._hang_up(leg.id))
        self._screens.ring(self._legs.values(), len(self._queue.in_order()), now)
        if steps.ring or steps.stop:
            self._woken.set()

    async def _originate(self, leg: Leg, endpoint: str) -> None:
        told = {"endpoint": endpoint, "app": APP, "appArgs": "operator", "callerId": SHOWN}
        rings = str(int(RING_MOST) + 5)
        if not await self._ari.may("POST", f"/channels/{leg.id}", timeout=rings, **told):
            self._legs.pop(leg.id, None)
            self._ringing.unanswered(leg.operator, self._setup.clock())
            self._woken.set()
        elif not leg.stopped:
            return
        # What only seems to have failed rings on.
        await self._hang_up(leg.id)

    def _part(self, leg: Leg) -> None:
        """End the operator's side of a talk; they are free, and rung at once if somebody waits."""
        caller, leg.caller = leg.caller, None
        leg.stopped = True
        if caller is not None:
            caller.leg = None
            self._spawn(self._end_talk(f"{TALK}{caller.id}", leg.id))
        self._ringing.free(leg.operator)

    async def _end_talk(self, bridge: str, leg: str) -> None:
        await self._hang_up(leg)
        await self._ari.may("DELETE", f"/bridges/{bridge}")

    def _try(self, method: str, path: str, **told: str) -> None:
        self._spawn(self._ari.may(method, path, **told))

    async def _hang_up(self, channel: str) -> None:
        await self._ari.may("DELETE", f"/channels/{channel}")

    # --- beginning and end

    async def _adopt(self) -> None:
        for found in await look_around(self._ari):
            self._take_up(found)

    def _take_up(self, found: Found) -> None:
        if (known := found.known) is None:
            self._take(found.channel)
            return
        caller = self._new_caller(found.channel, known.contact)
        flow = caller.flow
        flow.language, flow.said = known.language, known.said
        flow.silent, flow.duress = known.silent, known.duress
        if not found.leg:
            now = self._setup.clock()
            self._apply(caller, flow.again(now, min(now, known.since)))
            return
        leg = Leg(found.leg, operator_of(found.leg), caller=caller)
        caller.leg, self._legs[leg.id] = leg, leg
        self._ringing.talks(leg.operator)
        flow.talking(known.since)

    async def _let_go(self) -> None:
        """Seal what is being said, and end our own work; talks stay, as long as Asterisk does."""
        callers = list(self._callers.values())
        there = not callers or await self._ari.there()
        await asyncio.gather(*(each.end_message(cut=True, there=there) for each in callers))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for caller in () if there else callers:
            if caller.flow.stage in IN_LINE:
                self._tell(caller, Tell("hung_up"))

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        """Stop the whole where a part of it failed: half a telephone is worse than a new start."""
        self._tasks.discard(task)
        failed = None if task.cancelled() else task.exception()
        if failed is not None and not self._broken.done():
            self._broken.set_exception(failed)
