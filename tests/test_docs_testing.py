"""What docs/control.md and docs/testing.md show works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from asm_emulator.cli import main
from asm_emulator.control import ENDPOINTS
from asm_emulator.control.table import FAULTS, SPOILS
from asm_emulator.emulator import Emulator
from asm_emulator.hosting import Hosting
from asm_emulator.pki import ensure

pytest_plugins = ["pytester"]

DOCS = Path(__file__).parent.parent / "docs"
CONTROL = (DOCS / "control.md").read_text()
TESTING = (DOCS / "testing.md").read_text()
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


def blocks(page: str) -> list[tuple[str, str]]:
    return re.findall(r"```(python|console)\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_every_control_endpoint_is_documented(endpoint: object) -> None:
    assert f"`{endpoint.verb} {endpoint.path}`" in CONTROL  # type: ignore[attr-defined]


def test_no_endpoint_is_documented_that_is_not_there() -> None:
    known = {f"{one.verb} {one.path}" for one in ENDPOINTS}
    assert set(re.findall(r"\| `((?:GET|POST|PUT|DELETE) [^`]+)` \|", CONTROL)) == known


def test_every_fault_is_documented() -> None:
    assert all(f"| `{one}` |" in CONTROL for one in FAULTS)
    assert all(one in CONTROL for one in SPOILS)


def test_the_examples_of_the_control_plane_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("yaml", reason="one example is in YAML")
    paths = ensure(tmp_path, SUBSCRIPTION, "")
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()], pace="manual")
    with Hosting(emulator, paths) as hosting:
        hosting.announce()
        monkeypatch.setenv("ASM_EMULATOR_CERTS", str(tmp_path))
        assert main(["env", "--plain"]) == 0
        for line in capsys.readouterr().out.splitlines():
            monkeypatch.setenv(*line.split("=", 1))
        with ExitStack() as leaving:
            names: dict[str, Any] = {}
            monkeypatch.chdir(tmp_path)
            (tmp_path / "certs").mkdir()
            shutil.copy(paths.management, tmp_path / "certs")
            (tmp_path / "estate.yaml").write_text("hosted_services: [{name: from-a-file}]")
            (tmp_path / "vms.json").write_text('[{"DNSName": "listed.cloudapp.net", "VMName": "one"}]')
            for kind, text in blocks(CONTROL):
                if kind == "python":
                    exec(compile(text, "control.md", "exec"), names)
                    if "azure =" in text:
                        leaving.enter_context(names["azure"])
                    continue
                for line in text.splitlines():
                    if line == '$ eval "$(asm-emulator env)"':
                        continue
                    program, *words = shlex.split(line.removeprefix("$ "))
                    assert (program, main(words)) == ("asm-emulator", 0), line
        hosting.withdraw()
    printed = capsys.readouterr().out
    for expected in (
        "ok 0.1.0 manual\n", "\n100\n", "InProgress\nNo more room.\n", "No more racks.\nTrue\n", "True True True\n",
        "True True\nMaintenanceCompleted\n[('till', 'owner'), ('desk', 'platform')]\n", '"removed": 2',
        "+ web: location=West US", "assumed\n", "2 [{", "[0].Mood",
    ):  # fmt: skip
        assert expected in printed, expected
    assert "hosted_services[0].colour" in printed


@pytest.fixture
def documented_tests(pytester: pytest.Pytester) -> pytest.Pytester:
    """The tests that docs/testing.md shows, as a project."""
    pytester.makeini("[pytest]\naddopts = --import-mode=importlib --strict-markers -p no:cacheprovider\n")
    tests = [text for kind, text in blocks(TESTING) if kind == "python" and ("def test" in text)]
    for number, text in enumerate(tests):
        (pytester.path / f"test_{number}.py").write_text(text)
    return pytester


def commands(page: str, program: str) -> list[list[str]]:
    """The words of every command of a program that a page shows."""
    lines = [line for kind, text in blocks(page) if kind == "console" for line in text.splitlines()]
    found = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]
    return [words[1:] for words in found if words[0] == program]


@pytest.mark.parametrize("options", commands(TESTING, "pytest"), ids=" ".join)
def test_the_examples_of_tests_run(documented_tests: pytest.Pytester, options: list[str]) -> None:
    if "-n" in options:
        pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    documented_tests.runpytest_subprocess(*options).assert_outcomes(passed=11)


def test_the_example_without_any_framework_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (rest,) = [text for kind, text in blocks(TESTING) if kind == "python" and "def test" not in text]
    exec(compile(rest, "testing.md", "exec"), {})
    assert "['create_hosted_service']" in capsys.readouterr().out


def test_a_failures_report_is_as_shown(documented_tests: pytest.Pytester) -> None:
    documented_tests.makepyfile(
        test_0="""
        def test_it(azure_classic_client):
            azure_classic_client.get_hosted_service("nowhere")
        """
    )
    found = documented_tests.runpytest_subprocess("test_0.py").outlines
    (shown,) = re.findall(r"```text\n----.*?\n(.*?)```", TESTING, re.DOTALL)

    def told(line: str) -> str:
        """Without what is another one in every run."""
        return re.sub(r"[0-9a-f]{8}-(…|[0-9a-f-]{27})|[0-9a-f]{32}|[\d.]+ ms", "#", line)

    assert set(map(told, shown.splitlines())) <= set(map(told, found))


SCRIPT = """
import json, os, sys, urllib.request
here = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with here.open(os.environ["ASM_EMULATOR_CONTROL"] + "/health") as answer:
    print(json.load(answer)["status"], os.environ["HTTPS_PROXY"], *sys.argv[1:])
"""


@pytest.mark.parametrize("words", commands(TESTING, "asm-emulator"), ids=" ".join)
def test_the_commands_of_tests_run(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("first.py", "second.py"):
        (tmp_path / name).write_text(SCRIPT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    code = main(words)
    printed = capfd.readouterr().out
    if words[0] == "doctor":
        assert code in (0, 1)  # whether this machine is well set up is not the question here
        assert printed.count("\n") > 5
        return
    assert code == 0
    proxies = [line.split()[1] for line in printed.splitlines() if line.startswith("ok ")]
    assert len(proxies) == len(set(proxies)) == words.count("python3") + words.count("sh"), "each has its own"


def test_every_fixture_is_documented() -> None:
    from asm_emulator.testing import plugin

    fixtures = re.findall(r"@pytest\.fixture(?:\([^)]*\))?\ndef (\w+)", Path(plugin.__file__).read_text())
    assert fixtures
    assert all(f"`{name}`" in TESTING for name in fixtures)
