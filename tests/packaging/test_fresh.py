"""The wheel, the image's build steps, the action and the GitLab job, carried out in fresh environments."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


base = _module(HERE / "conftest.py")
shapes = _module(HERE.parent / "test_packaging.py")
CALL = "-H 'x-ms-version: 2014-10-01'"


def stranger() -> tuple[str, int | None]:
    """A Python that any user may run, and such a user; this one's, and this one, where there is none or no right to."""
    ask = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
    for path in ("/usr/local/bin/python3", "/usr/bin/python3"):
        if os.geteuid() == 0 and Path(path).exists():
            done = subprocess.run([path, "-c", ask], user=65532, group=65532, extra_groups=[], check=False)
            if done.returncode == 0:
                return path, 65532
    return sys.executable, None


@contextlib.contextmanager
def serving(command: list[str], env: dict[str, str], cwd: Path, user: int | None = None) -> Iterator[None]:
    """A server for a while; SIGTERM must end it in peace."""
    with (cwd / "server.log").open("w+") as log:
        process = subprocess.Popen(
            command, env=env, cwd=cwd, user=user, group=user, extra_groups=[] if user else None,
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield
            process.send_signal(signal.SIGTERM)
            log.seek(0)
            assert process.wait(20) == 0, log.read()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def locations(certs: Path, endpoint: str, env: dict[str, str], cwd: Path) -> str:
    done = base.run(
        ["curl", "-sS", "--fail", "--noproxy", "*", "--cacert", str(certs / "ca.pem"),
         "--cert", str(certs / "management.pem"), "-H", "x-ms-version: 2014-10-01",
         f"{endpoint}/00000000-0000-0000-0000-000000000001/locations"], env, cwd,
    )  # fmt: skip
    return str(done.stdout)


def test_the_wheel_serves_and_wraps_and_is_a_plugin_and_does_the_job_of_gitlab(
    place: Path, installed: Callable[..., Path]
) -> None:
    bin = installed("pytest", "pytest-xdist", extras="[yaml]")
    env = {**base.plain_environment(place), "ASM_EMULATOR_CERTS": str(place / "certs")}
    program = str(bin / "asm-emulator")
    with serving([program, "serve", "--port", "0", "--control-port", "0"], env, place):
        endpoint = base.run([program, "wait"], env, place).stdout.strip()
        assert "<Name>West US</Name>" in locations(place / "certs", endpoint, env, place)
        assert base.run([program, "control", "seed", '{"hosted_services": [{"name": "web"}]}'], env, place)
        assert '"hosted_services": 1' in base.run([program, "control", "list-subscriptions"], env, place).stdout
    script = place / "old.sh"
    script.write_text(
        'curl -sS --fail --cert "$AZURE_MANAGEMENT_CERTFILE" -H "x-ms-version: 2014-10-01" '
        '"https://management.core.windows.net/$AZURE_MANAGEMENT_SUBSCRIPTIONID/locations"\n'
    )
    assert "West US" in base.run([program, "exec", "--", "sh", str(script)], env, place).stdout
    tests = place / "tests"
    tests.mkdir()
    (tests / "test_it.py").write_text(
        "def test_it(azure_classic_client, azure_clock):\n    assert azure_classic_client.list_locations().items\n"
    )
    for options in ([], ["--asm-emulator=shared", "-n", "2"]):
        assert "1 passed" in base.run([str(bin / "pytest"), "-q", str(tests), *options], env, tests).stdout
    job_of_gitlab(place, bin)


def job_of_gitlab(place: Path, bin: Path) -> None:
    job = shapes.snippets()[".gitlab-ci.yml"]["test"]
    env = base.plain_environment(place) | {"CI_PROJECT_DIR": str(place / "job"), "PATH": f"{bin}:/usr/bin:/bin"}
    for name, value in job["variables"].items():
        env[name] = value.replace("$CI_PROJECT_DIR", str(place / "job"))
    lines = [*job["before_script"], *job["script"]]
    assert lines[0] == "pip install asm-emulator"  # which was done, with the wheel of this state
    start = next(number for number, line in enumerate(lines) if " serve " in line)
    lines[start] = lines[start].replace(" serve ", " serve --port 0 --control-port 0 ")
    script = "\n".join(["set -eo pipefail", *lines[1:], *job["after_script"], "kill -TERM %1", "wait %1"])
    (place / "job").mkdir()
    done = base.run(["bash", "-m", "-c", script], env, place / "job")
    assert '"openssl"' in done.stdout
    assert "stopped" in (place / "job" / "asm-emulator.log").read_text()


def test_the_steps_of_the_image(place: Path, checkout: Path) -> None:
    prefix, source, certs = place / "prefix", place / "source", place / "certs"
    moved = {"/opt/asm-emulator": str(prefix), "/source": str(source), "/certs": str(certs)}

    def here(text: str) -> str:
        return re.sub("|".join(moved), lambda found: moved[found[0]], text)

    env = base.plain_environment(place)
    python, user = stranger()
    env["PATH"] = f"{Path(python).parent}:{env['PATH']}"
    said: dict[str, str] = {}
    for name, value in shapes.instructions():
        if name == "ARG":
            key, _, path = value.partition("=")
            env[key] = here(path)
        elif name == "ENV":
            env.update(pair.split("=", 1) for pair in shlex.split(here(value)))
        elif name == "COPY" and "--from" not in value:
            *froms, to = here(value).split()
            for one in froms:
                if (checkout / one).is_dir():
                    shutil.copytree(checkout / one, to)
                else:
                    Path(to).mkdir(parents=True, exist_ok=True)
                    shutil.copy(checkout / one, to)
        elif name == "RUN":
            base.run(["sh", "-e", "-c", value], env, place)
        else:
            said[name] = value
    assert not (prefix / "bin" / "pip").exists()
    shutil.rmtree(source)  # the second stage does not have it
    shutil.rmtree(checkout)
    entry = [str(prefix / "bin" / shapes.json.loads(said["ENTRYPOINT"])[0])]
    env = {name: env[name] for name in ("PATH", "ASM_EMULATOR_CERTS", "PYTHONUNBUFFERED")}
    work = place / "work"
    work.mkdir()
    ports = ["--port", "0", "--control-port", "0"]
    with serving([*entry, *shapes.json.loads(said["CMD"]), *ports, "--name", "azure"], env, work, user):
        health = shapes.json.loads(said["HEALTHCHECK"].rpartition("CMD ")[2])
        # A first start makes certificates: the engine would ask again, and so may this.
        endpoint = base.run([str(prefix / "bin" / health[0]), *health[1:-1], "30"], env, work, user=user).stdout
        port = endpoint.strip().rpartition(":")[2]
        for host in ("localhost", "azure"):
            found = base.run(
                ["curl", "-sS", "--fail", "--noproxy", "*", "--resolve", f"{host}:{port}:127.0.0.1",
                 "--cacert", str(certs / "ca.pem"), "--cert", str(certs / "management.pem"),
                 "-H", "x-ms-version: 2014-10-01",
                 f"https://{host}:{port}/00000000-0000-0000-0000-000000000001/locations"],
                {"PATH": "/usr/bin:/bin"}, work, user=user,
            )  # fmt: skip
            assert "West US" in found.stdout
    size = sum(path.stat().st_size for path in prefix.rglob("*") if path.is_file())
    assert size < 120e6, f"{size / 1e6:.0f} MB are not small"


def _value(step: dict[str, Any], given: dict[str, str], checkout: Path) -> dict[str, str]:
    """The environment of a step, with what a runner puts in."""
    found = {}
    for name, text in step.get("env", {}).items():
        text = text.replace("${{ github.action_path }}", str(checkout))
        found[name] = re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda one: given[one[1]], text)
        assert "${{" not in found[name]
    return found


