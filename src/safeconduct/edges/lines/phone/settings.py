# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a telephone line is told when it is made, and what Asterisk's settings are made of it.

Passwords of telephones and of ARI are drawn here, once, and kept sealed with the rest: nobody types
them on a command line.  The names of telephones are those by which `duty` rings them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, cast

from safeconduct.edges.lines.channel import Ask
from safeconduct.edges.lines.phone.exchange import (
    Ari,
    BadSetting,
    Exchange,
    Folders,
    Operator,
    Sip,
    Trunk,
)
from safeconduct.kernel.ports import Rng

NONE: Final = "-"
"""What stands for nothing, where a setting may be empty."""
ASKS: Final = (
    Ask("languages", unless="en"),
    Ask("trunk_host"),
    Ask("trunk_addresses", unless=NONE),
    Ask("trunk_transport", unless="udp"),
    Ask("trunk_user", unless=NONE),
    Ask("trunk_password", secret=True, unless=NONE),
    Ask("trunk_number", unless=NONE),
    Ask("telephones", unless=NONE),
    Ask("sip_address", unless="0.0.0.0"),  # noqa: S104  As in `exchange.Sip`.
    Ask("sip_outside", unless=NONE),
    Ask("ari_port", unless="8088"),
    Ask("own_folder", unless="/etc/asterisk"),
    Ask("run_folder", unless="/run/asterisk"),
    Ask("prompts_folder", unless="/etc/asterisk/prompts"),
    Ask("modules_folder", unless="/usr/lib/x86_64-linux-gnu/asterisk/modules"),
)
"""`telephones` is `NAME[:WAY]...` with a gap between; the way is softphone, browser or own."""
ARI_PASSWORD: Final = "ari_password"  # noqa: S105  The name of a setting.
_OF_TELEPHONE: Final = "telephone_password_"
_DRAWN: Final = 18
_WAYS: Final = frozenset({"softphone", "browser", "own"})
_TRANSPORTS: Final = frozenset({"udp", "tcp", "tls"})
Way = Literal["softphone", "browser", "own"]


def with_passwords(settings: Mapping[str, str], rng: Rng) -> dict[str, str]:
    """Return the settings with a password for ARI and for each telephone that has none yet.

    Passwords of telephones that are gone are dropped: whoever gets the name gets another.

    Raises:
        BadSetting: a telephone is written as none can be.
    """
    names = [ARI_PASSWORD, *(_OF_TELEPHONE + name for name, _ in telephones(settings))]
    drawn = {name: rng.bytes(_DRAWN).hex() for name in names if not settings.get(name)}
    gone = {name for name in settings if name.startswith(_OF_TELEPHONE)} - {*names}
    return {**{name: settings[name] for name in settings if name not in gone}, **drawn}


def telephones(settings: Mapping[str, str]) -> list[tuple[str, Way]]:
    """Return the name of each telephone, and how it comes.

    Raises:
        BadSetting: one is written as none can be.
    """
    found: list[tuple[str, Way]] = []
    for each in _told(settings, "telephones").split():
        name, _, way = each.partition(":")
        if (way or "softphone") not in _WAYS:
            raise BadSetting("telephones")
        found.append((name, cast("Way", way or "softphone")))
    return found


def exchange_of(settings: Mapping[str, str]) -> Exchange:
    """Return what Asterisk's configuration is made of; passwords were drawn before.

    Raises:
        BadSetting: a setting cannot stand there.
    """
    host = _told(settings, "trunk_host")
    transport = _told(settings, "trunk_transport") or "udp"
    if transport not in _TRANSPORTS:
        raise BadSetting("trunk_transport")
    bare = host.partition(":")[0]
    return Exchange(
        trunk=Trunk(
            host=host,
            addresses=tuple(_told(settings, "trunk_addresses").split()) or (bare,),
            transport=cast("Literal['udp', 'tcp', 'tls']", transport),
            user=_told(settings, "trunk_user"),
            password=_told(settings, "trunk_password"),
            number=_told(settings, "trunk_number"),
        ),
        operators=tuple(
            Operator(name=name, way=way, password=settings.get(_OF_TELEPHONE + name, ""))
            for name, way in telephones(settings)
        ),
        ari=Ari(password=settings.get(ARI_PASSWORD, ""), port=_port(settings, "ari_port")),
        languages=languages_of(settings),
        sip=Sip(address=_told(settings, "sip_address"), outside=_told(settings, "sip_outside")),
        folders=Folders(
            own=_told(settings, "own_folder"),
            run=_told(settings, "run_folder"),
            prompts=_told(settings, "prompts_folder"),
            modules=_told(settings, "modules_folder"),
        ),
    )


def languages_of(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages that callers are offered, in the order of their keys."""
    return tuple(_told(settings, "languages").replace(",", " ").split())


def _told(settings: Mapping[str, str], name: str) -> str:
    otherwise = next(ask.unless for ask in ASKS if ask.name == name)
    value = settings.get(name) or otherwise
    return "" if value == NONE else value.strip()


def _port(settings: Mapping[str, str], name: str) -> int:
    value = _told(settings, name)
    if not value.isascii() or not value.isdecimal() or not 0 < int(value) < 1 << 16:
        raise BadSetting(name)
    return int(value)
