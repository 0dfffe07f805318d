"""The documentation is complete, and what it shows works."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest

from asm_emulator.cli import parser
from asm_emulator.cli_serving import banner
from asm_emulator.control import ENDPOINTS
from asm_emulator.emulator import Emulator
from asm_emulator.hosting import Hosting
from asm_emulator.pki import ensure
from asm_emulator.wrapper import environment

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def subcommands() -> dict[str, argparse.ArgumentParser]:
    action = next(one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(action.choices)


@pytest.mark.parametrize("name", subcommands())
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"`asm-emulator {name}" in README
    for action in subcommands()[name]._actions:
        for option in action.option_strings:
            if option not in ("-h", "--help"):
                assert f"`{option}" in README, f"{name} {option}"


def test_every_group_of_control_endpoints_is_named() -> None:
    assert "docs/control.md" in README
    for group in {one.group for one in ENDPOINTS}:
        assert f"**{group}**" in README, group


def test_every_variable_is_documented(tmp_path: Path) -> None:
    paths = ensure(tmp_path, "00000000-0000-0000-0000-000000000001", "")
    for name in environment(paths, "x", "http://127.0.0.1:1"):
        if name.isupper() and name != "NODE_USE_ENV_PROXY":
            assert f"`{name}`" in README, name
    sources = "".join(path.read_text() for path in (ROOT / "emulator").rglob("*.py"))
    for name in set(re.findall(r"ASM_EMULATOR_\w+", sources)):
        assert f"`{name}`" in README, name


def test_the_first_screen_is_what_serve_prints(tmp_path: Path) -> None:
    certs = Path("certs")
    paths = ensure(tmp_path, "00000000-0000-0000-0000-000000000001", "")
    hosting = Hosting(Emulator(), paths, port=0, control_port=0)
    with hosting:
        printed = banner(hosting).replace(str(tmp_path), str(certs))
        ports = {str(hosting.api.port): "8443"}
        assert hosting.control is not None
        ports[str(hosting.control.port)] = "8444"
    for port, shown in ports.items():
        printed = printed.replace(f":{port}", f":{shown}")
    printed = re.sub(r"asm-emulator [\w.+-]+:", "asm-emulator 0.1.0:", printed)
    assert printed in README


def test_links_of_the_documentation_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), ROOT / "certs" / "README.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def snippets() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_in_process_example_runs() -> None:
    example = next(one for one in snippets() if "Emulator(" in one)
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)
    assert "azure" in names


def test_the_client_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = ensure(tmp_path, "00000000-0000-0000-0000-000000000001", "")
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()])
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(paths.ca))
    example = next(one for one in snippets() if "ServiceManagementService" in one)
    with Hosting(emulator, paths, control_port=None) as hosting:
        example = example.replace("certs/management.pem", str(paths.management))
        example = example.replace("localhost:8443", f"localhost:{hosting.api.port}")
        names: dict[str, object] = {}
        exec(compile(example, "README.md", "exec"), names)
        service = names["sms"]
        close = getattr(service, "close", None)
        if close is not None:
            close()
    assert "myhostedservice West US" in capsys.readouterr().out


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
