# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times, sizes and troubles in words, in both languages, and that no text is left untranslated."""

from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from safeconduct.edges.desk import troubles
from safeconduct.edges.desk.i18n import LOCALES, direction, preferred
from safeconduct.edges.desk.wording import Wording
from safeconduct.kernel.errors import (
    Defect,
    Malformed,
    Refused,
    SafeconductError,
    Unreachable,
    WrongPassphrase,
)
from safeconduct.kernel.steps import MadeByNewer
from safeconduct.kernel.words import DAY, HOUR, MINUTE, SECOND, Instant
from safeconduct.rooms.crew import Role

NOW = Instant(1_795_143_240_000)  # 20 November 2026, 02:54 UTC.
DESK = Path(troubles.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "say": None, "ngettext": (1, 2)}
TEMPLATES = {"newstyle_gettext": "true", "extensions": "jinja2.ext.do", "silent": "false"}
"""As pages are rendered; a template that cannot be read fails, and is not left out."""
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


@pytest.mark.parametrize(
    ("waited", "en", "ru"),
    [
        (0, "waits less than a minute", "ждёт меньше минуты"),
        (-HOUR, "waits less than a minute", "ждёт меньше минуты"),
        (59 * SECOND, "waits less than a minute", "ждёт меньше минуты"),
        (MINUTE, "waits 1 min", "ждёт 1 мин"),
        (14 * MINUTE, "waits 14 min", "ждёт 14 мин"),
        (HOUR, "waits 1 h", "ждёт 1 ч"),
        (3 * HOUR + 20 * MINUTE, "waits 3 h 20 min", "ждёт 3 ч 20 мин"),
        (15 * HOUR + 59 * MINUTE, "waits 15 h", "ждёт 15 ч"),
        (DAY, "waits 1 day", "ждёт 1 день"),
        (3 * DAY, "waits 3 days", "ждёт 3 дня"),
        (21 * DAY, "waits 21 days", "ждёт 21 день"),
        (112 * DAY, "waits 112 days", "ждёт 112 дней"),
    ],
)
def test_waiting_is_said_as_people_say_it(waited: int, en: str, ru: str) -> None:
    since = Instant(NOW - waited)
    assert Wording("en").waits(since, NOW) == en
    assert Wording("ru").waits(since, NOW) == ru


@pytest.mark.parametrize(
    ("ago", "zone", "en", "ru"),
    [
        (0, UTC, "02:54", "02:54"),
        (3 * HOUR, UTC, "yesterday 23:54", "вчера 23:54"),
        (3 * HOUR, timezone(timedelta(hours=3)), "02:54", "02:54"),
        (3 * DAY, UTC, "17 November, 02:54", "17 ноября, 02:54"),
        (400 * DAY, UTC, "16 October 2025, 02:54", "16 октября 2025, 02:54"),
    ],
)
def test_moments_are_said_in_the_time_of_the_place(
    ago: int, zone: timezone, en: str, ru: str
) -> None:
    at = Instant(NOW - ago)
    assert Wording("en", zone).at(at, NOW) == en
    assert Wording("ru", zone).at(at, NOW) == ru


@pytest.mark.parametrize(
    ("hours", "en", "ru"),
    [
        (0, "24 December", "24 декабря"),
        (3, "24 December", "24 декабря"),
        (-5, "23 December", "23 декабря"),
    ],
)
def test_an_answers_end_is_the_last_day_that_is_whole(hours: int, en: str, ru: str) -> None:
    end, zone = (
        Instant(1_798_156_800_000),
        timezone(timedelta(hours=hours)),
    )  # 25 December, 0:00 UTC.
    assert Wording("en", zone).last_day(end, NOW) == en
    assert Wording("ru", zone).last_day(end, NOW) == ru


def test_urgency_grows() -> None:
    words = Wording("en")
    urgencies = [words.urgency(Instant(NOW - ago), NOW) for ago in (0, HOUR, 12 * HOUR, 90 * DAY)]
    assert urgencies == ["new", "long", "longest", "longest"]


def test_sizes() -> None:
    sizes = [Wording("ru").size(size) for size in (0, 1, 2, 1023, 1024, 5 << 20, 524_288_000)]
    assert sizes == ["0 байт", "1 байт", "2 байта", "1023 байта", "1 КБ", "5 МБ", "500 МБ"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_role_has_a_name(language: str) -> None:
    names = {Wording(language).role(role) for role in Role}
    assert len(names) == len(Role)
    assert not names & {role.name for role in Role}


class Unheard(Refused):
    """A refusal that no wording names."""

    code = "unheard_of"


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "error", [WrongPassphrase(), Unheard(), Unreachable(), Malformed("box"), Defect()]
)
def test_no_error_is_shown_as_a_code(error: SafeconductError, language: str) -> None:
    words = troubles.problem(error, language)
    assert error.code not in words
    assert "_" not in words
    assert words.endswith(".")


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("fr, ru;q=0.2", "ru"),
        ("ru;q=0, en", "en"),
        ("ru;q=x", "en"),
        ("*", "en"),
        ("," * 1000, "en"),
    ],
)
def test_the_browser_is_asked_for_its_language(accept: str, language: str) -> None:
    assert preferred(accept) == language


def test_direction() -> None:
    assert [direction(tag) for tag in ("en", "ru", "ar", "fa-AF")] == ["ltr", "ltr", "rtl", "rtl"]


def test_every_text_of_the_desk_is_in_the_russian_catalogue() -> None:
    with (LOCALES / "ru" / "LC_MESSAGES" / "desk.po").open("rb") as file:
        known = {
            message.id if isinstance(message.id, str) else tuple(message.id)
            for message in read_po(file)
            if message.id
        }
    found = {
        message if isinstance(message, str) else tuple(message)
        for name, _, message, _, _ in extract_from_dir(
            DESK,
            method_map=METHODS,
            options_map={"templates/**.html": TEMPLATES},
            keywords=KEYWORDS,
        )
        if "examples" not in name
    }
    assert len(found) > 100
    assert found - known == set()
    assert known - found == set()


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("instant", [253_402_300_800_000, 2**63 - 1, 2**64 - 1])
def test_a_time_that_no_calendar_has_spoils_no_page(language: str, instant: int) -> None:
    words = Wording(language, timezone(timedelta(hours=14)))
    assert "9999" in words.at(Instant(instant), NOW)
    assert "9999" in words.last_day(Instant(instant), NOW)
    assert words.stamp(Instant(instant)).startswith("9999-12-31")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_older_desk_names_the_command_that_brings_newer_data_back(language: str) -> None:
    assert "safeconduct migrate --to 3" in troubles.problem(MadeByNewer(5, 3), language)
