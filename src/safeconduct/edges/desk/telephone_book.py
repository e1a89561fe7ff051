# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone of this desk: where it signs in, and as whom; sealed in its store, nowhere else.

The desk connects to the address (`telephone_way.py`), so nothing is taken that could say more
than one address.  Over a net it must be sealed (wss); on this machine it need not be.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.telephone_api import Account
from safeconduct.edges.desk.telephone_way import TelephoneWay
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.errors import Refused

ADDRESS_MOST: Final = 200
KEPT_AS: Final = "telephone"
_ADDRESS: Final = re.compile(
    r"(wss://[a-z0-9]([a-z0-9.-]*[a-z0-9])?|ws://(127\.0\.0\.1|localhost))"
    r"(:[1-9][0-9]{0,4})?/[A-Za-z0-9._~/-]*"
)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""As the line's list of those on duty has it."""
_PASSWORD: Final = re.compile(r"[!-~]{1,128}")
_KEPT: Final[Codec[Account]] = Codec(Account, "telephone")


class NoTelephoneAddress(Refused):
    """This is no address of an office's telephone."""

    code = "no_telephone_address"


class NoTelephoneName(Refused):
    """No telephone of an office has such a name."""

    code = "no_telephone_name"


class NoTelephonePassword(Refused):
    """A password is missing, or none could be like this."""

    code = "no_telephone_password"


class Shelf(Protocol):
    """Where an account is kept."""

    def read(self) -> Account | None:
        """Return it."""

    def write(self, account: Account | None) -> None:
        """Keep another, or none."""


class StoreShelf:
    """A shelf in a desk's store."""

    def __init__(self, store: Store) -> None:
        """Keep it here."""
        self._store: Final = store

    def read(self) -> Account | None:
        """Return it."""
        return self._store.setting(KEPT_AS, _KEPT)

    def write(self, account: Account | None) -> None:
        """Keep another, or none."""
        if account is None:
            self._store.drop_settings(KEPT_AS)
        else:
            self._store.put_setting(KEPT_AS, account)


class Telephone:
    """What is set, over a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep it there."""
        self._shelf: Final = shelf
        self._way: Final = TelephoneWay()

    def account(self) -> Account | None:
        """Return what was set here; None while nothing is."""
        return self._shelf.read()

    def keep(self, address: str, name: str, password: str) -> None:
        """Keep it sealed on this device alone; no password leaves the one that is kept."""
        before = self.account()
        address, name = address.strip(), name.strip()
        if len(address) > ADDRESS_MOST or not _ADDRESS.fullmatch(address):
            raise NoTelephoneAddress
        if not _NAME.fullmatch(name):
            raise NoTelephoneName
        same = before is not None and (before.address, before.name) == (address, name)
        if before is not None and same and not password:
            password = before.password
        if not _PASSWORD.fullmatch(password):
            raise NoTelephonePassword
        self._shelf.write(Account(address, name, password))

    def way(self) -> str:
        """Return where our page comes to the telephone that is set."""
        account = self.account()
        return self._way.leading_to(account.address if account else "")

    def trouble(self) -> str:
        """Return why the telephone was not reached when it was last tried; empty where it was."""
        return self._way.trouble

    def forget(self) -> None:
        """Keep nothing of it any more."""
        self._way.end()
        self._shelf.write(None)
