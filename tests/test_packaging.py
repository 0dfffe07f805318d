"""The image, the action and the snippets for CI are well formed; tests/packaging carries them out."""

from __future__ import annotations

import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from asm_emulator.cli import parser

dockerfile_parse = pytest.importorskip("dockerfile_parse", reason="dockerfile-parse is not installed")

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
CI = (ROOT / "docs" / "ci.md").read_text()


def instructions() -> list[tuple[str, str]]:
    made = dockerfile_parse.DockerfileParser(fileobj=io.BytesIO((ROOT / "Containerfile").read_bytes()))
    return [(one["instruction"], one["value"]) for one in made.structure if one["instruction"] != "COMMENT"]


def texts() -> dict[str, str]:
    """The YAML of docs/ci.md, by the name of the file that it says it is."""
    found = re.findall(r"```yaml\n# (\S+)\n(.*?)```", CI, re.DOTALL)
    assert len(found) == CI.count("```yaml")
    return dict(found)


def snippets() -> dict[str, Any]:
    return {name: yaml.safe_load(text) for name, text in texts().items()}


def command_of(words: list[str]) -> object:
    assert words[0] == "asm-emulator"
    return parser().parse_args(words[1:]).run


# -- the image ----------------------------------------------------------------------------------------------------------


def test_the_image_knows_only_instructions_that_there_are() -> None:
    known = {"FROM", "ARG", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    found = instructions()
    assert {name for name, _ in found} <= known
    assert found[0][0] == "FROM"


def test_what_is_copied_is_there_and_is_all_that_is_needed() -> None:
    copied = [word for name, value in instructions() if name == "COPY" and "--from" not in value
              for word in value.split()[:-1]]  # fmt: skip
    assert all((ROOT / one).exists() for one in copied)
    locks = {"requirements/image.txt", "requirements/build.txt"}
    assert {"pyproject.toml", "README.md", "LICENSE", "client", "contracts", "emulator", *locks} == set(copied)
    ignored = (ROOT / ".containerignore").read_text()
    assert {line[1:] for line in ignored.splitlines() if line.startswith("!")} == set(copied)
    assert (ROOT / ".dockerignore").read_text() == ignored


def test_the_image_runs_as_nobody_and_tells_its_health() -> None:
    found = dict(instructions())
    user = found["USER"].partition(":")[0]
    assert user.isdigit() and int(user) > 0, "a number, so that a cluster can see that it is not root"
    health = json.loads(found["HEALTHCHECK"].rpartition("CMD ")[2])
    serve = [*json.loads(found["ENTRYPOINT"]), *json.loads(found["CMD"])]
    assert command_of(health) == command_of(["asm-emulator", "wait"])
    assert command_of(serve) == command_of(["asm-emulator", "serve"])
    options = dict(re.findall(r"--(\w+)=(\d+)s", found["HEALTHCHECK"]))
    assert float(health[-1]) < float(options["timeout"]), "it gives up by itself"


def test_its_shell_is_shell() -> None:
    for name, value in instructions():
        if name == "RUN":
            subprocess.run(["sh", "-n", "-c", value], check=True)


# -- the action and the snippets ------------------------------------------------------------------------------------------


def checked(schema: str, file: Path) -> None:
    """Against the schema that the makers of the CI publish, as check-jsonschema brings it along."""
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_is_an_action() -> None:
    checked("vendor.github-actions", ROOT / "action.yml")
    for step in ACTION["runs"]["steps"]:
        subprocess.run(["bash", "-n", "-c", step["run"]], check=True)
        assert "${{" not in step["run"], "what a workflow says must not become part of a program"
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])


def test_all_of_the_action_is_documented() -> None:
    for name in (*ACTION["inputs"], *ACTION["outputs"]):
        assert f"`{name}`" in CI, name


@pytest.mark.parametrize(
    ("file", "schema"),
    [(".github/workflows/test.yml", "vendor.github-workflows"), (".gitlab-ci.yml", "vendor.gitlab-ci")],
)
def test_a_snippet_is_what_it_says_it_is(tmp_path: Path, file: str, schema: str) -> None:
    (tmp_path / "snippet.yml").write_text(texts()[file])
    checked(schema, tmp_path / "snippet.yml")


def test_the_snippets_use_what_there_is() -> None:
    (job,) = snippets()[".github/workflows/test.yml"]["jobs"].values()
    (own,) = [step for step in job["steps"] if "asm-emulator" in step.get("uses", "")]
    assert set(own["with"]) <= set(ACTION["inputs"])
    used = set(re.findall(r"steps\.azure\.outputs\.(\w+)", json.dumps(job)))
    assert used and used <= set(ACTION["outputs"])
    gitlab = snippets()[".gitlab-ci.yml"]["test"]
    lines = [*gitlab["before_script"], *gitlab["script"], *gitlab["after_script"]]
    lines += [step["run"] for step in job["steps"] if step.get("run", "").startswith("asm-emulator ")]
    lines += re.findall(r"podman exec azure (asm-emulator.*)", CI)
    for line in lines:
        if line.startswith("asm-emulator "):
            assert command_of(shlex.split(line.partition(" >")[0].partition("`")[0]))
