# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether our own mail server vouches for the sender of a mail (RFC 8601).

It vouches for a domain, and not for a person: whoever has the mailbox, or runs its server, is that
sender.  What other servers say is not read, and what nobody says is not proven.
"""

from __future__ import annotations

import re
from typing import Final

_ASIDE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)')
"""What is quoted, and remarks: who sends a mail may choose words that stand there."""
_LEFT: Final = frozenset('"()\\')
_NESTED_MOST: Final = 5
_SAID_MOST: Final = 4_000
"""What is longer is no server's word of this kind, and takes long to read."""
_RESULT: Final = re.compile(r"([a-z0-9.-]+)(?:/[0-9]+)?=([a-z]+)")
_PROPERTIES: Final = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


def vouched(said: str, server: str, sender: str) -> bool:
    """Tell whether what a server says proves the domain of a sender.

    DMARC decides where it was looked at; else SPF or DKIM of that domain, or of one that holds it.
    """
    name, *results = _plain(said).split(";")
    if name.split()[:1] != [server.lower()]:
        return False
    found = [(*match.groups(), one) for one in results if (match := _RESULT.match(one.strip()))]
    domain = sender.rpartition("@")[2].lower()
    dmarc = [(how, one) for method, how, one in found if method == "dmarc"]
    if dmarc:
        return [how for how, _ in dmarc] == ["pass"] and _names(dmarc[0][1], domain)
    return any(how == "pass" and _aligned(method, one, domain) for method, how, one in found)


def _plain(said: str) -> str:
    """Return it without quotes and remarks; nothing where these do not come out even."""
    if len(said) > _SAID_MOST:
        return ""
    for _ in range(_NESTED_MOST):
        said = _ASIDE.sub(" ", said)
    return "" if _LEFT & set(said) else said.lower()


def _names(result: str, domain: str) -> bool:
    """Tell whether a result of DMARC is of the domain that is meant, where it names one."""
    named = _property(result, "header.from")
    return bool(domain) and (not named or named == domain)


def _aligned(method: str, result: str, domain: str) -> bool:
    for name in _PROPERTIES.get(method, ()):
        named = _property(result, name).rpartition("@")[2]
        if named and "." in named and (domain == named or domain.endswith("." + named)):
            return True
    return False


def _property(result: str, name: str) -> str:
    for word in result.split():
        key, _, value = word.partition("=")
        if key == name:
            return value
    return ""
