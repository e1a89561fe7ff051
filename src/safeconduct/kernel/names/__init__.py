# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's name in any script: which spellings can be one name, and why.

Names come in Cyrillic and in every romanisation, in cases, as they are said at home, and in
Arabic letters.  `keys_of` gives what all of these have in common, for an index; `likeness` compares
two names; `names_in` finds the words of a text that are names; `forms_of` shows how one may be
written.

It refuses to be a judge of persons: that two names are alike says nothing of whose they are.
It keeps nothing, and is total and bounded on any text.

>>> bool(keys_of("Магомед") & keys_of("Mukhammad"))
True
>>> likeness("Саша Иванова", "Ivanova Aleksandra").band
<Band.LIKELY: 3>
"""

from safeconduct.kernel.names.forms import FORMS_MOST, forms_of
from safeconduct.kernel.names.intext import NameIn, keys_asked, keys_of_text, names_in
from safeconduct.kernel.names.keys import KEYS_MOST, keys_of
from safeconduct.kernel.names.letters import TEXT_MOST, WORDS_MOST
from safeconduct.kernel.names.likeness import Band, Likeness, likeness
from safeconduct.kernel.names.places import place_sounds
from safeconduct.kernel.names.romanise import SCHEMES, romanise
from safeconduct.kernel.names.words import Reason

__all__ = [
    "FORMS_MOST",
    "KEYS_MOST",
    "SCHEMES",
    "TEXT_MOST",
    "WORDS_MOST",
    "Band",
    "Likeness",
    "NameIn",
    "Reason",
    "forms_of",
    "keys_asked",
    "keys_of",
    "keys_of_text",
    "likeness",
    "names_in",
    "place_sounds",
    "romanise",
]
