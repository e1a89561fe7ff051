# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public page: what a frightened person sees first, and the browser code that seals.

It keeps nothing, opens nothing and asks nothing.  Every file is made once, when the server
starts, and is then the same bytes for everyone who asks in that language; `digest` names them.
The sealing itself is in `browser/`, bundled into the committed `static/page.js`, and into
`static/onefile.js` for the page as one file, which people hand on (`one_file`).

Example: `site = portal_site(PortalConfig(office, intake_signing))`; then mount
`portal_routes(site)` in the same Litestar app as the relay's routes.
"""

from safeconduct.edges.portal.config import PortalConfig, is_origin
from safeconduct.edges.portal.onefile import file_digest, one_file
from safeconduct.edges.portal.routes import portal_routes
from safeconduct.edges.portal.site import PortalSite, digest, portal_site

__all__ = [
    "PortalConfig",
    "PortalSite",
    "digest",
    "file_digest",
    "is_origin",
    "one_file",
    "portal_routes",
    "portal_site",
]
