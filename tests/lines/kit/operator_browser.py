# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk's own page as an operator's telephone, in a real Chromium with a microphone that beeps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect, sync_playwright

from safeconduct.edges.desk.browser import CHROMIUM_FLAGS
from safeconduct.edges.lines.phone.exchange import Operator
from tests.kit.chromium import FLAGS
from tests.kit.desk_window import Served, enter, served_desk
from tests.kit.patience import PATIENT
from tests.lines.kit.asterisk import Asterisk

SOUND: Final = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
)
_PEERS: Final = """
window.peers = [];
const Real = RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(...all) { super(...all); window.peers.push([this, all]); }
};
"""
_STATS: Final = """async () => {
  const found = {servers: window.peers.at(-1)[1][0].iceServers.length};
  for (const one of (await window.peers.at(-1)[0].getStats()).values()) {
    if (one.type === "inbound-rtp") found.heard = [one.packetsReceived, one.totalAudioEnergy];
    if (one.type === "outbound-rtp") found.sent = one.packetsSent;
    if (one.type === "transport") found.sealed = [one.dtlsState, one.srtpCipher];
  }
  return found;
}"""


@dataclass
class Desk:
    """The page, and the desk behind it."""

    page: Page
    served: Served

    def shows(self, part: str) -> Locator:
        """Return a part of the page once it is seen."""
        found = self.page.locator(part)
        expect(found).to_be_visible()
        return found

    def stats(self) -> dict[str, Any]:
        """Return what the browser counts of its newest call."""
        found: dict[str, Any] = self.page.evaluate(_STATS)
        return found


@contextmanager
def operator_desk(
    of: Asterisk,
    operator: Operator,
    language: str = "en-GB",
    *,
    address: str = "",
    line: str = "ready",
) -> Iterator[Desk]:
    """Open a desk, set its telephone by hand, and return once its page says how that went.

    The browser reaches no more than the desk's own window does.
    """
    expect.set_options(timeout=PATIENT)
    with served_desk() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*FLAGS, *CHROMIUM_FLAGS, *SOUND],
            timeout=PATIENT,
        )
        context = browser.new_context(viewport={"width": 1100, "height": 900}, locale=language)
        context.set_default_timeout(PATIENT)
        context.add_init_script(_PEERS)
        page = served.watch(context.new_page())
        enter(page, served)
        page.goto(f"{served.url}/telephone")
        page.fill("#telephone-address", address or f"ws://127.0.0.1:{of.slot.http_port}/ws")
        page.fill("#telephone-name", operator.name)
        page.fill("#telephone-password", operator.password)
        page.press("#telephone-password", "Enter")
        desk = Desk(page, served)
        desk.shows(f"[data-line={line}]")
        yield desk
        browser.close()
