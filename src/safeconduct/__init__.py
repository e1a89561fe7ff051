# SPDX-License-Identifier: AGPL-3.0-or-later
"""Safeconduct: the working tool of a group that brings hunted people to safety.

Three floors: `kernel` (true everywhere), `rooms` (the work), `edges` (the world).
`programs` starts them and `host` knows the operating system.  Imports go down, never back.
"""

__version__ = "0.1.0.dev0"
