# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fills the portal's templates in one language; knows the configuration and nothing else."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import jinja2
from markupsafe import Markup

from safeconduct.edges.portal.shortening import short_style, short_words
from safeconduct.edges.portal.wordings import OF_ONE_FILE, WORDINGS
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.edges.portal.config import PortalConfig

HERE: Final = Path(__file__).parent
LOCALE: Final = HERE.parents[1] / "locale"


def render(config: PortalConfig, template: str, language: str, places: Mapping[str, object]) -> str:
    """Return a template in one language, with its places filled in."""
    filled = _places(config, language, places)
    return str(_environment(language).get_template(template).render(filled))


def render_block(
    config: PortalConfig, block: str, language: str, places: Mapping[str, object]
) -> str:
    """Return one part of the page in one language."""
    page = _environment(language).get_template("page.html")
    context = page.new_context(_places(config, language, places))
    return "".join(page.blocks[block](context))


def _places(config: PortalConfig, language: str, places: Mapping[str, object]) -> dict[str, object]:
    catalogue = gettext.translation("portal", LOCALE, [language])
    said = dict(WORDINGS) | (OF_ONE_FILE if places["addresses"] else {})
    ours = LANGUAGES[language]
    filled = {
        "language": language,
        "languages": [(code, LANGUAGES[code].name) for code in config.languages],
        "direction": ours.direction,
        "read_by_natives": ours.read,
        "words_of": ours.words,
        # What is no text of the page's language runs from left to right, and apart.
        "ltr": Markup(' dir="ltr"') if ours.direction == "rtl" else "",
        "words_run": Markup(f' dir="{LANGUAGES[ours.words].direction}"')  # noqa: S704  (ours)
        if ours.runs_against_words
        else "",
        "office": config.office.hex(),
        "pin": config.intake_signing.hex(),
        "counter_url": config.counter_url,
        "exit_url": config.exit_url,
        "wordings": [(key, catalogue.gettext(message)) for key, message in said.items()],
        "words": short_words(LISTS[ours.words]),
    }
    return filled | dict(places)


def style() -> str:
    """Return the style, without what only its readers need."""
    return short_style((HERE / "static" / "page.css").read_text(encoding="utf-8"))


@cache
def _environment(language: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = gettext.translation("portal", LOCALE, [language])
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return environment
