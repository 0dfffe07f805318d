"""SQL servers, their firewall rules and databases come, change and go."""

from __future__ import annotations

from asm_contracts.areas.sql import (
    AdministratorLoginPassword,
    BlobCredentials,
    ConnectionInfo,
    CreateDatabase,
    CreateServer,
    Database,
    ExportInput,
    FirewallRuleInput,
    UpdateDatabase,
)
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.sql_servers import LOGIN, PASSWORD, make_server
from asm_contracts.suite.worlds import LOCATION, refused_with, unchanged


@recorded("a server's name is made up; it is listed with its login and location")
def test_a_server_comes_and_goes(azure: Azure, names: Names) -> None:
    one, two = make_server(azure, names), make_server(azure, names)
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
    server = make_server(azure, names)

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
    server = make_server(azure, names)
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


@documented("a server's limit of throughput, and the performance levels its databases can have, one the usual one")
def test_limits_and_levels(azure: Azure, names: Names) -> None:
    server = make_server(azure, names)
    (quota,) = azure.list_quotas(server).items
    assert quota.name == "server_dtu_quota" and (quota.value or 0) > 0
    assert azure.get_quota(server, "server_dtu_quota") == quota
    levels = azure.list_service_level_objectives(server).items
    assert {"Basic", "S0", "S1"} <= {one.name for one in levels}
    assert [one.name for one in levels if one.is_default] == ["S0"]
    for one in levels:
        assert azure.get_service_level_objective(server, one.id or "").name == one.name
    with refused_with(404):
        azure.get_quota(server, "none")
    with refused_with(404):
        azure.get_service_level_objective(server, "none")


@documented("the administrator's password is changed; a weak one is not taken")
def test_another_password(azure: Azure, names: Names) -> None:
    server = make_server(azure, names)
    azure.create_database(server, CreateDatabase(name="books", edition="Basic"))
    azure.set_server_admin_password(server, AdministratorLoginPassword(password="Another-Pa55"))
    with refused_with(400):
        azure.set_server_admin_password(server, AdministratorLoginPassword(password="weak"))

    def export(password: str) -> None:
        credentials = BlobCredentials(uri="https://asmnobodys.blob.core.windows.net/exports/db.bacpac")
        who = ConnectionInfo(database_name="books", password=password, server_name=server, user_name=LOGIN)
        azure.export_database(server, ExportInput(blob_credentials=credentials, connection_info=who))

    with refused_with(400):
        export(PASSWORD)
    export("Another-Pa55")


@assumed("nothing ever happens to log; intervals are of 5, 60 or 1440 minutes")
def test_events_are_counted(azure: Azure, names: Names) -> None:
    server = make_server(azure, names)
    start = "2015-07-02T16:05:00.000Z"
    assert azure.get_server_event_logs(server, start, 5).items == ()
    assert azure.get_database_event_logs(server, "master", start, 60, "deadlock").items == ()
    for given in (("soon", 5, None), (start, 7, None), (start, 5, "tea,cake")):
        with refused_with(400):
            azure.get_server_event_logs(server, *given)
        with refused_with(400):
            azure.get_database_event_logs(server, "master", *given)
    with refused_with(404):
        azure.get_database_event_logs(server, "none", start, 5)


@documented("a database is renamed, gets another edition, and takes its time for another performance level")
def test_a_database_is_changed(azure: Azure, names: Names) -> None:
    server = make_server(azure, names)
    levels = {one.name: one.id for one in azure.list_service_level_objectives(server).items}
    azure.create_database(server, CreateDatabase(name="books", edition="Standard"))

    def shown(name: str = "books") -> Database:
        return azure.get_database(server, name)

    assert shown().service_objective_id == levels["S0"]
    answered = azure.update_database(server, "books", UpdateDatabase(service_objective_id=levels["S1"]))
    assert answered.assigned_service_objective_id == levels["S1"]
    if azure.controls_time:
        assert answered.service_objective_id == levels["S0"]
        assert answered.service_objective_assignment_state_description == "Pending"
    azure.until(lambda: shown().service_objective_id == levels["S1"], "the new level")
    azure.update_database(server, "books", UpdateDatabase(name="tomes", edition="Basic"))
    assert {one.name for one in azure.list_databases(server).items} == {"master", "tomes"}
    azure.until(lambda: shown("tomes").service_objective_id == levels["Basic"], "the level of the edition")
    assert (shown("tomes").edition, shown("tomes").max_size_gb) == ("Basic", 2)
    with unchanged(lambda: shown("tomes")):
        for wrong in (
            UpdateDatabase(edition="Deluxe"),
            UpdateDatabase(max_size_gb=3),
            UpdateDatabase(edition="Basic", service_objective_id=levels["S0"]),
            UpdateDatabase(service_objective_id="what"),
        ):
            with refused_with(400):
                azure.update_database(server, "tomes", wrong)
        with refused_with(400, 409):
            azure.update_database(server, "tomes", UpdateDatabase(name="master"))
    with refused_with(404):
        azure.update_database(server, "books", UpdateDatabase(edition="Basic"))
    with refused_with(400):
        azure.update_database(server, "master", UpdateDatabase(edition="Basic"))
