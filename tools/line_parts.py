# SPDX-License-Identifier: AGPL-3.0-or-later
"""Install what tests of lines need beside the rest, as root, and say what is lacking.

Asterisk 22 is not in Debian 12: it comes from the same archive, Debian's newest, into a tree of
its own, with the address that apt itself is set up with (docs/adr/0091).  Not for an office, which
runs its own Asterisk.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

TREE: Final = Path("/var/lib/safeconduct-tests/asterisk")


def asterisk_tree() -> Path:
    """Return the tree in which Asterisk lies, whether or not it is there."""
    return Path(os.environ.get("SAFECONDUCT_ASTERISK") or TREE)
