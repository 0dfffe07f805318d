"""A site and its tools in the emulator in this process."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Mapping

import pytest

from asm_client import Client, WSGITransport
from asm_client.transport import Response
from asm_contracts.areas.websites import SiteInput, WebSpaceToCreate
from asm_contracts.operation import RawBody
from asm_emulator.emulator import Emulator

SPACE = "westuswebspace"
HOST = "shop.scm.azurewebsites.net"
Send = Callable[..., Response]


@pytest.fixture(autouse=True)
def shop(azure: Client) -> SiteInput:
    """The site, as it was asked for."""
    space = WebSpaceToCreate(geo_region="West US", name=SPACE, plan="VirtualDedicatedPlan")
    wanted = SiteInput(name="shop", web_space_to_create=space)
    azure.create_site(SPACE, wanted)
    return wanted


@pytest.fixture
def password(azure: Client) -> str:
    """The site's publishing password."""
    found = azure.get_site_configuration(SPACE, "shop").publishing_password
    assert isinstance(found, str)
    return found


@pytest.fixture
def tools(azure: Client, password: str) -> Client:
    """The site's tools, for whom has its publishing credentials."""
    return azure.signed_in("$shop", password)


@pytest.fixture
def right(password: str) -> str:
    """The header that opens the site's host."""
    return "Basic " + base64.b64encode(f"$shop:{password}".encode()).decode()


@pytest.fixture
def send(emulator: Emulator, right: str) -> Send:
    """A request as bytes, without a certificate."""
    transport = WSGITransport(emulator.app.wsgi_app)

    def call(verb: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Response:
        return transport.send(verb, path, {"Host": HOST, "Authorization": right, **(headers or {})}, body)

    return call


@pytest.fixture
def archive() -> Callable[..., RawBody]:
    """Makes a job of files of these names."""

    def make(*names: str) -> RawBody:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as made:
            for name in names:
                made.writestr(name, "echo")
        return RawBody(buffer.getvalue(), "application/zip", "job.zip")

    return make
