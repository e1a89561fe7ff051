# SPDX-License-Identifier: AGPL-3.0-or-later
"""baresip as an operator's softphone: it signs in over TLS, takes calls with SRTP alone.

What it hears it writes to a file of the test: this is the other end, and no part of the product.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safeconduct.edges.lines.phone.exchange import Operator
from tests.kit.patience import PATIENCE
from tests.lines.kit.asterisk import Asterisk

MODULES: Final = "/usr/lib/baresip/modules"
_CONFIG: Final = """sip_listen {address}:{port}
sip_cafile {cafile}
audio_player aufile,{at}/heard.wav
audio_source aufile,{at}/spoken.wav
audio_alert aufile,/dev/null
call_max_calls 2
module_path {modules}
module g711.so
module aufile.so
module srtp.so
module account.so
module_app menu.so
rtp_ports {rtp}-{rtp_last}
"""
_ACCOUNT: Final = (
    "<sip:{name}@127.0.0.1:{port};transport=tls>;auth_user={name};auth_pass={password};"
    "mediaenc={media};answermode=auto;regint=120;audio_codecs=PCMA\n"
)


@dataclass
class Softphone:
    """One that runs: what it said, and what it heard."""

    process: subprocess.Popen[bytes]
    at: Path

    def said(self) -> str:
        """Return what it said by now."""
        return (self.at / "said.log").read_text(errors="replace")

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until it says this."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := re.search(pattern, self.said()):
                return found
            time.sleep(0.1)
        raise AssertionError((pattern, self.said()[-3_000:]))


@contextmanager
def softphone(
    folder: Path, of: Asterisk, operator: Operator, host: int = 30, *, media: str = "srtp-mand"
) -> Iterator[Softphone]:
    """Let an operator's softphone be there, which answers whatever rings it."""
    at = folder / f"softphone-{operator.name}"
    at.mkdir(parents=True)
    spoken = ("-r", "8000", "-c", "1", "-b", "16", str(at / "spoken.wav"))
    sound = ("synth", "600", "sine", "500", "gain", "-20")
    subprocess.run(["sox", "-n", *spoken, *sound], check=True, capture_output=True)
    first = 20_000 + 100 * host
    values = {"address": of.slot.address(host), "port": 5062, "cafile": of.folder / "tls.crt"}
    told = _CONFIG.format(at=at, modules=MODULES, rtp=first, rtp_last=first + 98, **values)
    (at / "config").write_text(told)
    account = {"name": operator.name, "password": operator.password, "media": media}
    (at / "accounts").write_text(_ACCOUNT.format(port=of.slot.tls_port, **account))
    with (at / "said.log").open("wb") as said:
        command = ["stdbuf", "-o0", "baresip", "-f", str(at)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said, cwd=at)
    running = Softphone(process, at)
    try:
        yield running
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
