# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody did, by the kind of the fact that says so, in the language of the page."""

from __future__ import annotations

from safeconduct.edges.desk import burned_words, letter_words, slip_words, ways_says
from safeconduct.edges.desk.aside_words import what_aside
from safeconduct.edges.desk.i18n import Translate, translations


def deed(kind: str, language: str) -> str:
    """Name what was done."""
    _ = translations(language).gettext
    return (
        {
            "crew.BackedUp": _("made a backup of the whole office"),
            "crew.CaseOpened": _("opened a case file"),
            "crew.CommitAdopted": _("let records from quarantine count"),
            "crew.DeviceAdmitted": _("admitted a device"),
            "crew.DeviceExpelled": _("asked to expel a device"),
            "crew.DeviceReadmitted": _("asked to bring a device back"),
            "crew.DeviceSuspended": _("suspended a device"),
            "crew.DoorsWritten": _("left letters for all devices"),
            "crew.EpochOpened": _("made a new key for these devices"),
            "crew.ReturnAsked": _("asked for the keys that it had left behind"),
            "crew.ExportAsked": _("asked to take conversations out of the office"),
            "crew.KeysGranted": _("gave keys to these devices"),
            "crew.OfficeFounded": _("founded this office"),
            "crew.RecoverySplit": _("made new recovery cards"),
            "crew.RecoveryUsed": _("used the recovery cards"),
            "crew.RelayMoved": _("moved the office to another server"),
            "crew.RelayRestored": _("said that the server was restored from a backup"),
            "crew.RoleGranted": _("changed what somebody does here"),
            "crew.SealingKeyRotated": _("took a new key of its own"),
            "crew.Seconded": _("signed as the second steward"),
            "crew.TracingOpened": _("let the server tell our devices apart"),
            "crew.KeysRenewed": _("made new keys of parts that teams read"),
            "crew.TeamFormed": _("said who belongs to a team"),
            "crew.TravelBegun": _("left keys behind for a trip"),
            "crew.TravelEnded": _("gave back what this device had left behind"),
            "crew.TakenBack": _("took back what they had asked for"),
            "crew.VaultOpened": _("set up a new place for records"),
            "hotline.ConversationsExported": _("took it out of the office as a file"),
            "hotline.ConversationsOpened": _("looked at the conversation"),
            "hotline.IntakeKeyOpened": _("made a new key for people’s messages"),
            "hotline.SearchesMade": _("searched"),
            "hotline.MessageRead": _("opened the conversation and saw new messages"),
        }.get(kind)
        or (_of_cases(_) | _of_others(_)).get(kind)
        or what_aside(kind, language)
    )


def _of_others(_: Translate) -> dict[str, str]:
    return {
        **letter_words.deeds(_),
        **ways_says.deeds(_),
        **slip_words.deeds(_),
        **burned_words.deeds(_),
    }


def _of_referrals(_: Translate) -> dict[str, str]:
    return {
        "cases.ReferralFiles": _("chose files that go along with a referral"),
        "cases.ReferralHandedOver": _("handed a referral over to a partner"),
        "cases.ReferralMade": _("made a referral of a case"),
        "cases.ReferralPieces": _("chose what goes along with a referral"),
        "cases.ReferralWithdrawn": _("withdrew a referral"),
    }


def _of_cases(_: Translate) -> dict[str, str]:
    return {
        "crew.CaseErased": _("destroyed on this desk what it held of a case"),
        "crew.ErasureAsked": _("asked to erase a case"),
        "crew.ErasureStopped": _("stopped the erasure of a case"),
        "cases.ConversationLinked": _("said that a conversation belongs to a case"),
        "cases.ConversationUnlinked": _("took back that a conversation belongs to a case"),
        "cases.ConsentGiven": _("wrote down a consent in a case file"),
        "cases.ConsentRefused": _("wrote down in a case file that somebody said no"),
        "cases.ConsentWithdrawn": _("wrote down in a case file that a consent was taken back"),
        "cases.BlockLifted": _("said that something blocks a case no longer"),
        "cases.BlockNamed": _("said what blocks a case"),
        "cases.FormBrought": _("brought in a form that the office asks with"),
        "cases.FormEnded": _("ended a form that the office asked with"),
        "cases.CostJudged": _("agreed to a cost of a case, or did not"),
        "cases.DonorReportMade": _("took a report to a donor out of the office"),
        "cases.GrantWritten": _("wrote a grant"),
        "cases.KeysAnswered": _("answered a request for a part of a case file"),
        "cases.KeysAsked": _("asked for a part of a case file"),
        "cases.LimitSeconded": _("was the second to agree to a limit for costs"),
        "cases.LimitSet": _("set above how much two people agree to a cost"),
        "cases.NoteWritten": _("wrote into a case file"),
        "cases.OwnFileAsked": _("asked to give a person what is kept about them"),
        "cases.OwnFileMade": _("made a file of what is kept about a person"),
        "cases.OwnFileSeconded": _("signed that a person is given what is kept about them"),
        "cases.OwnFileTakenBack": _("took back that a person is given what is kept about them"),
        "cases.PairJudged": _("said whether two people in two cases are one"),
        "cases.PartOpened": _("began a part of a case file"),
        "cases.PartRead": _("looked at a part of a case file"),
        "cases.RowBroughtIn": _("brought a row of an old table into a case file"),
        "cases.TableKept": _("kept how an old table is read"),
        **_of_referrals(_),
        "cases.RiskAssessed": _("assessed the risk in a case"),
        "cases.RiskSeconded": _("was the second to assess the risk in a case"),
        "cases.SheetWritten": _("changed the record of a case"),
        "cases.StageEntered": _("moved a case into a stage"),
    }
