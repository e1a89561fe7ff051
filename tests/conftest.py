# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every test shares: how hard Hypothesis looks, and what the garbage collector looks at.

`CI` draws the same examples every time, so that a red run is somebody's change and not luck.
`HYPOTHESIS_PROFILE=nightly` looks long and differently each time.
"""

import gc
import os

from hypothesis import HealthCheck, settings

# Two cores shared with browsers: a slow draw is no finding.
_PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", deadline=None, max_examples=50, suppress_health_check=_PATIENT)
settings.register_profile(
    "ci", parent=settings.get_profile("dev"), derandomize=True, max_examples=100, database=None
)
settings.register_profile("nightly", parent=settings.get_profile("dev"), max_examples=5_000)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)


# Nothing that is loaded until all tests are collected goes before the run ends: the modules, and
# thousands of tests.  The collector never looks at them.
gc.disable()


def pytest_collection_finish() -> None:
    """Let the collector look at what tests make, and at nothing else."""
    gc.freeze()
    gc.enable()
