# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roster heads: what honest devices cite is good on every desk, in whatever order it is read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.journal import Chains, Commit, Fact, Heads, HeadsState
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.sync import Reader
from safeconduct.kernel.words import DeviceId
from tests.kit.builders import Device, Office, build_office

DEVICES = 4
STEWARDS = 3
"""The last device may not write roster facts."""


@cache
def office() -> Office:
    return build_office(DEVICES, seed="heads")


def may(device: DeviceId) -> bool:
    return device in {one.id for one in office().devices[:STEWARDS]}


def key_of(device: DeviceId) -> VerifyKey | None:
    return {one.id: one.signing.public.short for one in office().devices}.get(device)


@dataclass
class Colleague:
    """A device that reads what reaches it, and cites what it knows."""

    device: Device
    heads: Heads = field(default_factory=lambda: Heads(office().crew, may))
    read_to: int = 0

    def write(self, *, roster: bool) -> bytes:
        """Write a commit that cites the newest roster facts known; return its frame."""
        device = self.device
        device.pen = replace(device.pen, heads=self.heads.newest(device.pen.heads))
        kind = "crew.DeviceAdmitted" if roster else "hotline.NoteWritten"
        vault = office().crew if roster else office().hotline
        commit = office().write(device, Fact(vault, kind, 1, b"\xc0"))
        self.heads.follow(
            device.id, commit.id, commit.header.heads, roster=roster and may(device.id)
        )
        return device.frames[-1]

    def reader(self) -> Reader:
        return Reader(office().id, office().office_keys, office().ring(), Chains(), self.heads)


@dataclass
class Reading:
    """A desk that reads frames, and what it made of them."""

    heads: Heads = field(default_factory=lambda: Heads(office().crew, may))
    codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        crowd = office()
        self.reader = Reader(crowd.id, crowd.office_keys, crowd.ring(), Chains(), self.heads)

    def read(self, frames: list[bytes]) -> Reading:
        for frame in frames:
            self.codes += [read.code for read in self.reader.read(0, frame, key_of)]
        return self


def shape(state: HeadsState) -> tuple[object, ...]:
    """The state without the order in which it came about."""
    return sorted(state.nodes, key=lambda node: node.id), sorted(state.cited)


Step = tuple[int, bool, bool]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[bytes], list[Commit]]:
    """What devices wrote, some offline, some at once, as a log; and the commits of it."""
    steps: list[Step] = draw(
        st.lists(st.tuples(st.integers(0, DEVICES - 1), st.booleans(), st.booleans()), max_size=14)
    )
    devices = [replace(device, frames=[], commits=[]) for device in office().devices]
    crowd = [Colleague(device) for device in devices]
    readers = [colleague.reader() for colleague in crowd]
    log: list[bytes] = []
    unsent: list[list[bytes]] = [[] for _ in crowd]
    for who, roster, sync in [*steps, *((who, False, True) for who in range(DEVICES))]:
        colleague = crowd[who]
        unsent[who].append(colleague.write(roster=roster))
        if not sync:
            continue
        for frame in log[colleague.read_to :]:
            readers[who].read(0, frame, key_of)
        log += unsent[who]
        unsent[who] = []
        # Its own commits are known to a desk, and a reader follows their chain all the same.
        colleague.read_to = len(log)
    return log, [commit for device in devices for commit in device.commits]


@given(histories(), st.data())
def test_what_honest_devices_cite_is_good_in_any_order(
    history: tuple[list[bytes], list[Commit]], data: st.DataObject
) -> None:
    log, commits = history
    straight = Reading().read(log)
    assert set(straight.codes) <= {""}
    order = data.draw(st.permutations(log))
    other = Reading().read(order)
    assert other.codes.count("") == len(log) == len(commits)
    assert set(other.codes) <= {"", "waits", "head_unknown"}
    assert other.reader.waiting() == 0
    assert not other.reader.waits_for_heads()
    assert shape(other.heads.state()) == shape(straight.heads.state())
    assert other.heads.newest() == straight.heads.newest()


@given(histories())
def test_what_a_store_keeps_says_the_same(history: tuple[list[bytes], list[Commit]]) -> None:
    heads = Reading().read(history[0]).heads
    again = heads.copy()
    assert again.newest() == heads.newest()
    assert shape(again.state()) == shape(heads.state())


@given(histories())
def test_newest_heads_cover_all_roster_commits_and_none_another(
    history: tuple[list[bytes], list[Commit]],
) -> None:
    heads = Reading().read(history[0]).heads
    newest = heads.newest()
    assert heads.covers(newest, (node.id for node in heads.state().nodes))
    assert not any(heads.covers(set(newest) - {head}, (head,)) for head in newest)
    assert len(newest) <= STEWARDS


@given(histories(), st.data())
def test_who_cites_less_than_before_is_found_in_any_order(
    history: tuple[list[bytes], list[Commit]], data: st.DataObject
) -> None:
    log, commits = history
    liar = data.draw(st.sampled_from(office().devices))
    mine = [commit for commit in commits if commit.device == liar.id]
    last = mine[-1].header
    pen = replace(liar.pen, sequence=last.sequence, previous=mine[-1].id, hlc=last.hlc, heads=())
    device = replace(liar, pen=pen, frames=[], commits=[])
    office().write(device, Fact(office().hotline, "hotline.NoteWritten", 1, b"\xc0"))
    order = data.draw(st.permutations([*log, *device.frames]))
    found = Reading().read(order)
    knew = bool(last.heads) or found.heads.holds(liar.id, ())
    went_back = found.heads.state().cited and bool(
        dict(Reading().read(log).heads.state().cited).get(liar.id)
    )
    assert found.codes.count("heads_went_back") == (1 if went_back else 0)
    assert not knew or went_back
