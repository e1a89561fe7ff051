# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person with Delta Chat: the real core, driven by the client that its makers ship."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deltachat_rpc_client import DeltaChat, Rpc

from safeconduct.edges.lines.kinds.deltachat_core import PROGRAM
from tests.kit.patience import PATIENCE
from tests.lines.kit.imap import PASSWORD, Imap
from tests.lines.kit.smtp import Smtp


@dataclass
class Person:
    """Somebody with a telephone, and the chat with the line once they came."""

    rpc: Any
    account: Any
    chat: Any = None

    def come(self, link: str) -> None:
        """Open an invite link, and wait until both have the other's key."""
        self.chat = self.account.secure_join(link)
        self.account.wait_for_securejoin_joiner_success()

    def write(self, text: str, file: Path | None = None) -> None:
        """Write to the line."""
        if file is None:
            self.chat.send_text(text)
        else:
            self.chat.send_message(text=text, file=str(file))

    def until(self, count: int, seconds: float = PATIENCE) -> list[Any]:
        """Wait for so many messages of the line, and return them, oldest first."""
        end = time.monotonic() + seconds
        while True:
            told = [one.get_snapshot() for one in self.chat.get_messages()]
            found = [one for one in told if one.from_id > 9 and not one.is_info]
            if len(found) >= count:
                return found
            assert time.monotonic() < end, f"{len(found)} messages came"
            time.sleep(0.1)


@contextmanager
def person(folder: Path, address: str, imap: Imap, smtp: Smtp) -> Iterator[Person]:
    """Give somebody with an account at these servers."""
    with Rpc(accounts_dir=str(folder), rpc_server_path=str(PROGRAM)) as rpc:
        account = DeltaChat(rpc).add_account()
        account.add_or_update_transport(
            {
                "addr": address,
                "password": PASSWORD,
                "imapServer": "127.0.0.1",
                "imapPort": imap.plain,
                "imapSecurity": "plain",
                "smtpServer": "127.0.0.1",
                "smtpPort": smtp.plain,
                "smtpSecurity": "plain",
                "certificateChecks": "strict",
            }
        )
        account.start_io()
        yield Person(rpc, account)
    with warnings.catch_warnings():
        # Its client leaves its pipes to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        rpc.process.stdout.close()
        rpc.process.stderr.close()
        rpc.process.wait(PATIENCE)
