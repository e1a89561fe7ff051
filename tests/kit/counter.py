# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real counter on loopback, and a visitor without JavaScript who checks every page she gets."""

from __future__ import annotations

import http.client
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

import html5lib

from safeconduct.edges.counter import CounterConfig, CounterHandle, Limits, serve_counter
from safeconduct.kernel.phrase import canonical, read_phrase
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from tests.kit.patience import PATIENCE
from tests.kit.stage import INTAKE_SIGNING, OFFICE, Stage

OUTSIDE: Final = ("http:", "https:", "//")


def config_of(
    office: Stage, *, lanes: int = 4, relay: str = "", limits: Limits | None = None
) -> CounterConfig:
    """Return the configuration of a counter for an office on stage."""
    return CounterConfig(
        office=OFFICE,
        intake_signing=INTAKE_SIGNING.public.raw,
        relay=relay or office.url,
        portal_url=office.url,
        languages=office.config.languages,
        lanes=lanes,
        limits=limits or Limits(),
    )


@contextmanager
def counter(
    office: Stage, *, lanes: int = 4, relay: str = "", limits: Limits | None = None
) -> Iterator[CounterHandle]:
    """Open a counter whose parent is this process."""
    with serve_counter(config_of(office, lanes=lanes, relay=relay, limits=limits)) as handle:
        assert handle.wait_until_warm(PATIENCE)
        yield handle


@contextmanager
def counter_apart(office: Stage, *, lanes: int = 1) -> Iterator[tuple[str, int]]:
    """Open a counter as a program of its own; give its address and its parent's process id."""
    command = [sys.executable, "-P", "-m", "safeconduct.edges.counter"]
    command += ["--office", OFFICE.hex(), "--relay", office.url, "--lanes", str(lanes)]
    command += ["--intake-signing", INTAKE_SIGNING.public.raw.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().decode().strip(), process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE)


def address_of(words: Sequence[str]) -> bytes:
    """Return the address of the box that words open."""
    secret = stretch_phrase(canonical(read_phrase(" ".join(words))), OFFICE)
    return part(secret, "mailbox-address")


@dataclass(frozen=True, slots=True)
class Got:
    """One answer: its status, headers and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def page(self) -> Element:
        """The page, checked."""
        return checked(self.body)

    def texts(self, path: str) -> list[str]:
        """The texts of the elements at a path, without the white space around them."""
        return [" ".join("".join(node.itertext()).split()) for node in self.page.findall(path)]

    def text(self, name: str) -> str:
        """What stands in a text field."""
        return next(
            node.text or "" for node in self.page.iter("textarea") if node.get("name") == name
        )

    @property
    def words(self) -> list[str]:
        """The eight words, or none."""
        return self.texts(".//ol[@class='words']/li")

    @property
    def notice(self) -> str:
        """What went wrong, or nothing."""
        return " ".join(self.texts(".//section[@role='alert']"))

    @property
    def actions(self) -> list[str]:
        """The names of the buttons that do something."""
        buttons = self.page.iter("button")
        return [str(node.get("value")) for node in buttons if node.get("name") == "action"]


class Visitor:
    """A browser that knows forms and nothing else."""

    def __init__(self, url: str, *, language: str = "en") -> None:
        """Remember where the counter is."""
        self._url: Final = urlsplit(url)
        self._language: Final = language

    def get(self, path: str = "/", method: str = "GET") -> Got:
        """Open an address."""
        return self._ask(method, path, b"", {})

    def post(self, **fields: str) -> Got:
        """Send a plain form."""
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", "/", urlencode(fields).encode(), head)

    def post_files(self, fields: Mapping[str, str], *files: tuple[str, bytes]) -> Got:
        """Send a form with files."""
        kind, body = multipart(fields, *files)
        return self._ask("POST", "/", body, {"Content-Type": kind})

    def _ask(self, method: str, path: str, body: bytes, head: Mapping[str, str]) -> Got:
        connection = http.client.HTTPConnection(
            str(self._url.hostname), self._url.port, timeout=PATIENCE
        )
        headers = {"Accept-Language": self._language, **head}
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        got = Got(answer.status, dict(answer.getheaders()), answer.read())
        connection.close()
        return got


def multipart(fields: Mapping[str, str], *files: tuple[str, bytes]) -> tuple[str, bytes]:
    """Return the content type and body of a form, as browsers write it."""
    boundary = secrets.token_hex(16)
    parts = []
    for name, value in fields.items():
        told = value.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + told)
    for name, content in files:
        told_name = name.replace('"', "%22")
        parts.append(
            f'Content-Disposition: form-data; name="files"; filename="{told_name}"\r\n'
            f"Content-Type: image/jpeg\r\n\r\n".encode()
            + content
        )
    body = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def checked(body: bytes) -> Element:
    """Return the tree of a page that keeps the house's rules for pages."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(body.decode())
    assert tree.get("lang")
    assert tree.get("dir")
    headings = tree.findall(".//h1")
    assert len(headings) == 1
    assert (tree.findtext(".//title") or "").startswith(headings[0].text or "-")
    assert tree.find(".//a[@class='leave']") is not None
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    for node in tree.iter():
        _check(node, {str(name) for name in ids})
    return tree


def _unseen(node: Element) -> bool:
    """Whether nobody is shown it."""
    return node.get("type") == "hidden" or node.get("hidden") is not None


def _check(node: Element, ids: set[str]) -> None:
    assert node.tag not in {"script", "style", "iframe", "img"}
    assert not [name for name in node.keys() if name.startswith("on") or name == "style"]  # noqa: SIM118
    for pointer in ("aria-labelledby", "aria-describedby", "for", "form"):
        assert set(node.get(pointer, "").split()) <= ids
    if node.tag == "form":
        assert (node.get("action"), node.get("method")) == ("/", "post")
        assert node.get("aria-label")
    if node.tag in {"textarea", "input", "select"} and not _unseen(node):
        assert node.get("aria-labelledby") or node.get("id")
        assert node.get("type") == "file" or node.get("autocomplete") == "off"
    if node.tag == "link":
        assert not str(node.get("href")).startswith(OUTSIDE)
