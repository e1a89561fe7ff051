# SPDX-License-Identifier: AGPL-3.0-or-later
"""The counter in trouble: slow lines, junk, kill -9, no relay, and what is left of a visit."""

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import psutil
import pytest

from safeconduct import host
from safeconduct.edges.counter import CounterHandle, Limits, serve_counter
from safeconduct.edges.counter.child import Outcome
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.programs.seizures.markers import phrase_search
from safeconduct.programs.seizures.memory import scan_process, scan_swap
from safeconduct.programs.seizures.search import Search
from tests.kit.counter import (
    Got,
    Visitor,
    address_of,
    config_of,
    counter,
    counter_apart,
    multipart,
)
from tests.kit.patience import PATIENCE
from tests.kit.stage import INTAKE_SIGNING, Stage, stage

KILLS = int(os.environ.get("COUNTER_KILLS", "8"))
GONE_SECONDS = 5
HASTY = Limits(head_seconds=1.0, grace_seconds=1.0, pace=1 << 20, linger_seconds=0.5)
LINUX = pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="reads memory by /proc")


@pytest.fixture(scope="module")
def office() -> Iterator[Stage]:
    """One office for all troubles."""
    with stage() as played:
        yield played


def reach(url: str) -> socket.socket:
    """Connect to a counter by hand."""
    place = urlsplit(url)
    return socket.create_connection((str(place.hostname), place.port), timeout=PATIENCE)


def half_a_request(text: str) -> bytes:
    """A form of which the text has come, and the file never will."""
    kind, body = multipart({"action": "send", "text": text, "page": "write"}, ("a", bytes(9999)))
    head = (
        f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body[:-5000]


def answer_on(line: socket.socket) -> Got:
    """What comes back on a connection that was made by hand."""
    with HTTPResponse(line) as answer:
        answer.begin()
        return Got(answer.status, dict(answer.getheaders()), answer.read())


def children(parent: int) -> set[int]:
    """The processes under a counter's parent."""
    return {child.pid for child in psutil.Process(parent).children(recursive=True)}


def wait_for_end(process: int, seconds: float) -> None:
    """Wait until a process is gone; fail when it is not in time."""
    end = time.monotonic() + seconds
    while psutil.pid_exists(process) and time.monotonic() < end:
        time.sleep(0.02)
    assert not psutil.pid_exists(process)


def busy_child(handle: CounterHandle, before: set[int]) -> int:
    """The one child of a lane, once it has taken a connection."""
    (pid,) = before
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(psutil.Error):
            links = psutil.Process(pid).net_connections()
            if any(link.status == psutil.CONN_ESTABLISHED for link in links):
                return pid
        time.sleep(0.02)
    raise AssertionError(handle.outcomes)


@LINUX
def test_the_process_is_gone_after_its_answer_and_no_other_holds_a_word(office: Stage) -> None:
    marks = {name: f"МАРКЕР-{name}-{os.urandom(8).hex()}" for name in ("text", "file", "answer")}
    searches = [Search([*marks.values(), "МАРКЕР-name"])]
    with counter_apart(office) as (url, parent):
        visitor = Visitor(url)
        visitor.get()  # The first child is there when this is answered.
        for asked in ("send", "read", "file"):
            time.sleep(1)
            (serving,) = children(parent)
            if asked == "send":
                file = ("МАРКЕР-name.txt", marks["file"].encode() * 100_000)
                words = visitor.post_files({"action": "send", "text": marks["text"]}, file).words
                letter = office.letters()[-1][1]
                office.answer(letter, marks["answer"], ("a", marks["file"].encode()))
                searches.append(phrase_search([words]))
            elif asked == "read":
                got = visitor.post(action="read", words=" ".join(words), text=marks["text"])
                assert marks["answer"].encode() in got.body
                save = next(name for name in got.actions if name.startswith("file-"))
            else:
                body = visitor.post(action=save, words=" ".join(words)).body
                assert body == marks["file"].encode()
            wait_for_end(serving, GONE_SECONDS)
            for process in {parent, *children(parent)}:
                for search in searches:
                    assert not scan_process(search, process)
    assert not any(scan_swap(search)[0] for search in searches)


@LINUX
def test_while_she_sends_her_words_are_in_one_child_alone(office: Stage) -> None:
    # This also shows that the search above can find what is there.
    mark = f"МАРКЕР-{os.urandom(8).hex()}"
    search = Search([mark])
    with counter_apart(office, lanes=2) as (url, parent), reach(url) as line:
        line.sendall(half_a_request(mark * 50))
        holders, deadline = set[int](), time.monotonic() + PATIENCE
        while not holders and time.monotonic() < deadline:
            time.sleep(0.5)
            holders = {pid for pid in children(parent) if scan_process(search, pid)}
        assert len(holders) == 1
        assert not scan_process(search, parent)
        # She closes the page: it is over with what she had typed.
        line.close()
        wait_for_end(holders.pop(), GONE_SECONDS)
        assert not [pid for pid in {parent, *children(parent)} if scan_process(search, pid)]


@LINUX
def test_a_child_dumps_no_core_and_stays_out_of_swap(office: Stage) -> None:
    with counter(office, lanes=1) as handle:
        (pid,) = handle.children()
        limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
        assert ["Max", "core", "file", "size", "0", "0", "bytes"] in [row.split() for row in limits]
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        )
        # What may not be dumped belongs to root, whoever started it.
        assert Path(f"/proc/{pid}/mem").stat().st_uid == 0
        if os.geteuid() == 0:
            assert int(status["VmLck"].split()[0]) > 10_000
        targets = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
        assert all(target.startswith(("pipe:", "socket:", "/dev/null")) for target in targets)


