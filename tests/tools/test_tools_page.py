"""docs/tools.md: its commands run, in their order and in one clean home directory, and print what it says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
MARK = "-- command --"
Session = list[tuple[str, list[str]]]


def sessions(page: str) -> list[Session]:
    """The commands of each console block, with the lines they print."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        session: Session = []
        for line in block.splitlines():
            if line.startswith("$ "):
                session.append((line[2:], []))
            elif line.startswith("> "):
                command, printed = session[-1]
                session[-1] = (f"{command}\n{line[2:]}", printed)
            else:
                session[-1][1].append(line)
        found.append(session)
    return found


def matches(expected: list[str], printed: str) -> bool:
    """Whether lines were printed, `...` in them standing for anything in its line, alone for any lines."""
    printed = re.sub(r"[ \t]+$", "", printed, flags=re.MULTILINE)
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line.rstrip()).replace(r"\.\.\.", ".*") + r"\n"
        for line in expected
    )
    return re.fullmatch(pattern, printed) is not None


@pytest.fixture
def path(node: Path, python: Path, tmp_path: Path, as_installed: Any) -> list[str]:
    """Where the page's commands are found."""
    commands = tmp_path / "bin"
    commands.mkdir()
    as_installed(commands / "asm-emulator")
    return [str(commands), str(node / ".bin"), str(python.parent)]


def test_the_page(
    path: list[str], node: Path, cloud: Any, home: Path, tmp_path: Path, plain_environment: Any, hurry: str
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "certs").symlink_to(cloud.certs)
    (home / ".azure" / "telemetry.json").unlink()
    env = plain_environment(home)
    env |= {
        "PATH": os.pathsep.join([*path, env["PATH"]]),
        "NODE_PATH": str(node),
        "NODE_OPTIONS": hurry,
    }
    found = sessions((ROOT / "docs" / "tools.md").read_text())
    assert len(found) > 8
    wrong = []
    for session in found:
        script = "".join(f"{command}\nprintf '%s\\n' '{MARK}'\n" for command, _ in session)
        done = subprocess.run(
            ["sh", "-c", script.replace("localhost:8443", f"localhost:{cloud.port}")], env=env, cwd=work, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
        )  # fmt: skip
        output = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).replace(str(cloud.port), "8443")
        parts = output.split(f"{MARK}\n")
        assert len(parts) == len(session) + 1, output
        for (command, expected), printed in zip(session, parts[:-1], strict=True):
            if not matches(expected, printed):
                wrong.append(f"$ {command}\n{printed}")
    assert not wrong, "\n".join(wrong)
