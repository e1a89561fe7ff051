# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about its telephone; behind it is `telephone_book.py`."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Account(NamedTuple):
    """Where the office's telephone is, and as whom one signs in from this desk."""

    address: str
    name: str
    password: str

    def __repr__(self) -> str:
        """Say nothing of the password."""
        return f"Account({self.address!r}, {self.name!r})"


class TelephoneApi(Protocol):
    """Telephoning from this desk, as pages see it."""

    def account(self) -> Account | None:
        """Return what was set here; None while nothing is."""
        ...

    def keep(self, address: str, name: str, password: str) -> None:
        """Keep it sealed on this device alone; no password leaves the one that is kept.

        Raises:
            NoTelephoneAddress, NoTelephoneName, NoTelephonePassword: it cannot be that.
        """
        ...

    def way(self) -> str:
        """Return where our page comes to the telephone that is set."""
        ...

    def trouble(self) -> str:
        """Return why the telephone was not reached when it was last tried; empty where it was."""
        ...

    def forget(self) -> None:
        """Keep nothing of it any more."""
        ...


__all__ = ["Account", "TelephoneApi"]
