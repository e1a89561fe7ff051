# SPDX-License-Identifier: AGPL-3.0-or-later
"""Heartbeats fold to one state in any order; who beats is never called silent, who stops is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.crew.watching import Beat, newest, watch

EVERY, PATIENCE = 15, 45
MIRA = DeviceId(b"m" * 16)
NOW = Instant(0)
BEATS = st.builds(
    Beat,
    st.sampled_from([bytes([n]) * 16 for n in range(3)]),
    st.integers(1, 9),
    st.just(1),
    st.just(0),
    st.just(0),
)
GAPS = st.lists(st.integers(1, EVERY), min_size=8, max_size=20)


@given(st.lists(BEATS), st.randoms(use_true_random=False), st.integers(0, 9))
def test_heartbeats_fold_to_one_state_in_any_order(
    beats: list[Beat], chance: object, cut: int
) -> None:
    shuffled = beats.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert newest(newest({}, shuffled[:cut]), shuffled[cut:]) == newest({}, beats)


def minutes(gaps: list[int]) -> set[int]:
    """The minutes at which a desk beats: never further apart than the spec says."""
    return {sum(gaps[: n + 1]) for n in range(len(gaps))}


@given(GAPS, GAPS, st.integers(0, 200))
def test_who_stops_is_called_silent_within_the_hour_and_who_beats_never_is(
    ours: list[int], theirs: list[int], stops: int
) -> None:
    """An hour: our next heartbeat comes within a quarter, then 45 minutes pass."""
    log, sizes, beats = 1, [1], dict[DeviceId, Beat]()
    end = min(sum(ours), sum(theirs))
    last = 0
    for minute in range(1, end + 1):
        log += minute in minutes(ours)
        if minute in minutes(theirs) and minute < stops:
            beats[MIRA] = Beat(MIRA, minute, 1, log, 0)
            log, last = log + 1, minute
        sizes.append(log)
        shown = sizes[minute - PATIENCE] if minute >= PATIENCE else None
        silent = watch(beats, {MIRA}, shown, NOW).silent
        if last and minute - last > PATIENCE + EVERY:
            assert silent == (MIRA,)
        if minute - last < PATIENCE:
            assert silent == ()
