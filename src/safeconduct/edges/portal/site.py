# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the portal's files: one page a language, one style, one script.

What, not: it serves nothing (routes.py) and knows no secret.  Invariant: a file depends on the
configuration and the language alone, so that everyone gets the same bytes and `digest` can name
them (docs/guide/portal.md).
"""

from __future__ import annotations

import base64
import gettext
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import jinja2

from safeconduct.edges.portal.wordings import WORDINGS
from safeconduct.kernel.errors import Defect
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.words import OFFICE_ID_BYTES, OfficeId

HERE: Final = Path(__file__).parent
LOCALE: Final = HERE.parents[1] / "locale"
LANGUAGES: Final = {"en": "English", "ru": "Русский"}
"""Languages of the page, each named in itself."""
EMPTY_PAGE: Final = "about:blank"


@dataclass(frozen=True, slots=True)
class PortalConfig:
    """What an office decides about its page."""

    office: OfficeId
    intake_signing: bytes
    """The Ed25519 half of the office's intake-signing key, 32 bytes: what pages pin."""
    language: str = "en"
    """For browsers that ask for none of ours."""
    counter_url: str | None = None
    exit_url: str = EMPTY_PAGE
    """Where leaving leads (docs/adr/0006-quick-exit.md)."""

    def __post_init__(self) -> None:
        """Refuse a page that could not work."""
        VerifyKey.parse(self.intake_signing)
        if len(self.office) != OFFICE_ID_BYTES or self.language not in LANGUAGES:
            raise Defect
        if self.counter_url is not None and not _is_web(self.counter_url):
            raise Defect
        if self.exit_url != EMPTY_PAGE and not _is_web(self.exit_url):
            raise Defect


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
    style = _asset((HERE / "static" / "page.css").read_bytes(), "text/css")
    script = _asset((HERE / "static" / "page.js").read_bytes(), "text/javascript")
    hashes = {"style_hash": _integrity(style), "script_hash": _integrity(script)}
    pages = {
        language: _asset(_render(config, language, hashes).encode(), "text/html")
        for language in LANGUAGES
    }
    return PortalSite(pages, style, script, config.language)


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


def _render(config: PortalConfig, language: str, hashes: dict[str, str]) -> str:
    """Return one language's page."""
    catalogue = gettext.translation("portal", LOCALE, [language])
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return environment.get_template("page.html").render(
        language=language,
        languages=LANGUAGES.items(),
        office=config.office.hex(),
        pin=config.intake_signing.hex(),
        counter_url=config.counter_url,
        exit_url=config.exit_url,
        wordings=[(key, catalogue.gettext(message)) for key, message in WORDINGS],
        words=LISTS[language],
        **hashes,
    )


def _asset(body: bytes, kind: str) -> Asset:
    return Asset(body, gzip.compress(body, 9, mtime=0), f"{kind}; charset=utf-8")


def _integrity(asset: Asset) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(asset.body).digest()).decode()


def _is_web(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
