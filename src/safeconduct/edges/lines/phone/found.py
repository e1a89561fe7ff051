# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of ours stands at Asterisk when this program starts: talks, callers, and what to end.

Asterisk holds calls while this program is away; a talk that went on is followed again, one who
waited waits on from the same place, and what belongs to nobody is ended (spec/phone.md 7).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import msgspec

from safeconduct.edges.lines.phone.ari import APP, Ari, Declined
from safeconduct.edges.lines.phone.caller import BACK, BOX, LEG, MEMORY, SOUND, TALK

INCOMING: Final = "incoming"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What Asterisk kept for us of one call."""

    contact: bytes
    language: str
    silent: bool
    duress: bool
    since: float
    said: str


@dataclass(frozen=True, slots=True)
class Found:
    """One caller that is there: what is known of them, and the operator's leg they talk with."""

    channel: str
    known: Remembered | None
    leg: str = ""


class _Place(msgspec.Struct):
    app_name: str = ""
    app_data: str = ""


class _Channel(msgspec.Struct):
    id: str
    dialplan: _Place = msgspec.field(default_factory=_Place)


class _Bridge(msgspec.Struct):
    id: str
    channels: list[str]


class _Value(msgspec.Struct):
    value: str


async def look_around(ari: Ari) -> list[Found]:
    """Return the callers that are there, after ending what belongs to nobody.

    Raises:
        Unreachable: Asterisk does not answer.
    """
    channels = msgspec.convert(await ari.ask("GET", "/channels"), list[_Channel])
    bridges = msgspec.convert(await ari.ask("GET", "/bridges"), list[_Bridge])
    callers = [one.id for one in channels if _is_caller(one)]
    talks = {leg: channel for bridge in bridges for leg, channel in _talk(bridge, callers)}
    for bridge in bridges:
        if bridge.id.startswith((TALK, BOX)) and not any(_talk(bridge, callers)):
            await ari.may("DELETE", f"/bridges/{bridge.id}")
    for one in channels:
        if one.id.startswith((LEG, SOUND)) and one.id not in talks:
            await ari.may("DELETE", f"/channels/{one.id}")
    legs = {channel: leg for leg, channel in talks.items()}
    for rung in [each for each in callers if each.startswith(BACK) and each not in legs]:
        # Who is rung back and not in a talk yet heard nothing, and hears nothing.
        callers.remove(rung)
        await ari.may("DELETE", f"/channels/{rung}")
    for channel in (*talks, *callers):
        await ari.may("POST", f"/applications/{APP}/subscription", eventSource=f"channel:{channel}")
    return [Found(one, await _recall(ari, one), legs.get(one, "")) for one in callers]


def operator_of(leg: str) -> str:
    """Return whose telephone a leg rings, of its id."""
    return leg.removeprefix(LEG).rpartition("-")[0]


def _is_caller(channel: _Channel) -> bool:
    return channel.id.startswith(BACK) or channel.dialplan == _Place("Stasis", f"{APP},{INCOMING}")


def _talk(bridge: _Bridge, callers: list[str]) -> list[tuple[str, str]]:
    """Return the leg and the caller of a talk that goes on; none of any other bridge."""
    if not bridge.id.startswith(TALK):
        return []
    ours = [one for one in bridge.channels if one in callers]
    legs = [one for one in bridge.channels if one.startswith(LEG)]
    return [(legs[0], ours[0])] if legs and ours else []


async def _recall(ari: Ari, channel: str) -> Remembered | None:
    with suppress(Declined, ValueError, msgspec.ValidationError):
        answer = await ari.ask("GET", f"/channels/{channel}/variable", variable=MEMORY)
        contact, language, marks, since, said = msgspec.convert(answer, _Value).value.split(" ")
        silent, duress = (mark == "1" for mark in marks)
        return Remembered(bytes.fromhex(contact), language, silent, duress, float(since), said)
    return None
