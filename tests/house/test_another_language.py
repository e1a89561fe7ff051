# SPDX-License-Identifier: AGPL-3.0-or-later
"""One more language is added as docs/guide/translating.md says, in a copy of the sources.

Its translation is made up: each text in brackets.  So whatever a person would read of the sources'
English on the page, in the one file or at the counter stands without them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from babel.messages.pofile import read_po, write_po

from safeconduct.kernel.languages import LANGUAGES
from tests.house.tree import SOURCE

ROOT = SOURCE.parents[1]
CODE, NAME = "fa", "فارسی"
ROW = f'        "{CODE}": Language("{NAME}", words="en", direction="rtl"),\n'
LAST_ROW = '        "fr": Language("Français", words="en"),\n'
SHOW = """
import json
from safeconduct.edges.counter.config import CounterConfig
from safeconduct.edges.counter.screens import PAGES, Screens
from safeconduct.edges.portal import PortalConfig, one_file, portal_site
from safeconduct.kernel.seal.keys import SigningKey

KEY, BOTH, HERE = SigningKey.from_seed(bytes(32)).public.raw, ("fa", "en"), "http://127.0.0.1:1"
config = PortalConfig(bytes(16), KEY, "fa", addresses=(HERE,), languages=BOTH)
shown = {"page": portal_site(config).pages["fa"].body, "file": one_file(config)}
counter = CounterConfig(
    office=bytes(16), intake_signing=bytes(1984), relay=HERE, language="fa", languages=BOTH
)
values = {"phrase": ("abacus",), "typed": False, "carried": [], "answers": [], "received": []}
values |= {"had": "", "pending": ""}
shown |= {name: Screens(counter).page(name, "fa", values).body for name in PAGES}
print(json.dumps({name: body.decode() for name, body in shown.items()}))
"""


def run(folder: Path, *command: str) -> str:
    """Run Python over the copied sources."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page in a language that was added by the recipe."""
    folder = tmp_path_factory.mktemp("another")
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SOURCE, folder / "src" / "safeconduct", ignore=left_out)
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=left_out)
    table = folder / "src" / "safeconduct" / "kernel" / "languages.py"
    rows = table.read_text(encoding="utf-8")
    assert rows.count(LAST_ROW) == 1
    table.write_text(rows.replace(LAST_ROW, LAST_ROW + ROW), encoding="utf-8")
    run(folder, "tools/translating.py", "new", CODE)
    source = folder / "src" / "safeconduct" / "locale" / CODE / "LC_MESSAGES" / "portal.po"
    translate(source)
    run(folder, "tools/locales.py")
    pages: dict[str, str] = json.loads(run(folder, "-c", SHOW))
    return pages


def translate(source: Path) -> None:
    """Put each text in brackets."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=CODE)
    for message in catalogue:
        message.string = f"⟦{message.id}⟧" if message.id else message.string
    with source.open("wb") as file:
        write_po(file, catalogue)


def said(tree: Element) -> Iterator[str]:
    """Every text that a person sees or hears; words, code and other languages left out."""
    for node in tree.iter():
        if node.tag == "head" or node.get("class") == "words" or node.get("id") == "words":
            node.clear()
        if node.tag in {"script", "style", "code", "a"} or node.get("lang") == "en":
            node.text = None
        yield from (node.text or "", node.tail or "", node.get("aria-label") or "")


def untranslated(page: str) -> list[str]:
    """What stands on a page without brackets, and has letters."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    texts = {text.strip() for text in said(tree)} - {NAME}
    return [text for text in texts if re.search(r"[^\W\d_]", re.sub(r"⟦[^⟧]*⟧", "", text))]


@pytest.mark.parametrize("name", ["page", "about", "write", "back", "answers", "sent", "lost"])
def test_nothing_is_said_but_in_the_language(shown: dict[str, str], name: str) -> None:
    page = shown[name]
    assert page.count("⟦") > 5
    assert untranslated(page) == []


def test_pages_run_its_way_and_offer_it_by_its_name(shown: dict[str, str]) -> None:
    assert CODE not in LANGUAGES
    for name, page in shown.items():
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        assert (tree.get("lang"), tree.get("dir")) == (CODE, "rtl"), name
        assert f">{NAME}<" in page or name in {"answers", "sent", "lost"}
    assert '<ol class="words" id="phrase" dir="ltr">' in shown["page"]
    assert '<ol class="words" dir="ltr">' in shown["sent"]
    assert 'data-list="en"' in shown["page"]
    assert "has read this translation yet" in shown["page"]


def test_what_was_left_untranslated_would_be_seen() -> None:
    assert untranslated("<p>⟦Send⟧ it</p>") == ["⟦Send⟧ it"]
    assert untranslated("<button aria-label='Leave'>⟦x⟧ 5:00</button>") == ["Leave"]
