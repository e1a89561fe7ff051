# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a test waits for a browser or a program before it calls that in vain.

It claims nothing: what is waited for comes at once on an idle machine, and late on one that does
ten things.  A test that claims a time says its own.
"""

from typing import Final

PATIENCE: Final = 120.0
"""Seconds."""
PATIENT: Final = 1_000 * PATIENCE
"""The same in milliseconds, for Playwright."""
