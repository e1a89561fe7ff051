# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's own eight words, which people compare (docs/spec/journal.md 2, docs/adr/0032).

They stand for two keys at once: the founding key, of which the office's id is the hash, and the
key that signs for the public page.  Not a secret, and not what opens a box: a person's own eight
words are drawn by chance (docs/spec/mailbox.md 1).
"""

from typing import Final

from safeconduct.kernel.phrase import words_of
from safeconduct.kernel.seal.keys import VERIFY_KEY_BYTES
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.kernel.words import OfficeId

COUNT: Final = 8


def office_words(office: OfficeId, page_key: bytes, language: str) -> tuple[str, ...]:
    """Return the eight words of an office; of the page's key the Ed25519 half counts.

    Raises:
        ValueError: there is no list of words in this language.
    """
    shown = fingerprint("office-words", office + page_key[:VERIFY_KEY_BYTES])
    return words_of(shown, COUNT, language)
