# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages as bytes: templates, languages, and padding that hides how much stands on a page.

Whatever a person or an office wrote is escaped by the template engine; what has no place in a
page (control characters) is left out when it is shown, not when it is sealed.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from safeconduct.edges.counter.config import MIB
from safeconduct.edges.counter.forms import ASKED
from safeconduct.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.edges.counter.config import CounterConfig

HERE: Final = Path(__file__).parent
LOCALES: Final = HERE.parents[1] / "locale"
STYLE: Final = (HERE / "static" / "style.css").read_bytes()
UNTOLD: Final = dict.fromkeys(ASKED, "")
UNSAID: Final[dict[str, Any]] = {
    **dict.fromkeys(("text", "words", "first", "code_lost"), ""),
    "notice": None,
    "told": UNTOLD,
}
ONION: Final = ".onion"
LEAST_PAGE: Final = 16 << 10
PAGES: Final = ("about", "write", "back", "answers", "sent", "lost")
OK: Final = 200
NOT_FOUND: Final = 404
BAD_REQUEST: Final = 400
# What HTML has no way to show: controls but tab and line feed, and non-characters.
_UNSHOWN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, ready to send."""

    status: int
    language: str
    body: bytes


class Screens:
    """Renders the counter's pages in every language that it offers."""

    def __init__(self, config: CounterConfig) -> None:
        """Read and compile the templates, so that a waiting child answers without delay."""
        self._config: Final = config
        self._portal_url = config.portal_url
        self._environment: Final = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=plain,
        )
        self._environment.filters["when"] = when
        self._templates: Final = {
            name: self._environment.get_template(f"{name}.html") for name in PAGES
        }
        self._translations: Final = {
            code: gettext.translation("portal", LOCALES, [code]) for code in config.languages
        }

    def came_by(self, host: str) -> None:
        """Remember by which name the one request came: by an onion name, the page is met there."""
        name = host.partition(":")[0].lower()
        if name.endswith(ONION) and self._config.onion_portal_url:
            self._portal_url = self._config.onion_portal_url

    def language(self, chosen: str, accepted: str) -> str:
        """Return the language that was chosen, else what the browser asks for, else the office's.

        `accepted` is an Accept-Language header; what is not well-formed in it is passed over.
        """
        if chosen in self._translations:
            return chosen
        asked: list[tuple[float, int, str]] = []
        for at, item in enumerate(accepted.split(",")[:20]):
            tag, _, weight = item.partition(";q=")
            code = tag.strip().lower().partition("-")[0]
            quality = float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight.strip()) else 1.0
            if code in self._translations and quality > 0:
                asked.append((-quality, at, code))
        return min(asked)[2] if asked else self._config.language

    def page(
        self, name: str, language: str, values: Mapping[str, Any], *, status: int = OK
    ) -> Page:
        """Return a page, padded so that its length does not tell what stands on it."""
        text = self._templates[name].render(
            _=self._translations[language].gettext,
            page=name,
            language=language,
            languages=[(code, LANGUAGES[code].name) for code in self._config.languages],
            ours=LANGUAGES[language],
            words_run=LANGUAGES[LANGUAGES[language].words].direction,
            exit_url=self._config.exit_url,
            portal_url=self._portal_url,
            most_megabytes=self._config.limits.file_bytes // MIB,
            **{**UNSAID, **values},
        )
        body = text.encode("utf-8", "replace")
        size = max(LEAST_PAGE, 1 << (len(body) - 1).bit_length())
        return Page(status, language, body.ljust(size, b"\n"))

    def not_here(self, accepted: str) -> Page:
        """Return the page for an address that does not exist."""
        return self.page("lost", self.language("", accepted), {}, status=NOT_FOUND)

    def not_understood(self) -> Page:
        """Return the page for a request that is no form of ours."""
        return self.page("lost", self._config.language, {}, status=BAD_REQUEST)


def plain(value: object) -> object:
    """Return text without what a page cannot hold; anything else as it is."""
    if type(value) is str and _UNSHOWN.search(value):
        return _UNSHOWN.sub("", value)
    return value


def when(milliseconds: int) -> str:
    """Return a time as every reader reads it; empty for one that no calendar has."""
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return ""
    return moment.strftime("%Y-%m-%d %H:%M UTC")
