"""What docs/control.md and docs/testing.md show works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from asm_client.client import connect
from asm_emulator.cli import main, parser
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
        monkeypatch.setenv("ASM_EMULATOR_CONTROL", hosting.control_url or "")
        with connect(SUBSCRIPTION, paths.management, host=hosting.url, ca=paths.ca) as azure:
            names: dict[str, object] = {"azure": azure}
            for kind, text in blocks(CONTROL):
                if kind == "python":
                    exec(compile(text, "control.md", "exec"), names)
                    continue
                for line in text.splitlines():
                    program, *words = shlex.split(line.removeprefix("$ "))
                    assert (program, main(words)) == ("asm-emulator", 0), line
        hosting.withdraw()
    printed = capsys.readouterr().out
    for expected in ("ok\n100\n", "InProgress\nNo more room.\n", "False\n", "+ web: name=web", "assumed\n", "2 [{"):
        assert expected in printed, expected
    assert "hosted_services[0].colour" in printed


def test_the_examples_of_tests_run(pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]) -> None:
    pytester.makeini("[pytest]\naddopts = --import-mode=importlib --strict-markers -p no:cacheprovider\n")
    tests = [text for kind, text in blocks(TESTING) if kind == "python" and ("def test" in text)]
    for number, text in enumerate(tests):
        (pytester.path / f"test_{number}.py").write_text(text)
    pytester.runpytest_subprocess().assert_outcomes(passed=5)
    (rest,) = [text for kind, text in blocks(TESTING) if kind == "python" and "def test" not in text]
    exec(compile(rest, "testing.md", "exec"), {})
    assert "['create_hosted_service']" in capsys.readouterr().out


def test_every_fixture_is_documented() -> None:
    from asm_emulator.testing import plugin

    fixtures = re.findall(r"@pytest\.fixture(?:\([^)]*\))?\ndef (\w+)", Path(plugin.__file__).read_text())
    assert fixtures
    assert all(f"`{name}`" in TESTING for name in fixtures)


def test_the_commands_of_tests_are_commands() -> None:
    for kind, text in blocks(TESTING):
        for line in text.splitlines() if kind == "console" else ():
            program, *words = shlex.split(line.removeprefix("$ "))
            assert (program, bool(parser().parse_args(words).run)) == ("asm-emulator", True)
