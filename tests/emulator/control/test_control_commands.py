"""The control plane over its socket: as commands, with a token, and the faults that only a socket shows."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_emulator import pki
from asm_emulator.cli import main, parser
from asm_emulator.control import ENDPOINTS
from asm_emulator.controlling import Control, ControlError
from asm_emulator.emulator import Emulator
from asm_emulator.hosting import Hosting

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> pki.Paths:
    return pki.ensure(tmp_path_factory.mktemp("certs"), SUBSCRIPTION, "")


@pytest.fixture
def hosting(paths: pki.Paths) -> Iterator[Hosting]:
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()], pace="manual")
    with Hosting(emulator, paths) as found:
        found.announce()
        yield found
        found.withdraw()


@pytest.fixture
def control(hosting: Hosting) -> Control:
    return Control(hosting.control_url)


@pytest.fixture
def command(hosting: Hosting, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: str, code: int = 0) -> Any:
        assert main(["control", "--certs", str(hosting.paths.directory), *words]) == code
        found = capsys.readouterr()
        if code:
            assert found.err.startswith("asm-emulator: ")
            assert found.err.count("\n") == 1
            return found.err
        try:
            return json.loads(found.out) if found.out else None
        except ValueError:
            return found.out

    return run


@pytest.fixture
def session(hosting: Hosting) -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.trust_env = False
        made.cert, made.verify = str(hosting.paths.management), str(hosting.paths.ca)
        made.headers["x-ms-version"] = "2014-10-01"
        yield made


def get(session: requests.Session, hosting: Hosting, path: str = "/services/hostedservices", **more: Any) -> Any:
    return session.get(f"{hosting.url}/{SUBSCRIPTION}{path}", timeout=20, **more)


# -- commands ---------------------------------------------------------------------------------------------------------


def test_every_endpoint_is_a_command() -> None:
    for endpoint in ENDPOINTS:
        words = [str(one.choices[0]) if one.choices else "1" for one in endpoint.takes if one.required]
        found = parser().parse_args(["control", endpoint.name.replace("_", "-"), *words])
        assert found.endpoint is endpoint


def test_commands_say_what_the_endpoints_answer(command: Any, tmp_path: Path) -> None:
    assert command("health")["subscription"] == SUBSCRIPTION
    assert command("ready") is None
    made = command("create-subscription", "--isolate", "--quotas", '{"cores": 3}')
    assert (made["isolated"], made["quotas"]["cores"]) == (True, 3)
    assert command("take-snapshot", "--name", "empty")["name"] == "empty"
    estate = tmp_path / "estate.json"
    estate.write_text('{"hosted_services": [{"name": "web", "virtual_machines": [{"name": "one"}]}]}')
    assert command("seed", str(estate))["taken"]["virtual_machines"] == 1
    assert "+ web: location=West US" in command("diff-snapshots", "empty")
    (tmp_path / "empty.json").write_text(json.dumps(command("export-snapshot", "empty")))
    assert command("import-snapshot", str(tmp_path / "empty.json"), "--name", "again")["name"] == "again"
    assert command("restore-snapshot", "again")["subscriptions"] == 2
    rule = command("add-fault", "error", "--code", "ServerBusy", "--times", "always", "--operation", "list_*")
    assert (rule["times"], rule["code"]) == (None, "ServerBusy")
    assert command("list-faults")["unused"] == [rule["id"]]
    assert command("delete-fault", rule["id"])["id"] == rule["id"]
    assert command("list-requests", "--no-failed")["requests"] == []
    assert command("advance", "60")["frozen"] is True


def test_a_certificate_may_be_in_a_file(command: Any, tmp_path: Path) -> None:
    mine = pki.ensure(tmp_path / "mine", SUBSCRIPTION, "")
    wanted = [pki.thumbprint(mine.management_certificate.read_bytes())]
    for file in (mine.management, mine.management_certificate):
        made = command("create-subscription", "--certificate", str(file))
        assert made["certificates"] == wanted
    command("enrol-certificate", SUBSCRIPTION, str(mine.management))
    assert wanted[0] in command("get-subscription", SUBSCRIPTION)["certificates"]
    assert "neither PEM" in command("enrol-certificate", SUBSCRIPTION, "nonsense", code=1)


def test_operations_are_watched(command: Any, hosting: Hosting, capsys: pytest.CaptureFixture[str]) -> None:
    azure = hosting.emulator.client()
    seen = threading.Event()

    def begin() -> None:
        for number in range(100):  # until the one that watches has seen one
            if seen.wait(0.1):
                return
            name = f"watched{number}"
            azure.create_storage_account(CreateStorageServiceInput(service_name=name, label=name, location="West US"))

    late = threading.Thread(target=begin)
    late.start()
    assert main(["control", "--certs", str(hosting.paths.directory), "watch-operations", "--times", "1"]) == 0
    seen.set()
    late.join()
    line = capsys.readouterr().out
    assert ("InProgress" in line, "Create Storage Account" in line, line.count("\n")) == (True, True, 1)


def test_commands_that_cannot_be_done(command: Any, tmp_path: Path) -> None:
    assert "no snapshot gone" in command("restore-snapshot", "gone", code=1)
    assert "No such file" in command("seed", str(tmp_path / "gone"), code=1)
    assert "no JSON" in command("set-quotas", SUBSCRIPTION, "{", code=1)
    assert "most" in command("advance", "1e300", code=1)


# -- the token --------------------------------------------------------------------------------------------------------


def test_a_token_travels(paths: pki.Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with Hosting(Emulator(), paths, control_token="right") as hosting:
        hosting.announce()
        certs = str(paths.directory)
        assert main(["clock", "--certs", certs]) == 1
        assert "token" in capsys.readouterr().err
        assert main(["clock", "--certs", certs, "--control-token", "right"]) == 0
        assert main(["wait", "--certs", certs, "--timeout", "0"]) == 0
        with pytest.raises(ControlError) as found:
            Control(hosting.control_url, "wrong").clock()
        assert found.value.status == 401
        monkeypatch.setenv("ASM_EMULATOR_CONTROL_TOKEN", "right")
        monkeypatch.setenv("ASM_EMULATOR_CONTROL", hosting.control_url or "")
        assert Control().clock()["pending"] == 0
        assert main(["control", "--certs", certs, "clock"]) == 0
        hosting.withdraw()


def test_without_a_url_there_is_no_control(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASM_EMULATOR_CONTROL", raising=False)
    with pytest.raises(ControlError, match="ASM_EMULATOR_CONTROL"):
        Control()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(ControlError, match="does not answer") as found:
            Control(f"http://127.0.0.1:{silent.getsockname()[1]}").health()
    assert found.value.status is None


# -- faults on the wire -----------------------------------------------------------------------------------------------


def test_connections_are_cut_before_during_and_after_the_answer(
    hosting: Hosting, control: Control, session: requests.Session
) -> None:
    whole = get(session, hosting).content
    for when in ("before", "after"):
        control.add_fault("drop", when=when)
        with pytest.raises(requests.ConnectionError):
            get(session, hosting)
    control.add_fault("cut", octets=len(whole) - 1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match=r"IncompleteRead|Connection"):
        get(session, hosting)
    control.add_fault("cut", octets=0)
    with pytest.raises(requests.RequestException):
        get(session, hosting)
    control.assert_faults_used()
    assert get(session, hosting).content == whole


def test_a_redirect_leads_back_and_is_followed(hosting: Hosting, control: Control, session: requests.Session) -> None:
    control.add_fault("redirect")
    path = "/services/hostedservices/x?embed-detail=true"
    first = get(session, hosting, path, allow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (307, f"{hosting.url}/{SUBSCRIPTION}{path}")
    assert b"TemporaryRedirect" in first.content
    control.add_fault("redirect")
    assert get(session, hosting).status_code == 200
    control.add_fault("redirect", location="https://elsewhere.example/")
    assert get(session, hosting, allow_redirects=False).headers["location"] == "https://elsewhere.example/"


def test_a_late_answer_is_late(hosting: Hosting, control: Control, session: requests.Session) -> None:
    control.add_fault("delay", seconds=30)
    with pytest.raises(requests.ReadTimeout):
        session.get(f"{hosting.url}/{SUBSCRIPTION}/locations", timeout=0.3)


# -- exec -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("option", "between"), [(["--each", "--"], "--"), (["--each=:::", "--"], ":::")])
def test_every_command_has_an_emulator_of_its_own(
    option: list[str], between: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = "import os, sys; print(os.environ['ASM_EMULATOR_ENDPOINT']); sys.exit(int(sys.argv[1]))"
    one = [sys.executable, "-c", script]
    assert main(["exec", "--pace", "instant", *option, *one, "0", between, *one, "3", between, *one, "4"]) == 3
    found = capfd.readouterr()
    assert len(set(found.out.split())) == 3
    assert found.err.count("exit code") == 2


def test_an_empty_command_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exec", "--each", "--", "true", "--", "--", "true"]) == 1
    assert "needs a command" in capsys.readouterr().err
