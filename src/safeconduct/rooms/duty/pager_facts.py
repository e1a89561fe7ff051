# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of calls to phones: where to call, and who called, when and until whom (spec/duty.md 5)."""

from __future__ import annotations

import re
from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count32, Record

ADDRESS_MOST: Final = 200
_HOST: Final = r"[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?"
_PORT: Final = r"(:[1-9][0-9]{0,4})?"
ADDRESS: Final = re.compile(
    rf"\A(https://{_HOST}{_PORT}|http://{_HOST}\.onion{_PORT}|http://127\.[0-9.]{{5,11}}{_PORT})?\Z"
)
"""A server, without a path or a password; in clear only where nothing carries it over a line."""
TOPIC: Final = re.compile(r"\A([0-9a-f]{32})?\Z")
"""Nothing that a server of calls would read as more than a topic, as words or as orders."""
ALARMS_MOST: Final = 100
Alarms = Annotated[tuple[Bytes16, ...], msgspec.Meta(min_length=1, max_length=ALARMS_MOST)]


class PagerPlaceSet(Record, frozen=True):
    """The server through which this office calls; empty where it calls nobody."""

    address: Annotated[str, msgspec.Meta(max_length=ADDRESS_MOST, pattern=ADDRESS.pattern)]
    replaces: tuple[bytes, ...]


class PagerSet(Record, frozen=True):
    """Under this topic the person of the device that says so is called; empty: not at all."""

    topic: Annotated[str, msgspec.Meta(pattern=TOPIC.pattern)]


class PageBegun(Record, frozen=True):
    """The device that says so is about to call for these alarms; `step` is how far it has gone."""

    alarms: Alarms
    step: Count32


class PageSent(Record, frozen=True):
    """That call was made; `taken` is how many of those to be called the server took it for."""

    begun: Bytes36
    taken: Count32


class AlarmsAcknowledged(Record, frozen=True):
    """Somebody at this device sees to these alarms: nobody is called for them any more."""

    alarms: Alarms


PagerFact = PagerPlaceSet | PagerSet | PageBegun | PageSent | AlarmsAcknowledged
PAGER_FACTS: Final = (PagerPlaceSet, PagerSet, PageBegun, PageSent, AlarmsAcknowledged)
