"""The environment and the running of a wrapped command."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import certifi
import pytest

from asm_emulator import pki, wrapper

SUBSCRIPTION = "1a2b3c4d-0000-0000-0000-000000000000"


@pytest.fixture
def paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return pki.ensure(Path("certs"), SUBSCRIPTION, "https://localhost:8443")


def test_environment_for_a_shell(paths, tmp_path):
    found = wrapper.environment(paths, SUBSCRIPTION)
    ca = str(tmp_path.resolve() / "certs" / "ca.pem")
    assert found == {
        "AZURE_MANAGEMENT_CERTFILE": str(tmp_path.resolve() / "certs" / "management.pem"),
        "AZURE_MANAGEMENT_SUBSCRIPTIONID": SUBSCRIPTION,
        "REQUESTS_CA_BUNDLE": ca,
        "SSL_CERT_FILE": ca,
        "CURL_CA_BUNDLE": ca,
        "NODE_EXTRA_CA_CERTS": ca,
        "ASM_EMULATOR_PUBLISHSETTINGS": str(tmp_path.resolve() / "certs" / "asm-emulator.publishsettings"),
    }


def test_environment_behind_the_proxy_excepts_nobody(paths):
    url = "http://127.0.0.1:1234"
    found = wrapper.environment(paths, SUBSCRIPTION, url)
    for name in (
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "FTP_PROXY",
        "ws_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        assert found[name] == url
    assert found["NO_PROXY"] == found["no_proxy"] == ""


def test_a_bundle_trusts_both(paths, tmp_path):
    bundle = wrapper.trust_bundle(paths, tmp_path)
    content = bundle.read_text()
    assert paths.ca.read_text() in content
    assert certifi.contents() in content
    found = wrapper.environment(paths, SUBSCRIPTION, ca_bundle=bundle)
    assert found["REQUESTS_CA_BUNDLE"] == found["SSL_CERT_FILE"] == str(bundle.resolve())
    assert found["NODE_EXTRA_CA_CERTS"] == str(paths.ca.resolve())


def python(script):
    return [sys.executable, "-c", script]


@pytest.mark.parametrize("code", [0, 1, 42, 255])
def test_the_commands_exit_code_is_ours(code):
    assert wrapper.run(python(f"raise SystemExit({code})"), os.environ) == code


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_death_by_signal_is_128_and_the_signal(number):
    no_core = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_CORE, (0, 0));"
    script = f"{no_core} os.kill(os.getpid(), int(sys.argv[1]))"
    assert wrapper.run([*python(script), str(int(number))], os.environ) == 128 + number


def test_a_command_that_does_not_exist(capfd):
    assert wrapper.run(["no-such-command-anywhere"], os.environ) == 127
    assert capfd.readouterr().err == "asm-emulator: no-such-command-anywhere: command not found\n"


def test_a_file_that_is_no_program(tmp_path, capfd):
    path = tmp_path / "data"
    path.write_text("x")
    assert wrapper.run([str(path)], os.environ) == 126
    assert capfd.readouterr().err == f"asm-emulator: {path}: Permission denied\n"


def test_the_environment_is_exactly_what_is_given(capfd):
    env = {"PATH": os.environ.get("PATH", ""), "AZURE_MANAGEMENT_SUBSCRIPTIONID": SUBSCRIPTION}
    script = "import os; print(os.environ['AZURE_MANAGEMENT_SUBSCRIPTIONID'], 'HOME' in os.environ)"
    assert wrapper.run(python(script), env) == 0
    assert capfd.readouterr().out == f"{SUBSCRIPTION} False\n"


WRAPPING = """
import os, signal, sys
from asm_emulator import wrapper
for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # what the tests themselves run under may ignore some
    signal.signal(getattr(signal, name), signal.SIG_DFL)
script = '''
import signal, sys
def handle(number, frame):
    print("got", signal.Signals(number).name, flush=True)
    sys.exit(7)
for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    signal.signal(getattr(signal, name), handle)
print("ready", flush=True)
while True:
    signal.pause()
'''
sys.exit(wrapper.run([sys.executable, "-c", script], os.environ))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_go_to_the_command_and_its_code_comes_back(number):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        python(WRAPPING), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == f"got {number.name}\n"
        assert process.wait(20) == 7


def test_handlers_are_put_back():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    wrapper.run(python(""), os.environ)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_outside_the_main_thread_it_runs_without_signals():
    codes = []
    thread = threading.Thread(target=lambda: codes.append(wrapper.run(python("raise SystemExit(3)"), os.environ)))
    thread.start()
    thread.join(20)
    assert codes == [3]


def test_an_early_signal_waits_for_the_command():
    forwarding = wrapper._Forwarding()
    forwarding._receive(signal.SIGTERM, None)
    with subprocess.Popen(python("import signal; signal.pause()")) as process:
        forwarding.attach(process)
        assert process.wait(20) == -signal.SIGTERM
