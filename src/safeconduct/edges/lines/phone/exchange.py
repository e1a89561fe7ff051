# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an office's Asterisk is set up: what is told, and the configuration files made of it.

The shipped templates lie in `asterisk/`; what is filled in is checked first, so that no value can
become a line of its own.  The files hold passwords: whoever writes them keeps them from others.
Not what the telephone does with calls (`flow`), nor whether a running Asterisk is as it should be
(`check`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import ClassVar, Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from safeconduct.edges.lines.phone.duty import NAME
from safeconduct.edges.lines.phone.modules import LOADED
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.languages import LANGUAGES

TEMPLATES: Final = Path(__file__).parent / "asterisk"
APP: Final = "hotline"
"""The name by which the program takes calls over ARI."""
TRUNK: Final = "trunk"
_NAME: Final = re.compile(NAME)
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_PLACE: Final = re.compile(r"[A-Za-z0-9.:\[\]/_+@~-]{0,250}")
_SECRET: Final = re.compile(r"[A-Za-z0-9._~+/=-]{12,200}")


@dataclass(eq=False)
class BadSetting(Refused):
    """A value cannot stand in Asterisk's configuration; `field` names the line's setting."""

    code: ClassVar[str] = "bad_setting"
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody's telephone: a softphone over TLS, the desk's browser, or one set up by hand."""

    name: str
    way: Literal["softphone", "browser", "own"] = "softphone"
    password: str = ""

    def __post_init__(self) -> None:
        """Refuse a name or password that the files cannot hold."""
        _matches(_NAME, self.name, "telephones")
        if self.name in {TRUNK, "operator", "place", "global", "udp", "tcp", "tls", "ws"}:
            raise BadSetting("telephones")
        if self.way != "own":
            _matches(_SECRET, self.password, "telephones")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """The provider by which calls come; `number` is shown where somebody asked to be called."""

    host: str
    addresses: tuple[str, ...]
    transport: Literal["udp", "tcp", "tls"] = "udp"
    user: str = ""
    password: str = ""
    number: str = ""

    def __post_init__(self) -> None:
        """Refuse what the files cannot hold."""
        for value in self.addresses:
            _matches(_PLACE, value, "trunk_addresses")
        _matches(_PLACE, self.host, "trunk_host")
        if not self.host:
            raise BadSetting("trunk_host")
        if not self.addresses:
            raise BadSetting("trunk_addresses")
        _matches(_PLACE, self.user, "trunk_user")
        _matches(_PLACE, self.number, "trunk_number")
        if self.user:
            _matches(_SECRET, self.password, "trunk_password")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sip:
    """Where Asterisk listens for telephones; `outside` is its address behind a router."""

    address: str = "0.0.0.0"  # noqa: S104  Telephones come from anywhere; a firewall decides.
    port: int = 5060
    tls_port: int = 5061
    rtp_first: int = 12_000
    rtp_last: int = 19_998
    outside: str = ""

    def __post_init__(self) -> None:
        """Refuse what the files cannot hold."""
        _matches(_PLACE, self.address, "sip_address")
        _matches(_PLACE, self.outside, "sip_outside")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ari:
    """How the program speaks to Asterisk, on this machine alone."""

    password: str
    port: int = 8088
    user: str = "hotline"

    def __post_init__(self) -> None:
        """Refuse what the files cannot hold."""
        _matches(_SECRET, self.password, "ari_password")
        _matches(_WORD, self.user, "ari_user")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where Asterisk finds and keeps things: its own settings, memory, prompts and modules."""

    own: str = "/etc/asterisk"
    run: str = "/run/asterisk"
    prompts: str = "/etc/asterisk/prompts"
    modules: str = "/usr/lib/x86_64-linux-gnu/asterisk/modules"
    sounds: str = "/usr/share/asterisk"

    def __post_init__(self) -> None:
        """Refuse what the files cannot hold."""
        for each in fields(self):
            value = getattr(self, each.name)
            _matches(_PLACE, value, f"{each.name}_folder")
            if not value.startswith("/"):
                raise BadSetting(f"{each.name}_folder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """All that the configuration files say; `languages` in the order in which they are offered."""

    trunk: Trunk
    operators: tuple[Operator, ...]
    ari: Ari
    languages: tuple[str, ...] = ("en",)
    sip: Sip = field(default_factory=Sip)
    folders: Folders = field(default_factory=Folders)

    def __post_init__(self) -> None:
        """Refuse languages that are not spoken here, and operators of one name."""
        if not self.languages or not set(self.languages) <= set(LANGUAGES):
            raise BadSetting("languages")
        if len({one.name for one in self.operators}) != len(self.operators):
            raise BadSetting("telephones")


def configuration(exchange: Exchange) -> Mapping[str, str]:
    """Return Asterisk's configuration files, by name."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  No pages; what is filled in was checked above.
        keep_trailing_newline=True,
    )
    told = {each.name: getattr(exchange, each.name) for each in fields(exchange)}
    folders = {each.name: getattr(exchange.folders, each.name) for each in fields(Folders)}
    everybody = "&".join(f"PJSIP/{one.name}" for one in exchange.operators)
    return {
        name: jinja.get_template(name).render(
            **told, **folders, app=APP, loaded=LOADED, everybody=everybody
        )
        for name in sorted(path.name for path in TEMPLATES.glob("*.conf"))
    }


def _matches(pattern: re.Pattern[str], value: str, field: str) -> None:
    """Refuse a value that is not wholly of a pattern.

    Raises:
        BadSetting: it is not.
    """
    if pattern.fullmatch(value) is None:
        raise BadSetting(field)
