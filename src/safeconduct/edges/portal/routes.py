# SPDX-License-Identifier: AGPL-3.0-or-later
"""Serves the portal's files from memory.  No state, no cookie, no log; one address for the page.

The language buttons post to the page's own address, so that it never changes and no script is
needed; the answer is the page in that language, and nothing is remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from litestar import MediaType, Request, Response, get, post

if TYPE_CHECKING:
    from litestar.handlers import HTTPRouteHandler

    from safeconduct.edges.portal.site import Asset, PortalSite

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "worker-src blob:; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types portal"
)
FILE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""On everything; the rest says something of a page only, and would cost bytes on files."""
PAGE_HEADERS: Final = FILE_HEADERS | {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), clipboard-read=(), display-capture=(), "
        "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
FORGET: Final = '"cache", "cookies", "storage"'
_LARGEST_FORM: Final = 64


def portal_routes(site: PortalSite, onion: tuple[str, str] | None = None) -> list[HTTPRouteHandler]:
    """Return the handlers of `/`, `/page.css` and `/page.js`, to mount in one app.

    Args:
        site: the files.
        onion: a host name, and the onion address of which who asks by that name is told.
    """

    @get("/", media_type=MediaType.HTML)
    async def page(request: Request) -> Response[bytes]:  # type: ignore[type-arg]
        """The page in the language that the browser asks for."""
        wished = request.headers.get("accept-language", "")
        hint = {}
        if onion is not None and request.headers.get("host", "").lower() == onion[0]:
            hint = {"Onion-Location": onion[1] + "/"}
        return _answer(request, site.pages[choose(wished, site)], PAGE_HEADERS | hint)

    @post("/", media_type=MediaType.HTML, status_code=200)
    async def switched(request: Request) -> Response[bytes]:  # type: ignore[type-arg]
        """The page in the language whose button was pressed; who sends nothing has left."""
        form = await _form(request)
        if form is None:
            return Response(
                b"", status_code=204, headers=FILE_HEADERS | {"Clear-Site-Data": FORGET}
            )
        language = form if form in site.pages else site.language
        return _answer(request, site.pages[language], PAGE_HEADERS)

    @get("/page.css")
    async def style(request: Request) -> Response[bytes]:  # type: ignore[type-arg]
        """The style."""
        return _answer(request, site.style, FILE_HEADERS)

    @get("/page.js")
    async def script(request: Request) -> Response[bytes]:  # type: ignore[type-arg]
        """The script."""
        return _answer(request, site.script, FILE_HEADERS)

    return [page, switched, style, script]


def choose(wished: str, site: PortalSite) -> str:
    """Return the language of ours that an Accept-Language header likes best."""
    ranked = [_preference(part) for part in wished.split(",")[:32]]
    liked = [(quality, tag) for quality, tag in ranked if tag in site.pages and quality > 0]
    if not liked:
        return site.language
    return max(liked, key=lambda one: one[0])[1]


def _preference(part: str) -> tuple[float, str]:
    """Return (quality, primary tag) of one part of the header."""
    tag, _, rest = part.strip().partition(";")
    quality = rest.strip().removeprefix("q=")
    try:
        liking = float(quality) if quality else 1.0
    except ValueError:
        liking = 0.0
    return liking, tag.partition("-")[0].strip().lower()


async def _form(request: Request) -> str | None:  # type: ignore[type-arg]
    """Return the language of the form, None for no form; what else was sent is not looked at."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_FORM:
            return ""
    return parse_qs(body.decode("ascii", "replace")).get("lang", [""])[0] if body else None


def _answer(request: Request, asset: Asset, headers: dict[str, str]) -> Response[bytes]:  # type: ignore[type-arg]
    """Return a file, packed where the browser takes that."""
    packs = "gzip" in request.headers.get("accept-encoding", "")
    body = asset.packed if packs else asset.body
    if packs:
        headers = headers | {"Content-Encoding": "gzip"}
    return Response(body, media_type=asset.kind, headers=headers)