def test_what_was_acknowledged_survives_killed_children(office: Stage) -> None:
    dice = random.Random(time.time_ns())
    told: dict[str, list[str]] = {}
    with counter(office, lanes=2) as handle:
        for round_ in range(KILLS):
            text = f"round {round_} {os.urandom(4).hex()}"
            visit = threading.Thread(target=_write, args=(handle.url, text, told))
            visit.start()
            time.sleep(dice.uniform(0, 0.12))
            for pid in handle.children():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            visit.join(PATIENCE)
            assert not visit.is_alive()
        assert len(Visitor(handle.url).post(action="send", text="the last one").words) == 8
    stored = {letter.text: letter for _, letter in office.letters()}
    for text, words in told.items():
        assert stored[text].address == address_of(words)
        assert b"".join(office.file(stored[text].files[0])) == text.encode()


def _write(url: str, text: str, told: dict[str, list[str]]) -> None:
    """Send once; what was answered with eight words counts as acknowledged."""
    with suppress(OSError, HTTPException):
        words = (
            Visitor(url).post_files({"action": "send", "text": text}, ("a", text.encode())).words
        )
        if len(words) == 8:
            told[text] = words


def test_slow_lines_do_not_hold_the_lanes(office: Stage) -> None:
    with counter(office, lanes=2, limits=HASTY) as handle:
        slow = [reach(handle.url) for _ in range(4)]
        try:
            for line, start in zip(
                slow, (b"G", b"POST / HT", half_a_request("x"), b""), strict=True
            ):
                line.sendall(start)
            start_time = time.monotonic()
            assert Visitor(handle.url).get().status == 200
            assert time.monotonic() - start_time < 15
            for line in slow[:3]:
                with suppress(ConnectionError):
                    assert line.recv(10) == b""  # Nobody who is slow is told anything.
        finally:
            for line in slow:
                line.close()


def test_the_slowest_makes_way_and_is_told_that_nothing_is_lost(office: Stage) -> None:
    limits = Limits(spared_seconds=1.0, linger_seconds=1.0)
    with counter(office, lanes=2, limits=limits) as handle:
        assert handle.wait_until_warm(PATIENCE)  # The second lane too: both are spared alike.
        slowest, faster = reach(handle.url), reach(handle.url)
        with faster, slowest:
            slowest.sendall(half_a_request("she who stopped"))
            form = {"page": "write", "text": "she who sends on", "action": "send"}
            kind, body = multipart(form, ("a", bytes(200_000)))
            head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
            faster.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:150_000])
            assert len(Visitor(handle.url).post(action="send", text="She who waits").words) == 8
            told = answer_on(slowest)
            assert told.status == 503
            assert told.text("text") == "she who stopped"
            assert "Nothing was sent" in told.notice
            faster.sendall(body[150_000:])
            assert len(answer_on(faster).words) == 8
        assert handle.outcomes[Outcome.MADE_WAY] == 1
    assert {"She who waits", "she who sends on"} <= {letter.text for _, letter in office.letters()}
    assert "she who stopped" not in {letter.text for _, letter in office.letters()}


