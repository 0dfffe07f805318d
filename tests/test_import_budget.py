"""What starting the server loads: nothing that it does not need to answer, and no more of that than was decided."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = 525
"""Modules loaded when the server listens: 505 and some room.  What needs more says here why."""

NEVER = (
    "asm_client", "asm_contracts.suite", "asm_emulator.app", "asm_emulator.control.app", "asm_emulator.driver",
    "asm_emulator.durable", "asm_emulator.page", "asm_emulator.proxy", "asm_emulator.seeding", "asm_emulator.selftest",
    "asm_emulator.testing", "click", "flask", "http.client", "http.server", "hypothesis", "jinja2", "pytest", "requests",
    "sqlite3", "ssl", "unittest", "urllib.request", "urllib3", "werkzeug", "yaml",
)  # fmt: skip
"""Modules, with all in them, that only other ways of using the emulator need: Flask the application itself and the
control plane, when they are first asked; the rest clients, tests, seeding, `exec` and `--state`."""

SERVE = """
import json, os, signal, sys, threading, time
from pathlib import Path
from asm_emulator import cli
loaded = None
def look():
    global loaded
    end = time.monotonic() + 60
    while not Path(sys.argv[1], "endpoint.json").exists() and time.monotonic() < end:
        time.sleep(0.01)
    loaded = sorted(sys.modules)
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=look).start()
cli.main(["serve", "--port", "0", "--control-port", "0", "--certs", sys.argv[1]])
from asm_contracts.document import is_document
from asm_contracts.frozen import _construct
classes = [one for name in loaded for one in vars(sys.modules[name]).values() if isinstance(one, type)]
made = sorted({one.__qualname__ for one in classes if is_document(one) and one.__init__ is not _construct})
print(json.dumps({"modules": loaded, "made": made, "documents": sum(map(is_document, classes))}))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    certs = str(tmp_path_factory.mktemp("certs"))
    done = subprocess.run(
        [sys.executable, "-c", SERVE, certs],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
        timeout=120,
    )
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_nothing_is_loaded_that_answers_do_not_need(loaded: dict[str, list[str]]) -> None:
    assert [name for name in loaded["modules"] if any(name == one or name.startswith(one + ".") for one in NEVER)] == []


def test_no_more_is_loaded_than_was_decided(loaded: dict[str, list[str]]) -> None:
    assert len(loaded["modules"]) <= MODULES


def test_documents_are_compiled_when_they_are_used(loaded: dict[str, list[str]]) -> None:
    assert int(str(loaded["documents"])) > 400
    assert len(loaded["made"]) < 20, f"made while starting: {loaded['made']}"


@pytest.mark.parametrize("name", ["asm_emulator.testing.plugin", "asm_contracts.suite.entry"])
def test_plugins_cost_others_next_to_nothing(name: str) -> None:
    # Installed, they are loaded into every run of pytest on the machine.
    code = f"import pytest, sys; before = set(sys.modules); import {name}; print(len(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert int(done.stdout) < 60
