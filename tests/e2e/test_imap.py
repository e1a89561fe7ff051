# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailbox at a real Dovecot is read over TLS, and is as it was afterwards."""

import dataclasses
from pathlib import Path

import pytest

from safeconduct.edges.desk.importing.found import Found
from safeconduct.edges.desk.importing.imap import (
    Account,
    Mailbox,
    UnknownCertificate,
    WrongLogin,
)
from safeconduct.kernel.errors import Unreachable
from tests.kit.dovecot import PASSWORD, USER, dovecot
from tests.kit.old_files import mail

MAILS = [mail(f"Word {at}", Message_ID=f"<{at}@x>").partition(b"\n")[2] for at in range(3)]


def test_mailbox_is_read_and_never_changed(tmp_path: Path) -> None:
    with dovecot(tmp_path, MAILS, [mail("Thrown away", Message_ID="<t@x>")]) as server:
        account = Account(host="127.0.0.1", user=USER, password=PASSWORD, port=server.port)
        with pytest.raises(UnknownCertificate) as told:
            list(Mailbox(account, ()).read())
        assert told.value.fingerprint == server.fingerprint
        pinned = dataclasses.replace(account, fingerprint=server.fingerprint.upper())
        with pytest.raises(WrongLogin):
            list(Mailbox(dataclasses.replace(pinned, password="another"), ()).read())
        before = server.state()
        found = list(Mailbox(pinned, ()).read())
        assert list(Mailbox(pinned, ()).read()) == found
        assert server.state().keys() | before.keys() == server.state().keys()
        assert not [name for name in server.state() if "S" in name.partition(":2,")[2]]
        assert {*server.state().values()} == {*before.values()}
    assert sorted(one.text for one in found if isinstance(one, Found)) == [
        f"Please\n\nWord {at}" for at in range(3)
    ]
    assert PASSWORD not in repr(pinned)
    with pytest.raises(Unreachable):
        list(Mailbox(pinned, ()).read())
