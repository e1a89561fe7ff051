# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each edge has really loaded, seen from a fresh process.

The import contracts explain; this proves.  A name that `__init__` re-exports, or an import
made by name at run time, passes the contracts and is caught here.
"""

import json
import subprocess
import sys

import pytest

from tests.house.tree import SOURCE

# Nobody but these may hold code that opens: style.md, "relay opens nothing; portal locks only".
MAY_OPEN = {"counter", "desk", "lines", "person"}
NEVER_LOADED = {
    "relay": {
        "kernel.journal",
        "kernel.phrase",
        "kernel.seal._box",
        "kernel.seal.lock",
        "kernel.seal.unlock",
        "kernel.sync",
        "rooms",
    },
    "portal": {
        "kernel.journal",
        "kernel.seal._box",
        "kernel.seal.sign",
        "kernel.seal.unlock",
        "kernel.sync",
        "rooms",
    },
    "counter": {"edges.desk", "kernel.journal", "kernel.sync", "rooms"},
    "desk": {"edges.counter", "edges.lines", "edges.person", "edges.portal", "edges.relay"},
    "lines": {"edges.counter", "edges.desk", "kernel.journal", "kernel.sync", "rooms"},
    "person": {
        "edges.counter",
        "edges.desk",
        "edges.lines",
        "kernel.journal",
        "kernel.sync",
        "rooms",
    },
}
# Doors on the way to a room that an edge does know: letters are written in the hotline's words.
KNOWN_ROOMS = {edge: {"rooms.hotline"} for edge in ("counter", "lines", "person")}
EDGES = sorted(path.parent.name for path in (SOURCE / "edges").glob("*/__init__.py"))
PROGRAMS = sorted(path.stem for path in (SOURCE / "programs").glob("main.py"))

_IMPORT_ALL = """
import importlib, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(getattr(package, "__path__", ()), package.__name__ + "."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
print(json.dumps(sorted(name for name in sys.modules if name.startswith("safeconduct"))))
"""


def loaded_by(module: str) -> set[str]:
    """Every module of ours in a process that imported all of `module` and nothing else."""
    names = run_fresh(_IMPORT_ALL, f"safeconduct.{module}")
    return {name.removeprefix("safeconduct.") for name in names}


def run_fresh(code: str, *arguments: str) -> list[str]:
    """The JSON that a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    names: list[str] = json.loads(done.stdout)
    return names


def within(modules: set[str], packages: set[str]) -> set[str]:
    """Those modules that are one of the packages, or inside one."""
    return {
        module
        for module in modules
        if any(module == package or module.startswith(f"{package}.") for package in packages)
    }


def test_every_edge_has_said_what_it_never_loads() -> None:
    assert set(EDGES) <= set(NEVER_LOADED)
    assert all("kernel.seal.unlock" in NEVER_LOADED[edge] for edge in set(NEVER_LOADED) - MAY_OPEN)


@pytest.mark.parametrize("edge", EDGES)
def test_an_edge_never_loads_what_it_must_not_hold(edge: str) -> None:
    loaded = loaded_by(f"edges.{edge}")
    known = within(loaded, KNOWN_ROOMS.get(edge, set()))
    # `rooms` itself is an empty door; a room inside it is what matters.
    assert not within(loaded, NEVER_LOADED[edge]) - known - {"rooms"}


def test_a_desk_loads_no_decoder_of_strangers_files() -> None:
    code = (
        "import json, sys, safeconduct.edges.desk.app, safeconduct.edges.desk.office;"
        "print(json.dumps([*sys.modules]))"
    )
    assert not {"PIL", "pypdfium2"} & set(run_fresh(code))


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_command_alone_loads_no_code_that_opens(program: str) -> None:
    # `safeconduct serve` runs in the process that `main` began.
    code = f"import json, sys, safeconduct.programs.{program}; print(json.dumps([*sys.modules]))"
    assert "safeconduct.kernel.seal.unlock" not in run_fresh(code)
