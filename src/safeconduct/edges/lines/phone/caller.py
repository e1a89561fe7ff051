# SPDX-License-Identifier: AGPL-3.0-or-later
"""One caller at Asterisk: does what `flow` decided, one thing after the other (spec/phone.md 2).

It has no number: the call's channel, 16 random bytes, and what was pressed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from safeconduct.edges.lines.phone.acts import (
    Act,
    AskNumber,
    Brief,
    Finish,
    HangUp,
    Hold,
    Hush,
    Meet,
    Quieten,
    Record,
    Say,
)
from safeconduct.edges.lines.phone.ari import APP, Ari, Declined
from safeconduct.edges.lines.phone.backs import number_in
from safeconduct.edges.lines.phone.flow import Flow
from safeconduct.edges.lines.phone.on_the_way import told
from safeconduct.edges.lines.phone.prompts import Prompt
from safeconduct.edges.lines.phone.spoken import Box, Spoken
from safeconduct.kernel.errors import SafeconductError, Unreachable
from safeconduct.rooms.hotline.spoken import When

LEG: Final = "leg-"
SOUND: Final = "sound-"
BACK: Final = "back-"
TALK: Final = "talk-"
BOX: Final = "box-"
"""How the channels and bridges that this program makes are named at Asterisk."""
LOW: Final = "-8"
"""Divides loudness by this (`func_volume`)."""
STARTS_WITHIN: Final = 5.0
"""For Asterisk to bring what it was asked for, and for a word to an operator."""
TRIES: Final = 3
UNEXPLAINED: Final = 1.0
"""A message whose sound ended waits so long for the reason."""


@dataclass(slots=True)
class Leg:
    """An operator's telephone that rings, or that somebody answered."""

    id: str
    operator: str
    stopped: bool = False
    caller: Caller | None = None
    broke: bool = False
    spoken: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event | None = None
    """Set once somebody answers who is to call somebody back; None for who is rung for the line."""


@dataclass(frozen=True, slots=True)
class Around:
    """What every caller is done with."""

    ari: Ari
    boxes: Spoken
    prompts: str
    language: str
    """The operators' own."""
    clock: Callable[[], float]
    fresh: Callable[[], bytes]
    started: dict[str, asyncio.Event]
    """Channels that this program asked for, set once they are there."""
    seal: Callable[[bytes, str], bytes]


