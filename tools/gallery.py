# SPDX-License-Identifier: AGPL-3.0-or-later
"""One page with every part of the desk's screens: `build/gallery.html`.

A part is one macro in `edges/desk/templates/parts/NAME.html`; beside it `NAME.examples.html`
shows it with ordinary and hostile words.  A part without examples ends the run with 1.
"""

import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).parents[1]
DESK = ROOT / "src" / "safeconduct" / "edges" / "desk"
PARTS = DESK / "templates" / "parts"
OUT = ROOT / "build" / "gallery.html"
PAGE = """<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Parts</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{styles}</head><body><main><h1>Parts</h1>
{sections}</main></body></html>
"""


def main() -> int:
    """Write the page and name the parts that nobody gave an example."""
    names = sorted(
        path.stem for path in PARTS.glob("*.html") if not path.stem.endswith(".examples")
    )
    missing = [name for name in names if not (PARTS / f"{name}.examples.html").exists()]
    shown = [name for name in names if name not in missing]
    styles = "".join(
        f'<link rel="stylesheet" href="{path.as_uri()}">\n' for path in sorted(DESK.rglob("*.css"))
    )
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(
        PAGE.format(styles=styles, sections="\n".join(section(name) for name in shown)),
        encoding="utf-8",
    )
    print(f"{len(shown)} parts in {OUT.relative_to(ROOT)}")
    print(*(f"no examples: {name}" for name in missing), sep="\n", end="\n" if missing else "")
    return 1 if missing else 0


def section(name: str) -> str:
    """Render the examples of one part under its name."""
    pages = Environment(
        loader=FileSystemLoader(DESK / "templates"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
    )
    # The original English is what a reviewer reads; translations have their own tests.
    pages.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    examples = pages.get_template(f"parts/{name}.examples.html").render()
    return f'<section id="{name}"><h2>{name}</h2>\n{examples}</section>'


if __name__ == "__main__":
    sys.exit(main())
