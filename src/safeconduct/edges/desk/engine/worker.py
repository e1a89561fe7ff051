# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens many frames in a process of its own, so that two processors share a cold sync.

Keys come through the pipe and nothing touches a disk.  The process ends when its pipe closes, so
it dies with the desk.  Messages are `u32 length || kind || body`, answered in order.
"""

from __future__ import annotations

import gc
import struct
import sys
from typing import BinaryIO, Final

from safeconduct import host
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import (
    Chains,
    Commit,
    Head,
    Ring,
    VaultEpoch,
    check_signature,
    open_frame,
)
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.sync import Read, Reader
from safeconduct.kernel.wire.streams import parse_frames
from safeconduct.kernel.words import CommitId, DeviceId, OfficeId, VaultId

LENGTH: Final = struct.Struct(">I")
START: Final = struct.Struct(">Q")
SETUP, OPEN, FOLLOW, VERIFY = b"s", b"o", b"f", b"v"


class Setup(Record, frozen=True):
    """Keys, and where the chains and the ring stand."""

    office: bytes
    office_keys: tuple[tuple[int, bytes], ...]
    vaults: tuple[tuple[bytes, int, bytes, tuple[tuple[bytes, int], ...]], ...]
    heads: tuple[tuple[bytes, int, bytes, int | None], ...]


class Signers(Record, frozen=True):
    """What to verify: devices' Ed25519 keys, then a run of frames."""

    keys: tuple[tuple[bytes, bytes], ...]
    frames: bytes


SETUPS: Final[Codec[Setup]] = Codec(Setup, "setup")
SIGNERS: Final[Codec[Signers]] = Codec(Signers, "signers")
READS: Final[Codec[list[Read]]] = Codec(list[Read], "reads")
COMMITS: Final[Codec[list[tuple[int, Commit]]]] = Codec(list[tuple[int, Commit]], "commits")
"""Places and commits of frames that the desk opened and checked itself."""
PLACES: Final[Codec[list[int]]] = Codec(list[int], "places")


def reader_of(setup: Setup) -> Reader:
    """Return the reader that a setup describes."""
    ring, chains = Ring(), Chains()
    for vault, epoch, key, counts in setup.vaults:
        where = VaultEpoch(VaultId(vault), epoch)
        ring.add_key(where, key, {DeviceId(device): n for device, n in counts})
    for device, sequence, head, forked_at in setup.heads:
        chains.restore(DeviceId(device), Head(sequence, CommitId(head), forked_at))
    return Reader(OfficeId(setup.office), dict(setup.office_keys), ring, chains)


def open_run(reader: Reader, start: int, frames: list[bytes]) -> list[Read]:
    """Open a run of frames quickly: chains are followed, signatures are left for later."""
    return [read for at, frame in enumerate(frames, start) for read in reader.read(at, frame)]


def follow_run(reader: Reader, commits: list[tuple[int, Commit]]) -> list[Read]:
    """Follow the chains of commits whose frames were opened by the desk."""
    return [read for at, commit in commits for read in reader.follow(at, commit)]


def verify_run(setup: Setup, signers: Signers) -> list[int]:
    """Return the places in a run whose commit's signature does not hold."""
    office = OfficeId(setup.office)
    keys = {epoch: SharedKey(key) for epoch, key in setup.office_keys}
    devices = {device: VerifyKey.parse(key) for device, key in signers.keys}
    bad: list[int] = []
    for place, frame in enumerate(parse_frames(signers.frames)):
        try:
            commit = open_frame(frame, office, keys)
            check_signature(commit, devices[commit.device])
        except (SafeconductError, KeyError):
            bad.append(place)
    return bad


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer messages until the pipe closes."""
    setup, reader = None, None
    while message := read_message(source):
        kind, body = message[:1], message[1:]
        if kind == SETUP:
            setup = SETUPS.decode_own(body)
            reader = reader_of(setup)
            continue
        assert setup is not None
        assert reader is not None
        if kind == OPEN:
            (start,) = START.unpack_from(body)
            answer = encode(open_run(reader, start, parse_frames(body[START.size :])))
        elif kind == FOLLOW:
            answer = encode(follow_run(reader, COMMITS.decode_own(body)))
        else:
            answer = encode(verify_run(setup, SIGNERS.decode_own(body)))
        write_message(sink, answer)


def read_message(source: BinaryIO) -> bytes:
    """Return the next message, empty at the end."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return b""
    body = source.read(LENGTH.unpack(head)[0])
    return body if len(body) == LENGTH.unpack(head)[0] else b""


def write_message(sink: BinaryIO, *parts: bytes) -> None:
    """Write one message."""
    sink.write(b"".join((LENGTH.pack(sum(map(len, parts))), *parts)))
    sink.flush()


def main() -> None:
    """Serve the process that started this one."""
    host.no_core_dumps()
    # Nothing here makes rings of references, and looking for them costs a third of the time.
    gc.disable()
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