def test_who_sends_on_is_left_alone_while_nobody_waits(office: Stage) -> None:
    limits = Limits(spared_seconds=0.1)
    with counter(office, lanes=1, limits=limits) as handle, reach(handle.url) as line:
        kind, body = multipart({"page": "write", "text": "slow", "action": "send"})
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode())
        for at in range(0, len(body), 50):
            line.sendall(body[at : at + 50])
            time.sleep(0.2)
        assert len(answer_on(line).words) == 8


@LINUX
def test_a_silent_connection_takes_no_lane(office: Stage) -> None:
    with counter(office, lanes=1) as handle:
        before = set(handle.children())
        with reach(handle.url):
            assert Visitor(handle.url).get().status == 200
            time.sleep(0.5)
            assert set(handle.children()) - before


@LINUX
def test_a_child_that_hangs_is_ended_by_its_parent(office: Stage) -> None:
    limits = Limits(head_seconds=0.5, body_seconds=0.2, answer_seconds=0.2)
    with counter(office, lanes=1, limits=limits) as handle:
        before = set(handle.children())
        with reach(handle.url) as line:
            line.sendall(b"P")
            pid = busy_child(handle, before)
            os.kill(pid, signal.SIGSTOP)
            wait_for_end(pid, limits.life_seconds + 8)
            assert handle.outcomes[-signal.SIGKILL] == 1
            assert Visitor(handle.url).get().status == 200


@pytest.mark.parametrize(
    "junk",
    [
        os.urandom(5000),
        b"\x16\x03\x01\x02\x00" + os.urandom(300),  # A browser that tries https.
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 50_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + os.urandom(99),
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=y\r\n"
        b"Content-Length: 500\r\n\r\n" + os.urandom(500),
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n" + os.urandom(500),
    ],
    ids=["noise", "tls", "version", "length", "head", "chunks", "multipart", "form"],
)
def test_junk_is_answered_or_dropped_and_breaks_nothing(office: Stage, junk: bytes) -> None:
    before = len(office.items())
    with counter(office, lanes=1, limits=HASTY) as handle:
        with reach(handle.url) as line:
            line.sendall(junk)
            answer = b""
            with suppress(ConnectionError):
                while part := line.recv(65536):
                    answer += part
        assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
        assert b"Traceback" not in answer
        assert Visitor(handle.url).get().status == 200
        assert not handle.outcomes[4], "a defect"
    assert len(office.items()) == before


def test_without_a_relay_the_page_says_so_and_keeps_the_text(office: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with counter(office, lanes=1, relay=nowhere) as handle:
        got = Visitor(handle.url).post(action="send", text="Help <me>")
    assert got.status == 503
    assert got.text("text") == "Help <me>"
    assert "few minutes" in got.notice


def test_a_relay_with_a_strangers_intake_key_gets_nothing(office: Stage) -> None:
    # The counter pins another intake-signing key than the one that signed the relay's certificate.
    stranger = LongSigningKey.from_seed(bytes(64)).public
    halves = (INTAKE_SIGNING.public.short.raw, stranger.raw[32:])
    before = len(office.items())
    for pinned in (stranger.raw, b"".join(halves)):
        config = config_of(office, lanes=1)
        with serve_counter(msgspec.structs.replace(config, intake_signing=pinned)) as handle:
            got = Visitor(handle.url).post(action="send", text="Help")
        assert "do not trust" in got.notice
        assert got.text("text") == "Help"
    assert len(office.items()) == before


def test_a_closed_counter_ends_with_its_children(office: Stage) -> None:
    with counter(office, lanes=3) as handle:
        pids = handle.children()
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    with pytest.raises(OSError, match="refused"):
        reach(handle.url)


@LINUX
def test_children_end_when_their_parent_is_killed(office: Stage) -> None:
    with counter_apart(office, lanes=2) as (url, parent):
        Visitor(url).get()
        pids = children(parent)
        os.kill(parent, signal.SIGKILL)
        for pid in pids:
            wait_for_end(pid, GONE_SECONDS)


def test_the_socket_says_whether_silence_waits_in_the_kernel() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert host.wake_only_with_data(listener, 5) == Path("/proc/net/tcp").exists()
