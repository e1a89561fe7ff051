# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Asterisk 22 from its own tree, run with the configuration that the product ships.

Several run at once on one machine: each has a slot, and by it ports of its own and a network of
loopback addresses for its trunk and its operators' telephones.  Everything of one lies in a folder
of the tree and goes with it.  `tools/line_parts.py` makes the tree.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import pytest

from safeconduct.edges.lines.phone.exchange import (
    Ari,
    Exchange,
    Folders,
    Operator,
    Sip,
    Trunk,
    configuration,
)
from safeconduct.edges.lines.phone.prompt_files import HOLD, make, names
from tests.kit.patience import PATIENCE
from tools.line_parts import asterisk_tree

PASSWORD: Final = "for-loopback-tests-only"
SLOTS: Final = 9
_PORTS: Final = 2000
_RTP_FROM: Final = 14_000
_LOCKS: Final = Path("/tmp/safeconduct-asterisk")


@dataclass(frozen=True)
class Slot:
    """What one Asterisk of several may use of this machine."""

    number: int

    @property
    def sip_port(self) -> int:
        """Where it listens for telephones, over UDP and TCP."""
        return 12_000 + 10 * self.number

    @property
    def tls_port(self) -> int:
        """Where it listens for softphones."""
        return self.sip_port + 1

    @property
    def http_port(self) -> int:
        """Where ARI and the browsers' WebSocket are."""
        return self.sip_port + 2

    @property
    def sound_port(self) -> int:
        """Free for the program's AudioSocket."""
        return self.sip_port + 3

    @property
    def web_port(self) -> int:
        """Free for a web server before it."""
        return self.sip_port + 4

    @property
    def rtp(self) -> tuple[int, int]:
        """The first and the last port of sound."""
        first = _RTP_FROM + _PORTS * self.number
        return first, first + _PORTS - 2

    def address(self, host: int) -> str:
        """Return a loopback address of this slot's own: 2 is the trunk, 11 and on are operators."""
        return f"127.0.{100 + self.number}.{host}"


@dataclass
class Asterisk:
    """One that runs: where it listens, what it was told, and what it said."""

    slot: Slot
    tree: Path
    exchange: Exchange
    process: subprocess.Popen[bytes]
    said: Path
    inside: str
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def ari(self) -> str:
        """Where ARI is; user and password stand in `exchange.ari`."""
        return f"http://127.0.0.1:{self.slot.http_port}/ari"

    @property
    def folder(self) -> Path:
        """Its folder, as this machine sees it."""
        return self.tree / self.inside.lstrip("/")

    def warnings(self) -> list[str]:
        """Return the lines that it said by now."""
        return self.said.read_text(errors="replace").splitlines()

    def command(self, words: str) -> str:
        """Return what Asterisk's own console answers."""
        command = (
            "chroot",
            str(self.tree),
            "/usr/sbin/asterisk",
            "-C",
            f"{self.inside}/asterisk.conf",
        )
        asked = [*command, "-rx", words]
        done = subprocess.run(asked, check=False, capture_output=True, timeout=PATIENCE)
        return done.stdout.decode(errors="replace")

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


def exchange_in(
    slot: Slot, operators: tuple[Operator, ...], languages: tuple[str, ...]
) -> Exchange:
    """Return what an office would tell, for a trunk on loopback."""
    first, last = slot.rtp
    inside = inside_of(slot)
    return Exchange(
        trunk=Trunk(host=f"{slot.address(2)}:5060", addresses=(slot.address(2),)),
        operators=operators,
        ari=Ari(password=PASSWORD, port=slot.http_port),
        languages=languages,
        sip=Sip(
            address="127.0.0.1",
            port=slot.sip_port,
            tls_port=slot.tls_port,
            rtp_first=first,
            rtp_last=last,
        ),
        folders=Folders(own=inside, run=f"{inside}/run", prompts=f"{inside}/prompts"),
    )


def inside_of(slot: Slot) -> str:
    """Return the folder of a slot's Asterisk, as Asterisk sees it."""
    return f"/run/safeconduct-{slot.number}"


def by_hand(slot: Slot, names: tuple[str, ...]) -> str:
    """Return `pjsip_own.conf` for telephones without TLS: the n-th name is at `address(11 + n)`."""
    parts = [
        f"[{name}](operator)\ntransport=udp\naors={name}\n[{name}]\ntype=aor\n"
        f"contact=sip:{name}@{slot.address(11 + n)}:5060\n"
        for n, name in enumerate(names)
    ]
    return "".join(parts)


@contextmanager
def free_slot() -> Iterator[Slot]:
    """Hold a slot that no other test on this machine holds."""
    _LOCKS.mkdir(exist_ok=True)
    held = _first_free()
    try:
        yield Slot(held[0])
    finally:
        held[1].close()


