# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a caller is in line, and what a letter says of their call."""

from __future__ import annotations

from dataclasses import replace

from safeconduct.edges.lines.channel import Arrived
from safeconduct.edges.lines.phone.caller import Caller
from safeconduct.edges.lines.phone.delivery import arrived
from safeconduct.edges.lines.phone.queue import Waiting
from safeconduct.rooms.hotline.spoken import CallMark, Left


def waiting_of(caller: Caller) -> Waiting:
    """Return what places a caller in line."""
    flow = caller.flow
    return Waiting(
        caller.id,
        flow.language,
        flow.since,
        duress=flow.duress,
        silent=flow.silent,
        said=flow.said,
    )


def letter_of(caller: Caller, left: Left) -> Arrived:
    """Return the letter that says how a call stands; the number, if any, is sealed behind it."""
    mark = CallMark(
        left=left,
        silent=caller.silent,
        duress=caller.duress,
        waits=caller.flow.waits,
        back=caller.flow.back,
    )
    return replace(arrived(caller, mark), reach=caller.reach)
