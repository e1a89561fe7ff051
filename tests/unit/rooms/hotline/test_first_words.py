# SPDX-License-Identifier: AGPL-3.0-or-later
"""First words: which version stands, which is shown, until when, and what is refused."""

from itertools import permutations

import pytest

from safeconduct.edges.desk.first_words_words import OWN, own
from safeconduct.edges.portal import PortalConfig, portal_site
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.wire.first_words import LIVES, TEXT_MOST, FirstWords
from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant, OfficeId
from safeconduct.rooms.hotline import first_words_decide as decide
from safeconduct.rooms.hotline.decide import NothingWritten
from safeconduct.rooms.hotline.first_words import (
    APPROVED_MOST,
    FirstWordsApproved,
    FirstWordsFact,
    FirstWordsTold,
    FirstWordsWithdrawn,
    FirstWordsWritten,
    SaidIn,
    ever_approved,
    fold_first_words,
    shown,
)
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar, WhyMissing

NOW = Instant(1_795_000_000_000)
ADA, BO, CEM = (DeviceId(bytes([one]) * 16) for one in range(3))
TEXTS = (SaidIn("en", "Wait."),)


def fact(number: int) -> FactId:
    """The id of a fact."""
    return FactId(bytes([number]) * 36)


def told(number: int, by: DeviceId, event: FirstWordsFact, at: int = NOW) -> FirstWordsTold:
    """A fact as it was read."""
    return FirstWordsTold(fact(number), by, Instant(at), event)


def apart(one: DeviceId, other: DeviceId) -> bool:
    """Each has one device."""
    return one != other


FIRST = told(1, ADA, FirstWordsWritten(TEXTS, ()))
APPROVED = told(2, BO, FirstWordsApproved(fact(1), NOW + 90 * DAY))
SECOND = told(3, BO, FirstWordsWritten((SaidIn("en", "Come back."),), (fact(1),)))
AGAIN = told(4, ADA, FirstWordsApproved(fact(3), NOW + 90 * DAY), NOW + 1)
GONE = told(5, CEM, FirstWordsWithdrawn((fact(1), fact(3)), "Watched."))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((FIRST,), None),
        ((FIRST, told(2, ADA, APPROVED.event)), None),
        ((FIRST, APPROVED), fact(1)),
        ((FIRST, APPROVED, SECOND), fact(1)),
        ((FIRST, APPROVED, SECOND, told(4, BO, AGAIN.event)), fact(1)),
        ((FIRST, APPROVED, SECOND, AGAIN), fact(3)),
        ((FIRST, APPROVED, GONE), None),
        ((FIRST, APPROVED, SECOND, AGAIN, GONE), None),
        ((FIRST, told(2, BO, APPROVED.event, NOW + 2 * DAY)), None),
    ],
)
def test_in_any_order_the_same_is_shown(
    said: tuple[FirstWordsTold, ...], expected: FactId | None
) -> None:
    for order in permutations(said):
        version = shown(fold_first_words(order, apart), NOW)
        assert (version and version.id) == expected


def test_an_approval_ends_whatever_it_says() -> None:
    long = told(2, BO, FirstWordsApproved(fact(1), NOW + 9 * APPROVED_MOST))
    standing = fold_first_words([FIRST, long], apart)
    assert standing[0].until(NOW) == NOW + APPROVED_MOST
    assert shown(standing, Instant(NOW + APPROVED_MOST)) is None


def test_what_was_taken_back_was_approved_all_the_same() -> None:
    assert ever_approved([FIRST, APPROVED, SECOND, GONE], apart) == {frozenset({("en", "Wait.")})}


def test_what_nobody_could_read_is_not_written() -> None:
    assert decide.write({"en": " Wait. ", "ru": " "}, []) == FirstWordsWritten(TEXTS, ())
    for texts, refusal in (
        ({"en": " "}, NothingWritten),
        ({"en": "x" * (TEXT_MOST + 1)}, decide.FirstWordsTooLong),
        ({"en": "Until {when}."}, decide.StillToBeFilled),
    ):
        with pytest.raises(refusal):
            decide.write(texts, [])


def test_an_approval_has_another_writer_and_an_end() -> None:
    (version,) = fold_first_words([FIRST], apart)
    for by, until, refusal in (
        (ADA, NOW + DAY, decide.ApprovedByItsWriter),
        (BO, NOW, TimeNotAhead),
        (BO, NOW + APPROVED_MOST + 1, TimeTooFar),
    ):
        with pytest.raises(refusal):
            decide.approve(version, by, Instant(until), NOW, apart)
    with pytest.raises(decide.NoSuchWords):
        decide.find([version], fact(9))
    with pytest.raises(decide.NoSuchWords):
        decide.withdraw([], "Watched.")
    with pytest.raises(WhyMissing):
        decide.withdraw([version], " ")


def test_signed_words_live_for_a_week_at_most() -> None:
    with pytest.raises(Malformed):
        FirstWords(1, bytes(16), NOW, NOW + LIVES + 1, {})
    with pytest.raises(Malformed):
        FirstWords(1, bytes(16), NOW, NOW - 1, {})


def test_the_desk_knows_what_pages_say_by_themselves() -> None:
    key = SigningKey.from_seed(bytes(32)).public.raw
    site = portal_site(PortalConfig(OfficeId(bytes(16)), key, languages=tuple(LANGUAGES)))
    for language, page in site.pages.items():
        assert own(language) in page.body.decode()
        assert (own(language) == OWN) is (language == "en")
