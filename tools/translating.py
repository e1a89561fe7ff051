# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a translator of the person's side needs (docs/guide/translating.md).

`tools/translating.py new CODE` makes an empty catalogue of all that a person in need can read, on
the page, the page as one file, the counter, a slip and the telephone, in the order in which she
meets it.
`tools/translating.py read CODE` prints a translation alone, for a second reader who does not see
what it was made from.  What helpers read at a desk is no part of either.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from safeconduct.edges.desk.slip_texts import EVERY as SLIPS
from safeconduct.edges.lines.phone.prompt_words import EVERY as PROMPTS
from safeconduct.edges.lines.texts import EVERY as LINES
from safeconduct.edges.portal.wordings import OF_ONE_FILE, WORDINGS

SOURCE = Path(__file__).parents[1] / "src" / "safeconduct"
TEMPLATES = ("edges/portal/templates", "edges/counter/templates")
WORDS = "edges/portal/wordings.py"
LINE_WORDS = "edges/lines/texts.py"
SLIP_WORDS = "edges/desk/slip_texts.py"
PROMPT_WORDS = "edges/lines/phone/prompt_words.py"
LETTERS_A_LINE = 100


def main(arguments: list[str]) -> int:
    """Do one of the two; 2 where neither was asked for."""
    match arguments:
        case ["new", code] if not catalogue_of(code).exists():
            start(code)
        case ["read", code] if catalogue_of(code).exists():
            print("\n\n".join(translated(code)))
        case _:
            print(__doc__)
            return 2
    return 0


def catalogue_of(code: str) -> Path:
    """Return where a language's catalogue of the person's side stands."""
    return SOURCE / "locale" / code / "LC_MESSAGES" / "portal.po"


def messages() -> dict[str, str]:
    """Return every text that a person can read, and the file that says it first."""
    found: dict[str, str] = {}
    for folder in TEMPLATES:
        for path in sorted((SOURCE / folder).glob("*.html")):
            name = path.relative_to(SOURCE).as_posix()
            for message in _of_template(path):
                found.setdefault(message, name)
        if folder == TEMPLATES[0]:
            for message in (*dict(WORDINGS).values(), *OF_ONE_FILE.values()):
                found.setdefault(message, WORDS)
    for texts, name in ((SLIPS, SLIP_WORDS), (LINES, LINE_WORDS), (PROMPTS, PROMPT_WORDS)):
        for message in texts:
            found.setdefault(message, name)
    return found


def translated(code: str) -> Iterator[str]:
    """Give the texts of one language, and nothing else."""
    with catalogue_of(code).open("rb") as file:
        for message in read_po(file, locale=code):
            if message.id and message.string:
                yield str(message.string)


def start(code: str) -> None:
    """Write an empty catalogue."""
    made = Catalog(
        locale=code,
        project="Safeconduct",
        header_comment="# SPDX-License-Identifier: AGPL-3.0-or-later\n"
        "# What a person in need reads: the portal and the counter.  Calm, short, plain.",
        creation_date=datetime(2026, 11, 29, tzinfo=UTC),
        revision_date=datetime(2026, 11, 29, tzinfo=UTC),
        last_translator="Safeconduct",
        fuzzy=False,
    )
    for message, name in messages().items():
        made.add(message, locations=[(name, 1)])
    target = catalogue_of(code)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_po(file, made, width=LETTERS_A_LINE, include_lineno=False)
    print(f"Translate {target}, then: .venv/bin/python tools/locales.py")


def _of_template(path: Path) -> list[str]:
    with path.open("rb") as file:
        options = {"trim_blocks": "1", "lstrip_blocks": "1"}
        return [str(message) for _, _, message, _ in babel_extract(file, ["_"], [], options)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
