# SPDX-License-Identifier: AGPL-3.0-or-later
"""Render the documents as plain pages under `build/docs`, to be read without a network.

Every relative link must lead to a file and, where it names one, to a heading in it.  Exits
with 1 and the list of those that do not.
"""

import html
import re
import shutil
import sys
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build" / "docs"
PAGE = """<!doctype html>
<html lang="{language}" dir="ltr"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 sans-serif; }}
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; }} th, td {{ border: 1px solid; padding: .2rem .5rem; }}
pre {{ overflow-x: auto; border: 1px solid; padding: .5rem; }} img {{ max-width: 100%; }}
</style></head><body>
{body}</body></html>
"""
MARKDOWN = MarkdownIt("commonmark").enable("table")


def main() -> int:
    """Render every page and return how `make docs` should end."""
    shutil.rmtree(OUT, ignore_errors=True)
    pages = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    headings = {page: anchors(page) for page in pages}
    broken = [problem for page in pages for problem in broken_links(page, headings)]
    for page in pages:
        render(page)
    copy_pictures()
    print(f"{len(pages)} pages in {OUT.relative_to(ROOT)}")
    print(*broken, sep="\n", end="\n" if broken else "")
    return 1 if broken else 0


def tokens(page: Path) -> list[Token]:
    """Parse a page, its inline parts included."""
    blocks = MARKDOWN.parse(page.read_text(encoding="utf-8"))
    return [inner for block in blocks for inner in (block, *(block.children or ()))]


def anchor(heading: str) -> str:
    """Name a heading the way that code hosts do."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Every heading of a page, as an anchor."""
    parsed = MARKDOWN.parse(page.read_text(encoding="utf-8"))
    pairs = pairwise(parsed)
    return {anchor(text.content) for opening, text in pairs if opening.type == "heading_open"}


def broken_links(page: Path, headings: dict[Path, set[str]]) -> list[str]:
    """Every link and picture of a page that leads nowhere."""
    broken = []
    for token in tokens(page):
        link = str(token.attrGet("href") or token.attrGet("src") or "")
        if not link or re.match(r"[a-z]+:", link):
            continue
        target, _, heading = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (heading and heading not in headings.get(file, {heading})):
            broken.append(f"{page.relative_to(ROOT)}: {link}")
    return broken


def render(page: Path) -> None:
    """Write one page, its links turned from sources to pages."""
    parsed = MARKDOWN.parse(page.read_text(encoding="utf-8"))
    for position, token in enumerate(parsed):
        if token.type == "heading_open":
            token.attrSet("id", anchor(parsed[position + 1].content))
        for inner in token.children or ():
            link = str(inner.attrGet("href") or "")
            if link and not re.match(r"[a-z]+:", link):
                inner.attrSet("href", re.sub(r"\.md(?=#|$)", ".html", link))
    title = next((token.content for token in parsed if token.type == "inline"), page.stem)
    body = MARKDOWN.renderer.render(parsed, MARKDOWN.options, {})
    target = OUT / page.relative_to(ROOT).with_suffix(".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    language = "ru" if page.stem.endswith(".ru") else "en"
    text = PAGE.format(title=html.escape(title), language=language, body=body)
    target.write_text(text, encoding="utf-8")


def copy_pictures() -> None:
    """Put the pictures where the rendered pages look for them."""
    for picture in (ROOT / "docs").rglob("*"):
        if picture.suffix in {".png", ".jpg", ".svg", ".webp"}:
            target = OUT / picture.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(picture, target)


if __name__ == "__main__":
    sys.exit(main())
