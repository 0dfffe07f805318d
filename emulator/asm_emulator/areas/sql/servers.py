"""Servers and their firewall rules."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from asm_contracts.areas import sql as wire
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented, recorded
from asm_emulator.areas.base import Area
from asm_emulator.areas.sql.common import COLLATION, DNS, DTU_QUOTA, find_server, put_server, server_link
from asm_emulator.areas.sql.copies import forget_copies
from asm_emulator.areas.sql.written import rule_document, server_document
from asm_emulator.catalogue import location as known_location
from asm_emulator.catalogue.service_objectives import GB, SYSTEM
from asm_emulator.sql_model import Database, FirewallRule, SqlServer
from asm_emulator.state import Draft

MOST_RULES: Final = 128
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_LOGIN: Final = re.compile(r"[^\s\\/\"\[\]:|<>+=;,?*@\x00-\x1f]{1,128}\Z")
_RESERVED: Final = frozenset(
    {"admin", "administrator", "sa", "root", "dbmanager", "loginmanager", "dbo", "guest", "public"}
)
_CLASSES: Final = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"), re.compile("[^A-Za-z0-9]"))
_RULE_NAME: Final = re.compile(r"[^<>*%&:\\/?\x00-\x1f]{1,128}\Z")
_INTERVALS: Final = (5, 60, 1440)
EVENT_TYPES: Final = frozenset(
    {
        "connection_successful", "connection_failed", "connection_terminated", "deadlock", "throttling",
        "throttling_long_transaction",
    }
)  # fmt: skip


@recorded("ten lower-case letters and digits, a letter first")
def make_server_name(draft: Draft, request_id: str) -> str:
    """A name no server has, that depends on the seed and the request."""
    for attempt in range(1000):
        number = int(draft.make_hex("sql server", request_id, attempt), 16)
        number, first = divmod(number, len(_LETTERS))
        name = _LETTERS[first]
        for _ in range(9):
            number, digit = divmod(number, len(_DIGITS))
            name += _DIGITS[digit]
        if draft.owner_of("sql server", name) is None:
            return name
    raise ConflictError("No server name is free.")


def password_digest(draft: Draft, server: str, password: str) -> str:
    """What is kept of a server's password."""
    return draft.make_hex("sql password", server, password)


@documented("at least eight characters of three kinds, without the login name; the engine's messages 40631 and 40632")
def check_password(password: str, login: str) -> None:
    """BadRequest for a password that is too long or not complex enough."""
    if len(password) > 128:
        raise BadRequest(
            "The password that you specified is too long. The password should have no more than 128 characters."
        )
    kinds = sum(1 for one in _CLASSES if one.search(password))
    if len(password) < 8 or kinds < 3 or (login and login.lower() in password.lower()):
        raise BadRequest(
            "Password validation failed. The password does not meet policy requirements because it is not complex "
            "enough."
        )


@assumed("which names are reserved is documented, the text is the engine's for a bad name")
def check_login(login: str) -> None:
    """BadRequest for a login name that is reserved or malformed."""
    if login.lower() in _RESERVED or not _LOGIN.match(login):
        raise BadRequest(f"'{login[:128]}' is not a valid login name in this version of SQL Server.")


@documented("the interval's lengths and the types of events")
def check_events(start_date: str, interval: int, event_types: str | None) -> None:
    """BadRequest unless events of these types can be counted from this time on in intervals of this length."""
    for one in filter(None, (event_types or "").split(",")):
        if one.strip().lower() not in EVENT_TYPES:
            raise BadRequest(f"The event type '{one.strip()[:40]}' is invalid.")
    if interval not in _INTERVALS:
        raise BadRequest("The interval size must be 5, 60 or 1440 minutes.")
    try:
        datetime.fromisoformat(start_date.strip().replace(" ", "T", 1)).replace(tzinfo=UTC)
    except ValueError:
        raise BadRequest("The start date is invalid.") from None


@documented("the engine's messages 40614, 40617 and 40618")
def _checked_rule(body: wire.FirewallRuleInput) -> FirewallRule:
    if not body.name:
        raise BadRequest("The firewall rule name cannot be empty.")
    if len(body.name) > 128:
        raise BadRequest(
            f"The firewall rule name that starts with '{body.name[:20]}' is too long. Maximum length is 128."
        )
    if not _RULE_NAME.match(body.name):
        raise BadRequest(f"The firewall rule name '{body.name}' contains invalid characters.")
    addresses = []
    for text in (body.start_ip_address, body.end_ip_address):
        try:
            addresses.append(ipaddress.IPv4Address(text.strip()))
        except ValueError:
            raise BadRequest(f"'{text[:40]}' is not a valid IPv4 address.") from None
    if addresses[0] > addresses[1]:
        raise BadRequest("Start IP address of firewall rule cannot exceed End IP address.")
    return FirewallRule(name=body.name, start=str(addresses[0]), end=str(addresses[1]))


