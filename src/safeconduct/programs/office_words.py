# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's own eight words on a terminal, in every language that a page may show them in."""

from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.words import OfficeId
from safeconduct.programs.wording import say


def show_office_words(office: OfficeId, page_key: bytes) -> None:
    """Print the words, and what they are for."""
    print(say("The office's own eight words, for everyone to compare; they open nothing:"))
    for words in LISTS:
        shown = office_words(office, page_key, words)
        print(f"  {LANGUAGES[words].name}: {' '.join(shown)}")
