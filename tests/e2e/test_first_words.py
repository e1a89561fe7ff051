# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said at once, in real browsers and without scripts: after the receipt, on coming back."""

import pytest

from tests.e2e.test_portal_visits import assert_no_complaints, come_back, write
from tests.kit.browsers import KINDS
from tests.kit.counter import Got, Visitor, counter
from tests.kit.stage import stage
from tests.kit.visiting import visit

CRY = "Please help."
OURS = {"en": "We read each letter.\nPut the phone away.", "ru": "Мы читаем каждое письмо."}
OWN = "You need not wait here"
NO_PERSON = "No person has answered yet."


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_she_is_told_at_once_until_somebody_has_answered(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        words = " ".join(write(page, office, CRY))
        assert OWN in page.text("#first")
        assert NO_PERSON in page.text("#first")
        page.click("#more")
        assert not page.visible("#first")

        office.say_first(OURS)
        come_back(page, office, words)
        page.wait_text("#first-text", OURS["en"])
        assert NO_PERSON in page.text("#first")
        assert page.text("#letters") == ""

        ((_, letter),) = office.letters()
        office.answer(letter, "I am Ada. Stay inside.")
        come_back(page, office, words)
        page.wait_visible("#letters article")
        assert not page.visible("#first")
        assert_no_complaints(page)

        page.renew()
        page.language("ru")
        write(page, office, "Помогите.")
        page.wait_text("#first-text", OURS["ru"])


def test_without_scripts_she_is_told_the_same() -> None:
    with stage() as office, counter(office) as handle:
        visitor = Visitor(handle.url)
        first = visitor.post_files({"action": "send", "text": CRY, "page": "write"})
        assert OWN in said(first)
        office.say_first(OURS)
        back = {"action": "read", "words": " ".join(first.words), "page": "back"}
        again = said(visitor.post_files(back))
        assert "We read each letter." in again
        assert NO_PERSON in again
        assert OWN not in again
        more = visitor.post_files({**back, "action": "reply-anyway", "text": "More."})
        assert "We read each letter." in said(more)
        ((_, letter), _) = office.letters()
        office.answer(letter, "I am Ada. Stay inside.")
        assert NO_PERSON not in said(visitor.post_files(back))


def said(got: Got) -> str:
    """All that a page says."""
    return " ".join("".join(got.page.itertext()).split())
