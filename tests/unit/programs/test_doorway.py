# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may stand in the server's door, and for how long."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from safeconduct import host
from safeconduct.kernel.wire.bodies import parse_sizes
from safeconduct.programs import doorway, serve
from safeconduct.programs.doorway import (
    FEWEST_CONNECTIONS,
    GRACE_SECONDS,
    HEAD_SECONDS,
    LARGEST_HEAD,
    MOST_CONNECTIONS,
    MOST_FILES,
    OURS,
    PACE,
    REST_SECONDS,
    Doing,
    Guest,
    first_to_go,
    places,
    places_to_wait,
)
from safeconduct.programs.serve import Server
from safeconduct.programs.settings import ServeSettings
from tests.kit.relay import Kept, Office, keep

SLOWEST_LINE = 20_000 / 8  # A telephone line that is meant to work, in bytes a second.
CHUNK = 1 << 20
PATIENCE = 0.2


def guest(doing: Doing, *, since: float = 0.0, moved: int = 0) -> Guest:
    """Somebody who is at something since a moment."""
    made = Guest(since)
    made.turn(doing, since)
    made.moved = moved
    return made


@pytest.mark.parametrize(
    ("doing", "moved", "seconds"),
    [
        (Doing.ASKING, 10, HEAD_SECONDS),
        (Doing.SENDING, 0, GRACE_SECONDS),
        (Doing.SENDING, 50 * PACE, GRACE_SECONDS + 50),
        (Doing.TAKING, 50 * PACE, GRACE_SECONDS + 50),
        (Doing.RESTING, 0, REST_SECONDS),
    ],
)
def test_each_thing_has_its_time(doing: Doing, moved: int, seconds: float) -> None:
    assert not guest(doing, moved=moved).overdue(seconds - 1)
    assert guest(doing, moved=moved).overdue(seconds + 1)


@pytest.mark.parametrize("doing", sorted(OURS, key=str))
def test_who_waits_for_us_has_all_the_time_there_is(doing: Doing) -> None:
    assert not guest(doing).overdue(1e9)


def test_the_slowest_line_that_is_meant_to_work_is_in_time_all_the_way() -> None:
    whole = int(CHUNK / SLOWEST_LINE)
    for second in range(whole):
        moved = int(second * SLOWEST_LINE)
        assert not guest(Doing.SENDING, moved=moved).overdue(second)
        # And it may stand still for half a minute, as lines do where the network changes.
        assert not guest(Doing.SENDING, moved=moved).overdue(second + 30)


NOW = 100.0


def test_who_is_behind_for_long_goes_first_and_of_those_the_slowest() -> None:
    resting, slow = guest(Doing.RESTING, since=50), guest(Doing.SENDING, since=0, moved=1000)
    steady, young = guest(Doing.SENDING, since=0, moved=200 * PACE), guest(Doing.ASKING, since=95)
    assert first_to_go([young, steady, slow, resting], NOW) is resting
    assert first_to_go([young, steady, slow], NOW) is slow


def test_slow_and_steady_ones_make_way_before_who_has_just_come() -> None:
    steady = [guest(Doing.SENDING, since=0, moved=(200 + n) * PACE) for n in range(5)]
    young = [guest(Doing.ASKING, since=99)] * 3
    assert first_to_go([*young, *steady], NOW) is steady[0]


def test_in_a_flood_that_says_nothing_who_sends_on_keeps_the_place() -> None:
    flood = [guest(Doing.ASKING, since=95 + n) for n in range(5)]
    line = guest(Doing.SENDING, since=80, moved=int(20 * SLOWEST_LINE))
    newcomer = guest(Doing.SENDING, since=95, moved=int(5 * SLOWEST_LINE))
    assert first_to_go([line, newcomer, *flood], NOW) is flood[0]


def test_who_waits_for_us_never_goes() -> None:
    assert first_to_go([guest(Doing.WAITING)], NOW) is None


