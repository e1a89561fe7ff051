# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper reads of clean copies: why there is none, and what an original says of itself."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations


def refusals(_: Translate) -> dict[str, str]:
    """Return the words by the refusal's code."""
    return {
        "too_large_to_look": _(
            "This file is too large for a clean copy (64 MB is the most). The original is kept."
        ),
        "no_sandbox": _(
            "This computer cannot make clean copies now: it needs Linux and the program bubblewrap "
            "(on Debian: apt install bubblewrap), and a system that lets it work. Nothing was "
            "opened, and the original is kept. A colleague’s computer may be able to."
        ),
        "converter_failed": _(
            "No clean copy: the file broke the program that reads it, which was shut in and has "
            "ended. It may be damaged, or made to do harm. The original is kept; do not open it on "
            "this computer."
        ),
        "converter_slow": _(
            "No clean copy: reading this file took too long and was ended. It may be made to keep "
            "a computer busy. The original is kept; do not open it on this computer."
        ),
    }


def why(code: str, language: str) -> str:
    """Say why there is no clean copy of what a file is."""
    _ = translations(language).gettext
    return {
        "damaged": _(
            "No clean copy: the file is damaged or was cut short, so it cannot be read. If it "
            "matters, ask for it again."
        ),
        "heic": _(
            "No clean copy: this is a photograph in a newer form (HEIC or AVIF) that is not read "
            "here. If the person can, ask for it as JPEG or as a picture of the screen."
        ),
        "locked": _("No clean copy: this PDF is locked with a password."),
        "media": _("No clean copy: this is sound or film, and this version makes none of those."),
        "office": _(
            "No clean copy: this is an archive or a document of an office program, and this "
            "version makes none of those."
        ),
        "too_large": _(
            "No clean copy: unpacked, this file is larger than any phone’s picture. It may be made "
            "to fill a computer’s memory. The original is kept; do not open it on this computer."
        ),
    }.get(code, _("No clean copy: what kind of file this is cannot be told."))


def mark(word: str, language: str) -> str:
    """Name one thing that a file says of itself."""
    _ = translations(language).gettext
    return {
        "author": _("Author"),
        "camera": _("Camera or phone"),
        "changed": _("Changed"),
        "comment": _("Comment"),
        "copyright": _("Rights"),
        "description": _("Description"),
        "keywords": _("Keywords"),
        "lens": _("Lens"),
        "more": _("Further technical entries"),
        "owner": _("Owner of the camera"),
        "place": _("Place where it was taken"),
        "producer": _("Made by the program"),
        "serial": _("Serial number of the camera"),
        "software": _("Program"),
        "taken": _("Taken or made"),
        "thumbnail": _("A small second picture, which may show what was cut away"),
    }.get(word, _("Title"))
