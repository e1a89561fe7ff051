# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times, sizes, roles and languages as a person says them, in the language of the page.

Every method gives plain text; pages escape it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from datetime import date as CalendarDay  # noqa: N812  (a method here is called so)
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.i18n import Translate, direction, translations
from safeconduct.kernel.words import DAY, HOUR, MINUTE, Instant
from safeconduct.rooms.cases.sheets import is_date
from safeconduct.rooms.crew.decide import may_open_cases, rooms_of

if TYPE_CHECKING:
    from gettext import NullTranslations

    from safeconduct.rooms.crew import Role

LONG_WAIT: Final = HOUR
LONGEST_WAIT: Final = 12 * HOUR
KIB: Final = 1024
LAST_INSTANT: Final = 253_402_214_400_000
"""The last day of the year 9999: calendars end there, and what strangers say of time does not."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How the pages of one language speak; `zone` None is the zone of this machine."""

    language: str
    zone: tzinfo | None = None

    @property
    def direction(self) -> str:
        """Which way the page runs."""
        return direction(self.language)

    @property
    def _t(self) -> NullTranslations:
        return translations(self.language)

    def waits(self, since: Instant, now: Instant) -> str:
        """Say how long somebody has been waiting."""
        return self._t.gettext("waits {time}").format(time=self.span(now - since))

    def span(self, length: int) -> str:
        """Say a stretch of time, as exactly as helps."""
        if length < MINUTE:
            return self._t.gettext("less than a minute")
        if length < HOUR:
            return self._t.gettext("{count} min").format(count=length // MINUTE)
        if length < DAY:
            hours = self._t.gettext("{count} h").format(count=length // HOUR)
            rest = length % HOUR // MINUTE
            if length >= 12 * HOUR or not rest:
                return hours
            return f"{hours} {self._t.gettext('{count} min').format(count=rest)}"
        days = length // DAY
        return self._t.ngettext("{count} day", "{count} days", days).format(count=days)

    def urgency(self, since: Instant, now: Instant) -> str:
        """Return `new`, `long` or `longest`; the words beside it say the same."""
        waited = now - since
        if waited >= LONGEST_WAIT:
            return "longest"
        return "long" if waited >= LONG_WAIT else "new"

    def at(self, instant: Instant, now: Instant) -> str:
        """Say when something happened, seen from now."""
        then, today = self._local(instant), self._local(now)
        clock = f"{then:%H:%M}"
        days = (today.date() - then.date()).days
        if days == 0:
            return clock
        if days == 1:
            return self._t.gettext("yesterday {clock}").format(clock=clock)
        return self.on(instant, now)

    def clock(self, instant: Instant) -> str:
        """Say what clocks show."""
        return f"{self._local(instant):%H:%M}"

    def offset(self, instant: Instant) -> str:
        """Say how far clocks are from UTC then, which tells two equal times apart."""
        sign, rest = f"{self._local(instant):%z}"[:1], f"{self._local(instant):%z}"[1:]
        return f"(UTC{sign}{int(rest[:2])}{':' + rest[2:] if rest[2:] != '00' else ''})"

    def on(self, instant: Instant, now: Instant) -> str:
        """Say on which day something happened, and when."""
        then = self._local(instant)
        return f"{self._day(then, now)}, {then:%H:%M}"

    def date(self, instant: Instant, now: Instant) -> str:
        """Say on which day something happened here."""
        return self._day(self._local(instant), now)

    def today(self, now: Instant) -> CalendarDay:
        """Return which day it is here."""
        return self._local(now).date()

    def day(self, start: Instant, now: Instant) -> str:
        """Say which day of UTC begins at an instant."""
        return self._day(_moment(start), now)

    def last_day(self, end: Instant, now: Instant) -> str:
        """Say the last day that is whole here before a midnight of UTC, as the person's page does.

        A time of 0:00 on the day after would be read as that day.
        """
        return self._day(self._local(Instant(max(end - DAY, 0))), now)

    def known_day(self, when: str, now: Instant) -> str:
        """Say a day of the calendar that somebody wrote, or as much of it as they did."""
        if len(when) != len("2017-04-03"):
            return self.written_day(when)
        there = datetime.fromisoformat(when)
        day = _days(self._t.gettext)[there.month - 1].format(day=there.day)
        return day if there.year == self._local(now).year else f"{day} {there.year}"

    def written_day(self, when: str) -> str:
        """Say a year, a month or a day that somebody wrote down: `2017`, `2017-04`, `2017-04-03`.

        The year is always said.  What is no date stays as written.
        """
        if not is_date(when) or len(when) == len("2017"):
            return when
        year, month, *day = (int(one) for one in when.split("-"))
        if not day:
            return _months(self._t.gettext)[month - 1].format(year=year)
        return f"{_days(self._t.gettext)[month - 1].format(day=day[0])} {year}"

    def typed_day(self, when: str) -> str:
        """Write a day as a person types it into a field: `3.04.2017`; the rest as it stands."""
        if not is_date(when) or len(when) != len("2017-04-03"):
            return when
        year, month, day = when.split("-")
        return f"{int(day)}.{month}.{year}"

    def field(self, instant: Instant) -> str:
        """Return an instant as a browser's field of date and time shows it here."""
        return self._local(instant).strftime("%Y-%m-%dT%H:%M")

    def stamp(self, instant: Instant) -> str:
        """Return an instant for the `datetime` attribute."""
        return _moment(instant).strftime("%Y-%m-%dT%H:%M:%SZ")

    def number(self, count: int) -> str:
        """Write a whole number so that it can be read at a glance."""
        return f"{count:,}".replace(",", " ")

    def size(self, count: int) -> str:
        """Say a file's size."""
        if count < KIB:
            return self._t.ngettext("{count} byte", "{count} bytes", count).format(count=count)
        if count < KIB * KIB:
            return self._t.gettext("{size} KB").format(size=round(count / KIB))
        return self._t.gettext("{size} MB").format(size=self.number(round(count / KIB / KIB)))

    def role(self, role: Role) -> str:
        """Name what somebody does here."""
        return _roles(self._t.gettext)[role.value]

    def may(self, role: Role) -> str:
        """Say in one line what somebody with this role may do."""
        rooms, say = rooms_of(role), _rights(self._t.gettext)
        widest = say["crew" if "crew" in rooms else "hotline" if "hotline" in rooms else ""]
        of_cases = say["opens" if may_open_cases({role}) else "cases"] if "cases" in rooms else ""
        return f"{widest} {of_cases}".strip()

    def found(self, kind: str) -> str:
        """Name what a search found."""
        return _kinds(self._t.gettext)[kind]

    def reads(self, code: str) -> str:
        """Say which language a person reads; `code` is a stranger's word."""
        name = _languages(self._t.gettext).get(code.partition("-")[0].lower())
        if name is None:
            return self._t.gettext("We do not know which language the person reads.")
        return self._t.gettext("The person reads {language}.").format(language=name)

    def languages(self) -> list[tuple[str, str]]:
        """Return the languages that have a name here, by code, in the order of their names."""
        return sorted(_languages(self._t.gettext).items(), key=lambda one: one[1])

    def hour(self, instant: Instant) -> int:
        """Return the hour that the clock of this zone shows."""
        return self._local(instant).hour

    def _day(self, then: datetime, now: Instant) -> str:
        day = _days(self._t.gettext)[then.month - 1].format(day=then.day)
        return day if then.year == self._local(now).year else f"{day} {then.year}"

    def _local(self, instant: Instant) -> datetime:
        return _moment(instant).astimezone(self.zone)


def _moment(instant: Instant) -> datetime:
    """Return an instant as a date; one that no calendar has, which is a lie, is the last one."""
    return datetime.fromtimestamp(min(instant, LAST_INSTANT) / 1000, UTC)


def _days(_: Translate) -> tuple[str, ...]:
    return (
        _("{day} January"),
        _("{day} February"),
        _("{day} March"),
        _("{day} April"),
        _("{day} May"),
        _("{day} June"),
        _("{day} July"),
        _("{day} August"),
        _("{day} September"),
        _("{day} October"),
        _("{day} November"),
        _("{day} December"),
    )


def _months(_: Translate) -> tuple[str, ...]:
    return (
        _("January {year}"),
        _("February {year}"),
        _("March {year}"),
        _("April {year}"),
        _("May {year}"),
        _("June {year}"),
        _("July {year}"),
        _("August {year}"),
        _("September {year}"),
        _("October {year}"),
        _("November {year}"),
        _("December {year}"),
    )


def _roles(_: Translate) -> dict[str, str]:
    return {
        "steward": _("steward"),
        "operator": _("hotline operator"),
        "case_worker": _("case worker"),
        "coordinator": _("coordinator of journeys"),
        "documenter": _("documenter"),
        "legal": _("lawyer"),
        "analyst": _("analyst"),
        "line": _("telephone or messenger line"),
    }


def _rights(_: Translate) -> dict[str, str]:
    """Return what is said of roles, by the widest room that they may write."""
    return {
        "crew": _(
            "Lets colleagues in, takes devices out, changes roles with a second steward. "
            "Reads and answers people too."
        ),
        "hotline": _("Reads what people write to us and answers them."),
        "": _("Reads what people write to us, and answers nobody."),
        "opens": _("Opens case files, and writes into the parts it has keys to."),
        "cases": _("Writes into the parts of case files that it has keys to."),
    }


def _kinds(_: Translate) -> dict[str, str]:
    return {
        "message": _("The person wrote"),
        "answer": _("answer"),
        "note": _("note for colleagues"),
        "hand-over": _("words of a hand-over"),
        "transcript": _("what a voice message says"),
        "name": _("code name"),
        "case-name": _("case file"),
        "case-note": _("note in a case file"),
        "case-record": _("record of a case file"),
        "case-stage": _("stage of a case file"),
        "case-risk": _("assessment in a case file"),
    }


def _languages(_: Translate) -> dict[str, str]:
    return {
        "ar": _("Arabic"),
        "az": _("Azerbaijani"),
        "ce": _("Chechen"),
        "en": _("English"),
        "es": _("Spanish"),
        "fa": _("Persian"),
        "fr": _("French"),
        "ka": _("Georgian"),
        "ru": _("Russian"),
        "tr": _("Turkish"),
        "uk": _("Ukrainian"),
    }
