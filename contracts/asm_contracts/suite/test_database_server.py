"""A database server's own management, for its administrator."""

from __future__ import annotations

import pytest

from asm_contracts.areas.database_server import ServerDatabase
from asm_contracts.areas.sql import CreateServer, FirewallRuleInput
from asm_contracts.evidence import client, documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, refused_with

PASSWORD = "Complex-Passw0rd"


@pytest.fixture
def server(azure: Azure, names: Names) -> str:
    """A server that admits every address."""
    body = CreateServer(administrator_login="boss", administrator_login_password=PASSWORD, location=LOCATION)
    name = names.adopt("sql server", azure.create_server(body).name)
    rule = FirewallRuleInput(name="all", start_ip_address="0.0.0.0", end_ip_address="255.255.255.255")
    azure.create_firewall_rule(name, rule)
    return name


@client("a token for login and password; nothing without it")
def test_who_may_manage_a_server(azure: Azure, server: str) -> None:
    assert azure.signed_in("boss", PASSWORD).get_access_token(server).value
    for stranger in (azure, azure.signed_in("boss", "wrong"), azure.signed_in("other", PASSWORD)):
        with refused_with(401):
            stranger.list_server_databases(server, server)


@client("databases are listed, made and deleted by their number")
def test_databases(azure: Azure, server: str) -> None:
    boss = azure.signed_in("boss", PASSWORD)
    made = boss.create_server_database(server, server, ServerDatabase(name="shop", edition="Web", max_size_gb=1))
    assert (made.content.name, made.content.edition, made.content.max_size_gb) == ("shop", "Web", 1)
    listed = {one.content.name: one.content for one in boss.list_server_databases(server, server).entries}
    assert set(listed) == {"master", "shop"} and listed["master"].is_system_object
    assert azure.get_database(server, "shop").name == "shop"
    boss.delete_server_database(server, server, made.content.id or 0)
    with refused_with(404):
        boss.delete_server_database(server, server, made.content.id or 0)
    with refused_with(404):
        azure.get_database(server, "shop")


@documented("a server admits only addresses that its firewall has")
def test_the_firewall(azure: Azure, server: str) -> None:
    azure.delete_firewall_rule(server, "all")
    with refused_with(401, 403):
        azure.signed_in("boss", PASSWORD).list_server_databases(server, server)
