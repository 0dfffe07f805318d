"""What is built and installed as a stranger does it: into an environment of its own, from what a clone has.

``make test-tools`` runs these tests; they fetch the dependencies anew, so a plain ``make test`` leaves them out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENCE = 300.0
"""Seconds for one command: some of them fetch packages."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.tools)


def plain_environment(home: Path) -> dict[str, str]:
    """A stranger's environment: no variable of Python's or of ours, but where packages come from."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "LANG", "LC_", "TMPDIR"))}
    trust = {name: os.environ[name] for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE") if name in os.environ}
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    return {**kept, **trust, **proxies, "HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin"}


def run(
    command: list[str], env: Mapping[str, str], cwd: Path, *, user: int | None = None
) -> subprocess.CompletedProcess[str]:
    """A command that must succeed; what it printed."""
    done = subprocess.run(
        command, env=dict(env), cwd=cwd, user=user, group=user, extra_groups=[] if user else None, text=True,
        capture_output=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that other users may go into, as they may not into those of pytest."""
    made = Path(tempfile.mkdtemp(prefix="asm-emulator-packaging-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def checkout(place: Path) -> Path:
    """What a clone of this state has."""
    to = place / "checkout"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("this is no clone: git does not say what belongs to it")
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    return to


@pytest.fixture
def installed(place: Path, checkout: Path) -> Callable[..., Path]:
    """Builds the wheel and installs it, with extras if wanted, into a fresh environment: its bin directory."""

    def install(*requirements: str, extras: str = "") -> Path:
        env = plain_environment(place)
        python = sys.executable
        run([python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "dist", "."], env, checkout)
        (wheel,) = (checkout / "dist").glob("*.whl")
        run([python, "-m", "venv", str(place / "venv")], env, place)
        pip = str(place / "venv" / "bin" / "pip")
        run([pip, "install", "--quiet", f"asm-emulator{extras} @ file://{wheel}", *requirements], env, place)
        return place / "venv" / "bin"

    return install
