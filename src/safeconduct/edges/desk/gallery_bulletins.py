# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of bulletins, and of what must not stand in a notice."""

from __future__ import annotations

from safeconduct.edges.desk.bulletins_api import Counted
from safeconduct.edges.desk.gallery_talks import MIRA, NOW, TalkSamples
from safeconduct.kernel.words import FactId, Instant
from safeconduct.rooms.hotline.bulletin_notice import Leaks
from safeconduct.rooms.hotline.bulletins import (
    Bulletin,
    BulletinId,
    Confidence,
    Said,
    Scope,
    Threat,
    Version,
)


class BulletinSamples(TalkSamples):
    """What examples of bulletins are made of."""

    def counted(
        self,
        title: str = "The list of the north",
        *,
        touched: int = 0,
        told: int = 0,
        until: Instant | None = None,
        ended: bool = False,
    ) -> Counted:
        """A bulletin, and how many conversations it touches here."""
        since = self.ago("2 h")
        version = Version(
            *(FactId(bytes(36)), MIRA, since, Threat.ULTIMATUM, title, title, title, title),
            *(Confidence.LIKELY, until, since, Scope(everyone=True), ""),
        )
        said, over = Said(MIRA, since, ""), Said(MIRA, NOW, "It is over.")
        bulletin = Bulletin(BulletinId(bytes(16)), (version,), (said,), over if ended else None)
        return Counted(bulletin, touched, told)

    def leaks(self, **found: tuple[str, ...]) -> Leaks:
        """What stands in a notice that must not."""
        return Leaks(**found)
