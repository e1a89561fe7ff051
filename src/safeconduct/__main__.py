# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m safeconduct` is the command `safeconduct`."""

import sys

from safeconduct.programs.main import main

sys.exit(main())
