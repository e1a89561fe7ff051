# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the portal's files: one page a language, one style, one script.

What, not: it serves nothing (routes.py) and knows no secret.  Invariant: a file depends on the
configuration and the language alone, so that everyone gets the same bytes and `digest` can name
them (docs/guide/portal.md).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.edges.portal.config import PortalConfig
from safeconduct.edges.portal.onefile import file_digest
from safeconduct.edges.portal.rendering import HERE, render, style
from safeconduct.edges.portal.shortening import short_page


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, also packed."""

    body: bytes
    packed: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class PortalSite:
    """All the files of the portal."""

    pages: Mapping[str, Asset]
    """By language."""
    style: Asset
    script: Asset
    language: str


def portal_site(config: PortalConfig) -> PortalSite:
    """Make every file once.

    Raises:
        Defect: the bundle or a catalogue is missing from this installation.
    """
    shown = _asset(style().encode(), "text/css")
    script = _asset((HERE / "static" / "page.js").read_bytes(), "text/javascript")
    places: dict[str, object] = {
        "style_hash": _integrity(shown),
        "script_hash": _integrity(script),
        "addresses": (),
        "file_digest": file_digest(config) if config.addresses else None,
    }
    pages = {
        language: _asset(
            short_page(render(config, "page.html", language, places)).encode(), "text/html"
        )
        for language in config.languages
    }
    return PortalSite(pages, shown, script, config.language)


def digest(site: PortalSite) -> str:
    """Return one SHA-256 over all files of all languages, in lower-case hex.

    It is the hash of `name, 0x00, u64 length, bytes` of each file in the order of their names,
    which are `page.css`, `page.js` and `<language>.html`.
    """
    files = {f"{language}.html": page for language, page in site.pages.items()}
    files |= {"page.css": site.style, "page.js": site.script}
    total = hashlib.sha256()
    for name, asset in sorted(files.items()):
        total.update(name.encode() + b"\0" + len(asset.body).to_bytes(8, "big") + asset.body)
    return total.hexdigest()


def _asset(body: bytes, kind: str) -> Asset:
    return Asset(body, gzip.compress(body, 9, mtime=0), f"{kind}; charset=utf-8")


def _integrity(asset: Asset) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(asset.body).digest()).decode()
