"""SQL servers, their firewall rules and databases come, change and go."""

from __future__ import annotations

from asm_contracts.areas.sql import CreateDatabase, CreateServer, FirewallRuleInput
from asm_contracts.evidence import documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, refused_with


def make(azure: Azure, names: Names) -> str:
    """A server, and the name that the service made up for it."""
    body = CreateServer(administrator_login="asmadmin", administrator_login_password="Pa55-word", location=LOCATION)
    return names.adopt("sql server", azure.create_server(body).name)


@recorded("a server's name is made up; it is listed with its login and location")
def test_a_server_comes_and_goes(azure: Azure, names: Names) -> None:
    one, two = make(azure, names), make(azure, names)
    assert one != two
    found = {server.name: server for server in azure.list_servers().items}
    assert (found[one].administrator_login, found[one].location) == ("asmadmin", LOCATION)
    assert (found[one].fully_qualified_domain_name or "").startswith(f"{one}.")
    azure.delete_server(one)
    assert one not in [server.name for server in azure.list_servers().items]
    with refused_with(404):
        azure.delete_server(one)
    weak = CreateServer(administrator_login="asmadmin", administrator_login_password="x", location=LOCATION)
    with refused_with(400):
        azure.create_server(weak)


@documented("firewall rules of a server")
def test_firewall_rules(azure: Azure, names: Names) -> None:
    server = make(azure, names)

    def rule(end: str) -> FirewallRuleInput:
        return FirewallRuleInput(name="office", start_ip_address="10.0.0.1", end_ip_address=end)

    azure.create_firewall_rule(server, rule("10.0.0.9"))
    assert [(one.name, one.end_ip_address) for one in azure.list_firewall_rules(server).items] == [
        ("office", "10.0.0.9")
    ]
    azure.update_firewall_rule(server, "office", rule("10.0.0.20"))
    assert azure.get_firewall_rule(server, "office").end_ip_address == "10.0.0.20"
    with refused_with(400):
        azure.update_firewall_rule(server, "office", rule("10.0.0.0"))
    azure.delete_firewall_rule(server, "office")
    with refused_with(404):
        azure.get_firewall_rule(server, "office")


@documented("databases of a server, besides its master")
def test_databases(azure: Azure, names: Names) -> None:
    server = make(azure, names)
    made = azure.create_database(server, CreateDatabase(name="books", edition="Standard"))
    assert (made.name, made.edition) == ("books", "Standard")
    assert azure.get_database(server, "books").collation_name == "SQL_Latin1_General_CP1_CI_AS"
    assert {one.name for one in azure.list_databases(server).items} == {"master", "books"}
    with refused_with(400, 409):
        azure.create_database(server, CreateDatabase(name="BOOKS"))
    azure.delete_database(server, "books")
    with refused_with(404):
        azure.get_database(server, "books")
    with refused_with(400, 403, 409):
        azure.delete_database(server, "master")
