# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's own browser window: a throw-away profile, in memory where the system has that.

The profile knows no extension, fills in nothing, saves no passphrase, sends no word to a spelling
or translating service, and can reach nothing but this machine.  It is removed at the end.
The one-time link goes through a file in the profile, because other users of the machine can read
the arguments of a program.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from safeconduct import host
from safeconduct.kernel.errors import Refused

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FIREFOX: Final = ("firefox", "firefox-esr")
CLOSING: Final = 5.0
REMOVING: Final = 0.1
LOOKS: Final = 5
"""A profile is gone when it was not there so often in a row."""
GUESSES: Final = {
    "darwin": (
        Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
        Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        Path("/Applications/Firefox.app/Contents/MacOS/firefox"),
    ),
    "win32": (
        Path(r"C:\Program Files\Google\Chrome\Application\chrome.exe"),
        Path(r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"),
        Path(r"C:\Program Files\Mozilla Firefox\firefox.exe"),
    ),
}
CHROMIUM_FEATURES_OFF: Final = (
    "AutofillServerCommunication",
    "GlobalMediaControls",
    "LensOverlay",
    "MediaRouter",
    "OptimizationGuideModelDownloading",
    "OptimizationHints",
    "PasswordManagerOnboarding",
    "SpellcheckServiceMultilingual",
    "Translate",
)
CHROMIUM_FLAGS: Final = (
    "--incognito",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-remote-fonts",
    "--disable-search-engine-choice-screen",
    "--disable-speech-api",
    "--disable-sync",
    "--disk-cache-size=1",
    "--media-cache-size=1",
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
    # Two ways to reach nothing else: no name resolves, and no proxy answers.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1",
    f"--disable-features={','.join(CHROMIUM_FEATURES_OFF)}",
)
CHROMIUM_PREFERENCES: Final = {
    "alternate_error_pages": {"enabled": False},
    "autofill": {"credit_card_enabled": False, "enabled": False, "profile_enabled": False},
    "browser": {"enable_spellchecking": False},
    "credentials_enable_service": False,
    "credentials_enable_autosignin": False,
    "download": {"prompt_for_download": True},
    "net": {"network_prediction_options": 2},
    "profile": {"password_manager_enabled": False, "password_manager_leak_detection": False},
    "safebrowsing": {"enabled": False},
    "search": {"suggest_enabled": False},
    "signin": {"allowed": False, "allowed_on_next_startup": False},
    "spellcheck": {"dictionaries": [], "use_spelling_service": False},
    "translate": {"enabled": False},
}
FIREFOX_PREFERENCES: Final[dict[str, bool | int | str]] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.cache.disk.enable": False,
    "browser.cache.memory.enable": False,
    "browser.contentblocking.category": "strict",
    "browser.download.useDownloadDir": False,
    "browser.formfill.enable": False,
    "browser.newtabpage.enabled": False,
    "browser.pagethumbnails.capturing_disabled": True,
    "browser.privatebrowsing.autostart": True,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.suggest.enabled": False,
    "browser.sessionstore.enabled": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.translations.enable": False,
    "browser.urlbar.suggest.searches": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.forms.autocomplete.formautofill": False,
    "extensions.autoDisableScopes": 15,
    "extensions.enabledScopes": 0,
    "extensions.formautofill.addresses.enabled": False,
    "extensions.formautofill.creditCards.enabled": False,
    "extensions.update.enabled": False,
    "identity.fxaccounts.enabled": False,
    "layout.spellcheckDefault": 0,
    "media.memory_cache_max_size": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    # Everything but this machine goes to a proxy that is not there.
    "network.proxy.allow_hijacking_localhost": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
    "places.history.enabled": False,
    "signon.autofillForms": False,
    "signon.rememberSignons": False,
    "toolkit.cosmeticAnimations.enabled": False,
    "toolkit.telemetry.enabled": False,
}
DOORSTEP: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Desk</title>
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url={link}"></head><body></body></html>
"""


class NoBrowser(Refused):
    """Neither Chromium nor Firefox was found on this computer."""

    code = "no_browser"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser on this computer."""

    path: Path
    kind: str


@dataclass(frozen=True, slots=True)
class Window:
    """An open window and the folder that goes when it closes."""

    process: subprocess.Popen[bytes]
    folder: Path
    in_memory: bool

    def wait(self) -> None:
        """Return once the person has closed the window; the profile is gone then."""
        try:
            self.process.wait()
        finally:
            self.close()

    def close(self) -> None:
        """Close the window if it is open, and remove the profile."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(CLOSING)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        _remove(self.folder)


def find_browser() -> Browser:
    """Return a browser of this computer, Chromium's family first.

    Raises:
        NoBrowser: there is none that this program knows.
    """
    # Chromium refuses to run as root with its sandbox, and Firefox does not.
    names = (*FIREFOX, *CHROMIUM) if host.is_superuser() else (*CHROMIUM, *FIREFOX)
    for name in names:
        found = shutil.which(name)
        if found:
            return Browser(Path(found), _kind(name))
    for path in GUESSES.get(sys.platform, ()):
        if path.exists():
            return Browser(path, _kind(path.name))
    raise NoBrowser


def open_browser(link: str, browser: Browser | None = None, extra: Sequence[str] = ()) -> Window:
    """Open a window of its own at the one-time link.

    Raises:
        NoBrowser: there is none that this program knows.
    """
    browser = browser or find_browser()
    folder, in_memory = host.private_folder("desk-")
    try:
        command = [*_command(browser, folder, _doorstep(folder, link)), *extra]
        process = subprocess.Popen(  # noqa: S603  (a browser of this computer, no shell)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Window(process, folder, in_memory)


def _remove(folder: Path) -> None:
    """Remove a folder for good; a browser's other processes may write it anew for a moment."""
    until, gone = monotonic() + CLOSING, 0
    while gone < LOOKS and monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        gone = 0 if folder.exists() else gone + 1
        sleep(REMOVING)


def _command(browser: Browser, folder: Path, doorstep: Path) -> list[str]:
    profile = folder / "profile"
    if browser.kind == "firefox":
        write_firefox_profile(profile)
        return [str(browser.path), "--no-remote", "--profile", str(profile), doorstep.as_uri()]
    write_chromium_profile(profile)
    crashes = [f"--crash-dumps-dir={folder}", "--no-sandbox"] if host.is_superuser() else []
    return [
        str(browser.path),
        f"--user-data-dir={profile}",
        *CHROMIUM_FLAGS,
        *crashes,
        f"--app={doorstep.as_uri()}",
    ]


def write_chromium_profile(profile: Path) -> None:
    """Write a profile of Chromium that remembers and asks nothing."""
    default = profile / "Default"
    default.mkdir(parents=True)
    (default / "Preferences").write_text(json.dumps(CHROMIUM_PREFERENCES), encoding="utf-8")


def write_firefox_profile(profile: Path) -> None:
    """Write a profile of Firefox that remembers and asks nothing."""
    profile.mkdir(parents=True)
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in FIREFOX_PREFERENCES.items()
    )
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")


def _doorstep(folder: Path, link: str) -> Path:
    page = folder / "open.html"
    page.write_text(DOORSTEP.format(link=escape(link)), encoding="utf-8")
    return page


def _kind(name: str) -> str:
    return "firefox" if "firefox" in name.lower() else "chromium"
