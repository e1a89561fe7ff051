# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office's own forms in words: what is not taken from a workbook or from a submission."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations


def remark(code: str, language: str) -> str:
    """Say why something in a workbook is not taken as it stands there."""
    _ = translations(language).gettext
    return {
        "type": _("this type of question is not supported: left out"),
        "no_type": _("has no type: left out"),
        "sheet": _("this sheet is not used"),
        "cut": _("this sheet is too long or too wide: not all of it was read"),
        "type_more": _("what stands behind the type is not used"),
        "metadata": _("what a phone writes by itself is not kept: left out"),
        "repeat": _("a group that repeats is not supported: left out with all that is in it"),
        "in_repeat": _("stands in a group that repeats: left out"),
        "name": _("has no name that can be used: left out"),
        "name_twice": _("this name stands further up already: left out"),
        "no_choices": _("the sheet “choices” has no such list: left out"),
        "choice_name": _("a choice has no list or no name that can be used: left out"),
        "choice_twice": _("this choice stands twice in its list: taken once"),
        "choices_many": _("more than 300 choices in one list: left out"),
        "risk": _("only yes, no and unknown can be answered when risk is assessed: choose a part"),
        "part": _("names no part of a case: choose one below"),
        "required": _("is needed only sometimes: here it is never asked for by force"),
        "relevant": _("when it is asked is not worked out here: it is always shown, with this"),
        "constraint": _("what may be answered is not checked here: this stands beside it"),
        "choice_filter": _("choices are not narrowed here: all are offered"),
        "calculation": _("nothing is calculated here"),
        "default": _("no answer is filled in beforehand"),
        "column": _("this column is not used"),
        "too_many": _("more than 300 lines: left out"),
    }[code]


def unused(code: str, language: str) -> str:
    """Say what a form says of a question and a helper has to see to."""
    _ = translations(language).gettext
    return {
        "relevant": _("Asked only if"),
        "constraint": _("Allowed only if"),
        "constraint_message": _("Please note"),
    }.get(code, "")


def fate(code: str, language: str) -> str:
    """Say what became of a submission."""
    _ = translations(language).gettext
    known = {
        "new": _("is in the case now"),
        "updated": _("was here; what is new in it is in the case now"),
        "same": _("was here already; nothing in it is new"),
        "left": _("was left out"),
    }
    return known.get(code) or refusals(_).get(code) or _("could not be brought in")


def left(code: str, language: str) -> str:
    """Say why an answer was not taken."""
    _ = translations(language).gettext
    return {
        "not_asked": _("this version of the form does not ask it"),
        "no_value": _("this cannot be an answer here"),
        "no_key": _("this desk has no key to its part"),
        "twice": _("answered twice: the first is taken"),
    }[code]


def trouble(code: str, language: str) -> str:
    """Say why a file or a submission could not be read."""
    _ = translations(language).gettext
    return {
        "no_submission": _("no submission could be read in this file"),
        "no_key": _("is encrypted: bring the office’s private key with it"),
        "wrong_key": _("is encrypted for another key than the one you brought"),
        "changed": _("is damaged, incomplete, or was changed after it was filled in"),
    }[code]


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not done with forms, by the refusal's code."""
    return {
        "no_xlsform": _(
            "This is no XLSForm: it needs a sheet “survey” with the columns “type” and “name”, and "
            "a question that is supported. Nothing was kept."
        ),
        "no_workbook": _(
            "This is no workbook that can be read, or it is damaged. Save the form as XLSX and "
            "choose it again. Nothing was kept."
        ),
        "no_submissions": _(
            "Nothing of these can be read. Choose XML files that phones filled in, or a zip "
            "archive of them; it may have been damaged on its way. Nothing was kept."
        ),
        "no_form_id": _(
            "Give the form an id of up to 200 characters: the one by which submissions name it."
        ),
        "form_parts_missing": _(
            "Choose a part of the case for each question. Who has its key reads the answers, and "
            "nobody else. Nothing was kept."
        ),
        "form_part_full": _(
            "More than 60 questions stand in one part. Divide them over two forms, or over more "
            "parts. Nothing was kept."
        ),
        "form_version_there": _(
            "The office has this version of this form already. Give this one another version."
        ),
        "form_too_long": _(
            "This form is too long, or has too many versions: more than 500 KB with all languages, "
            "or more than 64 versions. Divide it. Nothing was kept."
        ),
        "no_such_form": _("The office does not ask with this form, or not any more."),
        "no_odk_key": _(
            "This is no private key that can be used: it has to be an RSA key in PEM, without a "
            "passphrase of its own. Nothing was kept."
        ),
        "no_such_case": _("No case that this desk can read is called so."),
    }
