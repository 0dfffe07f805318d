"""Bodies over a megabyte: who may send one, where, and what is said to everybody else."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from asm_client.transport import Response
from asm_contracts.errors import RequestBodyTooLarge
from asm_emulator.areas.site_tools import jobs
from asm_emulator.emulator import Emulator
from asm_emulator.server import Reason, Refusal
from asm_emulator.uploads import BODY_LIMIT, UPLOAD_LIMIT
from asm_emulator.wsgi import front_refusals, room_for

HOST = "shop.scm.azurewebsites.net"
JOB = "/api/jobs/continuous/worker"
ZIP = {"Content-Type": "application/zip", "Content-Disposition": "attachment; filename=job.zip"}
Send = Callable[..., Response]
Job = Callable[[Mapping[str, str]], bytes]


@pytest.fixture
def job() -> Job:
    """Makes an archive of files with these contents."""

    def make(files: Mapping[str, str]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return buffer.getvalue()

    return make


def environ(path: str, header: str, *, verb: str = "PUT", host: str = HOST) -> dict[str, Any]:
    """What the front knows of a request before it reads the body."""
    return {
        "REQUEST_METHOD": verb, "RAW_URI": path, "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": host,
        "HTTP_AUTHORIZATION": header,
    }  # fmt: skip


def test_files_for_a_site_have_room_and_nothing_else(emulator: Emulator, right: str) -> None:
    room = room_for(emulator.service)
    assert room(environ(JOB, right)) == UPLOAD_LIMIT - BODY_LIMIT
    assert room(environ("/api/jobs/triggered/clean", right)) == UPLOAD_LIMIT - BODY_LIMIT
    for path, verb in (("/api/settings", "POST"), (JOB, "GET"), (f"{JOB}/settings", "PUT"), ("/nowhere", "PUT")):
        assert room(environ(path, right, verb=verb)) == 0
    assert room(environ("/x/services/networking/media", right, host="management.core.windows.net")) == 0


@pytest.mark.parametrize("header", ["", "Basic x", "Basic " + base64.b64encode(b"$shop:wrong").decode()])
def test_strangers_have_no_room(emulator: Emulator, right: str, header: str) -> None:
    assert header != right
    assert room_for(emulator.service)(environ(JOB, header)) == 0


def refused(emulator: Emulator, asked: dict[str, Any]) -> tuple[int, Any, bytes]:
    """Status, headers and body of what the front says of a body that is too long."""
    refusal = Refusal(Reason.BODY_TOO_LARGE, "", asked["REQUEST_METHOD"], asked["RAW_URI"], asked)
    status, headers, body = front_refusals(emulator.service)(refusal)
    return status, dict(headers), body


def test_a_stranger_is_told_that_he_is_one_whatever_he_brings(emulator: Emulator, right: str) -> None:
    status, headers, _ = refused(emulator, environ(JOB, "Basic x"))
    assert (status, headers["WWW-Authenticate"]) == (401, 'Basic realm="site"')
    assert refused(emulator, environ(JOB, right, host="other.scm.azurewebsites.net"))[0] == 404


def test_the_refusal_is_in_the_words_of_the_host(emulator: Emulator, right: str) -> None:
    status, headers, body = refused(emulator, environ(JOB, right))
    assert (status, json.loads(body)["Message"]) == (413, RequestBodyTooLarge.text)
    assert "json" in headers["Content-Type"]
    status, _, body = refused(emulator, environ("/x/services/locations", "", host="management.core.windows.net"))
    assert (status, b"<Code>RequestBodyTooLarge</Code>" in body) == (413, True)


def test_an_application_behind_another_front_has_the_same_limits(
    send: Send, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = job({"run.cmd": " " * 5_000_000})
    assert send("PUT", JOB, big, ZIP).status == 200
    assert send("POST", "/api/settings", json.dumps({"big": "x" * BODY_LIMIT}).encode()).status == 413
    monkeypatch.setattr("asm_emulator.uploads.UPLOAD_LIMIT", 5_000_000)
    assert send("PUT", JOB, big, ZIP).status == 413


def test_an_archive_of_nothing_but_names_is_not_read(send: Send, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_FILES", 10)
    names = [f"{number}.txt" for number in range(10)]
    assert send("PUT", JOB, job(dict.fromkeys(["run.cmd", *names[1:]], "")), ZIP).status == 200
    answer = send("PUT", JOB, job(dict.fromkeys(["run.cmd", *names], "")), ZIP)
    assert (answer.status, json.loads(answer.body)) == (400, {"Message": "The archive has too many files."})
