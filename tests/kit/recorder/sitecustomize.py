# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write down each function of the product that this process calls, as `file:line`.

Python runs this file before anything else in every process that has its folder on the path, so
that the processes which a test starts are heard too.  Each line is written at once: some are
killed.
"""

import os
import sys
import threading
from types import CodeType, FrameType

SOURCE = os.environ["ATTACK_SOURCE"] + os.sep
CALLED = os.open(os.environ["ATTACK_CALLED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
seen: set[CodeType] = set()


def hear(frame: FrameType, event: str, _: object) -> None:
    """Hear of a call."""
    code = frame.f_code
    if event != "call" or code in seen:
        return
    seen.add(code)
    if code.co_filename.startswith(SOURCE):
        where = f"{code.co_filename.removeprefix(SOURCE)}:{code.co_firstlineno}\n"
        os.write(CALLED, where.encode())


threading.setprofile(hear)
sys.setprofile(hear)