@contextmanager
def asterisk(
    folder: Path,
    operators: tuple[Operator, ...] = (),
    *,
    languages: tuple[str, ...] = ("en",),
    own_conf: dict[str, str] | None = None,
    prompts: Path | None = None,
) -> Iterator[Asterisk]:
    """Run one; `own` operators become SIPp's telephones, and `prompts` is a folder made before.

    A machine speaks all prompts where none are given; `short_prompts` makes tones, for haste.
    `own_conf` replaces files of the shipped configuration, to spoil them; PORT in it is
    ARI's, NETWORK the first three numbers of the slot's addresses.
    """
    needed(asterisk_tree() / "usr/sbin/asterisk")
    with free_slot() as slot:
        exchange = exchange_in(slot, operators, languages)
        tree = asterisk_tree()
        at = tree / inside_of(slot).lstrip("/")
        shutil.rmtree(at, ignore_errors=True)
        at.mkdir(parents=True)
        files = dict(configuration(exchange))
        own = tuple(one.name for one in operators if one.way == "own")
        files["pjsip_own.conf"] = by_hand(slot, own)
        files.update({name: _here(text, slot) for name, text in (own_conf or {}).items()})
        lay_out(at, files, prompts or _spoken(folder, languages))
        said = folder / f"asterisk-{slot.number}.log"
        running = start(slot, tree, exchange, said)
        try:
            yield running
        finally:
            stop(running)
            shutil.rmtree(at, ignore_errors=True)


def needed(program: Path) -> None:
    """Skip a test whose part is not here, and say so; fail in CI, where `make` installs it."""
    if program.exists() and os.geteuid() == 0:
        return
    said = f"needs {program} and root: tools/line_parts.py installs it"
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)


def lay_out(at: Path, files: dict[str, str], prompts: Path) -> None:
    """Write the folder of one Asterisk: settings, certificate, prompts, an unwritable spool."""
    for name in ("run", "run/log", "run/spool", "prompts", "prompts/hold"):
        (at / name).mkdir(exist_ok=True)
    for name, text in files.items():
        (at / name).write_text(text)
    shutil.copytree(prompts, at / "prompts", dirs_exist_ok=True)
    certificate(at)
    tree = next(parent for parent in at.parents if (parent / "usr/sbin/asterisk").exists())
    inside = f"/{at.relative_to(tree)}"
    subprocess.run(["chroot", tree, "chown", "-R", "asterisk:asterisk", inside], check=True)
    spool = at / "run" / "spool"
    shutil.chown(spool, "root", "root")
    spool.chmod(0o555)


def short_prompts(folder: Path, languages: tuple[str, ...]) -> Path:
    """Return a folder in which every prompt is a fifth of a second of tone."""
    out = folder / "short-prompts"
    tone = ("-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer")
    out.mkdir(exist_ok=True)
    made = out / "tone.wav"
    made_by = ["sox", "-n", *tone, str(made), "synth", "0.2", "sine", "440", "gain", "-20"]
    subprocess.run(made_by, check=True, capture_output=True)
    for file in (HOLD, *(f"{language}/{name}.wav" for language, name, _ in names(languages))):
        (out / file).parent.mkdir(exist_ok=True)
        shutil.copy(made, out / file)
    return out


def _here(text: str, slot: Slot) -> str:
    network = slot.address(0).rpartition(".")[0]
    return text.replace("PORT", str(slot.http_port)).replace("NETWORK", network)


def _spoken(folder: Path, languages: tuple[str, ...]) -> Path:
    out = folder / "prompts"
    make(out, languages)
    return out


def certificate(at: Path) -> None:
    """Make a certificate for loopback, as an administrator would for the office's name."""
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost")
    files = ("-keyout", str(at / "tls.key"), "-out", str(at / "tls.crt"))
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "60")
    subprocess.run([*command, *names, *files], check=True, capture_output=True)


def start(slot: Slot, tree: Path, exchange: Exchange, said: Path) -> Asterisk:
    """Start what is laid out, and return once ARI answers."""
    inside = inside_of(slot)
    command = ("chroot", str(tree), "/usr/sbin/asterisk", "-f", "-q", "-U", "asterisk", "-G")
    with said.open("ab") as out:
        process = subprocess.Popen(
            [*command, "asterisk", "-C", f"{inside}/asterisk.conf"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    running = Asterisk(slot, tree, exchange, process, said, inside)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if listens(slot.http_port) and "fully booted" in running.command("core waitfullybooted"):
            return running
        time.sleep(0.1)
    stop(running)
    raise AssertionError(f"Asterisk does not start: {running.warnings()[-20:]}")


def again(before: Asterisk) -> Asterisk:
    """Start it anew in the same folder, after it was killed."""
    return start(before.slot, before.tree, before.exchange, before.said)


def stop(running: Asterisk) -> None:
    """End it; at once, if it does not go by itself."""
    if running.process.poll() is None:
        running.process.terminate()
        try:
            running.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            running.kill()


def _first_free() -> tuple[int, IO[str]]:
    until = time.monotonic() + 10 * PATIENCE
    while time.monotonic() < until:
        for number in range(SLOTS):
            held = (_LOCKS / str(number)).open("a")
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held.close()
                continue
            if not listens(Slot(number).http_port):
                return number, held
            held.close()
        time.sleep(0.5)
    raise AssertionError("no slot is free")


def listens(port: int) -> bool:
    """Tell whether something listens on a port of this machine."""
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex(("127.0.0.1", port)) == 0