def test_the_oldest_long_poll_goes_when_nobody_else_can() -> None:
    polls = [guest(Doing.POLLING, since=since) for since in (60, 50, 99)]
    young = guest(Doing.ASKING, since=99)
    assert first_to_go([*polls, young, guest(Doing.WAITING)], NOW) is young
    assert first_to_go([*polls, guest(Doing.WAITING)], NOW) is polls[1]


def test_places_leave_room_for_a_whole_queue_of_newcomers() -> None:
    assert places(MOST_FILES) == places(10 * MOST_FILES) == MOST_CONNECTIONS
    assert places(1024) * 2 < 1024
    assert places(10) == FEWEST_CONNECTIONS


def test_not_every_place_is_for_waiting() -> None:
    assert 0 < places_to_wait(FEWEST_CONNECTIONS) < FEWEST_CONNECTIONS
    assert places_to_wait(MOST_CONNECTIONS) < MOST_CONNECTIONS


def test_the_system_says_how_many_files_may_be_open() -> None:
    assert host.room_for_files(100) >= 100


# --- in a server


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Kept, int]]:
    """A server that serves, with little patience, and its port."""
    for name in ("HEAD_SECONDS", "GRACE_SECONDS", "REST_SECONDS"):
        monkeypatch.setattr(doorway, name, PATIENCE)
    monkeypatch.setattr(serve, "TICKS_A_LOOK", 1)
    settings = ServeSettings(tmp_path, ("127.0.0.1", 0), None, "", "", "", "en")
    with Server(settings) as server:
        serving = threading.Thread(target=server.serve)
        serving.start()
        yield keep(server.store, Office()), int(server.url.rpartition(":")[2])
        server.stop()
        serving.join()


def test_body_that_goes_on_slowly_is_taken(kept: tuple[Kept, int]) -> None:
    office, port = kept
    head = f"POST /v1/{office.office.office.hex()}/box HTTP/1.1\r\nHost: x\r\nContent-Length: "
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        line.sendall(f"{head}16000\r\n\r\n".encode())
        line.sendall(bytes(6000))
        for _ in range(4):
            time.sleep(PATIENCE)
            line.sendall(bytes(100))
        line.sendall(bytes(9000))
        assert line.recv(100).startswith(b"HTTP/1.1 4")


def test_long_poll_outlives_all_patience(kept: tuple[Kept, int]) -> None:
    office, port = kept
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    bearer = f"Bearer {office.office.capability().hex()}"
    path = f"/v1/{office.office.office.hex()}/wait?log=0&intake=0&seconds=2"
    with ThreadPoolExecutor(1) as threads, closing(line):
        line.request("GET", path, headers={"Authorization": bearer})
        answer = threads.submit(line.getresponse)
        time.sleep(4 * PATIENCE)
        assert not answer.done()
        assert parse_sizes(answer.result(5).read()).intake == 0


def test_answer_that_nobody_takes_is_not_kept_for_ever(kept: tuple[Kept, int]) -> None:
    office, port = kept
    for number in range(16):
        office.desk.append([bytes([number]) * 1_000_000])
    head = f"GET /v1/{office.office.office.hex()}/log?from=0 HTTP/1.1\r\nHost: x\r\n"
    bearer = f"Authorization: Bearer {office.office.capability().hex()}\r\n\r\n"
    with closing(socket.socket()) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(10)
        line.connect(("127.0.0.1", port))
        line.sendall((head + bearer).encode())
        time.sleep(5 * PATIENCE)
        got = 0
        with suppress(ConnectionError):
            while part := line.recv(1 << 20):
                got += len(part)
        assert got < 16_000_000


def go_on(line: socket.socket, size: int) -> None:
    """Send this much of a head."""
    for number in range(size // 1000):
        line.sendall(b"X-%d: " % number + b"x" * 1000 + b"\r\n")
        time.sleep(0.002)


def test_head_without_end_is_cut_off(kept: tuple[Kept, int]) -> None:
    _, port = kept
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(ConnectionError):
            go_on(line, 2 * LARGEST_HEAD)
