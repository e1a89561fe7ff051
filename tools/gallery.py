# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every part of the desk's pages with its examples: `build/gallery-en.html`, `gallery-ru.html`.

The desk renders them itself (`edges/desk/gallery.py`), so that the gallery shows what pages show.
A part without examples ends the run with 1.
"""

import sys
from pathlib import Path

from safeconduct.edges.desk.gallery import main

OUT = Path(__file__).parents[1] / "build"

if __name__ == "__main__":
    print(f"gallery in {OUT}")
    sys.exit(main([str(OUT)]))
