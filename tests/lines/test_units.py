# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the docs give systemd is what systemd knows, in both languages.

It is read by systemd itself, which need not run; whether it does what is meant is seen by hand.
"""

import re
import subprocess
from pathlib import Path

import pytest

from tests.lines.kit.asterisk import needed

RUN = Path(__file__).parents[2] / "docs" / "run"
ANALYZE = Path("/usr/bin/systemd-analyze")
PROGRAM = "/usr/bin/true"


def faults(folder: Path, unit: str) -> str:
    """Return what systemd says against a unit; nothing where all is well."""
    needed(ANALYZE)
    file = folder / "tried.service"
    file.write_text(unit, encoding="utf-8")
    asked = [str(ANALYZE), "verify", "--man=no", str(file)]
    done = subprocess.run(asked, capture_output=True, check=False, text=True, timeout=60)
    about = [line for line in done.stderr.splitlines() if "tried.service" in line]
    return "\n".join(about) or ("" if done.returncode == 0 else done.stderr)


def asterisks_unit(page: str) -> str:
    """The unit that a page gives; systemd looks for its program, which is not on every machine."""
    text = (RUN / "lines" / page).read_text(encoding="utf-8")
    [unit] = re.findall(r"^```ini\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return re.sub(
        "^ExecStart=/usr/sbin/asterisk ", f"ExecStart={PROGRAM} ", unit, flags=re.MULTILINE
    )


def lines_unit(page: str) -> str:
    """The properties of `systemd-run` as a unit, which is what it makes of them."""
    text = (RUN / page).read_text(encoding="utf-8").replace("\\\n", " ")
    [command] = re.findall(r"^    sudo systemd-run (.*)$", text, re.MULTILINE)
    own = re.findall(r" -p (\S+)", command)
    return "\n".join(["[Service]", f"ExecStart={PROGRAM}", *own, ""])


@pytest.mark.parametrize("page", ["phone.md", "phone.ru.md"])
def test_asterisks_unit_is_one_that_systemd_takes(page: str, tmp_path: Path) -> None:
    unit = asterisks_unit(page)
    assert PROGRAM in unit
    assert faults(tmp_path, unit) == ""
    assert "LimitCRE" in faults(tmp_path, unit.replace("LimitCORE", "LimitCRE"))


@pytest.mark.parametrize("page", ["lines.md", "lines.ru.md"])
def test_what_a_line_is_run_with_is_known_to_systemd(page: str, tmp_path: Path) -> None:
    unit = lines_unit(page)
    assert "RuntimeDirectory=" in unit
    assert faults(tmp_path, unit) == ""
    assert "MemorySwap" in faults(tmp_path, unit.replace("MemorySwapMax", "MemorySwap"))


@pytest.mark.parametrize("name", ["lines{}.md", "lines/phone{}.md"])
def test_both_languages_give_systemd_the_same(name: str) -> None:
    give = asterisks_unit if "phone" in name else lines_unit
    page = name.removeprefix("lines/")
    assert give(page.format("")) == give(page.format(".ru"))
