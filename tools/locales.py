# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compile each translation: `locale/ru/LC_MESSAGES/desk.po` gives `desk.mo` beside it.

The compiled files are committed, so that an installed Safeconduct needs no compiler;
`tests/house/test_locales.py` holds that they are equal.
"""

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[1] / "src" / "safeconduct" / "locale"


def main() -> None:
    """Write every compiled file whose source says something else."""
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        compiled = compile_po(source)
        if not target.exists() or target.read_bytes() != compiled:
            target.write_bytes(compiled)
            print(f"compiled {target}")


def compile_po(source: Path) -> bytes:
    """Return the bytes of the compiled form of a translation."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parents[1].name)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
