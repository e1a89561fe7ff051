# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls somebody back who asked for it: the operator first, then the person, once.

Whoever takes the person's telephone hears nothing until the operator speaks, and the operator is
told to wait.  The person's telephone shows no number of ours.  It rings for a few seconds, so that
no machine answers; whatever becomes of it a letter tells the office, and no number is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from safeconduct.edges.lines.channel import Arrived
from safeconduct.edges.lines.phone.ari import APP, Ari
from safeconduct.edges.lines.phone.caller import BACK, LEG, Leg
from safeconduct.edges.lines.phone.prompts import Prompt, sound
from safeconduct.edges.lines.phone.ringing import Ringing
from safeconduct.edges.lines.phone.setup import Setup
from safeconduct.edges.lines.phone.times import BACK_RINGS, RING_MOST
from safeconduct.rooms.hotline.calling_back import Order
from safeconduct.rooms.hotline.spoken import Back, CallMark, write_call

WITHHELD: Final = "withheld"
"""The endpoint by which calls go out that show no number (`asterisk/pjsip.conf`)."""
SHOWN: Final = "Hotline <000>"
BRIEF_SECONDS: Final = 20.0
SLACK: Final = 5.0
Outcome = Literal["reached", "missed", "untried"]


@dataclass(frozen=True, slots=True)
class BackCall:
    """Whom to call: their number is known while this goes on, and stands nowhere after."""

    contact: bytes
    number: str = field(repr=False)
    reach: bytes = field(repr=False)
    order: Order
    untried: Callable[[], None]
    """Hears that nobody but the operator was rung: it may be asked for anew."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What of the engine this needs."""

    ari: Ari
    setup: Setup
    ringing: Ringing
    legs: dict[str, Leg]
    started: dict[str, asyncio.Event]
    gone: dict[str, asyncio.Event]
    join: Callable[[str, bytes, Leg], None]
    """Brings the person's channel and the operator's leg together, as a talk like any."""
    tell: Callable[[Arrived], None]


async def call_back(hands: Hands, call: BackCall) -> None:
    """Try once, and tell the office how it went."""
    name = hands.ringing.idle(call.order.ring)
    outcome = await _with_operator(hands, call, name) if name else "untried"
    # Nobody's telephone rang: what was asked for stands, with what it takes to do it.
    back: Back = call.order.when if outcome == "untried" else outcome
    if outcome == "untried":
        call.untried()
    mark = CallMark(left="talk", back=back)
    reach = call.reach if outcome == "untried" else b""
    hands.tell(Arrived(call.contact, "", extras=write_call(mark), reach=reach))


async def _with_operator(hands: Hands, call: BackCall, name: str) -> Outcome:
    answered = asyncio.Event()
    leg = Leg(f"{LEG}{name}-{hands.setup.fresh().hex()}", name, answered=answered)
    gone = hands.gone[leg.id] = asyncio.Event()
    hands.legs[leg.id] = leg
    hands.ringing.talks(name)
    told = {"endpoint": hands.ringing.endpoint(name), "app": APP, "callerId": SHOWN}
    try:
        rings = f"{RING_MOST:.0f}"
        if not await hands.ari.may(
            "POST", f"/channels/{leg.id}", appArgs="operator", timeout=rings, **told
        ):
            return "untried"
        if not await _first(RING_MOST + SLACK, answered, gone):
            return "untried"
        await _brief(hands, leg, gone)
        return "untried" if gone.is_set() else await _with_person(hands, call, leg, gone)
    finally:
        hands.gone.pop(leg.id)
        if leg.caller is None:
            leg.stopped = True
            hands.legs.pop(leg.id, None)
            await hands.ari.may("DELETE", f"/channels/{leg.id}")
            hands.ringing.free(name)


async def _brief(hands: Hands, leg: Leg, gone: asyncio.Event) -> None:
    """Tell the operator what this call is, before anybody else is there."""
    prompt = sound(hands.setup.languages[0], Prompt.CALLER_BACK)
    playback, media = hands.setup.fresh().hex(), f"sound:{hands.setup.prompts}/{prompt}"
    if await hands.ari.may("POST", f"/channels/{leg.id}/play/{playback}", media=media):
        await _first(BRIEF_SECONDS, leg.spoken, gone)


async def _with_person(hands: Hands, call: BackCall, leg: Leg, left: asyncio.Event) -> Outcome:
    channel = f"{BACK}{hands.setup.fresh().hex()}"
    there = hands.started[channel] = asyncio.Event()
    gone = hands.gone[channel] = asyncio.Event()
    told = {"endpoint": f"PJSIP/{call.number}@{WITHHELD}", "app": APP, "appArgs": "back"}
    try:
        if not await hands.ari.originate(
            channel, {**_HEADERS, **hands.setup.identity}, timeout=f"{BACK_RINGS:.0f}", **told
        ):
            return "missed"
        if await _first(BACK_RINGS + SLACK, there, gone, left) and not left.is_set():
            hands.join(channel, call.contact, leg)
            return "reached"
        await hands.ari.may("DELETE", f"/channels/{channel}")
        return "missed"
    finally:
        hands.started.pop(channel)
        hands.gone.pop(channel)


async def _first(seconds: float, wanted: asyncio.Event, *others: asyncio.Event) -> bool:
    """Return whether something happened before any of the others did."""
    waiting = [asyncio.ensure_future(one.wait()) for one in (wanted, *others)]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
    return wanted.is_set() and not any(one.is_set() for one in others)


_HEADERS: Final[Mapping[str, str]] = {"PJSIP_HEADER(add,Privacy)": "id"}
"""RFC 3323: providers on the way show our number to nobody."""
