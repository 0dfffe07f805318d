"""The command line, as users call it: real processes, real sockets, real signals."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from asm_emulator.cli import main

COMMAND = [sys.executable, "-m", "asm_emulator.cli"]
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
HEADERS = {"x-ms-version": "2014-10-01"}


class Serving:
    """A server process, once its banner is out."""

    def __init__(self, certs: Path, *options: str) -> None:
        self.certs = certs
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--control-port", "0", "--certs", str(certs), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.banner = ""
        for line in self.process.stdout:
            self.banner += line
            if line.startswith("  curl"):
                break

    def __getitem__(self, name: str) -> str:
        found = re.search(rf"^  {name}\s+(\S+)", self.banner, re.MULTILINE)
        assert found, self.banner
        return found[1]

    def get(self, path: str, certificate: str | None = None) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            session.verify = str(self.certs / "ca.pem")
            session.cert = certificate or str(self.certs / "management.pem")
            return session.get(f"{self['endpoint']}/{SUBSCRIPTION}{path}", headers=HEADERS, timeout=10)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=10)
        return self.process.returncode, rest


@pytest.fixture(scope="module")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certs")


@pytest.fixture(scope="module")
def serving(certs: Path) -> Iterator[Serving]:
    found = Serving(certs, "--pace", "manual")
    yield found
    found.stop()


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
        check=False,
    )


def test_serve_prints_what_a_user_needs_and_serves(serving: Serving) -> None:
    assert serving.get("/services/hostedservices").status_code == 200
    assert serving["subscription"] == SUBSCRIPTION
    for name in ("ca.pem", "management.pem", "asm-emulator.publishsettings"):
        assert str(serving.certs / name) in serving.banner


def test_private_keys_are_their_owners_alone(serving: Serving) -> None:
    for name in ("ca.key", "server.key", "management.pem", "asm-emulator.publishsettings"):
        assert (serving.certs / name).stat().st_mode & 0o077 == 0, name


@pytest.mark.skipif(not any(Path(p, "curl").exists() for p in os.get_exec_path()), reason="curl is not installed")
def test_the_line_to_copy_works(serving: Serving) -> None:
    line = serving.banner.splitlines()[-1].strip()
    done = subprocess.run(
        ["bash", "-c", line + " --fail --silent"], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.stdout.startswith("<Locations xmlns=")


def test_a_busy_port_is_one_clear_line(serving: Serving, tmp_path: Path) -> None:
    port = serving["endpoint"].rpartition(":")[2]
    done = run("serve", "--port", port, "--control-port", "0", "--certs", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert port in done.stderr
    assert done.stderr.startswith("asm-emulator: ")


def test_a_busy_control_port_too(serving: Serving, tmp_path: Path) -> None:
    port = serving["control"].rpartition(":")[2]
    done = run("serve", "--port", "0", "--control-port", port, "--certs", str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert port in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_cleanly(certs: Path, tmp_path: Path, number: signal.Signals) -> None:
    code, rest = Serving(tmp_path).stop(number)
    assert (code, rest.splitlines()[-1]) == (0, "asm-emulator: stopped")
    assert "Traceback" not in rest
    assert not (tmp_path / "endpoint.json").exists()


def test_a_certificate_of_the_users_own(tmp_path: Path) -> None:
    openssl = next((Path(p, "openssl") for p in os.get_exec_path() if Path(p, "openssl").exists()), None)
    if openssl is None:
        pytest.skip("openssl is not installed")
    own = tmp_path / "mycert.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-nodes", "-days", "365", "-newkey", "rsa:2048", "-subj", "/CN=me",
         "-keyout", own, "-out", own], check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        [openssl, "x509", "-inform", "pem", "-in", own, "-outform", "der", "-out", tmp_path / "mycert.cer"], check=True
    )
    found = Serving(tmp_path / "certs", "--management-certificate", str(tmp_path / "mycert.cer"))
    try:
        assert found.get("/services/hostedservices", str(own)).status_code == 200
    finally:
        found.stop()


def test_wait_env_clock_and_reset_find_the_running_server(serving: Serving) -> None:
    certs = str(serving.certs)
    assert run("wait", "--certs", certs).stdout.strip() == serving["endpoint"]
    exported = dict(
        line.removeprefix("export ").split("=", 1) for line in run("env", ASM_EMULATOR_CERTS=certs).stdout.splitlines()
    )
    assert exported["ASM_EMULATOR_ENDPOINT"] == serving["endpoint"]
    assert exported["AZURE_MANAGEMENT_SUBSCRIPTIONID"] == SUBSCRIPTION
    assert Path(exported["REQUESTS_CA_BUNDLE"]).exists()
    before = run("clock", "--certs", certs).stdout.split()
    after = run("clock", "--certs", certs, "--advance", "3600").stdout.split()
    assert before[1] == after[1] == "pace=manual"
    assert after[0] > before[0]
    assert run("reset", "--certs", certs).returncode == 0


def test_commands_within_exec_are_about_its_emulator(tmp_path: Path) -> None:
    words = shlex.join([*COMMAND, "clock", "--advance", "60"])
    for more in ([], ["--certs", str(tmp_path / "certs")]):
        done = run("exec", "--pace", "manual", *more, "--", "sh", "-c", words)
        assert (done.returncode, "pace=manual" in done.stdout) == (0, True), done.stderr
    assert not (tmp_path / "certs" / "endpoint.json").exists()


def test_commands_about_a_server_that_is_not_there(tmp_path: Path) -> None:
    for command in ("env", "clock", "reset"):
        done = run(command, "--certs", str(tmp_path))
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    done = run("wait", "--certs", str(tmp_path), "--timeout", "0")
    assert done.returncode == 1
    assert "gave up" in done.stderr


def control(
    serving: Serving, verb: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, object]]:
    request = urllib.request.Request(serving["control"] + path, method=verb, headers=headers or {}, data=body)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, json.load(problem)


def test_the_control_plane_answers_programs_here_and_no_web_page(serving: Serving) -> None:
    status, health = control(serving, "GET", "/health")
    assert (status, health["status"], health["endpoint"]) == (200, "ok", serving["endpoint"])
    assert control(serving, "GET", "/health", {"Host": "evil.example"})[0] == 403
    assert control(serving, "POST", "/reset", {"Origin": "http://evil.example"}, b"")[0] == 403
    assert control(serving, "GET", "/nothing")[0] == 404
    assert control(serving, "GET", "/reset")[0] == 404


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1]", b'{"seconds": -1}', b'{"seconds": "x"}', b'{"seconds": 1e300}', b"{"]
)
def test_the_clock_refuses_nonsense(serving: Serving, body: bytes) -> None:
    status, found = control(serving, "POST", "/clock/advance", {"Content-Type": "application/json"}, body)
    assert status == 400
    assert "seconds" in str(found["error"])


def test_the_control_plane_is_not_on_the_apis_port(serving: Serving) -> None:
    assert serving.get("/../health").status_code in (403, 404)
    with socket.create_connection(("127.0.0.1", int(serving["endpoint"].rpartition(":")[2])), 5) as plain:
        plain.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        plain.settimeout(10)
        assert b"200" not in plain.recv(100)


def test_exec_routes_everything_and_lets_nothing_out() -> None:
    script = (
        "import os, requests, sys\n"
        "url = 'https://management.core.windows.net/' + os.environ['AZURE_MANAGEMENT_SUBSCRIPTIONID'] + '/services/hostedservices'\n"
        "answer = requests.get(url, cert=os.environ['AZURE_MANAGEMENT_CERTFILE'], headers={'x-ms-version': '2014-10-01'})\n"
        "assert answer.status_code == 200, answer.text\n"
        "try:\n"
        "    requests.get('https://example.com/')\n"
        "except requests.exceptions.ProxyError:\n"
        "    sys.exit(23)\n"
    )
    done = run("exec", "--pace", "instant", "--", sys.executable, "-c", script)
    assert done.returncode == 23, done.stderr
    assert "refused example.com:443" in done.stderr


@pytest.mark.parametrize("quota", ["cores", "cores=", "cores=-1", "cores=many", "wishes=3"])
def test_a_wrong_quota_is_one_clear_line(tmp_path: Path, quota: str) -> None:
    done = run("serve", "--port", "0", "--control-port", "0", "--certs", str(tmp_path), "--quota", quota)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert quota in done.stderr


def test_a_quota_is_what_the_subscription_says(tmp_path: Path) -> None:
    found = Serving(tmp_path, "--quota", "cores=7", "--quota", "hosted-services=2")
    try:
        text = found.get("").text
        assert "<MaxCoreCount>7</MaxCoreCount>" in text
        assert "<MaxHostedServices>2</MaxHostedServices>" in text
    finally:
        found.stop()


def test_the_day_decides_what_is_offered(tmp_path: Path) -> None:
    found = Serving(tmp_path, "--day", "2015-07-01")
    try:
        text = found.get("/locations").text
        assert "Standard_D1<" in text and "Standard_D1_v2<" not in text
    finally:
        found.stop()
    assert run("serve", "--certs", str(tmp_path), "--day", "someday").returncode == 2


def test_the_settings_to_import_name_the_service_the_command_believes_in(tmp_path: Path) -> None:
    done = run("exec", "--certs", str(tmp_path), "--", "sh", "-c", 'cat "$ASM_EMULATOR_PUBLISHSETTINGS"')
    assert 'ServiceManagementUrl="https://management.core.windows.net"' in done.stdout
    assert not (tmp_path / "asm-emulator.publishsettings").exists()  # a server's, which is not touched


def test_exec_passes_exit_codes_on() -> None:
    assert run("exec", "--", "no-such-command-anywhere").returncode == 127
    assert run("exec").returncode == 1


def test_operations_prints_the_coverage_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operations", "--area", "hosted_services"]) == 0
    printed = capsys.readouterr().out
    assert "create_hosted_service" in printed
    assert "operations are served" in printed.splitlines()[-1]
    assert main(["operations", "--area", "nothing"]) == 1