class ServerOperations(Area, wire.SqlContract):
    """Servers, their limits and firewall rules."""

    def list_servers(self) -> wire.Servers:
        return wire.Servers(items=tuple(server_document(one) for one in self.state.sql_servers.values()))

    @assumed("the version is 2.0 unless another is asked for (recorded); of refusals only the rules are documented")
    def create_server(self, body: wire.CreateServer) -> wire.ServerName:
        place = known_location(body.location)
        if place is None:
            raise BadRequest(f"Location '{body.location[:128]}' cannot be found.")
        check_login(body.administrator_login)
        check_password(body.administrator_login_password, body.administrator_login)
        if body.version not in (None, "2.0", "12.0"):
            raise BadRequest(f"The server version '{body.version[:40] if body.version else ''}' is not supported.")
        name = make_server_name(self.state, self.request.request_id)
        self.state.claim("sql server", name)
        master = Database(
            id=1,
            name="master",
            edition="System",
            objective=SYSTEM,
            assigned_objective=SYSTEM,
            objective_assigned=self.now,
            max_size_bytes=5 * GB,
            collation=COLLATION,
            created=self.now,
        )
        server = SqlServer(
            name=name,
            login=body.administrator_login,
            password_digest=password_digest(self.state, name, body.administrator_login_password),
            location=place.name,
            created=self.now,
            version=body.version or "2.0",
            next_database_id=4,
        )
        put_server(self.state, replace(server, databases=server.databases.insert("master", master)))
        return wire.ServerName(name=name, fully_qualified_domain_name=name + DNS)

    def delete_server(self, server_name: str) -> None:
        server = find_server(self.state, server_name)
        for database in server.databases.values():
            forget_copies(self.state, server.name, database.name)
        del self.state.sql_servers[server.name]
        self.state.release("sql server", server.name)

    def set_server_admin_password(self, server_name: str, body: wire.AdministratorLoginPassword) -> None:
        server = find_server(self.state, server_name)
        check_password(body.password, server.login)
        put_server(self.state, replace(server, password_digest=password_digest(self.state, server.name, body.password)))

    # -- limits and events ----------------------------------------------------------------------------------------

    def list_quotas(self, server_name: str) -> wire.ServerQuotas:
        server = find_server(self.state, server_name)
        return wire.ServerQuotas(items=(self._quota(server),))

    def get_quota(self, server_name: str, quota_name: str) -> wire.ServerQuota:
        quota = self._quota(find_server(self.state, server_name))
        if quota_name.lower() != quota.name:
            raise ResourceNotFound(f"The server quota '{quota_name}' does not exist.")
        return quota

    def _quota(self, server: SqlServer) -> wire.ServerQuota:
        link = server_link(self.state, server.name)
        return wire.ServerQuota(
            name="server_dtu_quota",
            type="Microsoft.SqlAzure.ServerQuota",
            state="Normal",
            self_link=f"{link}/serverquotas/server_dtu_quota",
            parent_link=link,
            value=DTU_QUOTA,
        )

    @assumed("nobody connects to an emulated server, so nothing happens on it")
    def get_server_event_logs(
        self, server_name: str, start_date: str, interval: int, event_types: str | None = None
    ) -> wire.SqlEventLogs:
        find_server(self.state, server_name)
        check_events(start_date, interval, event_types)
        return wire.SqlEventLogs()

    # -- firewall rules -------------------------------------------------------------------------------------------

    def list_firewall_rules(self, server_name: str) -> wire.FirewallRules:
        server = find_server(self.state, server_name)
        return wire.FirewallRules(
            items=tuple(rule_document(self.state, server, server.rules[key]) for key in sorted(server.rules))
        )

    @assumed("that a second rule of the same name is refused")
    def create_firewall_rule(self, server_name: str, body: wire.FirewallRuleInput) -> wire.FirewallRule:
        server = find_server(self.state, server_name)
        rule = _checked_rule(body)
        if rule.name.lower() in server.rules:
            raise ConflictError(f"Firewall rule '{rule.name}' already exists on server '{server.name}'.")
        if len(server.rules) >= MOST_RULES:
            raise BadRequest(f"Servers involved cannot have more than {MOST_RULES} firewall rules defined.")
        put_server(self.state, replace(server, rules=server.rules.insert(rule.name.lower(), rule)))
        return rule_document(self.state, server, rule)

    def get_firewall_rule(self, server_name: str, rule_name: str) -> wire.FirewallRule:
        server, rule = self._rule(server_name, rule_name)
        return rule_document(self.state, server, rule)

    def update_firewall_rule(self, server_name: str, rule_name: str, body: wire.FirewallRuleInput) -> wire.FirewallRule:
        server, before = self._rule(server_name, rule_name)
        rule = _checked_rule(body)
        if rule.name.lower() != before.name.lower() and rule.name.lower() in server.rules:
            raise ConflictError(f"Firewall rule '{rule.name}' already exists on server '{server.name}'.")
        rules = server.rules.remove(before.name.lower()).insert(rule.name.lower(), rule)
        put_server(self.state, replace(server, rules=rules))
        return rule_document(self.state, server, rule)

    def delete_firewall_rule(self, server_name: str, rule_name: str) -> None:
        server, rule = self._rule(server_name, rule_name)
        put_server(self.state, replace(server, rules=server.rules.remove(rule.name.lower())))

    def _rule(self, server_name: str, rule_name: str) -> tuple[SqlServer, FirewallRule]:
        server = find_server(self.state, server_name)
        rule = server.rules.get(rule_name.lower())
        if rule is None:
            raise ResourceNotFound(f"Firewall rule '{rule_name}' does not exist on server '{server.name}'.")
        return server, rule
