"""A database server's own management: login, token, firewall, databases."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

import pytest

from asm_client import Client, WSGITransport
from asm_client.transport import Response
from asm_contracts.areas.database_server import ServerDatabase
from asm_contracts.areas.sql import AdministratorLoginPassword, CreateServer, FirewallRuleInput
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, NotFound, ResourceNotFound, Unauthorized
from asm_emulator.emulator import Emulator

PASSWORD = "Pass:w0rd\\x"
META = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"


@pytest.fixture
def server(azure: Client) -> str:
    made = azure.create_server(
        CreateServer(administrator_login="boss", administrator_login_password=PASSWORD, location="West US")
    )
    azure.create_firewall_rule(
        made.name, FirewallRuleInput(name="all", start_ip_address="0.0.0.0", end_ip_address="255.255.255.255")
    )
    return made.name


@pytest.fixture
def boss(azure: Client, server: str) -> Client:
    """The server, for its administrator."""
    assert server
    return azure.signed_in("boss", PASSWORD)


@pytest.fixture
def send(emulator: Emulator, server: str) -> Callable[..., Response]:
    """A request as bytes, from an address, without a certificate."""

    def call(
        verb: str, path: str, headers: Mapping[str, str], body: bytes = b"", address: str = "127.0.0.1"
    ) -> Response:
        transport = WSGITransport(emulator.app.wsgi_app, address=address)
        target = f"/v1/ManagementService.svc{path}"
        return transport.send(verb, target, {"Host": f"{server}.database.windows.net:443", **headers}, body)

    return call


def basic(text: str) -> dict[str, str]:
    return {"sqlauthorization": "Basic " + base64.b64encode(text.encode()).decode()}


def test_databases_come_and_go(azure: Client, boss: Client, server: str) -> None:
    (master,) = boss.list_server_databases(server, server).entries
    assert (master.content.name, master.content.is_system_object) == ("master", True)
    wish = ServerDatabase(name="Shop", edition="Web", max_size_gb=1, collation_name="SQL_Latin1_General_CP1_CI_AS")
    made = boss.create_server_database(server, server.upper(), wish).content
    assert (made.name, made.edition, made.max_size_gb, made.status) == ("Shop", "Web", 1, 1)
    assert [one.content.name for one in boss.list_server_databases(server, server).entries] == ["master", "Shop"]
    assert azure.get_database(server, "shop").id == made.id
    boss.delete_server_database(server, server, made.id or 0)
    assert len(boss.list_server_databases(server, server).entries) == 1
    with pytest.raises(ResourceNotFound):
        azure.get_database(server, "shop")


def test_what_is_refused(boss: Client, server: str, refused: Any) -> None:
    with refused(ResourceNotFound, f"Database '77' does not exist on server '{server}'."):
        boss.delete_server_database(server, server, 77)
    with refused(BadRequest, "Cannot drop the database 'master' because it is a system database."):
        boss.delete_server_database(server, server, 1)
    with refused(ConflictError, "Database 'Master' already exists. Choose a different database name."):
        boss.create_server_database(server, server, ServerDatabase(name="Master"))
    with refused(ResourceNotFound, "Resource not found for the segment 'Server2': 'other'."):
        boss.list_server_databases(server, "other")
    with refused(NotFound, "Server 'nobodys' was not found."):
        boss.list_server_databases("nobodys", "nobodys")


def test_token_and_cookie_belong_together(server: str, send: Any) -> None:
    answer = send("GET", "/GetAccessToken", basic("boss:Pass\\:w0rd\\\\x"))
    assert answer.status == 200 and answer.headers["server"] == "Microsoft-HTTPAPI/2.0"
    token, cookie = ElementTree.fromstring(answer.body).text, answer.headers["set-cookie"].partition(";")[0]
    databases = f"/Server2('{server}')/Databases"
    assert send("GET", databases, {"AccessToken": token, "Cookie": f"a=b; {cookie}"}).status == 200
    for wrong in (
        {},
        {"AccessToken": token},
        {"Cookie": cookie},
        {"AccessToken": "x", "Cookie": cookie},
        {"AccessToken": token, "Cookie": ".SQLSERVERMANAGEMENT=x"},
        basic("boss:Pass\\:w0rd\\\\x"),
    ):
        refusal = send("GET", databases, wrong)
        assert (refusal.status, ElementTree.fromstring(refusal.body).findtext(f"{META}message")) == (
            401,
            "Login failed.",
        )


@pytest.mark.parametrize("shown", ["boss:wrong", "other:Pass\\:w0rd\\\\x", "boss", "boss:Pass:w0rd\\x", ""])
def test_wrong_logins(send: Any, shown: str) -> None:
    assert send("GET", "/GetAccessToken", basic(shown)).status == 401


def test_the_login_may_name_the_server(azure: Client, server: str) -> None:
    assert azure.signed_in(f"Boss@{server}", PASSWORD).get_access_token(server).value


def test_another_password_ends_the_token(azure: Client, boss: Client, server: str) -> None:
    boss.list_server_databases(server, server)
    azure.set_server_admin_password(server, AdministratorLoginPassword(password="An0ther-Passw0rd"))
    with pytest.raises(Unauthorized):
        boss.list_server_databases(server, server)


def test_the_firewall_asks_where_a_caller_is(azure: Client, boss: Client, server: str, send: Any) -> None:
    assert send("GET", "/GetAccessToken", basic("boss:Pass\\:w0rd\\\\x"), address="8.8.8.8").status == 200
    azure.delete_firewall_rule(server, "all")
    with pytest.raises(ForbiddenError, match=r"Client with IP address '127\.0\.0\.1' is not allowed"):
        boss.list_server_databases(server, server)
    azure.create_firewall_rule(
        server, FirewallRuleInput(name="some", start_ip_address="9.9.9.0", end_ip_address="9.9.9.255")
    )
    boss.list_server_databases(server, server)
    for address, status in (("9.9.9.9", 200), ("9.9.10.0", 403), ("9.9.8.255", 403)):
        answer = send("GET", "/GetAccessToken", basic("boss:Pass\\:w0rd\\\\x"), address=address)
        assert answer.status == status


def test_what_is_no_database_is_refused(azure: Client, server: str, send: Any) -> None:
    token = azure.signed_in("boss", PASSWORD).call("get_access_token", {"server": server})
    shown = {"AccessToken": token.value.value, "Cookie": token.headers["set-cookie"].partition(";")[0]}
    data = 'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"'
    meta = 'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
    entry = (
        f'<entry xmlns="http://www.w3.org/2005/Atom" {data} {meta}><content type="application/xml"><m:properties>'
        "{}</m:properties></content></entry>"
    )
    for inside, status in (
        ('<d:Name m:type="Edm.String">shop</d:Name><d:CollationName m:null="true"/>', 201),
        ('<d:Name m:null="true"/>', 400),
        ("<d:Name/>", 400),
        ("", 400),
        ("<d:Name>x</d:Name><d:MaxSizeGB>many</d:MaxSizeGB>", 400),
    ):
        answer = send("POST", f"/Server2('{server}')/Databases", shown, entry.replace("{}", inside).encode())
        assert answer.status == status, answer.body
    for body in (b"", b"{}", b"<entry/>", b"<a", entry.encode()[:80]):
        answer = send("POST", f"/Server2('{server}')/Databases", shown, body)
        assert (answer.status, ElementTree.fromstring(answer.body).findtext(f"{META}message")) == (
            400,
            "The request is invalid.",
        )
