# SPDX-License-Identifier: AGPL-3.0-or-later
"""The account that Delta Chat's core holds: made once, and set so that it tells nobody anything.

What is set: no receipts of reading, no messages to other devices, no name and no picture; what
comes stays at the server until it is deleted by name; what comes in the clear is shown too, as a
call for help is not to be lost for being written badly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safeconduct.edges.lines.kinds.deltachat_core import Core
from safeconduct.edges.lines.kinds.servers import host_and_port, on_this_machine

SET: Final[Mapping[str, str]] = {
    "bot": "1",
    "bcc_self": "1",
    "mdns_enabled": "0",
    "sync_msgs": "0",
    "force_encryption": "0",
    "displayname": "",
    "selfstatus": "",
}
NONE: Final = "-"
_TLS: Final = frozenset({465, 993})


async def open_up(core: Core, settings: Mapping[str, str]) -> int:
    """Return the account's number, made if there is none yet.

    Raises:
        BadServer: a setting is no address of a server.
        Unreachable: the mail server is not there, or does not know the account.
    """
    accounts = await core.call(list[int], "get_all_account_ids")
    account = accounts[0] if accounts else await core.call(int, "add_account")
    await core.call(type(None), "batch_set_config", account, SET)
    if settings["address"].startswith("dcaccount:"):
        if not await core.call(bool, "is_configured", account):
            await core.call(type(None), "add_transport_from_qr", account, settings["address"])
    elif await _changed(core, account, settings):
        await core.call(type(None), "add_or_update_transport", account, login(settings))
    return account


def login(settings: Mapping[str, str]) -> dict[str, object]:
    """Return how the core logs in; a server on this machine needs no TLS, every other has it.

    Raises:
        BadServer: a setting is no address of a server.
    """
    told: dict[str, object] = {
        "addr": settings["address"],
        "password": settings["password"],
        "certificateChecks": "strict",
    }
    for name in ("imap", "smtp"):
        if settings.get(name, NONE) not in {"", NONE}:
            server, port = host_and_port(settings[name])
            told |= {f"{name}Server": server, f"{name}Port": port}
            told[f"{name}Security"] = _security(server, port)
    return told


def _security(server: str, port: int) -> str:
    if port in _TLS:
        return "ssl"
    return "plain" if on_this_machine(server) else "starttls"


async def _changed(core: Core, account: int, settings: Mapping[str, str]) -> bool:
    """Tell whether the core does not yet log in as the settings say."""
    if not await core.call(bool, "is_configured", account):
        return True
    wanted = login(settings)
    held = await core.call(list[dict[str, object]], "list_transports", account)
    return not any(all(one.get(key) == wanted[key] for key in wanted) for one in held)
