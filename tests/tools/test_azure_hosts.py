"""``azure`` under ``exec``: what it asks of hosts other than the management endpoint, a site's tools and a SQL server's."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

START = """set -e
azure config mode asm
azure account import "$ASM_EMULATOR_PUBLISHSETTINGS"
"""


@pytest.fixture
def answers(printed: Callable[[str], str]) -> Callable[[str], str]:
    """What a script prints under ``exec``; it must end well."""
    return lambda script: printed(START + script)


def documents(printed: str) -> list[Any]:
    """The JSON documents among what was printed, in their order."""
    found, rest, decoder = [], printed, json.JSONDecoder()
    while match := re.search(r"^[\[{]", rest, re.MULTILINE):
        document, end = decoder.raw_decode(rest[match.start() :])
        found.append(document)
        rest = rest[match.start() + end :]
    return found


def test_jobs_of_a_site(answers: Callable[[str], str], unconnected: Any) -> None:
    with zipfile.ZipFile(unconnected.cwd / "job.zip", "w") as archive:
        archive.writestr("run.cmd", "echo")
    with zipfile.ZipFile(unconnected.cwd / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing to run")
    printed = answers("""
azure site create mysite --location "West US"
azure site job list mysite
azure site job upload worker continuous job.zip mysite
azure site job upload clean triggered job.zip mysite
! azure site job upload broken triggered empty.zip mysite
azure site job stop worker mysite
azure site job show worker continuous mysite
azure site job start worker continuous mysite
azure site job start clean triggered mysite
azure site job list mysite --json
azure site job history list clean mysite --json
azure site job history show clean undefined mysite
azure site job delete worker continuous mysite --quiet
azure site job delete clean triggered mysite --quiet
azure site job list mysite
""")
    assert printed.count("No jobs exist.") == 2
    assert "Runnable script file was not found." in printed and "WebJob worker has been uploaded" in printed
    assert re.search(r"WebJob status +Stopped", printed)
    jobs, runs = documents(printed)
    assert [(one["name"], one["type"], one["runCommand"]) for one in jobs] == [
        ("worker", "continuous", "run.cmd"),
        ("clean", "triggered", "run.cmd"),
    ]
    assert [one["status"] for one in runs] in (["Success"], ["Running"])
    assert "WebJob clean has been deleted" in printed


def test_logs_and_diagnostics_of_a_site(answers: Callable[[str], str], unconnected: Any) -> None:
    printed = answers("""
azure site create mysite --location "West US"
if azure site repository branch main mysite; then exit 1; fi
azure site log set mysite --application --out file --level verbose
azure site log set mysite --web-server-logging
azure site log tail mysite
azure site log download mysite --output logs.zip
""")
    assert "The request is invalid." in printed, "the command sends null in place of the setting"
    assert "Welcome, you are now connected to log-streaming service." in printed
    with zipfile.ZipFile(unconnected.cwd / "logs.zip") as archive:
        assert archive.namelist() == ["LogFiles/kudu/trace/trace.xml"]


def test_deployments_of_a_site(answers: Callable[[str], str]) -> None:
    note = json.dumps(
        {"status": 4, "message": "first", "author": "Ada", "deployer": "Ada", "author_email": "ada@example.org"}
    )
    printed = answers(f"""
azure site create mysite --location "West US"
azure site deployment list mysite
azure site config list mysite > /dev/null
password=$(azure site show mysite --json | sed -n 's/.*"PublishingPassword": "\\(.*\\)".*/\\1/p' | head -1)
curl --fail --silent --show-error --user "\\$mysite:$password" --request PUT --header 'Content-Type: application/json' \\
  --data '{note}' https://mysite.scm.azurewebsites.net/api/deployments/0123456789abcdef0123456789abcdef01234567
azure site deployment list mysite
azure site deployment show 0123456789 mysite --details
azure site deployment redeploy 0123456789 mysite --quiet
azure site deployment list mysite --json
""")
    assert "No git deployment found" in printed
    assert re.search(r"0123456789 +Active +Ada +first", printed)
    assert "Deployment successful." in printed


def test_databases_of_a_server(answers: Callable[[str], str]) -> None:
    printed = answers("""
azure sql server create myadmin 'Pa55word!' "West US" --json > server.json
name=$(sed -n 's/.*"name": "\\(.*\\)".*/\\1/p' server.json)
if azure sql db list "$name" myadmin 'Pa55word!'; then exit 1; fi
azure sql firewallrule create "$name" all 0.0.0.0 255.255.255.255
if azure sql db list "$name" myadmin wrong; then exit 1; fi
azure sql db create "$name" first myadmin 'Pa55word!'
azure sql db create "$name" second
azure sql db list "$name" myadmin 'Pa55word!' --json
azure sql db show "$name" second myadmin 'Pa55word!'
azure sql db delete "$name" first myadmin 'Pa55word!' --quiet
azure sql db list "$name" myadmin 'Pa55word!' --json
""")
    before, after = documents(printed)
    assert [one["Name"] for one in before] == ["master", "first", "second"]
    assert [one["Name"] for one in after] == ["master", "second"]
    assert re.search(r"Database Name +\"?second", printed)
