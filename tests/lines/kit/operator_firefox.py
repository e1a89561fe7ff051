# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk's own page as an operator's telephone, in a real Firefox with a microphone that hums."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from safeconduct.edges.desk.app import link_of
from safeconduct.edges.desk.browser import FIREFOX_PREFERENCES
from safeconduct.edges.lines.phone.exchange import Operator
from tests.kit.browsers import Browser, browser
from tests.kit.desk_window import served_desk

_SOUND: Final[dict[str, bool | int | str]] = {
    "media.autoplay.default": 0,
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    # A test stays on loopback, which Firefox offers no other side by itself.
    "media.peerconnection.ice.loopback": True,
    # A real microphone in use makes Firefox tell the addresses of its side; a feigned one does not.
    "media.peerconnection.ice.obfuscate_host_addresses": False,
}
PEERS: Final = """() => {
  window.peers = [];
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...all) { super(...all); window.peers.push(this); }
  };
}"""
HEARD: Final = """(async () => {
  for (const one of (await window.peers.at(-1).getStats()).values())
    if (one.type === "inbound-rtp" && one.totalAudioEnergy > 0.001) return true;
})()"""


@contextmanager
def operator_firefox(operator: Operator, address: str) -> Iterator[Browser]:
    """Open a desk, set its telephone by hand, and return once it is connected.

    The browser reaches no more than the desk's own window does.
    """
    with (
        served_desk() as served,
        browser("firefox", prefs={**FIREFOX_PREFERENCES, **_SOUND}) as window,
    ):
        window.preload(f"({PEERS})()")
        window.goto(link_of(served.settings))
        window.wait_visible("#passphrase")
        window.fill("#passphrase", "any")
        window.click(".door .main")
        window.wait("location.pathname === '/today'")
        window.goto(f"{served.url}/telephone")
        window.fill("#telephone-address", address)
        window.fill("#telephone-name", operator.name)
        window.fill("#telephone-password", operator.password)
        window.click("#set button")
        window.wait_visible("[data-line=ready]")
        yield window
