# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screen of the person's side says, held against the catalogue of its language.

Everything that can be read must be a text of the catalogue, whole and in that language, or among
what the test says was written by somebody: a text that nobody translated is found, and so is one
that stands in another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from babel.messages.pofile import read_po

from tests.kit.browsers import Browser
from tools.translating import catalogue_of

READ: Final = """(() => {
    const seen = (one) => one.checkVisibility() && !one.closest('[lang]:not(html)');
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
        if (seen(texts.currentNode.parentElement)) found.push(texts.currentNode.data);
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        for (const one of document.querySelectorAll(`[${name}]`)) {
            if (seen(one)) found.push(one.getAttribute(name));
        }
    }
    return found.map((one) => one.replace(/\\s+/g, ' ').trim()).filter(Boolean);
})()"""
"""Every text node and every label that a person may see or hear."""
_PLACE: Final = re.compile(r"\\{\w+\\}")
_NO_WORDS: Final = re.compile(r"[\W\d_]+(UTC)?")
"""Numbers, hours and dashes need no language, and the world's clock has one name."""


@cache
def _said_in(language: str) -> re.Pattern[str]:
    """Match each text of a language, with anything in its places."""
    with catalogue_of(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    said = (" ".join(str(one.string or one.id).split()) for one in catalogue if one.id)
    return re.compile("|".join(_PLACE.sub(".+", re.escape(one)) for one in said))


def strange(page: Browser, language: str, written: Iterable[str] = ()) -> list[str]:
    """Return what the screen says that is neither of its language nor written by somebody."""
    ours, theirs = _said_in(language), {" ".join(one.split()) for one in written}
    return [
        said
        for said in page.evaluate(READ)
        if said not in theirs and not _NO_WORDS.fullmatch(said) and not ours.fullmatch(said)
    ]
