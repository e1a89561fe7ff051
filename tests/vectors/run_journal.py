# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal's operations on vectors (spec/journal.md)."""

from collections.abc import Callable

from safeconduct.kernel.canon import encode
from safeconduct.kernel.journal import Ring, VaultEpoch, check_signature, open_frame
from safeconduct.kernel.journal.commit import Commit, commit_id
from safeconduct.kernel.journal.entry import entry_tag
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.words import DeviceId, OfficeId, VaultId
from tests.vectors.case import Given, Gives


def opened(case: Given) -> Commit:
    """The commit of a case."""
    keys = {case.number("epoch"): case.raw("key")}
    return open_frame(case.raw("frame"), OfficeId(case.raw("office")), keys)


def tag(case: Given) -> Gives:
    return {"tag": entry_tag(case.raw("key"), DeviceId(case.raw("device")), case.number("n"))}


def id_of(case: Given) -> Gives:
    return {"id": commit_id(case.raw("header"))}


def frame(case: Given) -> Gives:
    commit = opened(case)
    return {
        "id": commit.id,
        "device": commit.device,
        "sequence": commit.header.sequence,
    }


def entries(case: Given) -> Gives:
    ring = Ring()
    where = VaultEpoch(VaultId(case.raw("vault")), case.number("vault_epoch"))
    ring.add_key(where, case.raw("vault_key"))
    return {"entries": [encode(entry).hex() for _, entry in ring.open(opened(case))]}


def check(case: Given) -> Gives:
    check_signature(opened(case), VerifyKey.parse(case.raw("signing_key")))
    return {}


OPERATIONS: dict[str, Callable[[Given], Gives]] = {
    "entry_tag": tag,
    "commit_id": id_of,
    "open_frame": frame,
    "open_entries": entries,
    "check_commit": check,
}
