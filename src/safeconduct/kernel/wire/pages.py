# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call to a phone, byte for byte: the same by every desk and by the relay (spec/duty.md 5)."""

from __future__ import annotations

from typing import Final

SENTENCE: Final = "Please look in when you can."
"""All that a phone is ever told, whatever happened, to whomever, in every language."""
HEADERS: Final = {"Content-Type": "text/plain; charset=utf-8", "Priority": "high"}
