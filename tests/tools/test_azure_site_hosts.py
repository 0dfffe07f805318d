"""``azure site`` under ``exec``: what reaches a site's own host, and what asks or uses Git on the way."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

START = """set -e
azure config mode asm > start.txt
azure account import "$ASM_EMULATOR_PUBLISHSETTINGS" >> start.txt
azure site create mysite --location "West US" >> start.txt
"""
MEGABYTES = 5_000_000


@pytest.fixture
def answers(printed: Callable[[str], str]) -> Callable[[str], str]:
    """What a script prints under ``exec`` once there is a site; it must end well."""
    return lambda script: printed(START + script)


def test_clearing_a_setting_asks_first(answers: Callable[[str], str]) -> None:
    printed = answers("""
azure site config add colour=red mysite > added.txt
echo n | azure site config clear colour mysite
azure site config get colour mysite
echo y | azure site config clear colour mysite
azure site config list mysite
""")
    assert printed.count("Delete application setting colour?") == 2
    assert re.search(r"Value: +red", printed)
    assert not re.search(r"data: +colour +red", printed)


def test_jobs_of_some_megabytes(answers: Callable[[str], str], unconnected: Any) -> None:
    with zipfile.ZipFile(unconnected.cwd / "job.zip", "w") as archive:
        archive.writestr("run.cmd", "echo")
        archive.writestr("picture.png", os.urandom(MEGABYTES))
    printed = answers("""
azure site job upload worker continuous job.zip mysite
azure site job upload clean triggered job.zip mysite
azure site job list mysite
""")
    assert re.search(r"worker +continuous +run\.cmd", printed)
    assert re.search(r"clean +triggered +run\.cmd", printed)


def test_logs_of_one_kind(answers: Callable[[str], str]) -> None:
    printed = answers("""
for kind in application http git deployment; do azure site log tail mysite --path $kind --filter nothing; done
! azure site log tail mysite --path nonsense
""")
    assert printed.count("Welcome, you are now connected to log-streaming service.") >= 4
    assert "The log 'nonsense' was not found." in printed


def test_where_the_applications_messages_go(answers: Callable[[str], str]) -> None:
    printed = answers("""
azure storage account create logstore --type LRS --location "West US" > account.txt
azure site log set mysite --application --out storage --storage-account logstore --level info
azure site show mysite --json | grep -A 8 diagnosticsSettings
azure site connectionstring list mysite
azure site log set mysite --disable-application --out storage
azure site log set mysite --application --out file --level warning
azure site show mysite --json | grep -A 8 diagnosticsSettings
""")
    assert re.findall(r'"AzureTableEnabled": (\w+)', printed) == ["true", "false"]
    assert re.findall(r'"AzureDriveEnabled": (\w+)', printed) == ["false", "true"]
    assert re.findall(r'"Azure(?:Table|Drive)TraceLevel": "(Information|Warning)"', printed)[:1] == ["Information"]
    assert re.search(r'"AzureDriveTraceLevel": "Warning"', printed)
    assert "CLOUD_STORAGE_ACCOUNT" in printed


def test_a_repository(answers: Callable[[str], str]) -> None:
    printed = answers("""
git init --quiet repository
cd repository
azure site deployment user set someone Passw0rd
azure site create gitsite --location "West US" --git --gitusername someone
git remote get-url azure
azure site show gitsite --json | grep scmType
! azure site repository sync gitsite
azure site repository delete gitsite --quiet
azure site show gitsite --json | grep scmType
azure site repository update gitsite
""")
    assert "https://someone@gitsite.scm.azurewebsites.net/gitsite.git" in printed.splitlines()
    assert re.findall(r'"scmType": "(\w+)"', printed) == ["LocalGit", "None"]
    assert "Repository deleted" in printed
    assert "The specified resource does not exist." in printed, "the command sends %3F in place of a question mark"
