# SPDX-License-Identifier: AGPL-3.0-or-later
"""How pages name what stands on sheets: those of a case, and those of houses and roads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Naming:
    """The words of one language for some kinds of sheets."""

    one: Callable[[str], str]
    """A sheet of a kind."""
    field: Callable[[str, str], str]
    """A field of a kind."""
    form: Callable[[str, str], str]
    """In which form its value is."""
    choices: Callable[[str, str], tuple[str, ...]]
    """What may be chosen in it."""
    choice: Callable[[str, str, str], str]
    """What was chosen."""
    names: Callable[[str, str], tuple[str, ...]]
    """The kinds of sheets that it may name."""
    label: Callable[[Any], str]
    """A sheet where another names it."""
