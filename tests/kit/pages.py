# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page client of style.md rule 17: whatever it fetches, it checks as a page.

Example:
    desk = PageClient(client, "http://127.0.0.1:4321")
    page = desk.get("/today")
    page = desk.send(page.form("/lock"))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import html5lib
from httpx import Client, Response

CONTROLS = ("input", "select", "textarea", "button")
NEEDS_NO_LABEL = {"hidden", "submit"}
ADDRESSED = ("href", "src", "action", "formaction", "poster", "data", "cite", "background")
OUTSIDE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
PICTURE_WITHIN = "data:image/png;base64,"
NOT_OUTSIDE = ("data:,",)


@dataclass(frozen=True)
class PageForm:
    """A form as a person finds it: where it goes and what it holds."""

    action: str
    method: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Page:
    """A page that passed every check."""

    status: int
    headers: Mapping[str, str]
    html: str
    root: Element = field(repr=False)

    def all(self, tag: str) -> list[Element]:
        """Every element of a tag."""
        return list(self.root.iter(tag))

    @property
    def heading(self) -> str:
        """The one heading."""
        return text_of(self.all("h1")[0])

    @property
    def text(self) -> str:
        """What a reader sees, with single spaces."""
        body = self.root.find("body")
        return text_of(body if body is not None else self.root)

    def form(self, action: str) -> PageForm:
        """The form that goes there."""
        (found,) = [form for form in self.all("form") if form.get("action") == action]
        fields = {
            name: _holds(control)
            for control in controls(found)
            if (name := control.get("name"))
            and control.tag != "button"
            and control.get("type") not in {"file", "checkbox"}
        }
        return PageForm(action, found.get("method") or "get", fields)

    def by_id(self, name: str) -> Element:
        """The element with this id."""
        (found,) = [element for element in self.root.iter() if element.get("id") == name]
        return found


class PageClient:
    """A client that checks each page it fetches."""

    def __init__(self, client: Client, origin: str) -> None:
        """Fetch through a client, as a page of `origin`."""
        self.client = client
        self.origin = origin

    def get(self, path: str, *, status: int = 200) -> Page:
        """Fetch a page and check it."""
        return self._page(self.client.get(path), status)

    def send(self, form: PageForm, *, status: int = 200, **typed: str) -> Page:
        """Fill in a form and send it; return the page that follows."""
        assert set(typed) <= set(form.fields), f"no such field: {set(typed) - set(form.fields)}"
        answer = self.client.post(
            form.action, data=form.fields | typed, headers={"Origin": self.origin}
        )
        return self._page(answer, status)

    def send_with_files(
        self, form: PageForm, files: Sequence[tuple[str, bytes]], *, status: int = 200, **typed: str
    ) -> Page:
        """Fill in a form that takes files, and send it."""
        answer = self.client.post(
            form.action,
            data=form.fields | typed,
            files=[("files", (name, content)) for name, content in files],
            headers={"Origin": self.origin},
        )
        return self._page(answer, status)

    def _page(self, answer: Response, status: int) -> Page:
        assert answer.status_code == status, f"{answer.status_code} instead of {status}"
        return check_page(answer.text, answer.status_code, answer.headers)


def check_page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
    """Return the page that these bytes are, or raise AssertionError with what is wrong."""
    root = parse_strictly(html)
    page = Page(status, headers or {}, html, root)
    wrong = [
        *_heading(page),
        *_language(root),
        *_ids(root),
        *_labels(root),
        *_forms(root),
        *_inline(root),
        *_outside(root),
    ]
    assert not wrong, "; ".join(wrong)
    return page


def parse_strictly(html: str) -> Element:
    """Parse a document; any parse error of HTML5 is one here."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    return root


def parse_part(html: str) -> Element:
    """Parse a part of a page as strictly, and check what can be checked of a part."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root = Element("div")
    root.extend(list(parser.parseFragment(html)))
    wrong = [*_ids(root), *_labels(root), *_forms(root), *_inline(root), *_outside(root)]
    assert not wrong, "; ".join(wrong)
    return root


def _holds(control: Element) -> str:
    """Return what a control sends if nobody touches it."""
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        return next((one.get("value") or "" for one in chosen), "")
    return control.get("value") or (control.text or "")


def text_of(element: Element) -> str:
    """The words in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def controls(root: Element) -> Iterator[Element]:
    """Every form control."""
    return (element for element in root.iter() if element.tag in CONTROLS)


def _heading(page: Page) -> Iterator[str]:
    headings = page.all("h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1"
        return
    (title,) = page.all("title")
    if not text_of(title).startswith(text_of(headings[0])) or not text_of(headings[0]):
        yield f"title {text_of(title)!r} does not begin with h1 {text_of(headings[0])!r}"
    if len(page.all("main")) != 1:
        yield "not one main"


def _language(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "no lang"
    if root.get("dir") not in {"ltr", "rtl"}:
        yield "no dir"


def _ids(root: Element) -> Iterator[str]:
    ids = [name for element in root.iter() if (name := element.get("id")) is not None]
    yield from (f"id {name!r} twice" for name in sorted({n for n in ids if ids.count(n) > 1}))
    known = set(ids)
    for element in root.iter():
        for reference in ("for", "aria-labelledby", "aria-describedby"):
            for name in (element.get(reference) or "").split():
                if name not in known:
                    yield f"{reference} {name!r} points nowhere"


def _labels(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if text_of(label)}
    within = {id(control) for label in root.iter("label") for control in controls(label)}
    for control in controls(root):
        if control.tag == "button":
            if not text_of(control) and not control.get("aria-label"):
                yield "a button without words"
            continue
        named = control.get("id") in labelled or id(control) in within
        if control.get("type") not in NEEDS_NO_LABEL and not (named or control.get("aria-label")):
            yield f"no label for {control.get('name')!r}"
        if not control.get("name"):
            yield f"a {control.tag} without a name"


def _forms(root: Element) -> Iterator[str]:
    for form in root.iter("form"):
        method, action = form.get("method"), form.get("action")
        if not action or method not in {"get", "post"}:
            yield f"a form without action or method ({action!r}, {method!r})"
        tokens = [c.get("value") for c in controls(form) if c.get("name") == "csrf"]
        if method == "post" and not (len(tokens) == 1 and tokens[0]):
            yield f"no token in the form to {action!r}"
        if method == "get" and tokens:
            yield f"the token would stand in an address: {action!r}"


def _inline(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"inline {element.tag}"
        for name in element.attrib:
            if name == "style" or name.startswith("on") or name in {"hx-on", "data-hx-on"}:
                yield f"inline {name} on {element.tag}"


def _outside(root: Element) -> Iterator[str]:
    for element in root.iter():
        for name in ADDRESSED:
            value = element.get(name)
            within = value in NOT_OUTSIDE or (value or "").startswith(PICTURE_WITHIN)
            if value and OUTSIDE.match(value) and not within:
                yield f"outside: {name}={value[:200]!r}"
    for meta in root.iter("meta"):
        if "://" in (meta.get("content") or ""):
            yield "outside: meta"
