"""SQL servers, firewall rules and databases, through the official SDK, our client and plain bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from azure.common import AzureConflictHttpError, AzureHttpError, AzureMissingResourceHttpError

from asm_client import Client, WSGITransport
from asm_contracts.areas import sql as wire
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

Send = Callable[..., Any]
Refused = Callable[..., Any]

PASSWORD = "Complex-Passw0rd"
BASIC = "dd6d99bb-f193-4ec1-86f2-43d3bccbc49c"
S0 = "f1173c43-91bd-4aaa-973c-54e79e15235b"
S1 = "1b1ebd4d-d903-4baa-97f9-4ea675f5e928"
P6 = "43940481-9191-475a-9dba-6b505615b9aa"


@pytest.fixture
def server(sql: Any) -> str:
    name: str = sql.create_server("azuredb", PASSWORD, "West US").server_name
    return name


def shown(azure: Client, server: str, name: str) -> wire.Database:
    return azure.get_database(server, name)


# -- servers --------------------------------------------------------------------------------------------------------


def test_a_server_is_born_listed_and_deleted(sql: Any) -> None:
    made = sql.create_server("azuredb", PASSWORD, "West US")
    assert re.fullmatch("[a-z][a-z0-9]{9}", made.server_name)
    assert made.fully_qualified_domain_name == f"{made.server_name}.database.windows.net"
    (listed,) = sql.list_servers()
    assert (listed.name, listed.administrator_login, listed.location, listed.version) == (
        made.server_name, "azuredb", "West US", "2.0",
    )  # fmt: skip
    sql.set_server_admin_password(made.server_name, "Another-Passw0rd")
    sql.delete_server(made.server_name)
    assert list(sql.list_servers()) == []
    with pytest.raises(AzureMissingResourceHttpError):
        sql.delete_server(made.server_name)


def test_names_depend_on_the_seed_and_differ() -> None:
    def three(seed: str) -> list[str]:
        emulator = Emulator(certificates=[certificate("areas")], pace="manual", seed=seed)
        azure = Client(WSGITransport(emulator.app.wsgi_app, certificate("areas")), emulator.subscription)
        body = wire.CreateServer(
            administrator_login="azuredb", administrator_login_password=PASSWORD, location="West US"
        )
        return [azure.create_server(body).name for _ in range(3)]

    assert three("one") == three("one")
    assert len({*three("one"), *three("two")}) == 6


def test_the_bytes_of_a_server_are_those_of_the_service(send: Send, emulator: Emulator) -> None:
    body = (
        '<Server xmlns="http://schemas.microsoft.com/sqlazure/2010/12/"><AdministratorLogin>azuredb</AdministratorLogin>'
        f"<AdministratorLoginPassword>{PASSWORD}</AdministratorLoginPassword><Location>West US</Location></Server>"
    )
    answer = send("POST", "/services/sqlservers/servers", body)
    name = answer.body.decode().rpartition("</")[0].rpartition(">")[2]
    assert answer.status == 201
    assert answer.body.decode() == (
        f'<ServerName FullyQualifiedDomainName="{name}.database.windows.net" '
        f'xmlns="http://schemas.microsoft.com/sqlazure/2010/12/">{name}</ServerName>'
    )
    assert answer.headers["cache-control"] == "no-cache"
    listed = send("GET", "/services/sqlservers/servers").body.decode()
    assert listed == (
        f'<Servers xmlns="http://schemas.microsoft.com/sqlazure/2010/12/">\n  <Server>\n    <Name>{name}</Name>\n'
        "    <AdministratorLogin>azuredb</AdministratorLogin>\n    <Location>West US</Location>\n"
        f"    <FullyQualifiedDomainName>{name}.database.windows.net</FullyQualifiedDomainName>\n"
        "    <Version>2.0</Version>\n    <State>Ready</State>\n  </Server>\n</Servers>"
    )
    databases = send("GET", f"/services/sqlservers/servers//{name}/databases?contentview=generic")
    assert databases.headers["cache-control"] == "no-store,no-cache"
    assert databases.headers["x-content-type-options"] == "nosniff"
    link = f"https://management.core.windows.net/{emulator.subscription}/services/sqlservers/servers/{name}"
    assert databases.body.decode().startswith(
        '<ServiceResources xmlns="http://schemas.microsoft.com/windowsazure" '
        'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><ServiceResource><Name>master</Name>'
        "<Type>Microsoft.SqlAzure.Database</Type><State>Normal</State>"
        f"<SelfLink>{link}/databases/master</SelfLink><ParentLink>{link}</ParentLink><Id>1</Id>"
        "<Edition>System</Edition><MaxSizeGB>5</MaxSizeGB><CollationName>SQL_Latin1_General_CP1_CI_AS</CollationName>"
        "<CreationDate>2015-07-02T17:25:07.0000000Z</CreationDate><IsFederationRoot>False</IsFederationRoot>"
        '<IsSystemObject>True</IsSystemObject><SizeMB i:nil="true"/><MaxSizeBytes>5368709120</MaxSizeBytes>'
    )


def test_two_subscriptions_do_not_see_each_others_servers(
    sql: Any, server: str, emulator: Emulator, azure: Client
) -> None:
    other = "00000000-0000-0000-0000-00000000000b"
    emulator.add_subscription(other)
    assert len(emulator.engine.state.subscriptions[other].sql_servers) == 0
    assert emulator.engine.state.subscriptions[emulator.subscription].sql_servers.get(server) is not None


@pytest.mark.parametrize("password", ["short1A", "alllowercase1", "x" * 129 + "A1", "Azuredb-Passw0rd"])
def test_weak_passwords_are_refused(azure: Client, refused: Refused, password: str) -> None:
    text = (
        "The password that you specified is too long. The password should have no more than 128 characters."
        if len(password) > 128
        else "Password validation failed. The password does not meet policy requirements because it is not complex "
        "enough."
    )
    body = wire.CreateServer(administrator_login="azuredb", administrator_login_password=password, location="West US")
    with refused(BadRequest, text):
        azure.create_server(body)


@pytest.mark.parametrize("login", ["sa", "Admin", "with space", ""])
def test_reserved_logins_are_refused(azure: Client, refused: Refused, login: str) -> None:
    body = wire.CreateServer(administrator_login=login, administrator_login_password=PASSWORD, location="West US")
    with refused(BadRequest, f"'{login}' is not a valid login name in this version of SQL Server."):
        azure.create_server(body)


def test_an_unknown_location_or_version_is_refused(azure: Client, refused: Refused) -> None:
    body = wire.CreateServer(administrator_login="me", administrator_login_password=PASSWORD, location="Atlantis")
    with refused(BadRequest, "Location 'Atlantis' cannot be found."):
        azure.create_server(body)
    body = wire.CreateServer(
        administrator_login="me", administrator_login_password=PASSWORD, location="West US", version="1.0"
    )
    with refused(BadRequest, "The server version '1.0' is not supported."):
        azure.create_server(body)


def test_what_is_not_there(azure: Client, refused: Refused, server: str, emulator: Emulator) -> None:
    nobodys = f"Subscription '{emulator.subscription}' does not have the server 'nobodys'."
    with refused(ResourceNotFound, nobodys):
        azure.delete_server("nobodys")
    for call in (azure.list_databases, azure.list_quotas, azure.list_firewall_rules):
        with refused(ResourceNotFound, nobodys):
            call("nobodys")
    with refused(ResourceNotFound, f"Database 'none' does not exist on server '{server}'."):
        azure.get_database(server, "none")
    with refused(ResourceNotFound, f"Firewall rule 'none' does not exist on server '{server}'."):
        azure.delete_firewall_rule(server, "none")
    with refused(ResourceNotFound, "The server quota 'none' does not exist."):
        azure.get_quota(server, "none")
    with refused(ResourceNotFound, "The service objective 'none' does not exist."):
        azure.get_service_level_objective(server, "none")
    with refused(ResourceNotFound, "The database operation 'none' does not exist."):
        azure.get_database_operation(server, "none")


def test_no_password_is_kept(sql: Any, server: str, emulator: Emulator) -> None:
    sql.set_server_admin_password(server, "Another-Passw0rd")
    kept = repr(emulator.engine.state)
    assert PASSWORD not in kept
    assert "Another-Passw0rd" not in kept


# -- limits, objectives, events -------------------------------------------------------------------------------------


def test_quotas_objectives_and_events(sql: Any, server: str, azure: Client) -> None:
    (quota,) = sql.list_quotas(server)
    assert (quota.name, quota.type, quota.value) == ("server_dtu_quota", "Microsoft.SqlAzure.ServerQuota", 2000)
    assert azure.get_quota(server, "SERVER_DTU_QUOTA").value == 2000
    objectives = {one.name: one for one in sql.list_service_level_objectives(server)}
    assert objectives["Basic"].id == BASIC
    assert [one.name for one in objectives.values() if one.is_default] == ["S0"]
    assert azure.get_service_level_objective(server, S0.upper()).name == "S0"
    assert list(sql.get_server_event_logs(server, "2015-07-02 16:05:00", 5, "")) == []
    assert azure.get_database_event_logs(server, "master", "2015-07-02T16:05:00.000Z", 60, "deadlock").items == ()


@pytest.mark.parametrize(
    ("start", "interval", "types"), [("soon", 5, ""), ("2015-07-02 16:05:00", 7, ""), ("2015-07-02", 5, "tea,cake")]
)
def test_events_that_cannot_be_counted(sql: Any, server: str, start: str, interval: int, types: str) -> None:
    with pytest.raises(AzureHttpError) as problem:
        sql.get_server_event_logs(server, start, interval, types)
    assert problem.value.status_code == 400


# -- firewall rules -------------------------------------------------------------------------------------------------


def test_a_firewall_rule_lives(sql: Any, server: str, azure: Client) -> None:
    sql.create_firewall_rule(server, "AllowAll", "192.168.144.0", "192.168.144.255")
    (rule,) = sql.list_firewall_rules(server)
    assert (rule.name, rule.type, rule.state) == ("AllowAll", "Microsoft.SqlAzure.FirewallRule", "Normal")
    assert (rule.start_ip_address, rule.end_ip_address) == ("192.168.144.0", "192.168.144.255")
    assert rule.self_link.endswith(f"/services/sqlservers/servers/{server}/firewallrules/AllowAll")
    sql.update_firewall_rule(server, "AllowAll", "192.168.116.0", "192.168.116.255")
    assert azure.get_firewall_rule(server, "allowall").start_ip_address == "192.168.116.0"
    with pytest.raises(AzureConflictHttpError):
        sql.create_firewall_rule(server, "allowall", "10.0.0.1", "10.0.0.1")
    sql.delete_firewall_rule(server, "AllowAll")
    assert list(sql.list_firewall_rules(server)) == []


def test_a_firewall_rule_can_be_renamed(azure: Client, server: str, refused: Refused) -> None:
    rule = wire.FirewallRuleInput(name="one", start_ip_address="10.0.0.1", end_ip_address="10.0.0.2")
    azure.create_firewall_rule(server, rule)
    azure.create_firewall_rule(
        server, wire.FirewallRuleInput(name="two", start_ip_address="10.0.0.1", end_ip_address="10.0.0.2")
    )
    with refused(ConflictError, f"Firewall rule 'one' already exists on server '{server}'."):
        azure.update_firewall_rule(server, "two", rule)
    renamed = wire.FirewallRuleInput(name="three", start_ip_address="10.0.0.1", end_ip_address="10.0.0.2")
    azure.update_firewall_rule(server, "two", renamed)
    assert [one.name for one in azure.list_firewall_rules(server).items] == ["one", "three"]


@pytest.mark.parametrize(
    ("name", "start", "end", "text"),
    [
        ("", "1.1.1.1", "1.1.1.1", "The firewall rule name cannot be empty."),
        (
            "x" * 129,
            "1.1.1.1",
            "1.1.1.1",
            "The firewall rule name that starts with 'xxxxxxxxxxxxxxxxxxxx' is too long. Maximum length is 128.",
        ),
        ("a/b", "1.1.1.1", "1.1.1.1", "The firewall rule name 'a/b' contains invalid characters."),
        ("r", "1.1.1.2", "1.1.1.1", "Start IP address of firewall rule cannot exceed End IP address."),
        ("r", "1.1.1.256", "1.1.1.1", "'1.1.1.256' is not a valid IPv4 address."),
        ("r", "1.1.1.1", "::1", "'::1' is not a valid IPv4 address."),
    ],
)
def test_firewall_rules_that_make_no_sense(
    azure: Client, server: str, refused: Refused, name: str, start: str, end: str, text: str
) -> None:
    with refused(BadRequest, text):
        azure.create_firewall_rule(
            server, wire.FirewallRuleInput(name=name, start_ip_address=start, end_ip_address=end)
        )


# -- databases ------------------------------------------------------------------------------------------------------


def test_a_database_lives(sql: Any, server: str) -> None:
    sql.create_database(server, "testdb", BASIC, edition="Basic")
    master, database = sql.list_databases(server)
    assert (master.name, master.id, master.is_system_object, master.max_size_bytes) == ("master", 1, True, 5 << 30)
    assert (database.name, database.id, database.edition) == ("testdb", 4, "Basic")
    assert (database.max_size_bytes, database.is_system_object, database.is_federation_root) == (2 << 30, False, False)
    assert database.collation_name == "SQL_Latin1_General_CP1_CI_AS"
    sql.update_database(server, "testdb", "renamed", S0, "Standard", 10 << 30)
    assert [one.name for one in sql.list_databases(server)] == ["master", "renamed"]
    sql.delete_database(server, "renamed")
    assert [one.name for one in sql.list_databases(server)] == ["master"]


def test_a_new_performance_level_takes_its_time(sql: Any, server: str, azure: Client, emulator: Emulator) -> None:
    azure.create_database(server, wire.CreateDatabase(name="db", edition="Standard"))
    before = shown(azure, server, "db")
    assert (before.service_objective_id, before.service_objective_assignment_state) == (S0, "1")
    answered = azure.update_database(server, "db", wire.UpdateDatabase(service_objective_id=S1))
    assert (answered.service_objective_id, answered.assigned_service_objective_id) == (S0, S1)
    assert answered.service_objective_assignment_state_description == "Pending"
    assert answered.service_objective_assignment_success_date is NIL
    emulator.advance(timedelta(seconds=31))
    after = shown(azure, server, "db")
    assert (after.service_objective_id, after.service_objective_assignment_state) == (S1, "1")


def test_a_new_level_that_is_changed_again_on_the_way(server: str, azure: Client, emulator: Emulator) -> None:
    azure.create_database(server, wire.CreateDatabase(name="db", edition="Standard"))
    azure.update_database(server, "db", wire.UpdateDatabase(service_objective_id=S1))
    azure.update_database(server, "db", wire.UpdateDatabase(name="other", edition="Basic"))
    emulator.advance(timedelta(seconds=31))
    after = shown(azure, server, "other")
    assert (after.edition, after.service_objective_id, after.max_size_gb) == ("Basic", BASIC, 2)


def test_what_a_database_cannot_be(azure: Client, server: str, refused: Refused) -> None:
    def create(**fields: Any) -> None:
        azure.create_database(server, wire.CreateDatabase(**fields))

    azure.create_database(server, wire.CreateDatabase(name="db"))
    with refused(ConflictError, "Database 'DB' already exists. Choose a different database name."):
        create(name="DB")
    with refused(BadRequest, "'a?b' is not a valid database name because it contains invalid characters."):
        create(name="a?b")
    with refused(BadRequest, "The edition 'Deluxe' specified is invalid."):
        create(name="x", edition="Deluxe")
    with refused(BadRequest, "The service objective 'what' specified is invalid."):
        create(name="x", service_objective_id="what")
    with refused(BadRequest, "The edition 'Basic' does not support the service objective 'S0'."):
        create(name="x", edition="Basic", service_objective_id=S0)
    with refused(BadRequest, "The edition 'Basic' does not support the database data max size '3221225472'."):
        create(name="x", edition="Basic", max_size_gb=3)
    with refused(BadRequest, "The MaxSizeGB and MaxSizeBytes values do not match."):
        create(name="x", edition="Basic", max_size_gb=2, max_size_bytes=1 << 30)
    with refused(BadRequest, "Invalid collation 'a b'."):
        create(name="x", collation_name="a b")
    with refused(BadRequest, "Cannot drop the database 'master' because it is a system database."):
        azure.delete_database(server, "master")
    with refused(BadRequest, "Cannot alter the database 'master' because it is a system database."):
        azure.update_database(server, "master", wire.UpdateDatabase(edition="Basic"))


def test_the_throughput_of_a_server_is_limited(azure: Client, server: str, refused: Refused) -> None:
    for name in ("one", "two"):
        azure.create_database(server, wire.CreateDatabase(name=name, edition="Premium", service_objective_id=P6))
    text = (
        "Could not perform the operation because server would exceed the allowed Database Throughput Unit quota "
        "of 2000."
    )
    with refused(BadRequest, text):
        azure.create_database(server, wire.CreateDatabase(name="three", edition="Basic"))
    azure.delete_database(server, "two")
    for name in ("three", "four"):
        azure.create_database(server, wire.CreateDatabase(name=name, edition="Basic"))
    with refused(BadRequest, text):
        azure.update_database(server, "three", wire.UpdateDatabase(edition="Premium", service_objective_id=P6))


def test_what_was_done_is_remembered_for_an_hour(azure: Client, server: str, emulator: Emulator) -> None:
    azure.create_database(server, wire.CreateDatabase(name="db"))
    azure.delete_database(server, "db")
    done = azure.list_database_operations_by_server(server).items
    assert [(one.name, one.state, one.database_name) for one in done] == [
        ("CREATE DATABASE", "COMPLETED", "db"),
        ("DROP DATABASE", "COMPLETED", "db"),
    ]
    assert azure.get_database_operation(server, done[0].id or "") == done[0]
    assert azure.list_database_operations_by_database(server, "DB").items == done
    assert azure.list_database_operations_by_database(server, "other").items == ()
    emulator.advance(timedelta(hours=1))
    assert azure.list_database_operations_by_server(server).items == ()
