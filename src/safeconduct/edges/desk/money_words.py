# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money in words: fields of a cost, purposes, how far it is, amounts, refusals."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.kernel.money import plain
from safeconduct.rooms.cases.costs import Status

_THIN = "\N{NO-BREAK SPACE}"


def kinds(_: Translate) -> dict[str, str]:
    """Name the kind of sheet, as a heading over several."""
    return {"cost": _("Costs")}


def adding(_: Translate) -> dict[str, str]:
    """Say what a new sheet is."""
    return {"cost": _("Add a cost")}


def ones(_: Translate) -> dict[str, str]:
    """Name one sheet."""
    return {"cost": _("Cost")}


def told_fields(_: Translate) -> dict[str, str]:
    """Name those whose name says how to fill them in to whoever only reads them."""
    return {"amount": _("Amount"), "what": _("What it was for")}


def fields(_: Translate) -> dict[str, str]:
    """Name its fields."""
    return {
        "cost.purpose": _("Purpose"),
        "cost.amount": _("Amount with its currency, as 1200.50 EUR"),
        "cost.what": _("What for; never a name, an address or an illness"),
        "cost.day": _("Day"),
        "cost.state": _("How far it is"),
        "cost.grant": _("Which grant pays"),
        "cost.rate": _("Rate, if the grant is in another currency: what one unit is there"),
        "cost.rate_day": _("Day of the rate"),
        "cost.rate_source": _("Where the rate is from"),
        "cost.receipt": _("Receipt: where it is kept"),
        "cost.no_receipt": _("Why there is no receipt"),
        "cost.urgent": _("If it was paid before two agreed: why"),
    }


def choices(_: Translate) -> dict[str, str]:
    """Name what may be chosen in them."""
    purposes = {f"cost.purpose.{name}": word for name, word in _purposes(_).items()}
    return purposes | {
        "cost.state.planned": _("planned"),
        "cost.state.asked": _("asked for"),
        "cost.state.paid": _("paid"),
        "cost.state.dropped": _("not needed any more"),
    }


def _purposes(_: Translate) -> dict[str, str]:
    return {
        "shelter": _("shelter"),
        "travel": _("travel"),
        "documents": _("documents"),
        "medical": _("medical help"),
        "legal": _("legal help"),
        "food": _("food"),
        "phone": _("phone"),
        "cash": _("money in hand"),
        "other": _("something else"),
    }


def purpose(name: str, language: str) -> str:
    """Name a purpose; one that this program does not know is something else."""
    named = _purposes(translations(language).gettext)
    return named.get(name, named["other"])


def status(one: Status, language: str) -> str:
    """Say how far a cost is."""
    _ = translations(language).gettext
    return {
        Status.PLANNED: _("planned"),
        Status.ASKED: _("waits for two people"),
        Status.APPROVED: _("may be paid"),
        Status.PAID: _("paid"),
        Status.REFUSED: _("not agreed to"),
        Status.DROPPED: _("not needed any more"),
    }[one]


def amount(minor: int, currency: str, language: str) -> str:
    """Write an amount as people read it: `1 200.50 EUR`; below nothing with a minus before it."""
    whole, dot, rest = plain(abs(minor), currency).partition(".")
    grouped = f"{int(whole):,}".replace(",", _THIN)
    mark = "," if dot and language == "ru" else dot
    sign = "\N{MINUS SIGN}" if minor < 0 else ""
    return f"{sign}{grouped}{mark}{rest}{_THIN}{currency}"


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not done with money, by the refusal's code."""
    return {
        "amount_unclear": _(
            "Write the amount with its currency in three letters, as 1200.50 EUR or 1 200,50 EUR. "
            "“1,200” alone can be a thousand or one and a bit: write 1200 or 1200.00. Nothing was "
            "saved, and what you typed is still here."
        ),
        "grant_does_not_pay": _(
            "This grant is for other purposes, or for other days. Choose another grant, or none "
            "for now. Nothing was saved yet."
        ),
        "no_rate": _(
            "The grant is in another currency. Write the rate with the grant’s currency, as 0.0102 "
            "EUR for one unit, its day, and where you have it from. Nothing was saved yet."
        ),
        "no_receipt": _(
            "What is paid has a receipt: write where it is kept, or why there is none. Nothing was "
            "saved yet."
        ),
        "paid_alone": _(
            "Two people have not agreed to this yet. Ask them first. If the money is gone already, "
            "write in the last field why it could not wait; everybody who sees the costs sees it."
        ),
        **_of_words(_),
        "grant_unclear": _(
            "A grant needs a name, an amount, its first and last day, and at least one purpose. "
            "Nothing was saved, and what you typed is still here."
        ),
        "no_limit_waits": _("This limit waits for nobody any more."),
        "own_limit": _("You set this limit yourself. Somebody else has to agree."),
        "report_unsettled": _(
            "Some paid costs of this grant have two amounts, no rate or no day. Settle them first; "
            "they are listed on this page."
        ),
        "too_few_to_tell": _(
            "All that was paid of this grant is of fewer than five cases. A report would tell of "
            "one person, so there is none."
        ),
    }


def _of_words(_: Translate) -> dict[str, str]:
    return {
        "no_cost_waits": _("This cost waits for nobody any more."),
        "cost_changed": _(
            "Somebody changed this cost while you were reading. Read it again below, then say what "
            "you think."
        ),
        "own_cost": _(
            "You wrote this cost, or a part of it, on this device or another. Two others have to "
            "agree."
        ),
        "no_word_on_cost": _("If you do not agree, write why, in 2,000 characters at most."),
    }
