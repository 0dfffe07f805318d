"""``asm-contracts``, as its users run it: several drivers, the report, the page, and failures with their exchanges."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from asm_contracts.suite import command
from asm_contracts.suite.exchanges import redacted
from asm_emulator import pki
from asm_emulator.areas.affinity_groups import AffinityGroupArea
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.hosting import Hosting


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    paths = pki.ensure(
        tmp_path_factory.mktemp("certs"), DEFAULT_SUBSCRIPTION, "https://127.0.0.1", now=datetime.now(UTC)
    )
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()], pace="instant")
    with Hosting(emulator, paths, control_port=None) as hosting:
        yield [
            "--endpoint", hosting.url, "--certificate", str(paths.management), "--ca", str(paths.ca),
            "--subscription", DEFAULT_SUBSCRIPTION,
        ]  # fmt: skip


@pytest.fixture(autouse=True)
def sources_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", ":".join(str(root / name) for name in ("emulator", "client", "contracts")))


def test_several_drivers_one_report(server: list[str], tmp_path: Path) -> None:
    report, html = tmp_path / "out.json", tmp_path / "out.html"
    done = command.main(
        [*server, "--driver", "client", "--driver", "raw", "--area", "affinity_groups", "-k", "not generated",
         "--report", str(report), "--html", str(html)]
    )  # fmt: skip
    assert done == 0
    found = json.loads(report.read_text())
    assert [one["driver"] for one in found["drivers"]] == ["client", "raw"]
    for one in found["drivers"]:
        created = one["operations"]["create_affinity_group"]
        assert created["passed"] >= 3 and created["failed"] == 0 and created["evidence"]
    assert found["drivers"][1]["operations"]["create_hosted_service"]["not_expressible"] == 0
    text = html.read_text()
    assert "create_affinity_group" in text and not re.search(r"(src|href)=", text), "the page needs nothing else"


def test_a_failure_comes_with_its_exchanges(server: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AffinityGroupArea, "update_affinity_group", lambda self, name, body: None)
    report = tmp_path / "out.json"
    options = ["--driver", "client", "--area", "affinity_groups", "-k", "test_an_update", "--report", str(report)]
    assert command.main([*server, *options]) == 1
    found = json.loads(report.read_text())
    failed = [one for one in found["tests"] if one["outcome"] == "failed"]
    assert [one["test"].rpartition("::")[2] for one in failed] == ["test_an_update_is_read_back"]
    sent = [(one["request"]["verb"], one["response"]["status"]) for one in failed[0]["exchanges"]]
    assert ("PUT", 200) in sent and found["operations"]["update_affinity_group"]["failed"] == 1
    put = next(one for one in failed[0]["exchanges"] if one["request"]["verb"] == "PUT")
    assert "UpdateAffinityGroup" in put["request"]["body"] and put["response"]["headers"]


def test_several_clients_at_once(tmp_path: Path) -> None:
    report = tmp_path / "out.json"
    options = ["--driver", "in-process", "--histories", "2", "-k", "every_history", "--report", str(report)]
    assert command.main(options) == 0
    assert json.loads(report.read_text())["outcomes"] == {"passed": 1}


def test_a_driver_nobody_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--driver", "telepathy"]) == 4
    assert "in-process" in capsys.readouterr().err


def test_what_an_exchange_does_not_show() -> None:
    body = "<A><UserPassword>hush</UserPassword><Primary>key</Primary><Label>seen</Label></A>"
    assert redacted(body) == "<A><UserPassword>***</UserPassword><Primary>***</Primary><Label>seen</Label></A>"
    assert redacted('{"Password": "hush", "a": "b"}') == '{"Password": "***", "a": "b"}'
    assert redacted("https://x/y?sv=1&sig=abc%3D&se=2") == "https://x/y?sv=1&sig=***&se=2"
