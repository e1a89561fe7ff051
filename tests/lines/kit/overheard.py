# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears the packets that go to one address of loopback: what a telephone there would play."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EVENTS = 101
"""The payload type by which telephones of tests take keys (RFC 4733)."""
_IPV4, _UDP = 0x0800, 17


class Overheard:
    """Which keys, and how many packets of sound, were sent to an address."""

    def __init__(self, address: str) -> None:
        self.keys: set[str] = set()
        self.sound = 0
        self._address = socket.inet_aton(address)

    def take(self, packet: bytes) -> None:
        """Note one packet as it went over the loopback device."""
        if len(packet) < 56 or packet[23] != _UDP or packet[30:34] != self._address:
            return
        if packet[42] >> 6 != 2:
            return
        if packet[43] & 0x7F == EVENTS:
            self.keys.add("0123456789*#ABCD"[packet[54] & 0x0F])
        else:
            self.sound += 1


@contextmanager
def overhearing(address: str) -> Iterator[Overheard]:
    """Listen until left; needs root."""
    heard, done = Overheard(address), threading.Event()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_IPV4)) as device:
        device.bind(("lo", 0))
        device.settimeout(0.2)

        def listen() -> None:
            while not done.is_set():
                try:
                    heard.take(device.recv(2_048))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield heard
        finally:
            done.set()
            thread.join()
