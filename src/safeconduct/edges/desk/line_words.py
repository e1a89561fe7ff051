# SPDX-License-Identifier: AGPL-3.0-or-later
"""Channels, what an answer by each reveals, alarms of lines and calls, in the page's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.hotline.calling_back import safe_now
from safeconduct.rooms.hotline.spoken import WHENS

if TYPE_CHECKING:
    from safeconduct.edges.desk.rows_api import ByLine
    from safeconduct.edges.desk.wording import Wording
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.hotline.calling_back import Asked
    from safeconduct.rooms.hotline.spoken import CallMark

MINUTE_SECONDS = 60


def channel(kind: str, language: str) -> str:
    """Name a channel as people call it; a box of the page has no kind."""
    _ = translations(language).gettext
    return {
        "phone": _("telephone"),
        "deltachat": _("Delta Chat"),
        "mail": _("mail"),
        "signal": _("Signal"),
        "matrix": _("Matrix"),
        "sms": _("SMS"),
        "telegram": _("Telegram"),
        "whatsapp": _("WhatsApp"),
    }.get(kind, _("our page"))


def came_by(line: ByLine, language: str) -> str:
    """Say in a list by which channel somebody wrote."""
    _ = translations(language).gettext
    name = channel(line.kind, language)
    if line.itself:
        return _("a line speaks of itself: {channel}").format(channel=name)
    if not line.known:
        return _("names a line of {channel} that the office does not know").format(channel=name)
    return _("by {channel}").format(channel=name)


def reveals(kind: str, language: str) -> str:
    """Say what an answer by a channel shows to others, and where it stays."""
    _ = translations(language).gettext
    return {
        "": _(
            "The answer lies sealed in the box of our page, and only their words open it. Whoever "
            "watches the connection sees at most that the page was opened."
        ),
        "deltachat": _(
            "It is sealed end to end. Their mail provider sees that they write with our address, "
            "and when. It stays in the app on their phone until they delete it there."
        ),
        "signal": _(
            "It is sealed end to end. Signal knows their number, and whoever holds the phone sees "
            "our name among the chats. It stays there until it is deleted or disappears."
        ),
        "matrix": _(
            "It is sealed end to end. The servers of both sides see their account, that it is in a "
            "room with ours, and when. It stays on each of their devices."
        ),
        "mail": _(
            "Mail is open to the provider at each end. It will show that we wrote to their "
            "address, when, and one fixed text with the address of our page."
        ),
        "sms": _(
            "An SMS is open to their operator and to whoever can ask it, with both numbers and the "
            "time, and often shows on a locked screen. One fixed text goes, and nothing else."
        ),
        "telegram": _(
            "Telegram can read it, with their account and number, and keeps it. One fixed text "
            "goes, and nothing else."
        ),
        "whatsapp": _(
            "The company behind WhatsApp can read it, with their number, and keeps it for weeks. "
            "One fixed text goes, and nothing else."
        ),
        "phone": _(
            "A call that has ended carries nothing back. Call only if they asked for it, at the "
            "time that they named: the call stands on their phone’s list and on the bill."
        ),
    }.get(kind, "")


def alarm(code: str, language: str) -> str:
    """Say what a line said of itself."""
    _ = translations(language).gettext
    return {
        "quiet": _("hears nothing from its channel: people may write or call in vain"),
        "outdated": _("says that its client is too old, and takes no more until it is renewed"),
        "refused": _("was refused by its channel: the account may be blocked or taken"),
        "restarted": _("lost its connection, and began it anew"),
        "crowded": _(
            "hears of more new people than it answers at once: not all were told that they were "
            "heard, and how to come to the page"
        ),
        "undelivered": _(
            "could not hand on what you answered: it reached nobody, and will not be tried again"
        ),
        "files_left": _(
            "handed on the words of your answer, but not all its files: the channel does not take "
            "them, and they will not be tried again"
        ),
    }.get(code, _("says something of itself that this desk cannot tell"))


def call(mark: CallMark, words: Wording) -> list[str]:
    """Say how a call went, each thing in a sentence; the gravest first."""
    _ = translations(words.language).gettext
    said = list[str]()
    if mark.duress:
        said.append(
            _("They pressed the key that says: I am being forced. Nobody near them heard it.")
        )
    if mark.silent:
        said.append(_("They said by key that they cannot speak. Do not call back."))
    left = {
        "message": _("They left a voice message."),
        "hung_up": _("They hung up while they waited, and left no message."),
        "talk": _(
            "The call was still going on when this came: they may be waiting for somebody. See "
            "whether the telephone rings; if nobody has answered, answer it now. Do not call back "
            "on your own."
        ),
    }
    waits = mark.waits and mark.left == "talk"
    said.append(_("They wait on the telephone: nobody took it.") if waits else left[mark.left])
    if mark.seconds:
        whole, rest = divmod(mark.seconds, MINUTE_SECONDS)
        said.append(_("It took {minutes} min {seconds} s.").format(minutes=whole, seconds=rest))
    back = {
        "reached": _("They were called back, and somebody answered."),
        "missed": _("They were called back once, and nobody answered. Do not call again."),
    }
    said += [back[mark.back]] if mark.back in back else []
    if mark.back in WHENS:
        said.append(_("They asked to be called back."))
    if mark.cut:
        said.append(_("It was cut off before they ended it themselves."))
    return said


def calling_back(one: Asked, mark: CallMark | None, words: Wording, now: Instant) -> list[str]:
    """Say what to know before somebody is called back; a warning first, where it is not the time.

    Their clock nobody told us: this machine's is the best guess.
    """
    _ = translations(words.language).gettext
    when = {
        "now": _("now, as they called: within the hour"),
        "morning": _("in the morning, 6–12 by their clock"),
        "day": _("by day, 12–18 by their clock"),
        "evening": _("in the evening, 18–24 by their clock"),
        "night": _("at night, 0–6 by their clock"),
    }
    said = list[str]()
    if not safe_now(one, now, words.hour(now)):
        said.append(_("By the clock of this desk it is not that time now. Wait, or be very sure."))
    if mark is not None and (mark.duress or mark.silent):
        said.append(_("They could not speak, or were forced. Somebody may sit beside the phone."))
    asked = _("They asked to be called back once. Safe: {when}.")
    return [
        *said,
        asked.format(when=when[one.when]),
        _("Their phone will ring for some seconds and its list will show an unknown number."),
        _("Whoever answers hears nothing until you speak: wait until you know them."),
    ]


def deeds(_: Translate) -> dict[str, str]:
    """Say what each fact of this kind was."""
    return {"hotline.LineSet": _("admitted a line, or took it back")}


def refusals(_: Translate) -> dict[str, str]:
    """Return the words by the refusal's code."""
    return {
        "risk_not_signed": _(
            "Nothing was saved: a line of this kind is admitted by who read what it risks. Read it "
            "below in full, say that you did, and admit it again."
        ),
        "line_stands_already": _("Nothing was saved: this very line stands already."),
        "no_line_card": _(
            "Nothing was saved: this is no card of a line, or not all of it. Copy it again, from "
            "the first letter to the last."
        ),
        "no_such_line": _("This line does not stand any more. Nothing was changed."),
        "only_the_way": _(
            "Nothing was sent: what you write would not go by this channel. Your text stays; send "
            "the way to the page, and answer there once they have come."
        ),
        "not_by_phone": _(
            "Nothing was sent: a call that has ended carries no answer. Your text stays; note it "
            "as what you told them once you have spoken with them."
        ),
        "no_call_asked": _(
            "Nobody was called: they did not ask for it, it is longer ago than a day, or they "
            "were called already; or there is no telephone of that name."
        ),
        "line_speaks": _("Nothing was sent: a line speaks of itself here, and nobody reads."),
        "no_door_here": _("Nothing was sent: what you write goes to this person as it is."),
        "not_of_one_code": _(
            "Nothing was saved: no return code says any more that these are one person."
        ),
    }
