# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every part of the desk's pages with its examples, as one page in each language.

    python -m safeconduct.edges.desk.gallery build

A part is one macro in `templates/parts/NAME.html`; beside it `NAME.examples.html` shows it with
ordinary and hostile words.  A part without examples ends the run with 1.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Final

from markupsafe import Markup

from safeconduct.edges.desk.gallery_samples import Samples
from safeconduct.edges.desk.gallery_talks import HOSTILE, HOSTILE_WORDS, MIRA, NOW, OWN
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.people import People
from safeconduct.edges.desk.render import TEMPLATES, pages
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew import Roster

PARTS: Final = TEMPLATES / "parts"
STYLE: Final = TEMPLATES.parent / "static" / "desk.css"


def part_names() -> list[str]:
    """Every part."""
    return sorted(p.stem for p in PARTS.glob("*.html") if not p.stem.endswith(".examples"))


def without_examples() -> list[str]:
    """Every part that nobody gave an example."""
    return [name for name in part_names() if not (PARTS / f"{name}.examples.html").exists()]


def examples_of(name: str, language: str) -> str:
    """Return the examples of one part."""
    samples = Samples()
    members = {
        device: samples.member(id=device, person=person)
        for device, person in ((MIRA, "Mira"), (HOSTILE, HOSTILE_WORDS["turned"]))
    }
    people = People(Roster(OfficeId(bytes(16)), members=members), OWN, language)
    context = {"sample": samples, "people": people, "now": NOW, "csrf": "token", "path": "/x"}
    template = pages(language, UTC).get_template(f"parts/{name}.examples.html")
    return template.render(**context)


def gallery(language: str) -> str:
    """Return the page with every part that has examples."""
    missing = without_examples()
    # Rendered by the same templates, so escaped already.
    shown = {
        name: Markup(examples_of(name, language))  # noqa: S704
        for name in part_names()
        if name not in missing
    }
    return pages(language, UTC).get_template("gallery.html").render(shown=shown)


def main(arguments: Sequence[str]) -> int:
    """Write the pages into a folder, and name the parts without examples."""
    folder = Path(*arguments[:1])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(STYLE, folder / STYLE.name)
    for language in LANGUAGES:
        name = f"gallery-{language}.html"
        (folder / name).write_text(gallery(language), encoding="utf-8", errors="replace")
    missing = without_examples()
    sys.stdout.writelines(f"no examples: {name}\n" for name in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
