# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the page as one file, which people hand on and open from a disk (docs/adr/0032).

Everything is inside: all languages, the style, the script with its worker, the word lists, the
keys that it pins.  Its policy names script and style by their hashes and lets it reach the office's
addresses alone.  Invariant: the same configuration gives the same bytes, so that `file_digest`
can be published and checked with `sha256sum`.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from safeconduct.edges.portal.rendering import HERE, render, render_block, style
from safeconduct.edges.portal.shortening import short_page
from safeconduct.kernel.errors import Defect
from safeconduct.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from safeconduct.edges.portal.config import PortalConfig

ENDS_OF_SCRIPTS: Final = ("</script", "<!--", "\r")
"""What would end a script, or be read as another byte, where it stands in a page."""


def one_file(config: PortalConfig) -> bytes:
    """Return the page of all its languages as one file.

    Raises:
        Defect: no address is given, or the bundle or a catalogue is missing.
    """
    if not config.addresses:
        raise Defect
    script = (HERE / "static" / "onefile.js").read_text(encoding="utf-8")
    if any(end in script for end in ENDS_OF_SCRIPTS):
        raise Defect
    shown = style()
    inside = {
        "policy": Markup(_policy(config, script, shown)),  # noqa: S704  (addresses are checked)
        "script": Markup(script),  # noqa: S704  (our own bundle, which a test builds anew)
        "style": Markup(shown),  # noqa: S704  (our own)
    }
    languages = [config.language, *(one for one in config.languages if one != config.language)]
    first, *others = [_parts(config, language) for language in languages]
    places = {**first, **inside, "others": others, "addresses": config.addresses}
    return render(config, "onefile.html", config.language, places).encode()


def file_digest(config: PortalConfig) -> str:
    """Return the SHA-256 of the one file in lower-case hex, as `sha256sum` prints it."""
    return hashlib.sha256(one_file(config)).hexdigest()


def _parts(config: PortalConfig, language: str) -> dict[str, object]:
    """Return what one language's page puts into the file."""
    # The way without scripts is a page of the server; where a file can be opened, scripts can run.
    places = {"addresses": config.addresses, "file_digest": None, "counter_url": None}
    parts = {
        name: Markup(short_page(render_block(config, name, language, places)))  # noqa: S704  (escaped)
        for name in ("body", "unscripted", "title")
    }
    return {"language": language, "direction": LANGUAGES[language].direction, **parts}


def _policy(config: PortalConfig, script: str, shown: str) -> str:
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(shown)}'; "
        f"connect-src {' '.join(config.addresses)}; worker-src blob:; img-src data:; "
        "form-action 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types portal"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