class Caller:
    """One call."""

    def __init__(self, channel: str, contact: bytes, flow: Flow, around: Around) -> None:
        """Do nothing yet; `work` does what `give` was given."""
        self.id: Final = channel
        self.contact: Final = contact
        self.flow: Final = flow
        self.leg: Leg | None = None
        self.reach = b""
        self.decided: Callable[[list[Act]], None] = self.give
        self.unmet: Callable[[Leg], None] = lambda _: None
        self._around: Final = around
        self._acts: Final[asyncio.Queue[Act | None]] = asyncio.Queue()
        self._playing = ""
        self._box: Box | None = None
        self._media = ""
        self._watch: asyncio.Task[None] | None = None

    @property
    def language(self) -> str:
        """The language that was chosen."""
        return self.flow.language

    @property
    def said(self) -> str:
        """The return code that was pressed, or empty."""
        return self.flow.said

    @property
    def silent(self) -> bool:
        """Whether the caller cannot speak."""
        return self.flow.silent

    @property
    def duress(self) -> bool:
        """Whether the caller is under force."""
        return self.flow.duress

    def give(self, acts: list[Act]) -> None:
        """Do these after what was given before."""
        for act in acts:
            self._acts.put_nowait(act)

    def close(self) -> None:
        """End once all that was given is done."""
        self._acts.put_nowait(None)

    async def work(self) -> None:
        """Do what is given, until closed; what Asterisk declines is in vain, and no more."""
        while (act := await self._acts.get()) is not None:
            with suppress(Declined, Unreachable):
                await self._do(act)
        await self.end_message(cut=False)

    def ended(self, playback: str) -> None:
        """Note that something was said to its end."""
        if playback == self._playing:
            self._playing = ""
            self.decided(self.flow.spoken(self._around.clock()))

    async def begin(self) -> None:
        """Take the call and say its first words; where that fails nobody may wait in silence."""
        try:
            await self._at_last("POST", f"/channels/{self.id}/answer")
        except (Declined, Unreachable):
            await self._hang_up()
        else:
            self.decided(self.flow.start(self._around.clock()))
            with suppress(Declined, Unreachable):
                await self.remember()

    async def remember(self) -> None:
        """Let Asterisk keep, in its memory, what a new start of this program must know."""
        await self._ask("POST", "variable", variable=MEMORY, value=memory(self))

    async def end_message(self, *, cut: bool, there: bool = True) -> None:
        """End a message that is being taken, and where Asterisk is there what brought its sound."""
        box, self._box = self._box, None
        if box is None:
            return
        if self._watch is not None and self._watch is not asyncio.current_task():
            self._watch.cancel()
        if there:
            await self._around.ari.may("DELETE", f"/channels/{self._media}")
        await box.finish(cut=cut)
        if there:
            await self._around.ari.may("DELETE", f"/bridges/{BOX}{self.id}")

    async def _hang_up(self) -> None:
        with suppress(Declined, Unreachable):
            await self._at_last("DELETE", f"/channels/{self.id}")

    async def _at_last(self, method: str, path: str) -> None:
        """Ask again where Asterisk left it unanswered: what hangs on it is a whole call."""
        for _ in range(TRIES - 1):
            with suppress(Unreachable):
                await self._around.ari.ask(method, path)
                return
        await self._around.ari.ask(method, path)

    async def _do(self, act: Act) -> None:
        match act:
            case Say(prompts):
                await self._say(prompts)
            case Hush():
                await self._hush()
            case Hold():
                await self._ask("POST", "moh")
            case Quieten(low):
                await self._loudness(low=low)
            case Meet():
                await self._meet()
            case Brief() if self.leg is not None:
                await self._brief(self.leg)
            case _:
                await self._end_or_record(act)

    async def _end_or_record(self, act: Act) -> None:
        match act:
            case Record():
                await self._record()
            case Finish():
                await self.end_message(cut=False)
            case AskNumber(when):
                await self._ask_number(when)
            case HangUp():
                await self._hang_up()
            case _:
                await self.remember()

    async def _ask_number(self, when: When) -> None:
        """Read the number that Asterisk holds of this call, and keep nothing but it sealed."""
        told = await self._around.ari.ask("GET", f"/channels/{self.id}/variable", variable=FROM)
        if number := number_in(str(told["value"])):
            self.reach = await asyncio.to_thread(self._around.seal, self.contact, number)
        sealed = when if self.reach else None
        self.decided(self.flow.numbered(sealed, self._around.clock()))

    async def _ask(self, method: str, what: str, **told: str) -> None:
        await self._around.ari.ask(method, f"/channels/{self.id}/{what}", **told)

    async def _loudness(self, *, low: bool) -> None:
        await self._ask("POST", "variable", variable="VOLUME(TX)", value=LOW if low else "0")

    async def _hush(self) -> None:
        playing, self._playing = self._playing, ""
        if playing:
            await self._around.ari.may("DELETE", f"/playbacks/{playing}")
        await self._around.ari.may("DELETE", f"/channels/{self.id}/moh")

    async def _say(self, prompts: tuple[str, ...]) -> None:
        playing, self._playing = self._playing, self._around.fresh().hex()
        if playing:
            await self._around.ari.may("DELETE", f"/playbacks/{playing}")
        media = ",".join(f"sound:{self._around.prompts}/{each}" for each in prompts)
        mine = self._playing
        try:
            await self._ask("POST", f"play/{mine}", media=media)
        except (Declined, Unreachable):
            # What cannot be said must not hold a call up.
            self.ended(mine)

    async def _meet(self) -> None:
        """Bring both together; where that fails neither may be left alone in a talk."""
        leg = self.leg
        if leg is None:
            return
        try:
            await self._bring_together(leg)
        except (Declined, Unreachable):
            if self.leg is leg:
                leg.broke = True
                self.unmet(leg)

    async def _bring_together(self, leg: Leg) -> None:
        if await self._brief(leg):
            with suppress(TimeoutError):
                async with asyncio.timeout(STARTS_WITHIN):
                    await leg.spoken.wait()
        ari, bridge = self._around.ari, f"{TALK}{self.id}"
        await ari.ask("POST", f"/bridges/{bridge}", type="mixing,dtmf_events")
        if self.leg is leg:
            both = f"{self.id},{leg.id}"
            await ari.ask("POST", f"/bridges/{bridge}/addChannel", channel=both, absorbDTMF="true")

    async def _brief(self, leg: Leg) -> bool:
        """Begin to tell the operator alone what the caller cannot say; tell whether."""
        prompt = _TOLD.get((self.duress, self.silent))
        if prompt is None:
            return False
        media = f"sound:{self._around.prompts}/{self._around.language}/{prompt.value}"
        playback = self._around.fresh().hex()
        where = f"/channels/{leg.id}/play/{playback}"
        return await self._around.ari.may("POST", where, media=media)

    async def _record(self) -> None:
        try:
            await self._bring_sound()
        except (SafeconductError, TimeoutError):
            await self.end_message(cut=True)
            self.decided(self.flow.no_box())
            return
        self._watch = asyncio.get_running_loop().create_task(self._watch_message())
        self._watch.add_done_callback(told)

    async def _bring_sound(self) -> None:
        """Let Asterisk bring the caller's sound to a box.

        Raises:
            Refused, Unreachable, TimeoutError: no message can be taken now.
        """
        ari = self._around.ari
        await ari.may("DELETE", f"/channels/{self.id}/moh")
        self._box = box = self._around.boxes.expect(self)
        self._media = f"{SOUND}{self._around.fresh().hex()}"
        there = self._around.started[self._media] = asyncio.Event()
        told = {"channelId": self._media, "app": APP, "external_host": box.address}
        how = {"encapsulation": "audiosocket", "transport": "tcp", "format": "slin"}
        try:
            await ari.ask("POST", "/channels/externalMedia", **told, **how, data=box.uuid)
            # Before its StasisStart no bridge takes it, and the message would be lost.
            async with asyncio.timeout(STARTS_WITHIN):
                await there.wait()
        finally:
            self._around.started.pop(self._media, None)
        bridge = f"{BOX}{self.id}"
        await ari.ask("POST", f"/bridges/{bridge}", type="mixing,dtmf_events")
        await ari.ask("POST", f"/bridges/{bridge}/addChannel", channel=f"{self.id},{self._media}")
        await box.begun(STARTS_WITHIN)

    async def _watch_message(self) -> None:
        """End a message that is full, or whose sound broke off for a reason that nobody tells."""
        box = self._box
        if box is None:
            return
        if await box.over() == "over":
            await asyncio.sleep(UNEXPLAINED)
            if self._box is box:
                await self.end_message(cut=True)
        self.decided(self.flow.recorded())


MEMORY: Final = "HOTLINE_CALL"
FROM: Final = "CHANNEL(pjsip,remote_uri)"
"""Asterisk reads this of the call's own dialog; it stands in no variable and in no event."""
_TOLD: Final = {
    (True, True): Prompt.CALLER_DURESS,
    (True, False): Prompt.CALLER_DURESS,
    (False, True): Prompt.CALLER_SILENT,
}


def memory(caller: Caller) -> str:
    """Return what Asterisk keeps of a call for us: no number, nothing of what was said."""
    flow = caller.flow
    marks = f"{flow.silent:d}{flow.duress:d}"
    return f"{caller.contact.hex()} {flow.language} {marks} {flow.since:.1f} {flow.said}"
