# SPDX-License-Identifier: AGPL-3.0-or-later
"""People, devices, keys and roles.

What it is: who belongs to the office, proved by signatures that hold for decades, and how keys
reach a device.  What it refuses to be: a phone book; it knows devices and chosen names only.

    roster = fold(office, told)
    may_write(roster, device, "hotline.AnswerWritten")
"""

from __future__ import annotations

from safeconduct.rooms.crew.acts import Act, Circle, Telling, held_keys
from safeconduct.rooms.crew.case_facts import Place
from safeconduct.rooms.crew.claims import Held, Told, signed_by_root
from safeconduct.rooms.crew.decide import admit, check_inviter, may_stand, may_write, takes_two
from safeconduct.rooms.crew.events import (
    KINDS,
    VERSION,
    DeviceAdmitted,
    EpochOpened,
    OfficeFounded,
    kind_of,
    write_fact,
)
from safeconduct.rooms.crew.fold import APART, NotFounded, Roster, Standing, fold
from safeconduct.rooms.crew.grants import Recipients, choose, give, open_vaults
from safeconduct.rooms.crew.key_facts import KEY_KINDS, KeyFacts, Turned, count_keys
from safeconduct.rooms.crew.key_growth import grown_keys
from safeconduct.rooms.crew.key_proofs import KeyTold, Proofs, said_in
from safeconduct.rooms.crew.own_key import (
    EVERY,
    Clocks,
    is_old,
    keys_told,
    newest_sealing,
    rotate_own,
    unheard,
)
from safeconduct.rooms.crew.packer import Packer, TeamWrap, write_parcel
from safeconduct.rooms.crew.parcel import (
    HeldKey,
    open_parcel,
    open_team_parcel,
    parcel_hash,
)
from safeconduct.rooms.crew.removals import Pending, Removal
from safeconduct.rooms.crew.rotation import Rotation, plan_rotation
from safeconduct.rooms.crew.taking import ParcelDiffers, Reader, take
from safeconduct.rooms.crew.team_facts import KeysRenewed, TeamFormed
from safeconduct.rooms.crew.teams import Team, form_team, share_a_steward
from safeconduct.rooms.crew.travel import (
    Chest,
    NotAway,
    Trip,
    Trips,
    give_back,
    left_with,
    left_with_teams,
)
from safeconduct.rooms.crew.travel_facts import ReturnAsked, TravelBegun, TravelEnded
from safeconduct.rooms.crew.vault_facts import (
    KeyEpoch,
    KeyGroup,
    KeysGranted,
    SealingKeyRotated,
    VaultOpened,
    key_groups,
)
from safeconduct.rooms.crew.vaults import (
    OFFICE_KEY,
    Given,
    Heard,
    Vault,
    VaultKind,
    Vaults,
    fold_vaults,
    keys_named,
    keys_told_of,
)
from safeconduct.rooms.crew.words import (
    KnownDevice,
    Member,
    Role,
    device_id,
    office_id,
    parse_card,
    write_card,
)

__all__ = [
    "APART",
    "EVERY",
    "KEY_KINDS",
    "KINDS",
    "OFFICE_KEY",
    "VERSION",
    "Act",
    "Chest",
    "Circle",
    "Clocks",
    "DeviceAdmitted",
    "EpochOpened",
    "Given",
    "Heard",
    "Held",
    "HeldKey",
    "KeyEpoch",
    "KeyFacts",
    "KeyGroup",
    "KeyTold",
    "KeysGranted",
    "KeysRenewed",
    "KnownDevice",
    "Member",
    "NotAway",
    "NotFounded",
    "OfficeFounded",
    "Packer",
    "ParcelDiffers",
    "Pending",
    "Place",
    "Proofs",
    "Reader",
    "Recipients",
    "Removal",
    "ReturnAsked",
    "Role",
    "Roster",
    "Rotation",
    "SealingKeyRotated",
    "Standing",
    "Team",
    "TeamFormed",
    "TeamWrap",
    "Telling",
    "Told",
    "TravelBegun",
    "TravelEnded",
    "Trip",
    "Trips",
    "Turned",
    "Vault",
    "VaultKind",
    "VaultOpened",
    "Vaults",
    "admit",
    "check_inviter",
    "choose",
    "count_keys",
    "device_id",
    "fold",
    "fold_vaults",
    "form_team",
    "give",
    "give_back",
    "grown_keys",
    "held_keys",
    "is_old",
    "key_groups",
    "keys_named",
    "keys_told",
    "keys_told_of",
    "kind_of",
    "left_with",
    "left_with_teams",
    "may_stand",
    "may_write",
    "newest_sealing",
    "office_id",
    "open_parcel",
    "open_team_parcel",
    "open_vaults",
    "parcel_hash",
    "parse_card",
    "plan_rotation",
    "rotate_own",
    "said_in",
    "share_a_steward",
    "signed_by_root",
    "take",
    "takes_two",
    "unheard",
    "write_card",
    "write_fact",
    "write_parcel",
]