def test_the_steps_of_the_action(place: Path, checkout: Path) -> None:
    given = {name: one["default"] for name, one in shapes.ACTION["inputs"].items()}
    given |= {"port": "0", "control-port": "0", "python": sys.executable, "pace": "manual"}
    given["arguments"] = "--quota cores=7 --open-enrolment"
    temp, files = place / "temp", {name: place / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH")}
    temp.mkdir()
    for file in files.values():
        file.touch()
    env = base.plain_environment(place) | {"RUNNER_TEMP": str(temp)} | {name: str(to) for name, to in files.items()}
    pids = set()
    try:
        for step in shapes.ACTION["runs"]["steps"]:
            done = base.run(
                [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                env | _value(step, given, checkout), place,
            )  # fmt: skip
        assert "pace manual" in done.stdout
        outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        assert set(outputs) == set(shapes.ACTION["outputs"])
        exported = dict(line.split("=", 1) for line in files["GITHUB_ENV"].read_text().splitlines())
        # A step after it, in whose environment the action has put what it exports.
        after = env | exported | {"PATH": f"{files['GITHUB_PATH'].read_text().strip()}:{env['PATH']}"}
        assert exported["ASM_EMULATOR_CONTROL"] == outputs["control"]
        assert '"cores": 7' in base.run(["asm-emulator", "control", "configuration"], after, place).stdout
        call = (
            f'curl -sS --fail --noproxy "*" --cert "{outputs["certs"]}/management.pem" {CALL} '
            f'"{outputs["endpoint"]}/{outputs["subscription"]}/locations"'
        )
        assert "West US" in base.run(["sh", "-c", call], after, place).stdout
    finally:
        pids = _of(str(temp / "asm-emulator" / "bin"))
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
    assert len(pids) == 1, "it lives as long as the job"


def _of(prefix: str) -> set[int]:
    """The processes that run a program below a directory of this test's own."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if prefix.encode() in path.read_bytes():
                found.add(int(path.parent.name))
    return found
